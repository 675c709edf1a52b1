#include "core/posterior/trust.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace posteria::posterior {

namespace {

// Amber and red begin there.
struct Limits {
    double amber, red;
};
constexpr Limits kDistance{1.0, 1.4};
constexpr Limits kBrightness{1.6, 3};  // times beyond the training's range
constexpr Limits kNoise{1.25, 1.6};    // times stronger or weaker
constexpr Limits kPixel{1.15, 1.4};    // times larger or smaller
constexpr Limits kSaturated{2e-4, 2e-3};
constexpr Limits kResidual{0.5, 0.8};
constexpr Limits kOneShot{0.7, 1.5};
constexpr Limits kMeanError{0.1, 0.3};
constexpr Limits kSeams{1.1, 1.3};
constexpr double kLeastContrast[] = {1.6, 1.25};  // below: amber, red
constexpr double kSeverityMargin = 0.06;          // where the model does not tell how it errs
constexpr double kSpreadSkill[] = {0.7, 1.4};     // beyond: amber

__attribute__((format(printf, 1, 2))) std::string text(const char* format, ...) {
    char buffer[400];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    return buffer;
}

Trust above(double value, const Limits& limits) {
    return value >= limits.red ? Trust::Red : value >= limits.amber ? Trust::Amber : Trust::Green;
}

// How many times a value is larger or smaller than another.
double times(double value, double other) {
    return value > other ? value / other : other / value;
}

TrustLight light(const char* id, const char* title, Trust state, std::string finding,
                 std::string advice) {
    return {id, title, state, std::move(finding),
            state == Trust::Green ? std::string() : std::move(advice)};
}

TrustLight unknown(const char* id, const char* title, const char* why) {
    return {id, title, Trust::Unknown, why, {}};
}

TrustLight kind(const TrustFacts& f) {
    const char *id = "kind", *title = "Kind of image";
    if (std::isnan(f.distance))
        return unknown(
            id, title,
            "The image is too small, or the model does not tell what it was trained on.");
    std::string finding =
        f.distance < kDistance.amber
            ? text(
                  "Its fine structure and spread of values are those of the training images "
                  "(distance %.2f of 1).",
                  f.distance)
            : text(
                  "It looks unlike the training images: %.1f times as far off as 99 of 100 of them",
                  f.distance) +
                  (f.unusual.empty() ? "." : "; " + f.unusual + ".");
    return light(id, title, above(f.distance, kDistance), finding,
                 "Trust no structure that you cannot see in the input. Choose a model made for "
                 "this kind of image, or record one structure apart and compare.");
}

TrustLight brightness(const TrustFacts& f) {
    const char *id = "brightness", *title = "Brightness";
    if (std::isnan(f.bright) || std::isnan(f.leastBright))
        return unknown(id, title, "The model does not tell how bright its training images were.");
    const bool dim = f.bright < f.leastBright;
    const double off = dim                       ? times(std::max(f.bright, 1e-9), f.leastBright)
                       : f.bright > f.mostBright ? times(f.bright, f.mostBright)
                                                 : 1;
    const Trust state = above(off, kBrightness);
    return light(id, title, state,
                 text("The brightest pixels lie %.3g grey values above the dark level; in training "
                      "%.3g to %.3g.",
                      f.bright, f.leastBright, f.mostBright),
                 dim ? "The image is dimmer than all the model has seen: expose longer, or average "
                       "frames."
                     : "The image is brighter than all the model has seen: check the camera's dark "
                       "level, and whether values were stretched.");
}

TrustLight noise(const TrustFacts& f) {
    const char *id = "noise", *title = "Noise";
    if (std::isnan(f.noiseRatio))
        return unknown(id, title, "The model does not tell what its camera added.");
    const Trust state = above(times(std::max(f.noiseRatio, 1e-9), 1), kNoise);
    const bool more = f.noiseRatio > 1;
    return light(id, title, state,
                 text("Its noise is %.2g times that of the training camera at this brightness.",
                      f.noiseRatio),
                 more
                     ? "What the model takes for structure may be noise: denoise with a model that "
                       "was taught this camera, or expose longer."
                     : "The image was smoothed, averaged, or scaled after recording: restore what "
                       "the camera wrote.");
}

TrustLight content(const TrustFacts& f) {
    const char *id = "content", *title = "Signal";
    if (std::isnan(f.contrast))
        return unknown(id, title, "The model does not tell what its camera added.");
    const Trust state = f.contrast < kLeastContrast[1]   ? Trust::Red
                        : f.contrast < kLeastContrast[0] ? Trust::Amber
                                                         : Trust::Green;
    return light(id, title, state,
                 text("Seen without its finest detail it varies %.2g times as much as noise would.",
                      f.contrast),
                 "There is hardly anything but noise: whatever a restoration shows here, the model "
                 "has made up.");
}

TrustLight pixelSize(const TrustFacts& f) {
    const char *id = "pixel", *title = "Pixel size";
    if (std::isnan(f.trainedPixelUm))
        return unknown(id, title, "The model was trained for any pixel size.");
    if (std::isnan(f.pixelUm)) {
        return light(id, title, Trust::Amber,
                     text("The file does not tell its pixel size; the model needs %.3g µm.",
                          f.trainedPixelUm),
                     "Look it up at the microscope; it should be within a tenth of that.");
    }
    return light(id, title, above(times(f.pixelUm, f.trainedPixelUm), kPixel),
                 text("Pixels are %.3g µm wide; the model was trained at %.3g µm.", f.pixelUm,
                      f.trainedPixelUm),
                 "Scale the image to the model's pixel size, or choose another model: structures "
                 "of the wrong size are taken for something else.");
}

TrustLight saturation(const TrustFacts& f) {
    const char *id = "saturation", *title = "Saturation";
    if (std::isnan(f.saturated)) return unknown(id, title, "It was not looked for.");
    return light(id, title, above(f.saturated, kSaturated),
                 f.saturated > 0 ? text("%.2g %% of the pixels are saturated.", 100 * f.saturated)
                                 : std::string("No pixel is saturated."),
                 "Their true intensity is lost and the result is too dark there: record with less "
                 "light, and measure nothing there.");
}

TrustLight severity(const TrustFacts& f) {
    const char *id = "severity", *title = "Severity";
    if (std::isnan(f.severity) || !(f.leastSeverity < f.mostSeverity))
        return unknown(id, title, "The model's task has none.");
    // An estimate from one image errs: at the ends of the range it comes to lie beyond.
    const double error = std::isnan(f.severityError) ? kSeverityMargin : f.severityError;
    const double margin = f.severityEstimated ? error : 1e-9;
    const bool inside =
        f.severity >= f.leastSeverity - margin && f.severity <= f.mostSeverity + margin;
    const std::string finding =
        f.severityAssumed ? text("%.2f was assumed: the model cannot estimate it.", f.severity)
        : f.severityEstimated
            ? text("%.2f ± %.2f, estimated; trained from %.2f to %.2f.", f.severity, error,
                   f.leastSeverity, f.mostSeverity)
            : text("%.2f; trained from %.2f to %.2f.", f.severity, f.leastSeverity, f.mostSeverity);
    const Trust state = !inside ? Trust::Red : f.severityAssumed ? Trust::Amber : Trust::Green;
    return light(id, title, state, finding,
                 inside ? "Tell it, where you know how strongly the image is degraded."
                        : "The model has not seen this: choose a severity within its range, or "
                          "another model.");
}

TrustLight residual(const TrustFacts& f) {
    const char *id = "residual", *title = "Residual";
    if (std::isnan(f.residual))
        return unknown(id, title,
                       "This task's degradation cannot be computed forwards, or the image is too "
                       "small.");
    return light(
        id, title, above(f.residual, kResidual),
        text("Degraded again, the result leaves %.0f %% of the input's structure unexplained.",
             100 * f.residual),
        "Something in the input is not explained by the result, or the result holds what the input "
        "does not: look at the residual where you measure.");
}

TrustLight oneShot(const TrustFacts& f) {
    const char *id = "oneshot", *title = "Mean against one-shot";
    if (std::isnan(f.oneShot))
        return unknown(id, title, "The sampler draws without a one-shot answer to compare with.");
    return light(id, title, above(f.oneShot, kOneShot),
                 text("The mean departs from the network's direct answer by %.2g of the samples' "
                      "spread.",
                      f.oneShot),
                 "Two ways to the same answer disagree: draw more samples, and distrust the places "
                 "where they do.");
}

TrustLight meanError(const TrustFacts& f) {
    const char *id = "samples", *title = "Number of samples";
    if (f.samples < 2)
        return light(id, title, Trust::Amber, "A single sample tells nothing of doubt.",
                     "Draw more samples.");
    if (std::isnan(f.meanError)) return unknown(id, title, "The mean is zero.");
    return light(id, title, above(f.meanError, kMeanError),
                 text("After %d samples the mean is known to %.2g %% of the signal.", f.samples,
                      100 * f.meanError),
                 "Add more samples to the run.");
}

TrustLight calibration(const TrustFacts& f) {
    const char *id = "calibration", *title = "Calibration";
    if (f.calibrated) {
        const bool wide = !std::isnan(f.spreadSkill) &&
                          (f.spreadSkill < kSpreadSkill[0] || f.spreadSkill > kSpreadSkill[1]);
        return light(id, title, wide ? Trust::Amber : Trust::Green,
                     std::isnan(f.spreadSkill)
                         ? std::string("The uncertainty is calibrated.")
                         : text("The uncertainty is calibrated; on held-out images it was %.2f "
                                "times the error.",
                                f.spreadSkill),
                     "Take the uncertainty for a ranking of places, not for an error.");
    }
    return light(id, title, Trust::Amber,
                 f.calibratedFor.empty()
                     ? "The uncertainty is the samples' spread as drawn, not calibrated."
                     : "The uncertainty is not calibrated: the model's calibration holds for " +
                           f.calibratedFor + ".",
                 f.calibratedFor.empty()
                     ? "Calibrate the model on images with a known truth (posteria-cli calibrate)."
                     : "Restore with " + f.calibratedFor + " where you need error bars.");
}

TrustLight seams(const TrustFacts& f) {
    const char *id = "seams", *title = "Tile seams";
    if (std::isnan(f.seams)) return unknown(id, title, "The image was restored in one piece.");
    return light(id, title, above(f.seams, kSeams),
                 text("Gradients across tile edges are %.2f times those elsewhere.", f.seams),
                 "Restore with a larger overlap or larger tiles.");
}

}  // namespace

std::vector<TrustLight> trustLights(const TrustFacts& f) {
    return {kind(f),     brightness(f), noise(f),   content(f),   pixelSize(f),   saturation(f),
            severity(f), residual(f),   oneShot(f), meanError(f), calibration(f), seams(f)};
}

Trust verdict(const std::vector<TrustLight>& lights) {
    Trust worst = Trust::Unknown;
    for (const auto& light : lights)
        worst = std::max(worst, light.state);
    return worst;
}

const char* trustWord(Trust trust) {
    switch (trust) {
        case Trust::Green:
            return "green";
        case Trust::Amber:
            return "amber";
        case Trust::Red:
            return "red";
        case Trust::Unknown:
            break;
    }
    return "unknown";
}

}  // namespace posteria::posterior
