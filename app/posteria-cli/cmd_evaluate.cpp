// posteria-cli evaluate: an estimate, and what is claimed about its uncertainty, against the truth.
// The keys of --json are public; figures are defined in core/analysis.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/posteria-cli/commands.h"
#include "core/analysis/evaluation.h"
#include "core/analysis/power_spectrum.h"
#include "core/base/error.h"
#include "core/io/open.h"

namespace posteria::cli {
namespace {

using analysis::Figures;
using analysis::Planes;
using nlohmann::json;

struct Options {
    std::string estimate, truth, std, samples, baseline;
};

std::string shapeText(const image::Shape& s) {
    const auto axis = [](const char* name, std::int64_t n) { return name + std::to_string(n); };
    return axis("T", s.t) + " " + axis("C", s.c) + " " + axis("Z", s.z) + " " + axis("Y", s.y) +
           " " + axis("X", s.x);
}

void requireShape(const image::Stack& stack, const char* what, const image::Shape& truth) {
    if (stack.shape() == truth) return;
    throw Error(ErrorKind::Input,
                std::string("The ") + what + " has the shape " + shapeText(stack.shape()) +
                    ", but the truth has " + shapeText(truth) + ".",
                stack.info().path, "Give images of the same field and channels.");
}

std::vector<Planes> readChannels(const image::Stack& stack, const CancelToken& token) {
    std::vector<Planes> channels;
    for (std::int64_t c = 0; c < stack.shape().c; ++c) {
        token.throwIfCancelled();
        channels.push_back(analysis::readChannel(stack, c));
    }
    return channels;
}

Planes pooled(const std::vector<Planes>& channels) {
    Planes all;
    for (const auto& channel : channels)
        all.insert(all.end(), channel.begin(), channel.end());
    return all;
}

// Values that do not exist (an SSIM of a tiny image, the PSNR of a perfect one) become null.
json figuresJson(const Figures& f) {
    return {{"psnr", f.psnr},
            {"ri_psnr", f.riPsnr},
            {"nrmse", f.nrmse},
            {"ssim", f.ssim},
            {"ms_ssim", f.msSsim},
            {"micro_ssim", f.microSsim},
            {"micro_ms3im", f.microMs3im},
            {"dice", f.dice},
            {"psd_ratio", f.psdRatio}};
}

json calibrationJson(const analysis::Calibration& c) {
    json bins = json::array();
    for (const auto& bin : c.bins) {
        bins.push_back({{"rmv", bin.rmv}, {"rmse", bin.rmse}, {"count", bin.count}});
    }
    const auto from = [](bool samples) { return samples ? "samples" : "gaussian"; };
    return {{"slope", c.slope},
            {"offset", c.offset},
            {"coverage_68", c.coverage68},
            {"coverage_68_from", from(c.coverage68FromSamples)},
            {"coverage_90", c.coverage90},
            {"coverage_90_from", from(c.coverage90FromSamples)},
            {"spread_skill", c.spreadSkill},
            {"samples", c.samples > 0 ? json(c.samples) : json()},
            {"bins", bins}};
}

class Evaluation {
  public:
    Evaluation(const Context& context, const Options& options)
        : m_context(context),
          m_truthStack(io::open(options.truth, 0)),
          m_estimateStack(io::open(options.estimate, 0)) {
        requireShape(*m_estimateStack, "estimate", shape());
        m_truth = readChannels(*m_truthStack, context.token);
        m_estimate = readChannels(*m_estimateStack, context.token);
        m_report = compare(m_estimate);
        m_report["psd_frequency"] = analysis::radialPowerSpectrum({m_truth[0][0]}).frequency;
    }

    void addSamples(const std::string& path) {
        for (const auto& stack : io::openAll(path)) {
            requireShape(*stack, "sample", shape());
            m_samples.push_back(readChannels(*stack, m_context.token));
        }
        m_report["single_sample"] = compare(m_samples[0]);
        std::vector<double> curve(m_samples.size());
        for (std::size_t c = 0; c < m_truth.size(); ++c) {
            const auto channel = analysis::psnrVsCount(ofChannel(c), m_truth[c]);
            m_report["per_channel"][c]["psnr_vs_k"] = channel;
            for (std::size_t k = 0; k < curve.size(); ++k) {
                curve[k] += channel[k] / static_cast<double>(m_truth.size());
            }
        }
        m_report["psnr_vs_k"] = curve;
        m_report["rank_histogram"] = analysis::rankHistogram(ofAllChannels(), pooled(m_truth));
    }

    // After the samples, which it uses when they are there.
    void addCalibration(const std::string& path) {
        const auto stack = io::open(path, 0);
        requireShape(*stack, "standard deviation", shape());
        const auto std = readChannels(*stack, m_context.token);
        // How many samples it rests on, as our own files say.
        const auto& annotations = stack->info().annotations;
        const auto count = annotations.find("posteria.samples");
        const int k =
            count == annotations.end() ? 0 : std::max(0, std::atoi(count->second.c_str()));
        const auto calibrate = [&](const Planes& mean, const Planes& s, const Planes& truth,
                                   const std::vector<Planes>& draws) {
            return calibrationJson(draws.empty() ? analysis::calibrate(mean, s, truth, k)
                                                 : analysis::calibrate(mean, s, truth, draws));
        };
        m_report["calibration"] =
            calibrate(pooled(m_estimate), pooled(std), pooled(m_truth), ofAllChannels());
        for (std::size_t c = 0; c < m_truth.size(); ++c) {
            m_report["per_channel"][c]["calibration"] =
                calibrate(m_estimate[c], std[c], m_truth[c], ofChannel(c));
        }
    }

    void addBaseline(const std::string& path) {
        const auto stack = io::open(path, 0);
        // A baseline of one channel, such as the input itself, stands for every channel.
        image::Shape expected = shape();
        if (stack->shape().c == 1) expected.c = 1;
        requireShape(*stack, "baseline", expected);
        auto baseline = readChannels(*stack, m_context.token);
        baseline.resize(m_truth.size(), baseline[0]);
        m_report["baseline"] = compare(baseline);
    }

    const json& report() const { return m_report; }

  private:
    const image::Shape& shape() const { return m_truthStack->shape(); }

    json compare(const std::vector<Planes>& estimate) const {
        std::vector<Figures> channels;
        json list = json::array();
        for (std::size_t c = 0; c < m_truth.size(); ++c) {
            m_context.token.throwIfCancelled();
            channels.push_back(analysis::evaluateChannel(estimate[c], m_truth[c]));
            list.push_back(figuresJson(channels.back()));
            list.back()["name"] = m_truthStack->info().channels[c].name;
        }
        json result = figuresJson(analysis::meanFigures(channels));
        result["per_channel"] = list;
        return result;
    }

    std::vector<Planes> ofChannel(std::size_t c) const {
        std::vector<Planes> result;
        for (const auto& sample : m_samples)
            result.push_back(sample[c]);
        return result;
    }
    std::vector<Planes> ofAllChannels() const {
        std::vector<Planes> result;
        for (const auto& sample : m_samples)
            result.push_back(pooled(sample));
        return result;
    }

    const Context& m_context;
    image::StackPtr m_truthStack, m_estimateStack;
    std::vector<Planes> m_truth, m_estimate;     // by channel
    std::vector<std::vector<Planes>> m_samples;  // by sample, channel
    json m_report;
};

std::string cell(const json& value) {
    char text[32];
    if (value.is_number() && std::isfinite(value.get<double>())) {
        std::snprintf(text, sizeof text, "%12.4f", value.get<double>());
    } else {
        std::snprintf(text, sizeof text, "%12s", "-");
    }
    return text;
}

void printForPeople(const Context& context, const json& report) {
    std::string head = "                    estimate";
    for (const char* column : {"single_sample", "baseline"}) {
        if (report.contains(column)) head += column[0] == 's' ? "    1 sample" : "    baseline";
    }
    const auto rows = [&](const auto& pick) {
        const std::pair<const char*, const char*> figures[] = {{"psnr", "PSNR (dB)"},
                                                               {"ri_psnr", "ri-PSNR (dB)"},
                                                               {"nrmse", "NRMSE"},
                                                               {"ssim", "SSIM"},
                                                               {"ms_ssim", "MS-SSIM"},
                                                               {"micro_ssim", "MicroSSIM"},
                                                               {"micro_ms3im", "MicroMS3IM"},
                                                               {"dice", "Dice"}};
        for (const auto& [key, label] : figures) {
            char line[32];
            std::snprintf(line, sizeof line, "  %-14s", label);
            std::string text = line + cell(pick(report)[key]);
            for (const char* column : {"single_sample", "baseline"}) {
                if (report.contains(column)) text += cell(pick(report[column])[key]);
            }
            say(context, text);
        }
    };
    say(context, head);
    rows([](const json& part) -> const json& { return part; });
    for (std::size_t c = 0; c < report["per_channel"].size() && report["per_channel"].size() > 1;
         ++c) {
        const auto name = report["per_channel"][c]["name"].get<std::string>();
        say(context, "channel " + (name.empty() ? std::to_string(c + 1) : name));
        rows([c](const json& part) -> const json& { return part["per_channel"][c]; });
    }
    if (report.contains("calibration")) {
        const auto& c = report["calibration"];
        char text[256];
        std::snprintf(
            text, sizeof text,
            "uncertainty: %.1f %% of the truth inside the 68 %% interval, %.1f %% inside the 90 %% "
            "interval; spread/skill %.3f; error = %.3f x stated + %.4g",
            100 * c["coverage_68"].get<double>(), 100 * c["coverage_90"].get<double>(),
            c["spread_skill"].get<double>(), c["slope"].get<double>(), c["offset"].get<double>());
        say(context, text);
    }
    if (report.contains("psnr_vs_k")) {
        std::string text = "PSNR of the mean of k samples (dB):";
        for (const auto& value : report["psnr_vs_k"]) {
            char number[32];
            std::snprintf(number, sizeof number, " %.2f", value.get<double>());
            text += number;
        }
        say(context, text);
    }
}

void evaluate(const Context& context, const Options& options) {
    Evaluation evaluation(context, options);
    if (!options.samples.empty()) evaluation.addSamples(options.samples);
    if (!options.std.empty()) evaluation.addCalibration(options.std);
    if (!options.baseline.empty()) evaluation.addBaseline(options.baseline);
    if (context.json) {
        printJson(evaluation.report());
    } else {
        printForPeople(context, evaluation.report());
    }
}

}  // namespace

void addEvaluate(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = addCommand(app, context, "evaluate", "Compare a result with the truth",
                                   [&context, options] { evaluate(context, *options); });
    command->add_option("--estimate", options->estimate, "The result, usually a posterior mean")
        ->required();
    command->add_option("--truth", options->truth, "The clean image, same axes and channels")
        ->required();
    command->add_option("--std", options->std,
                        "The result's standard deviation: is it calibrated?");
    command->add_option("--samples", options->samples, "Posterior samples, one series each");
    command->add_option("--baseline", options->baseline,
                        "Another result for comparison; one channel stands for all");
}

}  // namespace posteria::cli
