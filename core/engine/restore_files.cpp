#include "core/engine/restore_files.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/fingerprint.h"
#include "core/base/log.h"
#include "core/engine/part_files.h"
#include "core/engine/report.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "core/package/model_package.h"
#include "core/posterior/uncertainty_maps.h"

namespace fs = std::filesystem;

namespace posteria::engine {

namespace {

std::string joined(const std::set<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ",") + name;
    return text;
}

// What a sample depends on: one that was kept may be used again only when all of this is the same.
std::string sampleKey(const RestorationRequest& r, const std::string& inputSha256) {
    nlohmann::json j;
    j["input"] = inputSha256;
    j["model"] = package::packageSha256(package::findPackage(r.model));
    j["sampler"] = {r.sampler, r.steps, r.seed, r.independentNoise};
    j["severity"] = r.severity ? *r.severity : -1.0;
    j["psf"] = r.psf ? sha256OfFile(r.psf->info().path) : "";
    j["camera_offset"] = r.cameraOffset ? nlohmann::json(*r.cameraOffset) : nlohmann::json();
    const auto& s = r.selection;
    j["selection"] = {s.t, s.c, s.z, {s.roi.x, s.roi.y, s.roi.width, s.roi.height}};
    j["tiles"] = {r.tile, r.overlap, static_cast<int>(r.precision), r.device};
    j["all_samples"] = r.keepSamples;
    return j.dump();
}

// What the results of a part depend on beside that.
std::string resultKey(const RestorationRequest& r, const std::set<std::string>& save) {
    return nlohmann::json{{"samples", r.samples}, {"save", save}, {"calibrate", r.calibrate}}
        .dump();
}

// The stacks that a job saves of a result, by name; of samples and traces there are several.
std::vector<std::pair<std::string, std::vector<image::StackPtr>>> savedOf(
    const std::set<std::string>& save, const posterior::Snapshot& result) {
    std::vector<std::pair<std::string, std::vector<image::StackPtr>>> all;
    const auto add = [&](const char* name, auto&& stacks) {
        if (save.count(name)) all.emplace_back(name, stacks());
    };
    using Stacks = std::vector<image::StackPtr>;
    add("mean", [&] { return Stacks{result.mean}; });
    add("std", [&] { return result.std ? Stacks{result.std} : Stacks{}; });
    add("samples", [&] { return result.kept; });
    add("q05", [&] { return Stacks{posterior::quantileMap(result.kept, 0.05)}; });
    add("q95", [&] { return Stacks{posterior::quantileMap(result.kept, 0.95)}; });
    add("trace", [&] { return result.trace; });
    add("residual", [&] {
        if (!result.residual) {
            throw Error(ErrorKind::Usage,
                        "This model's task has no forward model to take a residual with.");
        }
        return Stacks{result.residual};
    });
    return all;
}

// Keeps what it gets as files.
class FileReceiver : public PartReceiver {
  public:
    FileReceiver(PartFiles& files, const std::set<std::string>& save, bool takeSamples,
                 std::function<void(const Progress&)> progress)
        : m_files(files),
          m_save(save),
          m_takeSamples(takeSamples),
          m_progress(std::move(progress)) {}

    void onProgress(const Progress& progress) override { m_progress(progress); }
    bool onPart(const ResultPart& part, std::vector<image::StackPtr>& finished) override {
        if (!m_files.begin(part)) return false;
        if (m_takeSamples) finished = m_files.samples();
        if (!finished.empty())
            log::info("going on after " + std::to_string(finished.size()) + " samples");
        return true;
    }
    void onSample(int k, const image::StackPtr& sample) override { m_files.keepSample(k, sample); }
    void onResult(const ResultPart&, const posterior::Snapshot& result) override {
        for (const auto& [name, stacks] : savedOf(m_save, result)) {
            for (std::size_t k = 0; k < stacks.size(); ++k)
                m_files.write(name, k, *stacks[k]);
        }
        m_files.finish(result.diagnostics);
    }

  private:
    PartFiles& m_files;
    const std::set<std::string>& m_save;
    const bool m_takeSamples;
    std::function<void(const Progress&)> m_progress;
};

void writeResults(const RestoreJob& job, const std::string& stem, const PartFiles& files,
                  const std::map<std::string, std::string>& facts, const CancelToken& token) {
    constexpr std::int64_t kLarge = 4096;  // beyond, viewers need levels
    for (const auto& what : job.save) {
        const auto count = files.seriesOf(what);
        if (count == 0) continue;  // one sample has no std
        const auto series = files.result(what, [&](std::size_t k, image::StackInfo& info) {
            info.annotations = facts;
            if (what != "trace") info.name = count == 1 ? what : "sample " + std::to_string(k);
        });
        io::OmeTiffOptions options;
        const auto& shape = series.front()->shape();
        options.pyramid = std::max(shape.x, shape.y) > kLarge;
        // What a run that is killed leaves of it lies in a folder that the next one clears.
        const auto file = stem + "." + what + ".ome.tif";
        io::writeOmeTiff(files.folder() + "/" + what + ".ome.tif", series, options, token);
        moveFile(files.folder() + "/" + what + ".ome.tif", job.outputFolder + "/" + file);
    }
}

RestoredFile restoreOne(Engine& engine, const RestoreJob& job, const std::string& input,
                        const RestoreProgress& progress, const CancelToken& token) {
    const std::string stem = resultStem(input);
    const std::string report = job.outputFolder + "/" + stem + ".report.json";
    if (job.resume && fs::exists(report)) return {input, report, true};
    RestorationRequest request = job.settings;
    request.input = io::open(input, job.series);
    request.trace = job.save.count("trace") > 0;
    request.keepSamples =
        job.save.count("samples") || job.save.count("q05") || job.save.count("q95");
    const std::string sha = sha256OfPath(input);
    PartFiles files(job.outputFolder + "/." + stem + ".partial", sampleKey(request, sha),
                    resultKey(request, job.save), job.resume || job.goOn);
    if (const auto& cut = files.cut()) {
        request.partSize = cut->size;
        if (cut->tile > 0) request.tile = cut->tile;
        if (cut->tile > 0) request.overlap = cut->overlap;
    }
    // A sample that was kept no longer tells how it came about.
    FileReceiver receiver(files, job.save, !request.trace,
                          [&](const Progress& p) { progress(input, p); });
    RunReport result;
    try {
        result = engine.runInParts(request, receiver, token);
    } catch (const Error&) {
        files.removeUnlessUseful();
        throw;
    }
    const auto figures = files.figures();
    result.monteCarloError = figures.monteCarloError;
    result.seamScore = figures.seamScore;
    result.residualStructure = figures.residualStructure;
    // Parts that an earlier call finished count, too.
    if (figures.unexplained >= 0) result.trust.residual = figures.unexplained;
    result.warnings = figures.warnings;
    if (job.save.count("std") && files.seriesOf("std") == 0) {
        result.warnings.push_back("One sample has no spread: no standard deviation was written.");
    }
    const std::string command = commandLine(request, result, job.outputFolder, joined(job.save));
    std::error_code code;
    fs::remove(report, code);  // a former run's would vouch for results of two runs
    writeResults(job, stem, files, provenance(result, input, command), token);
    writeTextFile(report, reportJson(result, fs::absolute(input).string(), sha, command));
    files.remove();
    return {input, report, false};
}

}  // namespace

std::string resultStem(const std::string& inputPath) {
    fs::path path(inputPath);
    if (!path.has_filename()) path = path.parent_path();  // "cells.ome.zarr/"
    std::string name = path.filename().string();
    std::string stem = path.stem().string();
    for (const char* ending :
         {".ome.tiff", ".ome.tif", ".ome.zarr", ".tiff", ".tif", ".lsm", ".stk", ".zarr"}) {
        const std::string e(ending);
        if (name.size() <= e.size()) continue;
        std::string tail = name.substr(name.size() - e.size());
        std::transform(tail.begin(), tail.end(), tail.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        if (tail != e) continue;
        stem = name.substr(0, name.size() - e.size());
        break;
    }
    // Names have 255 bytes at most; a character of UTF-8 is not cut in two.
    constexpr std::size_t kLongest = 255 - sizeof(".residual.ome.tif") + 1;
    if (stem.size() > kLongest) {
        auto end = kLongest;
        while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xC0) == 0x80)
            --end;
        stem.resize(end);
    }
    return stem;
}

std::vector<RestoredFile> restoreFiles(Engine& engine, const RestoreJob& job,
                                       const RestoreProgress& progress, const CancelToken& token,
                                       const FileRestored& restored) {
    std::set<std::string> stems;
    for (const auto& input : job.inputs) {
        if (!stems.insert(resultStem(input)).second) {
            throw Error(ErrorKind::Usage, "Two inputs would be written under one name.",
                        resultStem(input), "Restore them into different folders.");
        }
    }
    // Inputs and model are checked before the folder is made: nothing is written for a bad one.
    package::findPackage(job.settings.model);
    for (const auto& input : job.inputs)
        io::open(input, job.series);
    ensureFolder(job.outputFolder);
    RestoreJob alike = job;
    if (job.oneAcquisition && !job.settings.severity) {
        std::vector<RestorationRequest> acquisition(job.inputs.size(), job.settings);
        for (std::size_t i = 0; i < job.inputs.size(); ++i)
            acquisition[i].input = io::open(job.inputs[i], job.series);
        alike.settings.severity = engine.estimateSeverity(acquisition, token);
        alike.settings.severityEstimated = alike.settings.severity.has_value();
    }
    std::vector<RestoredFile> done;
    for (const auto& input : job.inputs) {
        done.push_back(restoreOne(engine, alike, input, progress, token));
        if (restored) restored(done.back());
    }
    return done;
}

}  // namespace posteria::engine
