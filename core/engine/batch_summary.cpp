#include "core/engine/batch_summary.h"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/engine/report.h"
#include "core/engine/thumbnail.h"
#include "core/io/open.h"
#include "core/package/model_package.h"

namespace fs = std::filesystem;

namespace posteria::engine {

namespace {

using json = nlohmann::json;
using State = SummaryFile::State;

constexpr int kThumbnailSide = 320;

const char* const kStyle = R"(
:root { color-scheme: light dark; --ground: #f3f4f6; --card: #ffffff; --line: #dfe2e7; --text: #1c1e24;
  --dim: #5a6069; --accent: #3a58c4; --good: #1f7a3f; --bad: #b3202f; --warn: #8a6100; --code: #eceef2; }
@media (prefers-color-scheme: dark) { :root { --ground: #23242b; --card: #2e333e; --line: #424a54;
  --text: #f0f1f2; --dim: #a0a4aa; --accent: #7e9cf0; --good: #6fce8f; --bad: #f0788a; --warn: #e3b617;
  --code: #23242b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 1120px; background: var(--ground); color: var(--text);
  font: 14px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 32px 0 10px; }
.dim { color: var(--dim); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.counts { display: flex; flex-wrap: wrap; gap: 8px 20px; margin: 14px 0 0; font-size: 15px; }
.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 10px 20px;
  background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
.settings div span, dt { display: block; color: var(--dim); font-size: 12px; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; margin: 0;
  white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px 16px;
  margin: 0 0 14px; }
article header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; margin-bottom: 10px; }
article h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; }
figure { margin: 0; } figure img { display: block; width: 100%; background: #000; border-radius: 4px;
  image-rendering: pixelated; }
figcaption { font-size: 12px; color: var(--dim); margin-top: 4px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8px 16px; margin: 12px 0 0; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
ul { margin: 10px 0 0; padding: 0 0 0 18px; } p { margin: 8px 0 0; }
@media print { body { max-width: none; padding: 0; } article { break-inside: avoid; } }
)";

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
    static const char* const kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t k = 0; k < 3; ++k)
            three = three << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            text += i + k > bytes.size() ? '=' : kLetters[three >> (18 - 6 * k) & 63];
    }
    return text;
}

std::string number(double value, const char* format = "%.3g") {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string duration(double seconds) {
    if (seconds < 60) return number(seconds, "%.1f") + " s";
    const auto whole = static_cast<long>(seconds + 0.5);
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string joined(const std::set<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ",") + name;
    return text;
}

std::int64_t middle(const std::vector<std::int64_t>& chosen, std::int64_t count) {
    return chosen.empty() ? count / 2 : chosen[chosen.size() / 2];
}

std::int64_t first(const std::vector<std::int64_t>& chosen) {
    return chosen.empty() ? 0 : chosen.front();
}

// The settings as they are used: what they leave open is the model's default.
RunReport inUse(const RestoreJob& job) {
    RunReport report;
    report.sampler = job.settings.sampler;
    report.steps = job.settings.steps;
    report.samples = job.settings.samples;
    report.seed = job.settings.seed;
    report.device = job.settings.device;
    report.tile = job.settings.tile;
    report.overlap = job.settings.overlap;
    const auto model = package::findPackage(job.settings.model);
    report.model = model.name;
    const auto* spec =
        report.sampler.empty() ? &model.samplers.front() : model.sampler(report.sampler);
    if (!spec) return report;
    report.sampler = spec->name;
    if (report.steps == 0) report.steps = spec->steps;
    if (report.samples == 0) report.samples = spec->samples;
    return report;
}

class Page {
  public:
    Page(const RestoreJob& job, const CancelToken& token) : m_job(job), m_token(token) {}

    std::string make(const std::string& path, const std::vector<SummaryFile>& files) {
        add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            "<title>Restored with Posteria</title><style>" +
            std::string(kStyle) + "</style></head><body>\n");
        const auto model = inUse(m_job);
        add("<h1>Restored with Posteria</h1><div class=\"dim\">" + escaped(model.model) +
            " · version " + escaped(kVersion) + "</div>\n");
        counts(files);
        settings(model);
        add("<h2>The same on the command line</h2><pre>" + escaped(batchCommand(m_job, path)) +
            "</pre>\n<h2>Files</h2>\n");
        for (const auto& file : files) {
            m_token.throwIfCancelled();
            article(file);
        }
        add("</body></html>\n");
        return m_text;
    }

  private:
    void add(const std::string& text) { m_text += text; }

    void counts(const std::vector<SummaryFile>& files) {
        int states[5] = {};
        for (const auto& file : files)
            ++states[int(file.state)];
        const std::pair<const char*, const char*> words[] = {{"good", "restored"},
                                                             {"dim", "kept as they were"},
                                                             {"bad", "failed"},
                                                             {"warn", "stopped"},
                                                             {"dim", "not begun"}};
        add("<div class=\"counts\">");
        for (int i = 0; i < 5; ++i) {
            if (states[i] > 0)
                add(std::string("<span class=\"") + words[i].first + "\"><b>" +
                    std::to_string(states[i]) + "</b> " + words[i].second + "</span>");
        }
        add("</div>\n");
    }

    void setting(const char* name, const std::string& value) {
        add(std::string("<div><span>") + name + "</span>" + escaped(value) + "</div>");
    }

    void settings(const RunReport& used) {
        add("<h2>Settings</h2><div class=\"settings\">");
        setting("Model", used.model);
        setting("Sampler", used.sampler);
        setting("Steps", std::to_string(used.steps));
        setting("Samples", std::to_string(used.samples));
        const auto& severity = m_job.settings.severity;
        const std::string estimated =
            m_job.oneAcquisition ? "estimated from all files" : "estimated for each file";
        setting("Severity", !severity ? estimated
                            : m_job.settings.severityEstimated
                                ? number(*severity) + ", " + estimated
                                : number(*severity));
        setting("Seed", std::to_string(used.seed));
        setting("Device", used.device);
        setting("Saved", joined(m_job.save));
        setting("Folder", m_job.outputFolder);
        add("</div>\n");
    }

    void article(const SummaryFile& file) {
        const std::pair<const char*, const char*> words[] = {{"good", "restored"},
                                                             {"dim", "was there already"},
                                                             {"bad", "failed"},
                                                             {"warn", "stopped"},
                                                             {"dim", "not begun"}};
        const auto& [kind, word] = words[int(file.state)];
        add("<article><header><h3>" + escaped(fs::path(file.input).filename().string()) +
            "</h3><span class=\"" + kind + "\">" + word + "</span><span class=\"dim\">" +
            escaped(file.input) + "</span></header>\n");
        if (!file.problem.empty()) add("<p class=\"bad\">" + escaped(file.problem) + "</p>");
        if (!file.hint.empty()) add("<p>" + escaped(file.hint) + "</p>");
        if (!file.report.empty()) {
            pictures(file);
            figures(file);
        }
        add("</article>\n");
    }

    void picture(const std::string& path, std::string caption, const image::PlaneIndex& plane,
                 const image::Rect& region, ThumbnailColors colors, int series = 0) {
        try {
            const auto stack = io::open(path, series);
            const auto& channels = stack->info().channels;
            if (colors == ThumbnailColors::Magma && channels.size() > 1)
                caption += ": " + channels.front().name;
            const auto png = thumbnailPng(*stack, plane, region, colors, kThumbnailSide);
            add("<figure><img alt=\"" + escaped(caption) + "\" src=\"data:image/png;base64," +
                base64(png) + "\"><figcaption>" + escaped(caption) + "</figcaption></figure>");
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::Cancelled) throw;
            log::warning(e.what());
            add("<figure><figcaption>" + escaped(caption) + ": " + escaped(e.message()) +
                "</figcaption></figure>");
        }
    }

    // The middle slice of the first frame. Uncertainty is that of the first restored channel.
    void pictures(const SummaryFile& file) {
        const auto& selection = m_job.settings.selection;
        const auto base = m_job.outputFolder + "/" + resultStem(file.input);
        const auto mean = base + ".mean.ome.tif", std = base + ".std.ome.tif";
        std::int64_t slices = 1, restored = 1;
        std::error_code code;
        try {
            slices = io::open(file.input, m_job.series)->shape().z;
            if (fs::exists(mean, code)) restored = io::open(mean)->shape().z;
        } catch (const Error& e) {
            log::warning(e.what());  // the picture says so
        }
        add("<div class=\"pictures\">");
        picture(file.input, "input",
                {first(selection.t), first(selection.c), middle(selection.z, slices)},
                selection.roi, ThumbnailColors::Grey, m_job.series);
        const image::PlaneIndex plane{0, 0, restored / 2};
        if (fs::exists(mean, code)) picture(mean, "mean", plane, {}, ThumbnailColors::Channels);
        if (fs::exists(std, code)) picture(std, "uncertainty", plane, {}, ThumbnailColors::Magma);
        add("</div>\n");
    }

    void figure(const char* name, const std::string& value) {
        add(std::string("<div><dt>") + name + "</dt><dd>" + escaped(value) + "</dd></div>");
    }

    void figures(const SummaryFile& file) {
        try {
            const auto report = json::parse(readTextFile(file.report));
            add("<dl>");
            std::string severity;
            for (const auto& t : report.at("severity"))
                severity += (severity.empty() ? "" : ", ") + number(t.get<double>(), "%.2f");
            if (report.at("severity_estimated")) severity += " (estimated)";
            if (!severity.empty()) figure("Severity", severity);
            figure("Samples", std::to_string(report.at("samples").get<int>()));
            figure("Uncertainty", report.at("calibration"));
            figure("Monte-Carlo error of the mean", number(report.at("monte_carlo_error")));
            if (report.at("input_distance").is_number())
                figure("Unlikeness to the training", number(report["input_distance"]));
            figure("Seam score", number(report.at("seam_score")));
            figure("Time", duration(report.at("seconds_total")));
            figure("Report", fs::path(file.report).filename().string());
            add("</dl>");
            if (!report.at("warnings").empty()) {
                add("<ul class=\"warn\">");
                for (const auto& warning : report["warnings"])
                    add("<li>" + escaped(warning) + "</li>");
                add("</ul>");
            }
        } catch (const json::exception&) {
            add("<p class=\"bad\">The report cannot be read.</p>");
        } catch (const Error& e) {
            add("<p class=\"bad\">" + escaped(e.message()) + "</p>");
        }
        add("\n");
    }

    const RestoreJob& m_job;
    const CancelToken& m_token;
    std::string m_text;
};

}  // namespace

std::string batchCommand(const RestoreJob& job, const std::string& summaryPath) {
    auto settings = job.settings;
    if (settings.severityEstimated) settings.severity.reset();
    auto line = commandLine(job.inputs, job.series, settings, inUse(job), job.outputFolder,
                            joined(job.save));
    if (job.oneAcquisition && !settings.severity) line += " --one-acquisition";
    if (job.resume) line += " --resume";
    if (!summaryPath.empty()) line += " --summary " + shellQuoted(summaryPath);
    return line;
}

void writeBatchSummary(const std::string& path, const RestoreJob& job,
                       const std::vector<SummaryFile>& files, const CancelToken& token) {
    writeTextFile(path, Page(job, token).make(path, files));
}

}  // namespace posteria::engine
