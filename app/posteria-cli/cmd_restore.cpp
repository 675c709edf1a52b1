// posteria-cli restore: posterior mean, standard deviation and samples of image files.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/batch_summary.h"
#include "core/io/open.h"

namespace posteria::cli {
namespace {

struct Options {
    engine::RestoreJob job;
    std::string severity = "auto", channels, frames, slices, roi, tile = "auto", precision = "auto";
    std::vector<std::string> save{"mean", "std"};
    std::string psf, summary;
    double maxMemoryGb = 0, enoughPercent = 0;
    bool trace = false;
};

void readSettings(const Options& options, engine::RestorationRequest& request) {
    if (options.severity != "auto") {
        char* end = nullptr;
        const double t = std::strtod(options.severity.c_str(), &end);
        if (*end != '\0' || !(t >= 0 && t <= 1)) {
            refuse("--severity", options.severity,
                   "Write auto or a number from 0 (clean) to 1 (fully degraded).");
        }
        request.severity = t;
    }
    request.selection.c = readRange("--channel", options.channels);
    request.selection.t = readRange("--t", options.frames);
    request.selection.z = readRange("--z", options.slices);
    if (!options.roi.empty()) {
        const auto& r = options.roi;
        std::istringstream in(r);
        auto& roi = request.selection.roi;
        char a = 0, b = 0, c = 0;
        if (!(in >> roi.x >> a >> roi.y >> b >> roi.width >> c >> roi.height) || a != ',' ||
            b != ',' || c != ',' || roi.empty()) {
            refuse("--roi", r, "Write X,Y,WIDTH,HEIGHT in pixels.");
        }
    }
    if (options.tile != "auto") {
        char* end = nullptr;
        request.tile = static_cast<int>(std::strtol(options.tile.c_str(), &end, 10));
        if (*end != '\0' || request.tile < 64 || request.tile > 8192) {
            refuse("--tile", options.tile, "Write auto or a side of 64 to 8192 pixels.");
        }
    }
    const std::vector<std::string> names{"auto", "fp32", "bf16", "fp16"};
    request.precision = static_cast<engine::Precision>(
        std::find(names.begin(), names.end(), options.precision) - names.begin());
    request.enough.relativeError = options.enoughPercent / 100;
    request.maxMemoryBytes = static_cast<std::uint64_t>(options.maxMemoryGb * 1e9);
}

void restore(const Context& context, const Options& options) {
    auto job = options.job;
    readSettings(options, job.settings);
    job.save = {options.save.begin(), options.save.end()};
    if (options.trace) job.save.insert("trace");
    if (!options.psf.empty()) job.settings.psf = io::open(options.psf);
    const std::unique_ptr<engine::Engine> engine(posteria_create_engine(engine::kEngineInterface));
    std::unique_ptr<ConsoleProgress> progress;
    std::string current;
    std::vector<engine::SummaryFile> told;
    for (const auto& input : job.inputs) {
        told.emplace_back();
        told.back().input = input;
    }
    std::size_t done = 0;
    const auto restored = [&](const engine::RestoredFile& file) {
        told[done].state =
            file.skipped ? engine::SummaryFile::State::Kept : engine::SummaryFile::State::Done;
        told[done++].report = file.report;
    };
    const auto writeSummary = [&](const CancelToken& token) {
        if (options.summary.empty()) return;
        engine::writeBatchSummary(options.summary, job, told, token);
        say(context, "Summary: " + options.summary);
    };
    std::vector<engine::RestoredFile> files;
    try {
        files = engine::restoreFiles(
            *engine, job,
            [&](const std::string& input, const engine::Progress& p) {
                if (input != current || !progress) {
                    current = input;
                    progress.reset();
                    progress.reset(new ConsoleProgress(input, "%", !context.quiet));
                }
                progress->update(100 * p.fraction, 100, p.stage);
            },
            context.token, restored);
    } catch (const Error& e) {
        // Of a job that was not fit to begin nothing is told, as nothing is written.
        if (current.empty() && done == 0) throw;
        const bool stopped = e.kind() == ErrorKind::Cancelled;
        told[done].state =
            stopped ? engine::SummaryFile::State::Stopped : engine::SummaryFile::State::Failed;
        if (!stopped) {
            told[done].problem = e.message();
            told[done].hint = e.hint();
        }
        progress.reset();
        writeSummary({});
        throw;
    }
    progress.reset();
    nlohmann::json document = nlohmann::json::array();
    for (const auto& file : files) {
        if (context.json) {
            auto report = nlohmann::json::parse(readTextFile(file.report));
            report["skipped"] = file.skipped;
            document.push_back(report);
        }
        say(context, file.input + (file.skipped ? ": was there already, " : ": ") + file.report);
    }
    writeSummary(context.token);
    if (context.json) printJson({{"files", document}});
}

}  // namespace

void addRestore(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        addCommand(app, context, "restore", "Draw posterior samples; write mean and uncertainty",
                   [&context, options] { restore(context, *options); });
    auto& job = options->job;
    auto& settings = job.settings;
    command->add_option("input", job.inputs, "Image files")->required()->type_name("INPUT...");
    command->add_option("--model", settings.model, "A bundled model's name or a package's path")
        ->required()
        ->type_name("MODEL");
    command->add_option("-o,--output", job.outputFolder, "The folder to write to")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("--sampler", settings.sampler,
                     "The model's samplers: posteria-cli models show MODEL")
        ->type_name("NAME");
    command->add_option("--steps", settings.steps, "Steps of the sampler (the model's default)")
        ->check(CLI::Range(1, 1000))
        ->type_name("K");
    command->add_option("--samples", settings.samples, "Posterior samples (the model's default)")
        ->check(CLI::Range(1, 1000))
        ->type_name("N");
    command
        ->add_option("--enough", options->enoughPercent,
                     "Stop when the Monte-Carlo error of the mean is below this share of it, in "
                     "percent; --samples is then the most")
        ->check(CLI::Range(0.01, 100.0))
        ->type_name("PERCENT");
    command
        ->add_option("--severity", options->severity,
                     "auto, or 0 (clean) to 1 (fully degraded) (auto)")
        ->type_name("T");
    command->add_flag("--one-acquisition", job.oneAcquisition,
                      "All inputs were recorded alike: one severity, estimated from all of them");
    command->add_option("--seed", settings.seed, "The same seed gives the same samples (0)")
        ->type_name("S");
    command->add_option("--series", job.series, "Image of a file with several (0)")->type_name("K");
    command
        ->add_option("--channel", options->channels,
                     "Channels to restore, each on its own (the first)")
        ->type_name("LIST");
    command->add_option("--t", options->frames, "Frames, as a, a:b or a list (all)")
        ->type_name("RANGE");
    command->add_option("--z", options->slices, "Slices, likewise (all)")->type_name("RANGE");
    command->add_option("--roi", options->roi, "A region X,Y,WIDTH,HEIGHT in pixels (all)")
        ->type_name("X,Y,W,H");
    command->add_option("--tile", options->tile, "Tile side in pixels (auto)")->type_name("N");
    command
        ->add_option("--overlap", settings.overlap,
                     "Overlap of tiles in pixels (the model's default)")
        ->check(CLI::Range(0, 4096))
        ->type_name("N");
    command->add_option("--device", settings.device, "auto, cpu, cuda or cuda:0 (auto)")
        ->type_name("D");
    command->add_option("--precision", options->precision, "auto, fp32, bf16 or fp16 (auto)")
        ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}))
        ->type_name("P");
    command
        ->add_option("--save", options->save,
                     "mean, std, samples, q05, q95, residual, trace (mean,std)")
        ->delimiter(',')
        ->check(CLI::IsMember({"mean", "std", "samples", "q05", "q95", "residual", "trace"}))
        ->type_name("LIST");
    command->add_flag("--trace", options->trace,
                      "Save every x_t and x0 of a sampler that goes step by step, too");
    command
        ->add_option("--max-memory", options->maxMemoryGb,
                     "Memory the run may take, in GB (half of what is free)")
        ->check(CLI::NonNegativeNumber)
        ->type_name("GB");
    command
        ->add_option("--psf", options->psf,
                     "A picture of a point: a blur to take off, for ddrm, wiener, richardson-lucy")
        ->type_name("FILE");
    command
        ->add_option("--camera-offset", settings.cameraOffset,
                     "Grey value of a dark pixel, for those and hdn, nnls (the model's camera's)")
        ->type_name("G");
    command->add_flag("--independent-noise", settings.independentNoise,
                      "Noise of its own for every plane, not one field a sample");
    command
        ->add_option("--summary", options->summary,
                     "Also write a page about all files: pictures, figures, warnings, failures")
        ->type_name("FILE.html");
    command->add_flag("--resume", job.resume,
                      "Keep finished results and samples of a run that was stopped");
}

}  // namespace posteria::cli
