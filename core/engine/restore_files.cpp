#include "core/engine/restore_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/fingerprint.h"
#include "core/base/log.h"
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

// What a sample depends on: a kept sample may be used again only when all of this is the same.
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
    return j.dump();
}

// The samples of a run in work, as files, so that another run can go on from them.
class KeptSamples {
  public:
    KeptSamples(std::string folder, std::string key)
        : m_folder(std::move(folder)), m_key(std::move(key)) {}

    std::vector<image::StackPtr> load() const {
        std::vector<image::StackPtr> samples;
        std::error_code code;
        if (!fs::exists(keyFile(), code) || readTextFile(keyFile()) != m_key) return samples;
        while (fs::exists(file(samples.size()), code))
            samples.push_back(io::open(file(samples.size())));
        return samples;
    }

    void start(bool keepOld) {
        if (!keepOld) remove();
        ensureFolder(m_folder);
        writeTextFile(keyFile(), m_key);
    }

    void keep(const posterior::Snapshot& snapshot) {
        for (; m_written < snapshot.kept.size(); ++m_written) {
            if (fs::exists(file(m_written))) continue;
            io::OmeTiffOptions options;
            options.compression = io::Compression::None;
            io::writeOmeTiff(file(m_written), {snapshot.kept[m_written]}, options);
        }
    }

    void remove() const {
        std::error_code code;
        fs::remove_all(m_folder, code);
    }
    void removeUnlessUseful() const {
        std::error_code code;
        if (!fs::exists(file(0), code)) remove();
    }

  private:
    std::string keyFile() const { return m_folder + "/settings.json"; }
    std::string file(std::size_t k) const {
        return m_folder + "/sample_" + std::to_string(k) + ".ome.tif";
    }

    std::string m_folder, m_key;
    std::size_t m_written = 0;
};

// Passes progress on and keeps the samples. What it cannot write is thrown after the run, not
// inside it.
class FileObserver : public RunObserver {
  public:
    FileObserver(KeptSamples& kept, std::function<void(const Progress&)> progress, CancelToken stop)
        : m_kept(kept), m_progress(std::move(progress)), m_stop(std::move(stop)) {}

    void onProgress(const Progress& progress) override { m_progress(progress); }
    void onSnapshot(const posterior::SnapshotPtr& snapshot) override {
        m_last = snapshot;
        if (m_failure) return;
        try {
            m_kept.keep(*snapshot);
        } catch (...) {
            m_failure = std::current_exception();
            m_stop.cancel();
        }
    }

    const posterior::SnapshotPtr& last() const { return m_last; }
    void rethrow() const {
        if (m_failure) std::rethrow_exception(m_failure);
    }

  private:
    KeptSamples& m_kept;
    std::function<void(const Progress&)> m_progress;
    CancelToken m_stop;
    posterior::SnapshotPtr m_last;
    std::exception_ptr m_failure;
};

std::vector<image::Plane> planesOf(const image::Stack& stack) {
    std::vector<image::Plane> planes;
    const auto& s = stack.shape();
    for (std::int64_t t = 0; t < s.t; ++t) {
        for (std::int64_t c = 0; c < s.c; ++c) {
            for (std::int64_t z = 0; z < s.z; ++z)
                planes.push_back(stack.readPlane({t, c, z}));
        }
    }
    return planes;
}

image::StackPtr withProvenance(const image::StackPtr& stack,
                               const std::map<std::string, std::string>& facts,
                               const std::string& name) {
    auto info = stack->info();
    info.annotations = facts;
    info.name = name;
    return image::makeMemoryStack(info, planesOf(*stack));
}

void writeResults(const RestoreJob& job, const std::string& stem, const posterior::Snapshot& last,
                  const std::map<std::string, std::string>& facts, const CancelToken& token) {
    const auto write = [&](const std::string& what, const std::vector<image::StackPtr>& stacks) {
        std::vector<image::StackPtr> series;
        for (std::size_t k = 0; k < stacks.size(); ++k) {
            const std::string name = what == "trace"      ? stacks[k]->info().name
                                     : stacks.size() == 1 ? what
                                                          : "sample " + std::to_string(k);
            series.push_back(withProvenance(stacks[k], facts, name));
        }
        io::writeOmeTiff(job.outputFolder + "/" + stem + "." + what + ".ome.tif", series, {},
                         token);
    };
    const bool needsAll =
        job.save.count("samples") || job.save.count("q05") || job.save.count("q95");
    if (needsAll && static_cast<int>(last.kept.size()) < last.samples) {
        throw Error(
            ErrorKind::Failed, "Not all samples fit into memory, so they cannot be saved.", stem,
            "Raise --max-memory, restore fewer planes at a time, or save mean and std only.");
    }
    if (job.save.count("mean")) write("mean", {last.mean});
    if (job.save.count("std") && last.std) write("std", {last.std});
    if (job.save.count("samples")) write("samples", last.kept);
    if (job.save.count("q05")) write("q05", {posterior::quantileMap(last.kept, 0.05)});
    if (job.save.count("q95")) write("q95", {posterior::quantileMap(last.kept, 0.95)});
    if (job.save.count("trace")) write("trace", last.trace);
    if (job.save.count("residual")) {
        if (!last.residual) {
            throw Error(ErrorKind::Usage,
                        "This model's task has no forward model to take a residual with.", stem);
        }
        write("residual", {last.residual});
    }
}

RestoredFile restoreOne(Engine& engine, const RestoreJob& job, const std::string& input,
                        const RestoreProgress& progress, const CancelToken& token) {
    const std::string stem = resultStem(input);
    const std::string report = job.outputFolder + "/" + stem + ".report.json";
    if (job.resume && fs::exists(report)) return {input, report, true};
    RestorationRequest request = job.settings;
    request.input = io::open(input, job.series);
    const std::string sha = sha256OfPath(input);
    KeptSamples kept(job.outputFolder + "/." + stem + ".partial", sampleKey(request, sha));
    request.trace = job.save.count("trace") > 0;
    // A sample that was kept no longer tells how it came about.
    if ((job.resume || job.goOn) && !request.trace) request.finished = kept.load();
    kept.start(!request.finished.empty());
    if (!request.finished.empty()) {
        log::info(stem + ": going on after " + std::to_string(request.finished.size()) +
                  " samples");
    }
    FileObserver observer(
        kept, [&](const Progress& p) { progress(input, p); }, token);
    RunReport result;
    try {
        result = engine.run(request, observer, token);
    } catch (const Error&) {
        kept.removeUnlessUseful();
        observer.rethrow();
        throw;
    }
    observer.rethrow();
    if (job.save.count("std") && !observer.last()->std) {
        result.warnings.push_back("One sample has no spread: no standard deviation was written.");
    }
    const std::string command = commandLine(request, result, job.outputFolder, joined(job.save));
    std::error_code code;
    fs::remove(report, code);  // a former run's would vouch for results of two runs
    writeResults(job, stem, *observer.last(), provenance(result, input, command), token);
    writeTextFile(report, reportJson(result, fs::absolute(input).string(), sha, command));
    kept.remove();
    return {input, report, false};
}

}  // namespace

std::string resultStem(const std::string& inputPath) {
    fs::path path(inputPath);
    if (!path.has_filename()) path = path.parent_path();  // "cells.ome.zarr/"
    std::string name = path.filename().string();
    for (const char* ending :
         {".ome.tiff", ".ome.tif", ".ome.zarr", ".tiff", ".tif", ".lsm", ".stk", ".zarr"}) {
        const std::string e(ending);
        if (name.size() <= e.size()) continue;
        std::string tail = name.substr(name.size() - e.size());
        std::transform(tail.begin(), tail.end(), tail.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        if (tail == e) return name.substr(0, name.size() - e.size());
    }
    return path.stem().string();
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
