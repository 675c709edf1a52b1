#include "core/physics/camera.h"

#include <torch/torch.h>

#include <cmath>

#include "core/base/error.h"

namespace posteria::physics {

namespace {

struct PixelMaps {
    at::Tensor offset, gain, readNoise;  // [Y, X], the first in grey, the others as factors
};

PixelMaps makePixelMaps(const Camera& camera, std::int64_t height, std::int64_t width) {
    auto generator = at::detail::createCPUGenerator(camera.pixelMapSeed);
    const auto normal = [&] { return torch::randn({height, width}, generator, torch::kFloat); };
    return {0.5 * normal(), 1 + 0.01 * normal(), torch::exp(0.35 * normal())};
}

}  // namespace

double Camera::greyPerPhoton() const {
    return quantumEfficiency * gain * (kind == Kind::EMCCD ? emGain : 1.0);
}

at::Tensor expose(const at::Tensor& photons, const Camera& camera, at::Generator generator) {
    if (camera.quantumEfficiency <= 0 || camera.quantumEfficiency > 1 || camera.gain <= 0 ||
        camera.readNoise < 0 || camera.bits < 1 || camera.bits > 16)
        throw Error(
            ErrorKind::Usage, "These camera settings are not possible.", {},
            "The quantum efficiency lies in (0, 1], the gain is positive, bits are 1 to 16.");
    const auto mean =
        (photons.to(torch::kFloat) * camera.quantumEfficiency + camera.darkElectrons).clamp_min(0);
    auto electrons = torch::poisson(mean, generator).clamp_max(camera.fullWell);
    if (camera.kind == Camera::Kind::EMCCD) {
        // Gamma of shape 0 is 0, which the sampler itself cannot draw.
        const auto multiplied =
            at::_standard_gamma(electrons.clamp_min(1), generator) * camera.emGain;
        electrons = torch::where(electrons > 0, multiplied, torch::zeros_like(multiplied));
    }
    auto readNoise =
        torch::randn(electrons.sizes(), generator, electrons.options()) * camera.readNoise;
    at::Tensor grey;
    if (camera.kind == Camera::Kind::sCMOS && camera.pixelMapSeed != 0) {
        const auto maps = makePixelMaps(camera, photons.size(-2), photons.size(-1));
        grey = (electrons + readNoise * maps.readNoise) * camera.gain * maps.gain + maps.offset;
    } else {
        grey = (electrons + readNoise) * camera.gain;
    }
    return (grey + camera.offset).round().clamp(0, camera.largestGrey());
}

}  // namespace posteria::physics
