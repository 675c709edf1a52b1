#include "core/engine/posterior_cost.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/engine/truth_pool.h"
#include "core/sampling/sampler.h"

namespace posteria::engine {

namespace {

constexpr int kFields = 5;

const package::SamplerSpec* drawing(const package::ModelPackage& package) {
    for (const auto& sampler : package.samplers) {
        if (sampling::networkRole(sampler.name) == "velocity") return &sampler;
    }
    return nullptr;
}

}  // namespace

bool hasPosteriorCost(const package::ModelPackage& package) {
    return drawing(package);
}

std::string posteriorCost(const training::Recipe& recipe, const std::string& packageFolder,
                          const std::function<void(int, int)>& progress, const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    const auto& usual = *drawing(package);
    struct Run {
        std::string sampler;
        int steps, samples;
        std::int64_t calls = 0;
        std::vector<TruthPool> pools = {};
    };
    std::vector<Run> runs{{"cfm-euler", 2, 16},
                          {"cfm-euler", 2, 32},
                          {"cfm-euler", 3, 31},
                          {usual.name, usual.steps, usual.samples},
                          {"cfm-euler", 20, 50}};
    // A step of Heun's is two calls: as many of these, or half as many steps.
    const bool euler = std::any_of(package.samplers.begin(), package.samplers.end(),
                                   [](const auto& s) { return s.name == "cfm-euler"; });
    if (!euler) {
        runs = {{"cfm-heun", 2, 16},
                {"cfm-heun", 2, 31},
                {"cfm-heun", 3, 15},
                {usual.name, usual.steps, usual.samples},
                {"cfm-heun", 10, 50}};
    }
    const int fields = std::min(kFields, recipe.testFields);
    int done = 0;
    for (auto& run : runs) {
        run.pools.resize(package.outputs.size());
        for (int i = 0; i < fields; ++i) {
            const auto field = training::heldOutField(recipe, training::testSeed(recipe), i);
            const auto known = knownImage(field, package.voxelSizeUm);
            RestorationRequest settings;
            settings.model = packageFolder;
            settings.sampler = run.sampler;
            settings.steps = run.steps;
            settings.samples = run.samples;
            settings.seed = static_cast<std::uint64_t>(i);
            const auto result = restoreKnown(*engine, settings, known, token, &run.calls);
            for (std::size_t c = 0; c < run.pools.size(); ++c)
                run.pools[c].add(*result, known, c);
            progress(++done, fields * static_cast<int>(runs.size()));
        }
    }
    nlohmann::ordered_json json{{"fields", fields}};
    for (const auto& run : runs) {
        auto& entry =
            json["runs"].emplace_back(nlohmann::ordered_json{{"sampler", run.sampler},
                                                             {"steps", run.steps},
                                                             {"samples", run.samples},
                                                             {"network_calls", run.calls}});
        for (std::size_t c = 0; c < run.pools.size(); ++c) {
            const auto& pool = run.pools[c];
            const auto spread =
                analysis::calibrate(pool.mean, pool.std, pool.truth, pool.samples).spreadSkill;
            entry["channels"][package.outputs[c]] = {
                {"psnr", analysis::meanFigures(pool.meanFigures).psnr}, {"spread_skill", spread}};
        }
    }
    return json.dump();
}

}  // namespace posteria::engine
