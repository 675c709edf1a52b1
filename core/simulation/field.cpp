#include "core/simulation/field.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/simulation/rng.h"
#include "core/simulation/scene.h"

namespace posteria::simulation {

namespace {

constexpr std::uint64_t kOpticsStream = 1;
constexpr std::uint64_t kHazeStream = 8;

// Mean of the raw image over the ensemble of seeds; see field.h for how it was measured.
double ensembleMean(const std::string& scene) {
    if (scene == "filaments") return 0.0264;
    if (scene == "vesicles") return 0.0262;
    if (scene == "nuclei") return 0.0113;
    if (scene == "mitochondria") return 0.0143;
    if (scene == "neurons") return 0.00635;
    if (scene == "membranes") return 0.0254;
    return 0.0560;  // actin
}

// What lies further away than the volume reaches: the projection, blurred over `sigma` pixels. It
// is smooth, so it is made on every eighth pixel.
at::Tensor blurredProjection(const at::Tensor& volume, double sigma) {
    constexpr std::int64_t kCoarse = 8;
    const auto height = volume.size(1), width = volume.size(2);
    auto image = torch::replication_pad2d(
        volume.sum(0).view({1, 1, height, width}),
        {0, (kCoarse - width % kCoarse) % kCoarse, 0, (kCoarse - height % kCoarse) % kCoarse});
    image = torch::avg_pool2d(image, kCoarse);
    const double coarseSigma = sigma / kCoarse;
    const auto radius = static_cast<std::int64_t>(std::ceil(3 * coarseSigma));
    auto kernel = torch::exp(
        -0.5 * (torch::arange(-radius, radius + 1, torch::kFloat) / coarseSigma).square());
    kernel = kernel / kernel.sum();
    image = torch::replication_pad2d(image, {radius, radius, radius, radius});
    image = torch::conv2d(image, kernel.view({1, 1, -1, 1}));
    image = torch::conv2d(image, kernel.view({1, 1, 1, -1}));
    const auto rows = image.size(2) * kCoarse, columns = image.size(3) * kCoarse;
    image = torch::upsample_bilinear2d(image, {rows, columns}, false);
    return image.slice(2, 0, height).slice(3, 0, width).view({height, width});
}

// The volume of a seed, larger than the field.
class Specimen {
  public:
    Specimen(const FieldSettings& settings, std::int64_t focusPlanes, std::uint64_t seed)
        : m_settings(settings), m_seed(seed) {
        if (focusPlanes < 1 || settings.planes < 1)
            throw Error(ErrorKind::Usage, "A simulated field needs at least one plane.");
        // The widefield margin holds every pinhole's, so that all of them look at one volume.
        physics::Optics optics = fieldOptics(settings, seed);
        optics.kind = physics::Optics::Kind::Widefield;
        SceneSettings scene;
        scene.planes = settings.planes + focusPlanes - 1;
        const double reach =
            0.5 * static_cast<double>(settings.planes - 1) + static_cast<double>(focusPlanes - 1);
        m_margin = std::max<std::int64_t>(16, physics::psfRadius(optics, reach * optics.zStepUm));
        scene.height = settings.height + 2 * m_margin;
        scene.width = settings.width + 2 * m_margin;
        scene.pixelUm = optics.pixelUm;
        scene.zStepUm = optics.zStepUm;
        scene.density = settings.density;
        scene.neuron = settings.neuron;
        m_volume = renderVolume(settings.scene, scene, seed);
        for (std::int64_t p = 0; p < focusPlanes; ++p)
            m_focus.push_back(0.5 * static_cast<double>(settings.planes - 1) +
                              static_cast<double>(p));
    }

    // [focusPlanes, H, W]
    at::Tensor seenBy(const physics::Optics& optics) const {
        auto image = physics::imageStack(m_volume, optics, m_focus);
        if (optics.kind == physics::Optics::Kind::Widefield) {
            Rng rng(m_seed, kHazeStream);
            const double share = m_settings.hazeShare * rng.uniform() * rng.uniform();
            const double sigmaUm = rng.uniform(1.5, 4);
            image = image + share * blurredProjection(m_volume, sigmaUm / optics.pixelUm);
        }
        const auto cropped = image.slice(1, m_margin, m_margin + m_settings.height)
                                 .slice(2, m_margin, m_margin + m_settings.width);
        return (cropped / ensembleMean(m_settings.scene)).contiguous();
    }

  private:
    const FieldSettings& m_settings;
    std::uint64_t m_seed;
    std::int64_t m_margin = 0;
    at::Tensor m_volume;
    std::vector<double> m_focus;
};

}  // namespace

physics::Optics fieldOptics(const FieldSettings& settings, std::uint64_t seed) {
    Rng rng(seed, kOpticsStream);
    physics::Optics optics = settings.optics;
    const double factor = std::exp(settings.opticsSpread * rng.uniform(-1, 1));
    optics.emissionNm *= factor;
    optics.excitationNm *= factor;
    return optics;
}

at::Tensor simulateClean(const FieldSettings& settings, std::uint64_t seed) {
    return simulateCleanStack(settings, 1, seed).squeeze(0);
}

at::Tensor simulateCleanStack(const FieldSettings& settings, std::int64_t focusPlanes,
                              std::uint64_t seed) {
    return Specimen(settings, focusPlanes, seed).seenBy(fieldOptics(settings, seed));
}

at::Tensor simulateHazeSeries(const FieldSettings& settings, const std::vector<double>& severities,
                              std::uint64_t seed) {
    const Specimen specimen(settings, 1, seed);
    std::vector<at::Tensor> levels;
    for (const double severity : severities)
        levels.push_back(
            specimen.seenBy(physics::hazyOptics(fieldOptics(settings, seed), severity)));
    return torch::cat(levels);
}

}  // namespace posteria::simulation
