#include "core/training/field_pool.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/file.h"
#include "core/nn/safetensors.h"
#include "core/physics/mixing.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

at::Tensor simulateChannels(const Recipe& recipe, std::uint64_t seed) {
    std::vector<at::Tensor> channels;
    for (const auto& scene : recipe.scenes) {
        auto settings = recipe.field;
        settings.scene = scene;
        channels.push_back(simulation::simulateClean(settings, seed));
    }
    return at::stack(channels);
}

// What the fields depend on: everything in the recipe that simulation reads.
std::string fingerprint(const Recipe& r) {
    std::string text;
    for (const auto& scene : r.scenes)
        text += scene + ";";
    const auto& f = r.field;
    for (double v : {double(f.height), double(f.planes), f.optics.na, f.optics.emissionNm,
                     f.optics.pixelUm, f.optics.refractiveIndex, f.optics.zStepUm, f.density,
                     f.opticsSpread, f.hazeShare, double(r.fields), double(r.seed)}) {
        text += std::to_string(v) + ";";
    }
    return sha256OfBytes(text.data(), text.size());
}

// Photons for one unit of the clean fields, so that the mixture's 99.9th percentile has `photons`.
double photonScale(const at::Tensor& mixture, double photons) {
    const auto n = mixture.numel();
    const double bright =
        std::get<0>(mixture.flatten().kthvalue(std::max<std::int64_t>(1, n - n / 1000)))
            .item<double>();
    return photons / std::max(bright, 1e-3);
}

at::Tensor mix(const at::Tensor& clean, double severity) {
    return physics::Mixing().apply(clean.unsqueeze(0), at::full({1}, severity))[0][0];
}

double drawPhotons(const Recipe& r, double u) {
    return r.minPhotons * std::pow(r.maxPhotons / r.minPhotons, u);
}

double drawSeverity(const Recipe& r, double u, double v) {
    if (v < r.middleShare) return std::clamp(0.5, r.minSeverity, r.maxSeverity);
    return r.minSeverity + u * (r.maxSeverity - r.minSeverity);
}

}  // namespace

FieldPool::FieldPool(const Recipe& recipe, const std::string& cacheFile, const CancelToken& token,
                     const std::function<void(int, int)>& progress)
    : m_recipe(recipe) {
    const auto key = fingerprint(recipe);
    if (std::filesystem::exists(cacheFile) &&
        nn::readSafetensorsMetadata(cacheFile)["fingerprint"] == key) {
        m_fields = nn::readSafetensors(cacheFile).at("fields");
    } else {
        std::vector<at::Tensor> fields;
        for (int i = 0; i < recipe.fields; ++i) {
            token.throwIfCancelled();
            fields.push_back(simulateChannels(recipe, trainingSeed(recipe) + i).to(at::kHalf));
            progress(i + 1, recipe.fields);
        }
        m_fields = at::stack(fields);
        nn::writeSafetensors(cacheFile, {{"fields", m_fields}}, at::kHalf, {{"fingerprint", key}});
    }
    measureTargets();
}

FieldPool::Exposure FieldPool::expose(std::int64_t field, double severity, double photons) const {
    Exposure e;
    e.severity = severity;
    const at::Tensor relative = m_fields[field].to(at::kFloat);
    const at::Tensor mixture = mix(relative, severity);
    e.photons = photonScale(mixture, photons);
    e.clean = relative * e.photons;
    // Mean and variance of the degraded field without drawing its noise: the scene's own variance
    // and the camera's, which is linear in the signal.
    const auto& camera = m_recipe.camera;
    const double grey = camera.greyPerPhoton();
    const double excess = camera.kind == physics::Camera::Kind::EMCCD ? 2.0 : 1.0;
    const double mean = mixture.mean().item<double>() * e.photons;
    const double scene = mixture.var(false).item<double>() * e.photons * e.photons;
    const double electronGrey = grey / camera.quantumEfficiency;
    const double noise = excess * mean * camera.quantumEfficiency * electronGrey * electronGrey +
                         std::pow(camera.readNoise * camera.gain, 2);
    e.mean = mean * grey;
    e.std = std::sqrt(scene * grey * grey + noise);
    return e;
}

std::int64_t FieldPool::fieldSize() const {
    return m_fields.size(-1);
}

void FieldPool::measureTargets() {
    const auto channels = m_fields.size(1);
    m_targetMean.assign(channels, 0);
    std::vector<double> square(channels, 0);
    auto generator = tensor::makeGenerator(m_recipe.seed, 0x7a46e7);
    const auto u =
        at::rand({m_fields.size(0), 3}, generator, at::TensorOptions().dtype(at::kDouble));
    for (std::int64_t i = 0; i < m_fields.size(0); ++i) {
        const auto e =
            expose(i, drawSeverity(m_recipe, u[i][0].item<double>(), u[i][1].item<double>()),
                   drawPhotons(m_recipe, u[i][2].item<double>()));
        const at::Tensor scaled = e.clean * (m_recipe.camera.greyPerPhoton() / e.std);
        for (std::int64_t c = 0; c < channels; ++c) {
            m_targetMean[c] += scaled[c].mean().item<double>() / m_fields.size(0);
            square[c] += scaled[c].square().mean().item<double>() / m_fields.size(0);
        }
    }
    for (std::int64_t c = 0; c < channels; ++c) {
        m_targetStd.push_back(std::sqrt(square[c] - m_targetMean[c] * m_targetMean[c]));
    }
}

Batch FieldPool::draw(int batch, int patch, std::uint64_t stream) const {
    return draw(batch, patch, stream,
                [this](double u, double v) { return drawSeverity(m_recipe, u, v); });
}

Batch FieldPool::drawBetween(double minSeverity, double maxSeverity, int batch, int patch,
                             std::uint64_t stream) const {
    return draw(batch, patch, stream,
                [=](double u, double) { return minSeverity + u * (maxSeverity - minSeverity); });
}

Batch FieldPool::draw(int batch, int patch, std::uint64_t stream,
                      const std::function<double(double, double)>& severityOf) const {
    auto generator = tensor::makeGenerator(trainingSeed(m_recipe), stream);
    const auto& camera = m_recipe.camera;
    const double grey = camera.greyPerPhoton();
    const auto size = m_fields.size(2), channels = m_fields.size(1);
    std::vector<at::Tensor> ys, xs;
    std::vector<float> severities;
    const auto mean = at::tensor(m_targetMean, at::kFloat).view({channels, 1, 1});
    const auto std = at::tensor(m_targetStd, at::kFloat).view({channels, 1, 1});
    for (int i = 0; i < batch; ++i) {
        const auto u = at::rand({8}, generator, at::TensorOptions().dtype(at::kDouble));
        const auto* r = tensor::constData<double>(u);
        const auto e = expose(static_cast<std::int64_t>(r[0] * m_fields.size(0)),
                              severityOf(r[1], r[2]), drawPhotons(m_recipe, r[3]));
        // Most of a sparse field is empty: of three places take the one with the most variance, now
        // and then the first whatever it holds.
        at::Tensor clean;
        double best = -1;
        for (int tries = 0; tries < (r[7] < 0.25 ? 1 : 3); ++tries) {
            const auto place = at::randint(size - patch + 1, {2}, generator, at::kLong);
            const auto y = place[0].item<std::int64_t>(), x = place[1].item<std::int64_t>();
            const at::Tensor candidate = e.clean.slice(1, y, y + patch).slice(2, x, x + patch);
            const double variance = mix(candidate, e.severity).var(false).item<double>();
            if (variance > best) {
                best = variance;
                clean = candidate;
            }
        }
        if (r[4] < 0.5) clean = clean.flip({2});
        if (r[5] < 0.5) clean = clean.flip({1});
        if (r[6] < 0.5) clean = clean.transpose(1, 2);
        const at::Tensor image =
            physics::expose(mix(clean, e.severity), camera, generator) - camera.offset;
        ys.push_back(((image - e.mean) / e.std).unsqueeze(0));
        xs.push_back((clean * (grey / e.std) - mean) / std);
        severities.push_back(static_cast<float>(e.severity));
    }
    return {at::stack(ys), at::stack(xs), at::tensor(severities)};
}

namespace {

HeldOutField exposed(const Recipe& recipe, const at::Tensor& relative, double severity,
                     double photons, at::Generator& generator) {
    HeldOutField field;
    field.severity = severity;
    const at::Tensor mixture = mix(relative, severity);
    const double scale = photonScale(mixture, photons);
    field.degraded = physics::expose(mixture * scale, recipe.camera, generator);
    field.truth = relative * (scale * recipe.camera.greyPerPhoton());
    return field;
}

}  // namespace

HeldOutField heldOutField(const Recipe& recipe, std::uint64_t firstSeed, int index) {
    const std::uint64_t seed = firstSeed + static_cast<std::uint64_t>(index);
    auto generator = tensor::makeGenerator(seed, 0x4e1d);
    const auto u = at::rand({3}, generator, at::TensorOptions().dtype(at::kDouble));
    return exposed(recipe, simulateChannels(recipe, seed),
                   drawSeverity(recipe, u[0].item<double>(), u[1].item<double>()),
                   drawPhotons(recipe, u[2].item<double>()), generator);
}

std::vector<HeldOutField> heldOutSeries(const Recipe& recipe, std::uint64_t firstSeed, int index,
                                        const std::vector<double>& severities) {
    const std::uint64_t seed = firstSeed + static_cast<std::uint64_t>(index);
    auto generator = tensor::makeGenerator(seed, 0x5e41e5);
    const at::Tensor relative = simulateChannels(recipe, seed);
    std::vector<HeldOutField> series;
    for (const double severity : severities) {
        const auto u = at::rand({1}, generator, at::TensorOptions().dtype(at::kDouble));
        series.push_back(
            exposed(recipe, relative, severity, drawPhotons(recipe, u.item<double>()), generator));
    }
    return series;
}

}  // namespace posteria::training
