// posteria-cli info FILE: what is in a file, without loading it. The schema of --json is public.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

#include "app/posteria-cli/commands.h"
#include "core/io/open.h"

namespace posteria::cli {
namespace {

using image::PlaneIndex;
using image::StackInfo;
using nlohmann::json;

// Calls f with the plane's pixels band by band, so that a huge plane needs little memory.
template <class F>
void forEachBand(const image::Stack& stack, const PlaneIndex& index, F&& f) {
    constexpr std::int64_t kBandBytes = 16 << 20;
    const auto& s = stack.shape();
    const auto rowBytes = s.x * static_cast<std::int64_t>(image::bytesPerPixel(stack.info().type));
    const auto rows =
        std::clamp<std::int64_t>(kBandBytes / std::max<std::int64_t>(1, rowBytes), 1, s.y);
    for (std::int64_t y = 0; y < s.y; y += rows) {
        f(stack.read(index, 0, {0, y, s.x, std::min(rows, s.y - y)}));
    }
}

// Exact for integers: in the type's own range as a number without a decimal point.
json number(image::PixelType type, double value) {
    if (image::isFloat(type)) return value;
    return value < 0 ? json(static_cast<std::int64_t>(value))
                     : json(static_cast<std::uint64_t>(value));
}

// The exact sum for integers, as long as JSON has an integer for it; NaN pixels do not count.
json planeSum(const image::Stack& stack, const PlaneIndex& index) {
    double real = 0;
    __int128 whole = 0;
    forEachBand(stack, index, [&](const image::Plane& band) {
        image::visit(band, [&](const auto* p) {
            using T = std::decay_t<decltype(*p)>;
            for (std::int64_t i = 0; i < band.size(); ++i) {
                if constexpr (std::is_floating_point_v<T>) {
                    if (!std::isnan(p[i])) real += static_cast<double>(p[i]);
                } else {
                    whole += p[i];
                }
            }
        });
    });
    if (image::isFloat(stack.info().type)) return real;
    if (whole < 0) return static_cast<std::int64_t>(whole);
    if (whole > std::numeric_limits<std::uint64_t>::max()) return static_cast<double>(whole);
    return static_cast<std::uint64_t>(whole);
}

std::array<double, 2> firstPlanesRange(const image::Stack& stack, const CancelToken& token) {
    std::optional<std::array<double, 2>> range;
    for (std::int64_t c = 0; c < stack.shape().c; ++c) {
        token.throwIfCancelled();
        forEachBand(stack, {0, c, 0}, [&](const image::Plane& band) {
            const auto part = image::finiteRange(band);
            if (!range) range = part;
            range = {std::min((*range)[0], part[0]), std::max((*range)[1], part[1])};
        });
    }
    return range.value_or(std::array<double, 2>{0, 0});
}

template <class T>
json orNull(const std::optional<T>& value) {
    return value ? json(*value) : json();
}

std::string colorText(std::uint32_t color) {
    char text[8];
    std::snprintf(text, sizeof text, "#%06x", color & 0xffffffu);
    return text;
}

json describe(const image::Stack& stack, const Context& context, bool checksum) {
    const StackInfo& info = stack.info();
    json channels = json::array(), levels = json::array();
    for (const auto& channel : info.channels) {
        channels.push_back({{"name", channel.name},
                            {"color", channel.color ? json(colorText(*channel.color)) : json()},
                            {"excitation_nm", orNull(channel.excitationNm)},
                            {"emission_nm", orNull(channel.emissionNm)}});
    }
    for (const auto& level : info.levels)
        levels.push_back({level.height, level.width});
    const auto& s = info.shape;
    const auto range = firstPlanesRange(stack, context.token);
    json out = {
        {"name", info.name},
        {"axes", info.axes},
        {"shape", {{"T", s.t}, {"C", s.c}, {"Z", s.z}, {"Y", s.y}, {"X", s.x}}},
        {"pixel_type", image::pixelTypeName(info.type)},
        {"voxel_size", json()},
        {"time_increment_s", orNull(info.timeIncrementS)},
        {"channels", channels},
        {"levels", levels},
        {"compression", info.compression},
        {"tiled", info.tiled},
        {"bytes", info.bytes()},
        {"min", number(info.type, range[0])},
        {"max", number(info.type, range[1])},
    };
    if (info.voxelSize) {
        out["voxel_size"] = {{"x", info.voxelSize->x},
                             {"y", info.voxelSize->y},
                             {"z", info.voxelSize->z},
                             {"unit", "um"}};
    }
    if (!info.annotations.empty()) out["annotations"] = info.annotations;
    if (checksum) {
        json sums = json::array();
        for (PlaneIndex i; i.t < s.t; ++i.t) {
            for (i.c = 0; i.c < s.c; ++i.c) {
                for (i.z = 0; i.z < s.z; ++i.z) {
                    context.token.throwIfCancelled();
                    sums.push_back(planeSum(stack, i));
                }
            }
        }
        out["plane_sums"] = sums;
    }
    return out;
}

void printForPeople(const Context& context, const json& report) {
    say(context, report["path"].get<std::string>());
    for (const auto& series : report["series"]) {
        const auto& s = series["shape"];
        say(context, "  " + series["name"].get<std::string>());
        std::string size = "    size         ";
        for (const char* axis : {"T", "C", "Z", "Y", "X"})
            size += std::string(axis) + " " + s[axis].dump() + "  ";
        say(context, size + series["pixel_type"].get<std::string>() + ", " +
                         series["compression"].get<std::string>() +
                         (series["tiled"].get<bool>() ? ", tiled" : ""));
        if (const auto& voxel = series["voxel_size"]; !voxel.is_null()) {
            char text[96];
            std::snprintf(text, sizeof text, "    voxel        %.4g x %.4g x %.4g um (x, y, z)",
                          voxel["x"].get<double>(), voxel["y"].get<double>(),
                          voxel["z"].get<double>());
            say(context, text);
        }
        if (!series["time_increment_s"].is_null())
            say(context, "    time step    " + series["time_increment_s"].dump() + " s");
        say(context, "    grey values  " + series["min"].dump() + " to " + series["max"].dump() +
                         " (first plane of every channel)");
        if (series["levels"].size() > 1)
            say(context, "    levels       " + series["levels"].dump());
        for (const auto& channel : series["channels"]) {
            const auto name = channel["name"].get<std::string>();
            if (!name.empty()) say(context, "    channel      " + name);
        }
    }
    for (const auto& warning : report["warnings"])
        say(context, "  note: " + warning.get<std::string>());
}

void info(const Context& context, const std::string& path, bool checksum) {
    json report = {{"path", path}, {"series", json::array()}, {"warnings", json::array()}};
    for (const auto& stack : io::openAll(path)) {
        report["reader"] = stack->info().reader;
        report["series"].push_back(describe(*stack, context, checksum));
        for (const auto& warning : stack->info().warnings)
            report["warnings"].push_back(warning);
    }
    if (context.json) {
        printJson(report);
    } else {
        printForPeople(context, report);
    }
}

}  // namespace

void addInfo(CLI::App& app, Context& context) {
    struct Options {
        std::string file;
        bool checksum = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command =
        addCommand(app, context, "info", "Say what is in an image file",
                   [&context, options] { info(context, options->file, options->checksum); });
    command->add_option("FILE", options->file, "The image")->required();
    command->add_flag("--checksum", options->checksum, "Add the sum of every plane's pixel values");
}

}  // namespace posteria::cli
