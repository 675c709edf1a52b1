// Can a restoration be trusted? What is known of its input and of its result, and what that means,
// in plain words: one light a question, green, amber or red, with the figures behind it and what to
// do. The limits were set on simulated images of the kind that each shipped model was trained on,
// and on images that are of another kind. Any thread.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace posteria::posterior {

// NaN: not known.
struct TrustFacts {
    static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

    // Of the input, against the images of the model's training.
    double distance =
        kUnknown;              // spectrum and spread of values, over what 1 in 100 of them exceeds
    std::string unusual;       // in which respect most: "much more power in waves of 3 pixels"
    double bright = kUnknown;  // 99.9th percentile above the camera's offset, grey values
    double leastBright = kUnknown, mostBright = kUnknown;  // of the training
    double noiseRatio = kUnknown;                          // times the training camera's noise
    double contrast =
        kUnknown;  // of means of 5 x 5 pixels, over what noise alone makes: 1 is noise
    double pixelUm = kUnknown, trainedPixelUm = kUnknown;
    double saturated = kUnknown;  // share of the pixels
    double severity = kUnknown, leastSeverity = kUnknown, mostSeverity = kUnknown;
    bool severityAssumed = false;  // neither given nor estimated
    bool severityEstimated = false;
    double severityError = kUnknown;  // root mean square, of the model's estimates from one image

    // Of the result.
    int samples = 0;
    double residual = kUnknown;   // share of the input's structure, Diagnostics::unexplained
    double oneShot = kUnknown;    // departure of the mean from the one-shot answer, over the spread
    double meanError = kUnknown;  // Monte-Carlo error of the mean, as a share of it
    double seams = kUnknown;      // gradients across tile edges over those elsewhere
    bool calibrated = false;
    std::string calibratedFor;      // "cfm-heun with 5 steps", where the model has a calibration
    double spreadSkill = kUnknown;  // of the model on held-out images: spread over error
};

enum class Trust { Unknown, Green, Amber, Red };

struct TrustLight {
    std::string id;     // stable, of the question: "kind", "brightness", …
    std::string title;  // "Kind of image"
    Trust state = Trust::Unknown;
    std::string finding;  // a sentence with the figures
    std::string advice;   // what to do; empty for green
};

// One for each question, those about the input first.
std::vector<TrustLight> trustLights(const TrustFacts& facts);
// The worst of them; Unknown where nothing is known.
Trust verdict(const std::vector<TrustLight>& lights);
const char* trustWord(Trust trust);  // "green", "amber", "red", "unknown"

}  // namespace posteria::posterior
