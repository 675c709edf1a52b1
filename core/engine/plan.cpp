#include "core/engine/plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"

namespace posteria::engine {

namespace {

constexpr int kMinTile = 64;
// A network call on a tile of this side takes a fraction of a second on a processor, and a GPU is
// busy.
constexpr int kTileCpu = 512, kTileGpu = 1024;

std::vector<std::int64_t> choose(const std::vector<std::int64_t>& wanted, std::int64_t size,
                                 const char* axis) {
    std::vector<std::int64_t> result = wanted;
    if (result.empty()) {
        for (std::int64_t i = 0; i < size; ++i)
            result.push_back(i);
    }
    for (auto i : result) {
        if (i < 0 || i >= size) {
            throw Error(ErrorKind::Usage, std::string("The image has no ") + axis + " " +
                                              std::to_string(i) + "; it has " +
                                              std::to_string(size) + ", counted from 0.");
        }
    }
    return result;
}

std::int64_t place(const std::vector<std::int64_t>& list, std::int64_t value) {
    return std::find(list.begin(), list.end(), value) - list.begin();
}

// Classical samplers see the plane as a whole, up to this size; transforms and their copies.
constexpr int kTileClassical = 8192;
constexpr double kBytesClassical = 200;

// Bytes a pixel of a tile needs at the network's peak: the widest level's activations, a few
// copies.
double bytesPerPixel(const package::NetworkSpec& network) {
    const double folded = static_cast<double>(network.fold) * network.fold;
    return 4.0 * (16.0 * network.widths.front() / folded +
                  4.0 * (network.inChannels + network.outChannels));
}

int evenTile(std::int64_t size, int largest, int overlap) {
    if (size <= largest) return static_cast<int>(std::max<std::int64_t>(size, kMinTile));
    // As few tiles as the largest allows, then as small as they may be, with room for the shift.
    const auto count = (size - overlap + largest - overlap - 1) / (largest - overlap);
    const auto side = (size - overlap + count - 1) / count + overlap + overlap / 2;
    return static_cast<int>(std::min<std::int64_t>(largest, (side + 15) / 16 * 16));
}

void chooseTiles(Plan& plan, const RestorationRequest& request,
                 const package::ModelPackage& package, const c10::Device& device,
                 std::uint64_t memoryBytes) {
    auto& tiles = plan.tiles;
    const int largestOverlap = request.tile > 0 ? request.tile / 2 : 1 << 20;
    tiles.overlap =
        std::min(request.overlap >= 0 ? request.overlap : package.overlap, largestOverlap);
    const auto* network = package.network(sampling::networkRole(plan.sampler.name));
    const double perPixel = network ? bytesPerPixel(*network) : kBytesClassical;
    const int usual = device.is_cuda() ? kTileGpu : kTileCpu;
    int largest = std::max(network ? usual : kTileClassical, 2 * tiles.overlap);
    while (largest > std::max(kMinTile, 2 * tiles.overlap) &&
           perPixel * largest * largest > 0.5 * memoryBytes) {
        largest /= 2;
    }
    tiles.tile = request.tile > 0
                     ? std::max(request.tile, kMinTile)
                     : evenTile(std::max(plan.roi.width, plan.roi.height), largest, tiles.overlap);
    // What a network folds and strides by: grids that keep to it leave every pixel in its phase.
    tiles.align = network ? network->fold << (network->widths.size() - 1) : 1;
    const auto down = [&](int pixels) { return pixels / tiles.align * tiles.align; };
    tiles.tile = std::max(down(tiles.tile + tiles.align - 1), tiles.align);
    tiles.overlap = std::min(down(tiles.overlap), down(tiles.tile / 2));
    // A processor is busy with one tile already; a GPU is not. Classical samplers take one, too:
    // what they measure of it is its own.
    const double fits = 0.5 * memoryBytes / (perPixel * tiles.tile * tiles.tile);
    tiles.batch = device.is_cuda() && network ? std::clamp(static_cast<int>(fits), 1, 16) : 1;
    tiles.first = request.viewport.intersected(plan.roi);
    tiles.first.x -= plan.roi.x;
    tiles.first.y -= plan.roi.y;
}

void warnAboutInput(Plan& plan, const image::StackInfo& info,
                    const package::ModelPackage& package) {
    if (package.voxelSizeUm > 0 && info.voxelSize) {
        const double ratio = info.voxelSize->x / package.voxelSizeUm;
        if (ratio < 0.7 || ratio > 1.4) {
            char text[200];
            std::snprintf(text, sizeof text,
                          "The image's pixels are %.3g µm wide, the model was trained at %.3g µm: "
                          "structures have "
                          "another size in pixels than the model knows.",
                          info.voxelSize->x, package.voxelSizeUm);
            plan.warnings.emplace_back(text);
        }
    } else if (package.voxelSizeUm > 0) {
        plan.warnings.emplace_back(
            "The file does not tell its pixel size, so it could not be compared with the model's.");
    }
}

}  // namespace

std::size_t Plan::resultPlane(const image::PlaneIndex& input, std::size_t output,
                              std::size_t outputs) const {
    const auto channel =
        place(c, input.c) * static_cast<std::int64_t>(outputs) + static_cast<std::int64_t>(output);
    return static_cast<std::size_t>((place(t, input.t) * resultShape.c + channel) * resultShape.z +
                                    place(z, input.z));
}

std::vector<image::PlaneIndex> Plan::planesOf(const std::vector<std::int64_t>& t,
                                              const std::vector<std::int64_t>& z,
                                              const std::vector<std::int64_t>& c) {
    std::vector<image::PlaneIndex> result;
    for (auto frame : t) {
        for (auto slice : z) {
            for (auto channel : c)
                result.push_back({frame, channel, slice});
        }
    }
    return result;
}

std::vector<std::size_t> Plan::planesToJudge(std::int64_t channel) const {
    constexpr std::size_t kMostPlanes = 8;
    std::vector<std::size_t> all, chosen;
    for (std::size_t p = 0; p < planes.size(); ++p)
        if (planes[p].c == channel) all.push_back(p);
    const std::size_t count = std::min(all.size(), kMostPlanes);
    for (std::size_t k = 0; k < count; ++k)
        chosen.push_back(all[k * all.size() / count]);
    return chosen;
}

Plan makePlan(const RestorationRequest& request, const package::ModelPackage& package,
              const c10::Device& device, std::uint64_t memoryBytes) {
    const auto& info = request.input->info();
    Plan plan;
    const bool allChannels = request.selection.c.empty();
    plan.t = choose(request.selection.t, info.shape.t, "frame");
    plan.z = choose(request.selection.z, info.shape.z, "slice");
    plan.c = choose(allChannels ? std::vector<std::int64_t>{0} : request.selection.c, info.shape.c,
                    "channel");
    const auto& wantedName =
        request.sampler.empty() ? package.samplers.front().name : request.sampler;
    if (wantedName == "nnls" && !package.matrix.empty()) {
        const auto channels = static_cast<std::int64_t>(package.matrix.size());
        plan.joint = choose(request.selection.c, info.shape.c, "channel");
        if (allChannels && info.shape.c > channels)
            plan.joint.resize(static_cast<std::size_t>(channels));
        if (static_cast<std::int64_t>(plan.joint.size()) != channels)
            throw Error(ErrorKind::Usage,
                        "The model " + package.name + " unmixes " + std::to_string(channels) +
                            " channels, not " + std::to_string(plan.joint.size()) + ".",
                        info.path, "Choose the channels by --channel.");
        plan.c = {plan.joint.front()};
    } else if (allChannels && info.shape.c > 1) {
        plan.warnings.emplace_back("The image has several channels; the first was restored.");
    }
    const image::Rect whole{0, 0, info.shape.x, info.shape.y};
    plan.roi = request.selection.roi.empty() ? whole : request.selection.roi.intersected(whole);
    plan.part = plan.window = plan.roi;
    if (plan.roi.empty())
        throw Error(ErrorKind::Usage, "The region lies outside the image.", info.path);

    const auto* wanted =
        request.sampler.empty() ? &package.samplers.front() : package.sampler(request.sampler);
    if (!wanted) {
        std::string known;
        for (const auto& s : package.samplers)
            known += (known.empty() ? "" : ", ") + s.name;
        throw Error(ErrorKind::Usage,
                    "The model " + package.name + " has no sampler '" + request.sampler + "'.", {},
                    "It has " + known + ".");
    }
    plan.sampler = *wanted;
    if (request.steps > 0) plan.sampler.steps = request.steps;
    if (request.samples > 0) plan.sampler.samples = request.samples;
    sampling::SamplerOptions options;
    options.name = plan.sampler.name;
    options.steps = plan.sampler.steps;
    options.indiNoise = package.indiNoise;
    if (const auto* ladder = package.network("hdn"))
        options.latentLevels = static_cast<int>(ladder->widths.size());
    plan.drawer = sampling::makeSampler(options);
    for (const auto& role : sampling::networkRoles(plan.sampler.name)) {
        if (!package.network(role))
            throw Error(ErrorKind::Model,
                        "The model " + package.name + " lists the sampler " + plan.sampler.name +
                            " but has no network for it.",
                        package.folder, "Choose another sampler.");
    }
    if (request.trace) {
        if (!sampling::canTrace(plan.sampler.name))
            throw Error(ErrorKind::Usage,
                        "The sampler " + plan.sampler.name +
                            " does not go step by step from the input, so it has no trace.",
                        {}, "Choose a sampler cold-…, blend or indi, or leave the trace out.");
        options.trace = true;
        plan.tracer = sampling::makeSampler(options);
    }
    if (plan.drawer->noiseFields() == 0 && plan.sampler.samples > 1) {
        plan.sampler.samples = 1;
        plan.warnings.emplace_back("The sampler " + plan.sampler.name +
                                   " gives one answer: one sample was drawn.");
    }

    const auto outputs = package.outputs.size();
    plan.resultShape = {static_cast<std::int64_t>(plan.t.size()),
                        static_cast<std::int64_t>(plan.c.size() * outputs),
                        static_cast<std::int64_t>(plan.z.size()), plan.roi.height, plan.roi.width};
    for (auto channel : plan.c) {
        const auto& source = info.channels[static_cast<std::size_t>(channel)].name;
        for (std::size_t o = 0; o < outputs; ++o) {
            image::ChannelInfo restored;
            restored.name = plan.c.size() > 1 && !source.empty()
                                ? source + ": " + package.outputs[o]
                                : package.outputs[o];
            restored.color = package.colors[o];
            plan.channels.push_back(restored);
        }
    }
    plan.planes = Plan::planesOf(plan.t, plan.z, plan.c);
    const auto& view = request.viewportPlane;
    std::stable_partition(plan.planes.begin(), plan.planes.end(), [&](const image::PlaneIndex& p) {
        return p.t == view.t && p.z == view.z;
    });
    chooseTiles(plan, request, package, device, memoryBytes);
    warnAboutInput(plan, info, package);
    return plan;
}

}  // namespace posteria::engine
