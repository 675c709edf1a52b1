// What tests of the engine restore, and with what.
#pragma once

#include <QDir>
#include <QTemporaryDir>

#include "core/image/stack.h"
#include "core/nn/model.h"
#include "core/nn/safetensors.h"
#include "core/tensor/convert.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

inline package::NetworkSpec spec(const std::string& role, int in, int conditions, int out = 2) {
    package::NetworkSpec s;
    s.role = role;
    s.file = role + ".safetensors";
    s.widths = {16, 16};
    s.inChannels = in;
    s.outChannels = out;
    s.conditions = conditions;
    return s;
}

// A package with weights that are random but tame. "random" draws x itself, "around" around the
// mean; "estimating" is like "random" and has a network for the severity; "dehazing" goes step by
// step; "denoising" has a prior and a ladder; "unmixing" has a matrix.
inline std::string makePackage(const QTemporaryDir& dir, const std::string& name) {
    const bool aroundMean = name == "around";
    package::ModelPackage p;
    p.name = name;
    p.folder = dir.filePath(QString::fromStdString(p.name + ".posteria")).toStdString();
    if (aroundMean) {
        p.residualVariance = {{0.09, 0, 0}, {0.04, 0, 0}};
        for (int j = 0; j < package::kSpectrumNodes; ++j)
            p.residualSpectrum.push_back({1 / (1.0 + j), 0, -0.5, 1});
    }
    p.task = "split";
    p.outputs = {"first", "second"};
    p.colors = {0x00ff00, 0xff00ff};
    p.targetMean = {0.5, 0.5};
    p.targetStd = {1, 1};
    p.samplers = {{"cfm-euler", 3, 4}, {"oneshot", 1, 1}};
    p.networks = {spec("oneshot", 1, 1), spec("velocity", aroundMean ? 5 : 3, 2)};
    if (name == "estimating") {
        p.networks.push_back(spec("severity", 1, 0));
        p.severityCurve = {{0, 0.05}, {0.4, 0.2}, {0.6, 0.7}, {1, 0.9}};
    }
    if (name == "dehazing") {
        p.task = "dehaze";
        p.outputs = {"clean"};
        p.colors = {0xffffff};
        p.targetMean = {0.4};
        p.targetStd = {0.7};
        p.samplers = {{"cold-improved", 3, 1},
                      {"cold-naive", 3, 1},
                      {"cold-unconditional", 3, 1},
                      {"blend", 3, 1}};
        p.networks = {spec("restore", 2, 1, 1), spec("degrade", 2, 1, 1),
                      spec("degrade-alone", 1, 1, 1)};
        p.defaultSeverity = 1;
    }
    if (name == "denoising") {
        p.task = "denoise";
        p.outputs = {"clean"};
        p.colors = {0xffffff};
        p.targetMean = {0.4};
        p.targetStd = {0.7};
        p.camera = {90, 4, 0.5};
        p.samplers = {{"hdn", 1, 3}, {"ddrm", 4, 2}, {"wiener", 1, 1}, {"richardson-lucy", 3, 1}};
        p.networks = {spec("prior", 1, 1, 1), spec("hdn", 1, 0, 1)};
        p.networks.back().architecture = "ladder";
        p.networks.back().latents = 4;
        p.minSeverity = p.maxSeverity = p.defaultSeverity = 0;
    }
    if (name == "unmixing") {
        p.task = "bleedthrough";
        p.camera = {10, 4, 0.5};
        p.matrix = {{1, 0.25}, {0.5, 1}, {0.25, 0.25}};
        p.samplers = {{"nnls", 1, 1}};
    }
    p.voxelSizeUm = 0.1;
    p.tile = 128;
    p.overlap = 64;
    QDir().mkpath(QString::fromStdString(p.folder));
    nn::Model model(p, 3);
    torch::NoGradGuard guard;
    for (auto& network : model.networks()) {
        auto generator = tensor::makeGenerator(4, network->spec().role.size());
        for (auto& [name, w] : network->weights()) {
            at::Tensor values = w;
            if (name.find("norm") == std::string::npos)
                values.copy_(0.1 * tensor::normal(w.sizes(), generator));
        }
        nn::writeSafetensors(p.folder + "/" + network->spec().file, network->weights(), at::kHalf);
    }
    package::writePackage(p);
    return p.folder;
}

inline image::StackPtr makeInput(std::int64_t side, std::int64_t planes = 1) {
    auto generator = tensor::makeGenerator(8, 0);
    image::StackInfo info;
    info.name = "input";
    info.shape = {1, 1, planes, side, side};
    info.type = image::PixelType::Float32;
    info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    std::vector<image::Plane> data;
    for (std::int64_t z = 0; z < planes; ++z) {
        data.push_back(tensor::toPlane(100 + 20 * tensor::normal({side, side}, generator).abs()));
    }
    return image::makeMemoryStack(info, data);
}

}  // namespace posteria::engine
