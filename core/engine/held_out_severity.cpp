#include "core/engine/held_out_severity.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/evaluation.h"
#include "core/analysis/monotone_curve.h"
#include "core/engine/severity.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

namespace {

// The curve errs as much as the median of its fields does: many of them.
constexpr int kFieldsPerValidationField = 8;

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

// PSNR of the one-shot answer told the severity estimated, 0.5 or the known one, each averaged over
// fields, levels and channels of about one weight in the mixture.
class PsnrByWeight {
  public:
    PsnrByWeight(const nn::Model& model, const training::Recipe& recipe)
        : m_model(model), m_recipe(recipe) {}

    void add(const training::HeldOutField& field, double estimated) {
        const double told[] = {estimated, 0.5, field.severity};
        const auto scale = nn::Normalisation::of(field.degraded, m_model.package());
        const at::Tensor y = scale.input(field.degraded).unsqueeze(0).unsqueeze(0);
        at::Tensor answers = m_model.oneShot(
            y.expand({3, 1, -1, -1}), at::tensor({told[0], told[1], told[2]}).to(y.scalar_type()));
        for (std::int64_t k = 0; k < 3; ++k)
            answers[k] = scale.at(told[k], m_model.package()).targetToGrey(answers[k]);
        for (std::int64_t c = 0; c < 2; ++c) {
            const double weight = c == 0 ? 1 - field.severity : field.severity;
            auto& sums = m_sums[weight > 0.65 ? 2 : weight > 0.35 ? 1 : 0];
            ++sums.count;
            for (std::int64_t k = 0; k < 3; ++k)
                sums.psnr[k] += analysis::evaluateChannel({tensor::toPlane(answers[k][c])},
                                                          {tensor::toPlane(field.truth[c])})
                                    .psnr;
        }
    }

    nlohmann::ordered_json json() const {
        nlohmann::ordered_json result;
        const char* names[] = {"weak", "balanced", "dominant"};
        for (int i = 2; i >= 0; --i) {
            const auto& sums = m_sums[i];
            if (sums.count > 0)
                result[names[i]] = {{"estimated", sums.psnr[0] / sums.count},
                                    {"half", sums.psnr[1] / sums.count},
                                    {"known", sums.psnr[2] / sums.count}};
        }
        return result;
    }

    bool covers(double severity) const {
        return severity > m_recipe.minSeverity - 1e-6 && severity < m_recipe.maxSeverity + 1e-6;
    }

  private:
    struct Sums {
        double psnr[3] = {0, 0, 0};
        int count = 0;
    };
    const nn::Model& m_model;
    const training::Recipe& m_recipe;
    Sums m_sums[3];
};

}  // namespace

std::vector<std::vector<double>> validationSeverityCurve(
    const training::Recipe& recipe, const std::string& packageFolder,
    const std::function<void(int, int)>& progress, const CancelToken& token) {
    auto package = package::readPackage(packageFolder);
    package.severityCurve.clear();
    const auto model = nn::Model::load(package);
    std::vector<double> medians;
    for (const auto& fields :
         estimatesOf(*model, recipe, training::validationSeed(recipe),
                     kFieldsPerValidationField * recipe.validationFields, progress, token))
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
    nlohmann::ordered_json json{{"fields", recipe.testFields},
                                {"rmse_one_field", std::sqrt(one)},
                                {"rmse_aggregated", std::sqrt(all)}};
    if (recipe.task->channels() != 2 || !model->has("oneshot")) return json.dump();
    PsnrByWeight psnr(*model, recipe);
    for (int i = 0; i < recipe.testFields; ++i) {
        const auto series = training::heldOutSeries(recipe, training::testSeed(recipe), i, truth);
        for (std::size_t level = 1; level < truth.size(); level += 2) {
            token.throwIfCancelled();
            if (psnr.covers(truth[level]))
                psnr.add(series[level], aggregatedSeverity(together(estimates[level]), package));
        }
        progress(i + 1, recipe.testFields);
    }
    json["psnr_by_weight"] = psnr.json();
    return json.dump();
}

}  // namespace posteria::engine
