#include "core/engine/baselines.h"

#include <limits>

#include "core/physics/blur.h"
#include "core/sampling/margin.h"
#include "core/sampling/richardson_lucy.h"
#include "core/sampling/wiener.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

constexpr int kIterations = 50;
constexpr int kPatience = 4;  // iterations that get worse

struct Best {
    at::Tensor estimate;  // [H, W]
    double error = std::numeric_limits<double>::infinity();
    int iterations = 0;
};

}  // namespace

void RichardsonLucyBaseline::add(const training::Recipe& recipe,
                                 const training::HeldOutField& field) {
    auto blur = recipe.task->focusBlur(recipe.field, field.seed, field.severity);
    if (field.psf.defined())
        blur = training::FocusBlur{field.psf, at::ones({1, 1}, field.psf.options())};
    if (!blur) return;
    const physics::Blur seen(blur->seen), clean(blur->clean);
    // The blur is periodic: a mirrored margin keeps the borders apart.
    const auto margin = std::max(blur->seen.size(0), blur->clean.size(0));
    const auto height = field.truth.size(1), width = field.truth.size(2);
    const at::Tensor y =
        (field.degraded - recipe.camera.offset).clamp_min(0).view({1, 1, height, width});
    const at::Tensor padded = sampling::mirrored(y, margin);
    const at::Tensor one = at::ones({1}, y.options());
    const at::Tensor sorted = std::get<0>(y.flatten().sort());
    Best best;
    for (const double share : {0.0, 0.1, 0.5}) {
        sampling::RichardsonLucyOptions options;
        options.iterations = kIterations;
        options.background =
            share > 0
                ? sorted[static_cast<std::int64_t>(share * (sorted.numel() - 1))].item<double>()
                : 0.0;
        double least = std::numeric_limits<double>::infinity();
        int worse = 0;
        sampling::richardsonLucy(padded, seen, options, [&](int i, const at::Tensor& x) {
            const at::Tensor estimate = clean.apply(x, one)[0][0]
                                            .slice(0, margin, margin + height)
                                            .slice(1, margin, margin + width);
            const double error = at::mse_loss(estimate, field.truth[0]).item<double>();
            if (error < best.error) best = {estimate, error, i};
            worse = error < least ? 0 : worse + 1;
            least = std::min(least, error);
            return worse < kPatience;
        });
    }
    m_figures.push_back(analysis::evaluateChannel({tensor::toPlane(best.estimate)},
                                                  {tensor::toPlane(field.truth[0])}));
    m_iterations += best.iterations;
}

void RichardsonLucyBaseline::write(nlohmann::ordered_json& baselines,
                                   const std::string& output) const {
    if (m_figures.empty()) return;
    auto& entry = baselines["richardson-lucy"];
    entry["iterations"] = static_cast<double>(m_iterations) / static_cast<double>(m_figures.size());
    entry["channels"][output]["mean"] = figuresJson(analysis::meanFigures(m_figures));
}

void WienerBaseline::add(const training::Recipe& recipe, const training::HeldOutField& field) {
    if (recipe.task->knowsSeverity()) return;
    const auto& camera = recipe.package.camera;
    const physics::Blur blur(field.psf.defined() ? field.psf : at::ones({1, 1}));
    const auto margin = field.psf.defined() ? field.psf.size(0) : 0;
    const auto image = [&](const at::Tensor& plane) {
        return sampling::mirrored(plane.unsqueeze(0).unsqueeze(0), margin);
    };
    const at::Tensor y = image(field.degraded - camera.offset), truth = image(field.truth[0]);
    const double variance = camera.variance + camera.gain * y.mean().clamp_min(0).item<double>();
    const at::Tensor estimate =
        sampling::wiener(y, blur, 1, variance, sampling::powerOf(truth, blur, 1));
    m_figures.push_back(analysis::evaluateChannel(
        {tensor::toPlane(sampling::withoutMargin(estimate, margin)[0][0])},
        {tensor::toPlane(field.truth[0])}));
}

void WienerBaseline::write(nlohmann::ordered_json& baselines, const std::string& output) const {
    if (m_figures.empty()) return;
    auto& entry = baselines["wiener"];
    entry["note"] = "with the true spectra";
    entry["channels"][output]["mean"] = figuresJson(analysis::meanFigures(m_figures));
}

void writeComparisons(nlohmann::ordered_json& quality) {
    using Json = nlohmann::ordered_json;
    const auto psnr = [](const Json& figures) { return figures.at("psnr").get<double>(); };
    const auto find = [&](const char* group, const char* name, const std::string& output) {
        const auto place = Json::json_pointer("/" + std::string(group) + "/" + name);
        return quality.contains(place) ? quality[place].at("channels").at(output).at("mean")
                                       : Json();
    };
    Json all;
    for (const auto& [output, input] : quality.at("trivial").items()) {
        const Json hdn = find("samplers", "hdn", output), ddrm = find("samplers", "ddrm", output),
                   oneShot = find("samplers", "oneshot", output),
                   wiener = find("baselines", "wiener", output);
        if (!hdn.is_null()) all[output]["hdn_over_input_db"] = psnr(hdn) - psnr(input);
        if (!hdn.is_null() && !oneShot.is_null())
            all[output]["hdn_below_oneshot_db"] = psnr(oneShot) - psnr(hdn);
        if (!ddrm.is_null() && !wiener.is_null())
            all[output]["ddrm_over_wiener_db"] = psnr(ddrm) - psnr(wiener);
    }
    if (!all.is_null()) quality["compared"] = all;
}

nlohmann::ordered_json figuresJson(const analysis::Figures& f) {
    return {{"psnr", f.psnr}, {"ri_psnr", f.riPsnr},       {"nrmse", f.nrmse},
            {"ssim", f.ssim}, {"micro_ssim", f.microSsim}, {"micro_ms3im", f.microMs3im},
            {"dice", f.dice}};
}

}  // namespace posteria::engine
