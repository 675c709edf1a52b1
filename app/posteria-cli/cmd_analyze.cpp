// posteria-cli analyze: objects in every posterior sample, with what the samples do not agree on.
// The keys of summary.json and the columns of objects.csv are public; what they mean is defined in
// core/analysis.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <utility>

#include "app/posteria-cli/commands.h"
#include "core/analysis/count_interval.h"
#include "core/analysis/object_table.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/version.h"
#include "core/io/open.h"
#include "core/io/writer.h"

namespace posteria::cli {
namespace {

using nlohmann::json;

struct Options {
    std::string input, output, truth;
    std::string channels, frames, slices, threshold = "otsu";
    std::vector<std::string> known;
    analysis::SegmentationSettings settings;
    double leastOverlap = analysis::kLeastOverlap;
};

std::vector<std::int64_t> chosen(const std::string& option, const std::string& text,
                                 std::int64_t size) {
    auto list = readRange(option, text);
    if (list.empty()) {
        list.resize(static_cast<std::size_t>(size));
        std::iota(list.begin(), list.end(), std::int64_t(0));
    }
    for (const auto i : list) {
        if (i < size) continue;
        throw Error(ErrorKind::Usage, "There is no " + std::to_string(i) + " in the samples.",
                    option, "The last one is " + std::to_string(size - 1) + ".");
    }
    return list;
}

// Of every channel: a rule's name, or a grey value; one for all, or a list.
std::vector<analysis::SegmentationSettings> settingsFor(const Options& options,
                                                        std::size_t channels) {
    std::vector<analysis::SegmentationSettings> result;
    const auto& names = analysis::thresholdRuleNames();
    std::istringstream parts(options.threshold);
    for (std::string part; std::getline(parts, part, ',');) {
        auto settings = options.settings;
        const auto name = std::find(names.begin(), names.end() - 1, part);  // "manual" is a value
        settings.rule = static_cast<analysis::ThresholdRule>(name - names.begin());
        if (settings.rule == analysis::ThresholdRule::Manual) {
            char* end = nullptr;
            settings.threshold = std::strtod(part.c_str(), &end);
            if (part.empty() || *end != '\0')
                refuse("--threshold", part, "Write otsu, li, triangle or a grey value.");
        }
        analysis::requireValid(settings);
        result.push_back(settings);
    }
    if (result.size() == 1) result.resize(channels, result.front());
    if (result.size() != channels) {
        throw Error(ErrorKind::Usage,
                    "There are " + std::to_string(result.size()) + " thresholds for " +
                        std::to_string(channels) + " channels.",
                    "--threshold", "Give one for all, or one a channel.");
    }
    return result;
}

json drawsJson(const std::vector<double>& values) {
    const auto draws = analysis::summarise(values);
    return {{"mean", draws.mean}, {"std", draws.std},   {"median", draws.median},
            {"low", draws.low},   {"high", draws.high}, {"samples", values}};
}

json settingsJson(const analysis::SegmentationSettings& settings) {
    const auto rule = static_cast<std::size_t>(settings.rule);
    json j{{"smoothing", settings.smoothing},
           {"background_radius", settings.backgroundRadius},
           {"threshold", analysis::thresholdRuleNames()[rule]},
           {"split", settings.split},
           {"split_depth", settings.splitDepth},
           {"min_area", settings.minArea},
           {"max_area", settings.maxArea > 0 ? json(settings.maxArea) : json()}};
    if (settings.rule == analysis::ThresholdRule::Manual)
        j["manual_threshold"] = settings.threshold;
    return j;
}

// The stack that labels or presences are written as: the planes and channels chosen.
image::StackInfo pictureInfo(const image::StackInfo& samples, const char* name,
                             image::PixelType type, const std::vector<std::int64_t>& channels,
                             std::size_t frames, std::size_t slices) {
    image::StackInfo info;
    info.name = name;
    info.shape = samples.shape;
    info.shape.t = static_cast<std::int64_t>(frames);
    info.shape.z = static_cast<std::int64_t>(slices);
    info.shape.c = static_cast<std::int64_t>(channels.size());
    info.type = type;
    info.voxelSize = samples.voxelSize;
    info.timeIncrementS = samples.timeIncrementS;
    for (const auto c : channels) {
        image::ChannelInfo channel;
        channel.name = samples.channels[static_cast<std::size_t>(c)].name;
        info.channels.push_back(channel);
    }
    info.annotations = samples.annotations;
    return info;
}

// What summaries of known images say of one channel's counts. Throws Error{Input} for one that is
// no such summary, or of another way to count: what it asks for would hold for that.
std::vector<analysis::KnownCount> knownCounts(const std::vector<std::string>& paths,
                                              const json& settings, int samples,
                                              double leastOverlap) {
    std::vector<analysis::KnownCount> result;
    for (const auto& path : paths) {
        const auto refused = [&](const std::string& why) {
            return Error(ErrorKind::Input, why, path,
                         "Give summary.json of posteria-cli analyze --truth, by the settings of "
                         "this analysis.");
        };
        const auto summary = json::parse(readTextFile(path), nullptr, false);
        try {
            const auto& all = summary.at("settings");
            const auto same = std::find(all.begin(), all.end(), settings);
            if (same == all.end() || summary.at("samples").get<int>() != samples ||
                summary.at("least_overlap").get<double>() != leastOverlap)
                throw refused("The known image was analysed in another way.");
            const auto c = static_cast<std::size_t>(same - all.begin());
            for (const auto& plane : summary.at("planes")) {
                const auto& channel = plane.at("channels").at(c);
                const auto& count = channel.at("count");
                result.push_back({count.at("low").get<double>(), count.at("high").get<double>(),
                                  channel.at("truth").at("count").get<double>()});
            }
        } catch (const json::exception&) {
            throw refused("The file is no summary of an image whose truth is known.");
        }
    }
    return result;
}

class Job {
  public:
    Job(const Context& context, const Options& options)
        : m_context(context), m_options(options), m_samples(io::openAll(options.input)) {
        if (m_samples.size() < 2) {
            throw Error(ErrorKind::Input, "The file holds one image, no posterior samples.",
                        options.input,
                        "Write them by posteria-cli restore --save samples, and give "
                        "STEM.samples.ome.tif.");
        }
        const auto& shape = info().shape;
        m_channels = chosen("--channel", options.channels, shape.c);
        m_frames = chosen("--t", options.frames, shape.t);
        m_slices = chosen("--z", options.slices, shape.z);
        m_settings = settingsFor(options, m_channels.size());
        for (std::size_t c = 0; c < m_channels.size() && !options.known.empty(); ++c) {
            m_margins.push_back(analysis::countMargin(
                knownCounts(options.known, settingsOf(c), static_cast<int>(m_samples.size()),
                            options.leastOverlap)));
        }
        if (!options.truth.empty()) {
            m_truth = io::open(options.truth);
            if (m_truth->shape() != shape) {
                throw Error(ErrorKind::Input, "The truth differs from the samples in size.",
                            options.truth, "Give the clean image of the same field and channels.");
            }
        }
    }

    void run() {
        analysis::ObjectTable table(info());
        json planes = json::array();
        std::unique_ptr<io::OmeTiffWriter> labels, presence;
        auto progress = m_context.progress(m_options.input, "samples");
        const auto all = m_frames.size() * m_slices.size() * m_samples.size();
        std::size_t before = 0;
        for (const auto t : m_frames) {
            std::vector<analysis::PlaneObjects> slices;
            for (const auto z : m_slices) {
                slices.push_back(analysis::analyseObjects(
                    request(m_samples, t, z),
                    [&](int done, int) {
                        progress.update(static_cast<double>(before) + done,
                                        static_cast<double>(all));
                    },
                    m_context.token));
                before += m_samples.size();
                table.add(slices.back(), t, z);
                planes.push_back(planeJson(slices.back()));
            }
            if (!labels) {
                ensureFolder(m_options.output);
                labels = writer("labels", image::PixelType::UInt32);
                presence = writer("presence", image::PixelType::Float32);
            }
            for (std::size_t c = 0; c < m_channels.size(); ++c) {
                for (const auto& slice : slices) {
                    m_context.token.throwIfCancelled();
                    labels->writePlane(slice.channels[c].labels.toPlane());
                    presence->writePlane(slice.channels[c].presence);
                }
            }
        }
        const json report = reportJson(planes);
        labels->finish();
        presence->finish();
        writeTextFile(path("objects.csv"), table.text());
        // Last: where it lies, all is there.
        writeTextFile(path("summary.json"), report.dump(2) + "\n");
        if (m_context.json) printJson(report);
        for (const auto& plane : planes)
            tell(plane);
    }

  private:
    const image::StackInfo& info() const { return m_samples.front()->info(); }
    std::string path(const std::string& name) const { return m_options.output + "/" + name; }

    std::unique_ptr<io::OmeTiffWriter> writer(const char* name, image::PixelType type) const {
        return std::make_unique<io::OmeTiffWriter>(
            path(std::string(name) + ".ome.tif"),
            std::vector{
                pictureInfo(info(), name, type, m_channels, m_frames.size(), m_slices.size())});
    }

    analysis::ObjectRequest request(const std::vector<image::StackPtr>& samples, std::int64_t t,
                                    std::int64_t z) const {
        return {samples, t, z, m_channels, m_settings, m_options.leastOverlap};
    }

    json settingsOf(std::size_t c) const {
        json settings = settingsJson(m_settings[c]);
        settings["channel"] = m_channels[c];
        return settings;
    }

    // The interval that known images ask for; an end that they cannot promise is null.
    json calibratedJson(const json& count, std::size_t c) const {
        const auto [low, high] = analysis::countInterval(count["low"].get<double>(),
                                                         count["high"].get<double>(), m_margins[c]);
        return {{"low", low},
                {"high", high},
                {"margin", m_margins[c]},
                {"known_images", m_options.known.size()}};
    }

    json planeJson(const analysis::PlaneObjects& plane) const {
        json j{{"t", plane.t}, {"z", plane.z}};
        analysis::PlaneObjects truth;
        if (m_truth) {
            truth =
                analysis::analyseObjects(request({m_truth}, plane.t, plane.z), {}, m_context.token);
        }
        for (std::size_t c = 0; c < plane.channels.size(); ++c) {
            const auto& channel = plane.channels[c];
            auto& entry = j["channels"].emplace_back(
                json{{"channel", channel.channel},
                     {"name", info().channels[static_cast<std::size_t>(channel.channel)].name},
                     {"objects", channel.objects.size()},
                     {"count", drawsJson(channel.counts)},
                     {"area_share", drawsJson(channel.areaShares)},
                     {"threshold", drawsJson(channel.thresholds)},
                     {"count_of_mean", channel.meanCount}});
            if (!m_margins.empty())
                entry["count"]["calibrated"] = calibratedJson(entry["count"], c);
            if (!m_truth) continue;
            const double count = truth.channels[c].counts[0];
            const auto isInside = [&](const json& interval) {
                return interval["low"].get<double>() <= count &&
                       count <= interval["high"].get<double>();
            };
            auto& known = entry["truth"];
            known = {{"count", count},
                     {"area_share", truth.channels[c].areaShares[0]},
                     {"threshold", truth.channels[c].thresholds[0]},
                     {"count_inside", isInside(entry["count"])}};
            if (!m_margins.empty())
                known["count_inside_calibrated"] = isInside(entry["count"]["calibrated"]);
        }
        j["pairs"] = json::array();
        for (std::size_t p = 0; p < plane.pairs.size(); ++p) {
            const auto& pair = plane.pairs[p];
            auto& entry = j["pairs"].emplace_back(json{{"first", m_channels[pair.first]},
                                                       {"second", m_channels[pair.second]},
                                                       {"pearson", drawsJson(pair.pearson)},
                                                       {"manders_1", drawsJson(pair.manders1)},
                                                       {"manders_2", drawsJson(pair.manders2)}});
            if (!m_truth) continue;
            entry["truth"] = {{"pearson", truth.pairs[p].pearson[0]},
                              {"manders_1", truth.pairs[p].manders1[0]},
                              {"manders_2", truth.pairs[p].manders2[0]}};
        }
        return j;
    }

    json reportJson(const json& planes) const {
        const auto samples = static_cast<int>(m_samples.size());
        json settings = json::array();
        for (std::size_t c = 0; c < m_channels.size(); ++c)
            settings.push_back(settingsOf(c));
        json j{{"version", kVersion},
               {"input", m_options.input},
               {"command", m_context.commandLine},
               {"samples", samples},
               {"interval", analysis::kIntervalShare},
               {"interval_promises", analysis::promisedShare(samples)},
               {"least_overlap", m_options.leastOverlap},
               {"settings", settings},
               {"restoration", info().annotations},
               {"planes", planes}};
        if (m_truth) j["truth"] = m_options.truth;
        j["voxel_size"] = nullptr;
        if (const auto& size = info().voxelSize)
            j["voxel_size"] = {{"x", size->x}, {"y", size->y}, {"z", size->z}, {"unit", "um"}};
        return j;
    }

    void tell(const json& plane) const {
        const bool many = m_frames.size() * m_slices.size() > 1;
        const auto number = [](const json& value) {
            return value.is_number() ? value.get<double>() : NAN;
        };
        const std::string place = many ? "t " + std::to_string(plane["t"].get<int>()) + " z " +
                                             std::to_string(plane["z"].get<int>()) + ", "
                                       : "";
        for (const auto& channel : plane["channels"]) {
            const auto& count = channel["count"];
            const auto name = channel["name"].get<std::string>();
            char text[256];
            std::snprintf(text, sizeof text, ": %g objects (%g to %g); in the mean image %d",
                          number(count["median"]), number(count["low"]), number(count["high"]),
                          channel["count_of_mean"].get<int>());
            std::string line =
                place + "channel " +
                (name.empty() ? std::to_string(channel["channel"].get<int>()) : name) + text;
            if (count.contains("calibrated")) {
                std::snprintf(text, sizeof text, "; calibrated %g to %g",
                              number(count["calibrated"]["low"]),
                              number(count["calibrated"]["high"]));
                line += text;
            }
            if (channel.contains("truth")) {
                std::snprintf(text, sizeof text, "; in the truth %g",
                              number(channel["truth"]["count"]));
                line += text;
            }
            say(m_context, line);
        }
        for (const auto& pair : plane["pairs"]) {
            std::string line = place + "channels " + std::to_string(pair["first"].get<int>()) +
                               " and " + std::to_string(pair["second"].get<int>()) + ":";
            for (const auto& [key, label] :
                 {std::pair("pearson", "Pearson"), std::pair("manders_1", "Manders M1"),
                  std::pair("manders_2", "M2")}) {
                char text[96];
                std::snprintf(text, sizeof text, " %s %.3f (%.3f to %.3f)", label,
                              number(pair[key]["median"]), number(pair[key]["low"]),
                              number(pair[key]["high"]));
                line += text;
            }
            say(m_context, line);
        }
    }

    const Context& m_context;
    const Options& m_options;
    std::vector<image::StackPtr> m_samples;
    image::StackPtr m_truth;
    std::vector<std::int64_t> m_channels, m_frames, m_slices;
    std::vector<analysis::SegmentationSettings> m_settings;
    std::vector<double> m_margins;  // of the channels; empty: nothing is known
};

}  // namespace

void addAnalyze(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        addCommand(app, context, "analyze", "Find objects in every posterior sample",
                   [&context, options] { Job(context, *options).run(); });
    auto& settings = options->settings;
    command
        ->add_option("SAMPLES", options->input,
                     "Posterior samples, one series each: restore --save samples")
        ->required();
    command
        ->add_option("-o,--output", options->output,
                     "The folder for objects.csv, labels.ome.tif, presence.ome.tif, summary.json")
        ->required()
        ->type_name("DIR");
    command->add_option("--channel", options->channels, "Channels to look at (all)")
        ->type_name("LIST");
    command->add_option("--t", options->frames, "Frames, as a, a:b or a list (all)")
        ->type_name("RANGE");
    command->add_option("--z", options->slices, "Slices, likewise, each on its own (all)")
        ->type_name("RANGE");
    command
        ->add_option("--smoothing", settings.smoothing,
                     "Gaussian before all else, its standard deviation in pixels (1)")
        ->type_name("S");
    command
        ->add_option("--background", settings.backgroundRadius,
                     "Take off what is wider than 2 R + 1 pixels (0: keep it)")
        ->type_name("R");
    command
        ->add_option("--threshold", options->threshold,
                     "otsu, li, triangle or a grey value; one for all or one a channel (otsu)")
        ->type_name("RULE");
    command->add_flag("!--no-split", settings.split, "Leave touching objects together");
    command
        ->add_option("--split-depth", settings.splitDepth,
                     "How deep the waist between touching objects must be, in pixels (0.75)")
        ->type_name("D");
    command->add_option("--min-area", settings.minArea, "Leave out smaller objects, pixels (0)")
        ->type_name("A");
    command->add_option("--max-area", settings.maxArea, "Leave out larger objects, pixels (none)")
        ->type_name("A");
    command
        ->add_option("--min-overlap", options->leastOverlap,
                     "Objects of two samples are one from this intersection over union on (0.3)")
        ->type_name("IOU");
    command->add_option("--truth", options->truth,
                        "The clean image, to compare with: the same is done to it");
    command
        ->add_option("--known", options->known,
                     "summary.json of known images (--truth), nine or more: the interval of the "
                     "count is made to hold theirs")
        ->type_name("FILE...");
}

}  // namespace posteria::cli
