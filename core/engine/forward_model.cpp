#include "core/engine/forward_model.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/physics/optics.h"
#include "core/sampling/classical.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

constexpr double kUsualRatio = 1.5;  // of noises that may still be the same
constexpr std::int64_t kLargestPsf = 1023;

bool isBlur(const std::string& sampler) {
    return sampler == "ddrm" || sampler == "wiener" || sampler == "richardson-lucy";
}

at::Tensor readPsf(const image::Stack& stack) {
    const at::Tensor psf = tensor::fromPlane(stack.readPlane({0, 0, 0})).to(at::kDouble);
    const double sum = psf.sum().item<double>();
    if (psf.size(0) != psf.size(1) || psf.size(0) % 2 == 0 || psf.size(0) > kLargestPsf ||
        !std::isfinite(sum) || !(sum > 0)) {
        throw Error(ErrorKind::Usage,
                    "The point spread function is no square picture of light with an odd side.",
                    stack.info().path, "Crop it around its peak, to an odd number of pixels.");
    }
    return psf / sum;
}

physics::Optics opticsOf(const package::OpticsSpec& spec, double pixelUm) {
    physics::Optics optics;
    optics.model = physics::Optics::models().at(spec.model);
    optics.na = spec.na;
    optics.emissionNm = spec.emissionNm;
    optics.excitationNm = spec.excitationNm;
    optics.refractiveIndex = spec.refractiveIndex;
    optics.pinholeAiry = spec.pinholeAiry;
    optics.pixelUm = pixelUm;
    return optics;
}

at::Tensor inFocus(const physics::Optics& optics) {
    const at::Tensor plane = physics::psfAt(optics, {0}, 2 * physics::psfRadius(optics, 0) + 1)[0];
    return plane / plane.sum();
}

// What turns an image seen through `clean` into one seen through `seen`, as far as `clean` passes.
at::Tensor relativePsf(const at::Tensor& seen, const at::Tensor& clean) {
    const auto side = seen.size(0) + clean.size(0) - 1;
    const auto transfer = [&](const at::Tensor& psf) {
        const auto half = psf.size(0) / 2;
        at::Tensor frame = at::zeros({side, side}, at::kDouble);
        frame.slice(0, 0, psf.size(0)).slice(1, 0, psf.size(1)).copy_(psf);
        return at::fft_fft2(at::roll(frame, {-half, -half}, {0, 1}));
    };
    const at::Tensor s = transfer(seen), c = transfer(clean);
    const at::Tensor ratio = s * c.conj() / (c.abs().square() + 1e-3);
    const at::Tensor psf = at::roll(at::real(at::fft_ifft2(ratio)), {side / 2, side / 2}, {0, 1});
    return psf / psf.sum();
}

// Nearly a Gaussian of 1.4 pixels.
at::Tensor smoothed(at::Tensor image) {
    for (int i = 0; i < 3; ++i)
        image = at::avg_pool2d(image, 3, 1, 1, false, false);
    return image;
}

}  // namespace

ForwardModel::ForwardModel(const RestorationRequest& request, const package::ModelPackage& package,
                           const std::string& sampler)
    : m_package(package), m_sampler(sampler), m_classical(sampling::isClassical(sampler)) {
    if (request.psf) {
        if (!isBlur(sampler))
            throw Error(ErrorKind::Usage,
                        "The sampler " + sampler + " cannot use a point spread function.", {},
                        "Choose ddrm, wiener or richardson-lucy, or leave it out.");
        m_psf = readPsf(*request.psf);
    }
    if (!isBlur(sampler) && !givesLight()) return;
    const auto lacks = [&](const std::string& what) {
        return Error(ErrorKind::Model,
                     "The model " + package.name + " does not tell " + what +
                         ", which the sampler " + sampler + " needs.",
                     package.folder, "Choose another sampler, or measure the model again.");
    };
    if (!package.camera.known()) throw lacks("what its camera adds");
    if (sampler == "nnls" && package.matrix.empty()) throw lacks("the unmixing matrix");
    if (sampler == "richardson-lucy" && !m_psf.defined() && !package.optics.known())
        throw lacks("what blurs the image");
    if (sampler != "nnls" && package.outputs.size() != 1)
        throw Error(ErrorKind::Model,
                    "The sampler " + sampler + " restores one channel, the model several.",
                    package.folder, "Choose another sampler.");
    m_offset = request.cameraOffset.value_or(package.camera.offset);
    const auto& voxel = request.input->info().voxelSize;
    m_pixelUm = voxel && voxel->x > 0 ? voxel->x : package.voxelSizeUm;
}

ForwardModel::Units ForwardModel::unitsOf(const nn::Normalisation& n) const {
    if (m_sampler != "ddrm") return {0, n.inputStd};
    return {-n.targetMean[0] / n.targetStd[0], n.targetScale(0)};
}

at::Tensor ForwardModel::input(const at::Tensor& y, const nn::Normalisation& n) const {
    if (!isBlur(m_sampler) && m_sampler != "nnls") return y;
    const auto units = unitsOf(n);
    const double dark = (m_offset - n.inputMean) / n.inputStd;
    return (y - dark) * (n.inputStd / units.grey) + units.zero;
}

at::Tensor ForwardModel::variance(const at::Tensor& light) const {
    return smoothed(light).clamp_min(0) * m_package.camera.gain + m_package.camera.variance;
}

double ForwardModel::noiseRatio(const at::Tensor& y, const nn::Normalisation& n) const {
    if (!asksForNoise()) return 1;
    if (std::min(y.size(-1), y.size(-2)) < 3) return 1;
    const at::Tensor grey = (y.unsqueeze(0) * n.inputStd + (n.inputMean - m_offset));
    const at::Tensor kernel = at::tensor({1, -2, 1, -2, 4, -2, 1, -2, 1}, at::kFloat);
    const at::Tensor differences =
        at::conv2d(grey, kernel.view({1, 1, 3, 3})) / 6;  // white noise keeps its variance
    const at::Tensor expected = variance(grey).sqrt();
    const auto inside =
        expected.slice(2, 1, expected.size(2) - 1).slice(3, 1, expected.size(3) - 1);
    const double ratio = (differences.abs() / inside).median().item<double>() / 0.6745;
    return ratio < kUsualRatio && ratio > 1 / kUsualRatio ? 1 : std::max(ratio, 1e-3);
}

void ForwardModel::chooseBlur(double severity) {
    if (m_severity == severity) return;
    m_severity = severity;
    m_view.reset();
    at::Tensor psf = m_psf;
    if (!psf.defined() && m_package.optics.known()) {
        const auto optics = opticsOf(m_package.optics, m_pixelUm);
        const at::Tensor seen = inFocus(physics::hazyOptics(optics, severity)).to(at::kDouble),
                         clean = inFocus(physics::hazyOptics(optics, 0)).to(at::kDouble);
        psf = m_sampler == "ddrm" ? relativePsf(seen, clean) : seen;
        if (m_sampler != "ddrm") m_view.emplace(clean);
    }
    m_margin = psf.defined() ? psf.size(0) : 0;
    m_blur.emplace(psf.defined() ? psf : at::ones({1, 1}, at::kDouble));
}

void ForwardModel::describe(sampling::Restorer& restorer, const nn::Normalisation& n,
                            double severity, double noiseRatio) {
    if (!m_package.matrix.empty() && m_sampler == "nnls") {
        std::vector<at::Tensor> rows;
        for (const auto& row : m_package.matrix)
            rows.push_back(at::tensor(row, at::kDouble));
        restorer.matrix = at::stack(rows);
    }
    if (!isBlur(m_sampler)) return;
    chooseBlur(severity);
    // Without a blur ddrm's coefficients are pixels, each with a noise of its own.
    const bool pixels = m_sampler == "ddrm" && m_margin == 0;
    restorer.degradation = &*m_blur;
    if (pixels) restorer.degradation = &m_identity;
    restorer.severity = 1;  // the blur is of that severity
    restorer.margin = m_margin;
    restorer.view = m_view ? &*m_view : nullptr;
    const auto units = unitsOf(n);
    restorer.noise = [this, units, pixels, noiseRatio](const at::Tensor& y) {
        const at::Tensor grey = variance((y - units.zero) * units.grey);
        return (pixels ? grey : grey.mean().view({1})).sqrt() * (noiseRatio / units.grey);
    };
}

}  // namespace posteria::engine
