#include "core/engine/deblur_quality.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "core/engine/baselines.h"
#include "core/engine/truth_pool.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

image::StackPtr stackOf(const at::Tensor& psf) {
    image::StackInfo info;
    info.name = "point spread function";
    info.shape.y = psf.size(0);
    info.shape.x = psf.size(1);
    info.type = image::PixelType::Float32;
    return image::makeMemoryStack(info, {tensor::toPlane(psf)});
}

}  // namespace

bool hasDeblurQuality(const training::Recipe& recipe, const package::ModelPackage& package) {
    return recipe.deblurNa > 0 && package.sampler("ddrm") && package.outputs.size() == 1;
}

std::string deblurQuality(const training::Recipe& recipe, const std::string& packageFolder,
                          const std::function<void(int, int)>& progress, const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const auto& output = package.outputs.front();
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    RichardsonLucyBaseline richardsonLucy;
    WienerBaseline wiener;
    TruthPool pool;
    std::vector<analysis::Figures> trivial;
    for (int i = 0; i < recipe.testFields; ++i) {
        const auto field = training::heldOutBlurred(recipe, training::testSeed(recipe), i);
        const auto known = knownImage(field, package.voxelSizeUm);
        richardsonLucy.add(recipe, field);
        wiener.add(recipe, field);
        trivial.push_back(analysis::evaluateChannel(
            {tensor::toPlane(field.degraded - recipe.camera.offset)}, known.truth.front()));
        RestorationRequest settings;
        settings.model = packageFolder;
        settings.sampler = "ddrm";
        settings.seed = static_cast<std::uint64_t>(i);
        settings.psf = stackOf(field.psf);
        pool.add(*restoreKnown(*engine, settings, known, token), known, 0);
        progress(i + 1, recipe.testFields);
    }
    nlohmann::ordered_json j;
    j["fields"] = recipe.testFields;
    j["na"] = recipe.deblurNa;
    j["trivial"][output] = figuresJson(analysis::meanFigures(trivial));
    richardsonLucy.write(j["baselines"], output);
    wiener.write(j["baselines"], output);
    const auto& sampler = *package.sampler("ddrm");
    auto& entry = j["samplers"]["ddrm"];
    entry["steps"] = sampler.steps;
    entry["samples"] = sampler.samples;
    entry["channels"][output]["mean"] = figuresJson(analysis::meanFigures(pool.meanFigures));
    if (!pool.sampleFigures.empty()) {
        entry["channels"][output]["single_sample"] =
            figuresJson(analysis::meanFigures(pool.sampleFigures));
    }
    writeComparisons(j);
    return j.dump(2);
}

}  // namespace posteria::engine
