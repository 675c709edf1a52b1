#include "core/engine/held_out_severity.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/monotone_curve.h"
#include "core/engine/severity.h"
#include "core/tensor/torch_compat.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

namespace {

std::vector<double> levels() {
    std::vector<double> result;
    for (int i = 1; i < 20; ++i)
        result.push_back(0.05 * i);
    return result;
}

// Estimates of all tiles, [level][field].
std::vector<std::vector<std::vector<double>>> estimatesOf(
    const nn::Model& model, const training::Recipe& recipe, std::uint64_t firstSeed, int fields,
    const std::function<void(int, int)>& progress, const CancelToken& token) {
    std::vector<std::vector<std::vector<double>>> result(levels().size());
    for (int i = 0; i < fields; ++i) {
        const auto series = training::heldOutSeries(recipe, firstSeed, i, levels());
        for (std::size_t level = 0; level < series.size(); ++level) {
            const at::Tensor& grey = series[level].degraded;
            const at::Tensor y = nn::Normalisation::of(grey, model.package()).input(grey);
            result[level].push_back(tileSeverities(model, y.unsqueeze(0).unsqueeze(0), token));
        }
        progress(i + 1, fields);
    }
    return result;
}

std::vector<double> together(const std::vector<std::vector<double>>& fields) {
    std::vector<double> all;
    for (const auto& tiles : fields)
        all.insert(all.end(), tiles.begin(), tiles.end());
    return all;
}

}  // namespace

std::vector<std::vector<double>> validationSeverityCurve(
    const training::Recipe& recipe, const std::string& packageFolder,
    const std::function<void(int, int)>& progress, const CancelToken& token) {
    auto package = package::readPackage(packageFolder);
    package.severityCurve.clear();
    const auto model = nn::Model::load(package);
    std::vector<double> medians;
    for (const auto& fields : estimatesOf(*model, recipe, training::validationSeed(recipe),
                                          recipe.validationFields, progress, token))
        medians.push_back(aggregatedSeverity(together(fields), package));
    const auto curve = analysis::debiasingCurve(levels(), medians);
    std::vector<std::vector<double>> points;
    for (std::size_t i = 0; i < curve.from.size(); ++i)
        points.push_back({curve.from[i], curve.to[i]});
    // A regressor that tells nothing apart has one point: it gets no curve.
    return points.size() > 1 ? points : std::vector<std::vector<double>>();
}

std::string heldOutSeverity(const training::Recipe& recipe, const std::string& packageFolder,
                            const std::function<void(int, int)>& progress,
                            const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const auto model = nn::Model::load(package);
    const auto truth = levels();
    const auto estimates =
        estimatesOf(*model, recipe, training::testSeed(recipe), recipe.testFields, progress, token);
    double one = 0, all = 0;
    const auto square = [](double v) { return v * v; };
    for (std::size_t level = 0; level < truth.size(); ++level) {
        const double share = 1.0 / static_cast<double>(truth.size());
        all +=
            share * square(aggregatedSeverity(together(estimates[level]), package) - truth[level]);
        for (const auto& tiles : estimates[level])
            one += share / recipe.testFields *
                   square(aggregatedSeverity(tiles, package) - truth[level]);
    }
    const nlohmann::ordered_json json{{"fields", recipe.testFields},
                                      {"rmse_one_field", std::sqrt(one)},
                                      {"rmse_aggregated", std::sqrt(all)}};
    return json.dump();
}

}  // namespace posteria::engine
