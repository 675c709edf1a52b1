#include "app/posteria-cli/quality_page.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace posteria::cli {

namespace {

using json = nlohmann::ordered_json;

std::string number(const json& value, int decimals) {
    if (!value.is_number()) return {};
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value.get<double>());
    return text;
}

std::string percent(const json& value) {
    return value.is_number() ? number(100 * value.get<double>(), 1) + " %" : std::string();
}

// What lies at a path of keys; null where nothing does.
const json& at(const json& root, const std::vector<std::string>& path) {
    static const json nothing;
    const json* here = &root;
    for (const auto& key : path) {
        if (!here->is_object() || !here->contains(key)) return nothing;
        here = &(*here)[key];
    }
    return *here;
}

std::string row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const auto& cell : cells)
        line += " " + cell + " |";
    return line + "\n";
}

std::string head(const std::vector<std::string>& cells) {
    return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

std::string estimateRow(const std::string& output, const std::string& name, const json& figures) {
    return row({output, name, number(at(figures, {"psnr"}), 2), number(at(figures, {"ri_psnr"}), 2),
                number(at(figures, {"nrmse"}), 3), number(at(figures, {"ssim"}), 3),
                number(at(figures, {"micro_ms3im"}), 3), number(at(figures, {"dice"}), 3)});
}

std::string estimates(const json& quality) {
    std::string text = head({"channel", "estimate", "PSNR (dB)", "ri-PSNR (dB)", "NRMSE", "SSIM",
                             "MicroMS3IM", "Dice"});
    for (const auto& [output, trivial] : at(quality, {"trivial"}).items()) {
        text += estimateRow(output, "the input, shared out", trivial);
        for (const auto& [name, baseline] : at(quality, {"baselines"}).items()) {
            const auto& iterations = at(baseline, {"iterations"});
            text += estimateRow(
                output,
                name + ", " +
                    (iterations.is_number()
                         ? number(iterations, 0) + " iterations in the mean, stopped at its best"
                         : baseline.value("note", "")),
                at(baseline, {"channels", output, "mean"}));
        }
        for (const auto& [name, sampler] : at(quality, {"samplers"}).items()) {
            const auto& channel = at(sampler, {"channels", output});
            const auto samples = sampler.value("samples", 1);
            const auto steps = name + ", " + std::to_string(sampler.value("steps", 1)) +
                               (sampler.value("steps", 1) == 1 ? " step" : " steps");
            text += estimateRow(
                output, samples > 1 ? "mean of " + std::to_string(samples) + ", " + steps : steps,
                at(channel, {"mean"}));
            if (samples > 1)
                text += estimateRow(output, "one sample", at(channel, {"single_sample"}));
        }
    }
    return text;
}

// The band of a ratio that is farthest from 1, among those of a quarter of the sampled band, with
// its standard error.
std::string farthest(const json& figures, std::size_t quarter) {
    const auto &ratio = at(figures, {"psd_ratio"}), &error = at(figures, {"psd_ratio_error"});
    if (!ratio.is_array() || ratio.size() < 4) return {};
    const auto from = quarter * ratio.size() / 4, to = (quarter + 1) * ratio.size() / 4;
    std::size_t worst = from;
    const auto off = [&](std::size_t band) {
        const double r = std::max(1e-9, ratio[band].get<double>());
        return std::max(r, 1 / r);
    };
    for (auto band = from; band < to; ++band)
        worst = off(band) > off(worst) ? band : worst;
    const auto around = error.is_array() ? number(error[worst], 2) : std::string();
    return number(ratio[worst], 2) + (around.empty() ? "" : " ± " + around);
}

std::string spectrumHead() {
    return "\nPower spectrum over the truth's, the band farthest from 1, with its standard "
           "error:\n\n" +
           head({"channel", "estimate", "up to 1/8 cycles/pixel", "1/8-1/4", "1/4-3/8", "3/8-1/2"});
}

std::string spectrumRow(const std::string& channel, const std::string& estimate,
                        const json& figures) {
    std::vector<std::string> cells{channel, estimate};
    for (std::size_t quarter = 0; quarter < 4; ++quarter)
        cells.push_back(farthest(figures, quarter));
    return row(cells);
}

std::string spectra(const json& channels) {
    std::string text = spectrumHead();
    for (const auto& [output, channel] : channels.items())
        text += spectrumRow(output, "a sample", at(channel, {"single_sample"})) +
                spectrumRow(output, "mean of the samples", at(channel, {"mean"}));
    return text;
}

// Of the samplers that give one answer.
std::string singleSpectra(const json& samplers) {
    std::string rows;
    for (const auto& [name, sampler] : samplers.items()) {
        if (sampler.value("samples", 1) > 1) continue;
        for (const auto& [output, channel] : at(sampler, {"channels"}).items())
            rows += spectrumRow(output, name, at(channel, {"mean"}));
    }
    return rows.empty() ? rows : spectrumHead() + rows;
}

std::string outermostRank(const json& histogram, bool last) {
    if (!histogram.is_array() || histogram.empty()) return {};
    double all = 0;
    for (const auto& count : histogram)
        all += count.get<double>();
    return percent((last ? histogram.back() : histogram.front()).get<double>() / all);
}

std::string posterior(const json& channels, int samples) {
    std::vector<std::string> names{""};
    for (const auto& channel : channels.items())
        names.push_back(channel.key());
    std::string text = head(names);
    const auto add = [&](const std::string& label, auto&& cell) {
        std::vector<std::string> cells{label};
        for (const auto& channel : channels.items())
            cells.push_back(cell(channel.value()));
        text += row(cells);
    };
    const auto figure = [](std::vector<std::string> path, bool share) {
        return [=](const json& c) { return share ? percent(at(c, path)) : number(at(c, path), 2); };
    };
    add("spread/skill", figure({"spread_skill"}, false));
    add("truth inside the 68 % interval", figure({"coverage_68"}, true));
    add("truth inside the 90 % interval", figure({"coverage_90"}, true));
    const auto ideal = ", ideally " + number(100.0 / (samples + 1), 1) + " %";
    add("truth below all samples" + ideal,
        [](const json& c) { return outermostRank(at(c, {"rank_histogram"}), false); });
    add("truth above all samples" + ideal,
        [](const json& c) { return outermostRank(at(c, {"rank_histogram"}), true); });
    add("spread/skill, calibrated", figure({"calibrated", "spread_skill"}, false));
    add("inside the counted 68 % interval", figure({"calibrated", "interval_68_holds"}, true));
    add("inside the counted 90 % interval", figure({"calibrated", "interval_90_holds"}, true));
    add("inside the conformal 90 % interval", figure({"calibrated", "conformal_90_holds"}, true));
    for (int k = 1; k <= samples; k *= 2) {
        add("PSNR of the mean of " + std::to_string(k) + ", fields pooled (dB)",
            [k](const json& c) {
                const auto& curve = at(c, {"psnr_vs_k"});
                const auto i = static_cast<std::size_t>(k - 1);
                return curve.is_array() && i < curve.size() ? number(curve[i], 2) : std::string();
            });
    }
    return text;
}

// How many network calls the mean and the spread take.
std::string costs(const json& cost) {
    if (!cost.is_object()) return {};
    std::string text = "\nWhat a posterior costs, " + number(at(cost, {"fields"}), 0) +
                       " of the fields, spread/skill as drawn:\n\n" +
                       head({"channel", "sampler", "steps", "samples", "network calls a tile",
                             "PSNR of the mean (dB)", "spread/skill"});
    const auto& runs = at(cost, {"runs"});
    for (const auto& [output, unused] : at(runs.front(), {"channels"}).items()) {
        for (const auto& run : runs) {
            const auto& own = at(run, {"channels", output});
            text += row({output, run.value("sampler", ""), number(at(run, {"steps"}), 0),
                         number(at(run, {"samples"}), 0), number(at(run, {"network_calls"}), 0),
                         number(at(own, {"psnr"}), 2), number(at(own, {"spread_skill"}), 2)});
        }
    }
    return text;
}

// How often the lights are right: engine/trust_hits.h. The light is the one most often lit.
std::string lights(const json& trust) {
    if (!trust.is_object()) return {};
    std::string text =
        "\nCan I trust this? Images of the training's kind, and others built not to be:\n\n" +
        head({"images", "number", "green", "amber", "red", "lit most often"});
    const auto add = [&text](const std::string& kind, const json& tally) {
        if (!tally.is_object()) return;
        std::string most;
        double often = 0;
        for (const auto& [id, shares] : at(tally, {"lights"}).items()) {
            const double lit = shares.value("amber", 0.0) + shares.value("red", 0.0);
            if (lit > often) most = id + " " + percent(lit);
            often = std::max(often, lit);
        }
        text += row({kind, number(at(tally, {"images"}), 0), percent(at(tally, {"green"})),
                     percent(at(tally, {"amber"})), percent(at(tally, {"red"})), most});
    };
    add("of the training's kind, by their input", at(trust, {"in_distribution", "input"}));
    add("of the training's kind, restored", at(trust, {"in_distribution", "restored"}));
    for (const auto& [kind, tally] : at(trust, {"built"}).items())
        add(kind, tally);
    return text;
}

// Only of samplers that go step by step.
std::string stepRows(const json& samplers) {
    std::string text;
    for (const auto& [name, sampler] : samplers.items()) {
        for (const auto& [output, channel] : at(sampler, {"channels"}).items()) {
            const auto& psnr = at(channel, {"psnr_by_step"});
            if (!psnr.is_array()) continue;
            std::string steps;
            for (const auto& step : psnr)
                steps += (steps.empty() ? "" : " → ") + number(step, 2);
            text += row({name, output, steps});
        }
    }
    return text.empty() ? text
                        : "\n" + head({"sampler", "channel", "PSNR step by step (dB)"}) + text;
}

// How much it helps to know the ratio of a mixture.
std::string weightRows(const json& psnr) {
    if (!psnr.is_object()) return {};
    std::string text =
        "\nPSNR (dB) of the one-shot answer, channels by their weight in the mixture "
        "(dominant 0.7-0.9, balanced 0.4-0.6, weak 0.1-0.3):\n\n" +
        head({"channel", "severity estimated", "0.5 assumed", "severity known"});
    for (const auto& [weight, told] : psnr.items())
        text += row({weight, number(at(told, {"estimated"}), 2), number(at(told, {"half"}), 2),
                     number(at(told, {"known"}), 2)});
    return text;
}

// What hdn and ddrm are there for, in one line an output.
std::string comparisons(const json& compared) {
    std::string text;
    for (const auto& [output, figures] : compared.items()) {
        const auto add = [&](const char* key, const std::string& before, const std::string& after) {
            const auto value = number(at(figures, {key}), 2);
            if (!value.empty()) text += "\n" + output + ": " + before + value + after + ".\n";
        };
        add("hdn_over_input_db", "the mean of hdn is ", " dB above the noisy input");
        add("hdn_below_oneshot_db", "the mean of hdn is ", " dB below the one-shot network");
        add("ddrm_over_wiener_db", "the mean of ddrm is ",
            " dB above Wiener's filter with the true spectra");
    }
    return text;
}

std::string deblurring(const json& deblur) {
    if (!deblur.is_object()) return {};
    return "\nThe same fields blurred by an objective of NA " + number(at(deblur, {"na"}), 2) +
           ", which no network was taught; every method is told the point spread function:\n\n" +
           estimates(deblur) + comparisons(at(deblur, {"compared"}));
}

std::string section(const package::ModelPackage& model) {
    std::string text = "\n## " + model.name + "\n\n" + model.description + "\n\n";
    const auto quality = json::parse(model.qualityJson, nullptr, false);
    if (!quality.is_object()) return text + "No figures have been measured.\n";
    text += std::to_string(quality.value("fields", 0)) +
            " simulated fields from seeds that training never saw, severity known.\n\n" +
            estimates(quality) + comparisons(at(quality, {"compared"})) +
            deblurring(at(quality, {"deblur"}));
    const auto& samplers = at(quality, {"samplers"});
    for (const auto& [name, sampler] : samplers.items()) {
        if (sampler.value("samples", 1) < 2) continue;
        text += "\nThe posterior of " + name + ", as drawn unless said otherwise:\n\n" +
                posterior(at(sampler, {"channels"}), sampler.value("samples", 1)) +
                spectra(at(sampler, {"channels"}));
    }
    text += singleSpectra(samplers) + costs(at(quality, {"cost"})) +
            lights(at(quality, {"trust"})) + stepRows(samplers);
    const auto& severity = at(quality, {"severity_error"});
    if (severity.is_object()) {
        text += "\nSeverity, 0.05 to 0.95: root mean square error of one field " +
                number(at(severity, {"rmse_one_field"}), 3) + ", of all fields together " +
                number(at(severity, {"rmse_aggregated"}), 3) + ".\n" +
                weightRows(at(severity, {"psnr_by_weight"}));
    }
    return text;
}

}  // namespace

std::string qualityPage(const std::vector<package::ModelPackage>& models) {
    std::string text =
        "# How good the models are\n\nMade by `packaging/measure-models.sh` from the packages' "
        "`quality.json`; not to be edited.\n";
    for (const auto& model : models)
        text += section(model);
    return text;
}

}  // namespace posteria::cli
