#include "core/engine/residual_gain.h"

#include <algorithm>
#include <memory>

#include "core/engine/truth_pool.h"
#include "core/nn/model.h"
#include "core/nn/residual_gain.h"
#include "core/sampling/sampler.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

// Many fields, as the few bright ones among them make much of the power, and few samples of each.
constexpr int kFieldsPerValidationField = 4, kSamples = 4;

// Clean channels in grey values above the offset, of each plane, in the model's normalised units.
at::Tensor normalised(const std::vector<at::Tensor>& grey, const KnownImage& known,
                      const package::ModelPackage& package) {
    nn::Normalisation n;
    n.inputStd = std::max(1e-6, known.inputStd);
    n.targetMean = package.targetMean;
    n.targetStd = package.targetStd;
    const double severity = known.severity.value_or(package.defaultSeverity);
    return n.at(severity, package).target(at::stack(grey));
}

at::Tensor normalised(const image::StackPtr& grey, const KnownImage& known,
                      const package::ModelPackage& package) {
    std::vector<at::Tensor> planes;
    for (std::size_t c = 0; c < package.outputs.size(); ++c) {
        const auto plane = analysis::readChannel(*grey, static_cast<std::int64_t>(c)).front();
        planes.push_back(tensor::fromPlane(plane).clone());
    }
    return normalised(planes, known, package);
}

}  // namespace

std::vector<package::ResidualGain> validationResidualGain(
    const training::Recipe& recipe, const std::string& packageFolder,
    const std::function<void(int, int)>& progress, const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const auto drawing = std::find_if(
        package.samplers.begin(), package.samplers.end(),
        [](const auto& sampler) { return sampling::networkRole(sampler.name) == "velocity"; });
    if (package.residualVariance.empty() || drawing == package.samplers.end()) return {};
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    RestorationRequest mean, samples;
    mean.model = samples.model = packageFolder;
    mean.sampler = "oneshot";
    samples.sampler = drawing->name;
    samples.samples = kSamples;
    const int count = kFieldsPerValidationField * recipe.validationFields;
    std::vector<at::Tensor> truths, means, departures;
    for (int i = 0; i < count; ++i) {
        // Calibration has the first ones.
        const auto field = training::heldOutField(recipe, training::validationSeed(recipe),
                                                  recipe.validationFields + i);
        const auto known = knownImage(field, package.voxelSizeUm);
        truths.push_back(normalised(field.truth.unbind(0), known, package));
        means.push_back(
            normalised(restoreKnown(*engine, mean, known, token)->mean, known, package));
        samples.seed = static_cast<std::uint64_t>(i);
        const auto drawn = restoreKnown(*engine, samples, known, token);
        std::vector<at::Tensor> own;
        for (const auto& sample : drawn->kept)
            own.push_back(normalised(sample, known, package) - means.back());
        departures.push_back(at::stack(own));
        progress(i + 1, count);
    }
    return nn::fitResidualGain(at::stack(truths), at::stack(means), at::stack(departures));
}

}  // namespace posteria::engine
