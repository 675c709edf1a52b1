#include "core/training/field_pool.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/file.h"
#include "core/nn/model.h"
#include "core/nn/noise_model.h"
#include "core/nn/safetensors.h"
#include "core/physics/blur.h"
#include "core/sampling/margin.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

at::Tensor simulateLayers(const Recipe& recipe, std::uint64_t seed) {
    if (recipe.task->scenes() > 1) return recipe.task->simulate(recipe.scenes, recipe.field, seed);
    return recipe.task->simulate({recipe.scenes[seed % recipe.scenes.size()]}, recipe.field, seed);
}

// What the fields depend on: everything in the recipe that simulation reads.
std::string fingerprint(const Recipe& r) {
    std::string text = r.package.task + ";";
    for (const auto& scene : r.scenes)
        text += scene + ";";
    const auto& f = r.field;
    for (double v : {double(f.height), double(f.planes), f.optics.na, f.optics.emissionNm,
                     f.optics.excitationNm, f.optics.pinholeAiry, f.optics.pixelUm,
                     f.optics.refractiveIndex, f.optics.zStepUm, double(f.optics.model), f.density,
                     f.opticsSpread, f.hazeShare, double(r.fields), double(r.seed)}) {
        text += std::to_string(v) + ";";
    }
    return sha256OfBytes(text.data(), text.size());
}

// Photons for one unit of the fields, so that the 99.9th percentile of what is seen has `photons`.
double photonScale(const at::Tensor& seen, double photons) {
    const auto n = seen.numel();
    const double bright =
        std::get<0>(seen.flatten().kthvalue(std::max<std::int64_t>(1, n - n / 1000)))
            .item<double>();
    return photons / std::max(bright, 1e-3);
}

double drawPhotons(const Recipe& r, double u) {
    return r.minPhotons * std::pow(r.maxPhotons / r.minPhotons, u);
}

double drawSeverity(const Recipe& r, double u, double v) {
    if (v < r.usualShare) return r.package.defaultSeverity;
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
            fields.push_back(simulateLayers(recipe, trainingSeed(recipe) + i).to(at::kHalf));
            progress(i + 1, recipe.fields);
        }
        m_fields = at::stack(fields);
        nn::writeSafetensors(cacheFile, {{"fields", m_fields}}, at::kHalf, {{"fingerprint", key}});
    }
    if (recipe.severityNormalisation) measureSeverityScale();
    measureTargets();
}

FieldPool::Exposure FieldPool::expose(std::int64_t field, double severity, double photons) const {
    Exposure e;
    e.severity = severity;
    const at::Tensor relative = m_fields[field].to(at::kFloat);
    const at::Tensor seen = m_recipe.task->seen(relative, severity);
    const double scale = photonScale(seen, photons);
    e.layers = relative * scale;
    // Mean and variance of the degraded field without drawing its noise: the scene's own variance
    // and the camera's, which is linear in the signal.
    const auto& camera = m_recipe.camera;
    const double grey = camera.greyPerPhoton();
    const double excess = camera.kind == physics::Camera::Kind::EMCCD ? 2.0 : 1.0;
    const double mean = seen.mean().item<double>() * scale;
    const double scene = seen.var(false).item<double>() * scale * scale;
    const double electronGrey = grey / camera.quantumEfficiency;
    const double noise = excess * mean * camera.quantumEfficiency * electronGrey * electronGrey +
                         std::pow(camera.readNoise * camera.gain, 2);
    e.mean = mean * grey;
    e.std = std::sqrt(scene * grey * grey + noise);
    e.unit = e.std * nn::severityScale(m_severityScale, severity);
    return e;
}

std::int64_t FieldPool::fieldSize() const {
    return m_fields.size(-1);
}

void FieldPool::measureSeverityScale() {
    constexpr int kNodes = package::kSeverityNodes, kMostFields = 200;
    const auto count = std::min<std::int64_t>(m_fields.size(0), kMostFields);
    const double photons = drawPhotons(m_recipe, 0.5);
    // The deviation of all fields together: one that is all but empty in a channel hardly counts.
    const auto deviation = [&](double severity) {
        double square = 0;
        for (std::int64_t i = 0; i < count; ++i) {
            // Photons are counted where a field is brightest, which hangs on its severity: at all
            // of them it is to be lit alike.
            const auto e = expose(i, severity, photons);
            square += std::pow(e.std / e.layers.sum().item<double>(), 2);
        }
        return std::sqrt(square);
    };
    const double usual = deviation(m_recipe.package.defaultSeverity);
    std::vector<double> scale;
    for (int node = 0; node < kNodes; ++node)
        scale.push_back(usual / deviation(node / (kNodes - 1.0)));
    m_severityScale = scale;
}

void FieldPool::measureTargets() {
    const auto channels = m_recipe.task->channels();
    m_targetMean.assign(channels, 0);
    std::vector<double> square(channels, 0);
    auto generator = tensor::makeGenerator(m_recipe.seed, 0x7a46e7);
    const auto u =
        at::rand({m_fields.size(0), 3}, generator, at::TensorOptions().dtype(at::kDouble));
    for (std::int64_t i = 0; i < m_fields.size(0); ++i) {
        const auto e =
            expose(i, drawSeverity(m_recipe, u[i][0].item<double>(), u[i][1].item<double>()),
                   drawPhotons(m_recipe, u[i][2].item<double>()));
        const at::Tensor scaled =
            m_recipe.task->clean(e.layers) * (m_recipe.camera.greyPerPhoton() / e.unit);
        for (int c = 0; c < channels; ++c) {
            m_targetMean[c] += scaled[c].mean().item<double>() / m_fields.size(0);
            square[c] += scaled[c].square().mean().item<double>() / m_fields.size(0);
        }
    }
    for (int c = 0; c < channels; ++c) {
        m_targetStd.push_back(std::sqrt(square[c] - m_targetMean[c] * m_targetMean[c]));
    }
}

at::Tensor FieldPool::levelOf(const Exposure& e, const at::Tensor& layers, double time) const {
    const at::Tensor level = m_recipe.task->seen(layers, time * e.severity).unsqueeze(0);
    const double mean = (1 - time) * m_targetMean[0] + time * e.mean / e.std;
    const double std = (1 - time) * m_targetStd[0] + time;
    return (level * (m_recipe.camera.greyPerPhoton() / e.std) - mean) / std;
}

Batch FieldPool::draw(const PatchSettings& settings, std::uint64_t stream) const {
    auto generator = tensor::makeGenerator(trainingSeed(m_recipe), stream);
    const auto& camera = m_recipe.camera;
    const auto& task = *m_recipe.task;
    const double grey = camera.greyPerPhoton();
    const auto size = m_fields.size(2);
    const int channels = task.channels(), patch = settings.patch;
    std::vector<at::Tensor> ys, xs, states;
    std::vector<float> severities, times;
    std::vector<nn::NoiseModel> noises;
    const auto& noise = m_recipe.package.camera;
    const auto mean = at::tensor(m_targetMean, at::kFloat).view({channels, 1, 1});
    const auto std = at::tensor(m_targetStd, at::kFloat).view({channels, 1, 1});
    for (int i = 0; i < settings.batch; ++i) {
        const auto u = at::rand({8}, generator, at::TensorOptions().dtype(at::kDouble));
        const auto* r = tensor::constData<double>(u);
        const auto& own = settings.severities;
        const double severity = own ? own->first + r[1] * (own->second - own->first)
                                    : drawSeverity(m_recipe, r[1], r[2]);
        const auto e = expose(static_cast<std::int64_t>(r[0] * m_fields.size(0)), severity,
                              drawPhotons(m_recipe, r[3]));
        // Most of a sparse field is empty: of three places take the one with the most variance, now
        // and then the first whatever it holds.
        at::Tensor layers;
        double best = -1;
        for (int tries = 0; tries < (r[7] < 0.25 ? 1 : 3); ++tries) {
            const auto place = at::randint(size - patch + 1, {2}, generator, at::kLong);
            const auto y = place[0].item<std::int64_t>(), x = place[1].item<std::int64_t>();
            const at::Tensor candidate = e.layers.slice(1, y, y + patch).slice(2, x, x + patch);
            const double variance = task.seen(candidate, severity).var(false).item<double>();
            if (variance > best) {
                best = variance;
                layers = candidate;
            }
        }
        if (r[4] < 0.5) layers = layers.flip({2});
        if (r[5] < 0.5) layers = layers.flip({1});
        if (r[6] < 0.5) layers = layers.transpose(1, 2);
        const at::Tensor image =
            physics::expose(task.seen(layers, severity), camera, generator) - camera.offset;
        const double zero = m_recipe.package.fromDark ? 0 : e.mean;
        ys.push_back(((image - zero) / e.std).unsqueeze(0));
        xs.push_back((task.clean(layers) * (grey / e.unit) - mean) / std);
        severities.push_back(static_cast<float>(severity));
        noises.push_back({noise.variance / (e.std * e.std), noise.gain / e.std, -zero / e.std});
        if (!settings.states) continue;
        // A fifth of them at the end, where every restoration starts; the others stratified.
        const double v =
            at::rand({1}, generator, at::TensorOptions().dtype(at::kDouble))[0].item<double>();
        const double time = std::min(1.0, 1.25 * (i + 1 - v) / settings.batch);
        const at::Tensor added = ys.back() - levelOf(e, layers, 1);
        states.push_back(levelOf(e, layers, time) + time * added);
        times.push_back(static_cast<float>(time));
    }
    Batch batch{at::stack(ys),          at::stack(xs), at::tensor(severities), {}, {},
                nn::noiseModels(noises)};
    if (settings.states) batch.time = at::tensor(times), batch.state = at::stack(states);
    return batch;
}

namespace {

HeldOutField exposed(const Recipe& recipe, const at::Tensor& layers, double severity,
                     double photons, at::Generator& generator, const at::Tensor& psf = {}) {
    HeldOutField field;
    field.severity = severity;
    field.psf = psf;
    at::Tensor seen = recipe.task->seen(layers, severity);
    if (psf.defined()) {
        const auto margin = psf.size(0);
        const at::Tensor image = sampling::mirrored(seen.unsqueeze(0).unsqueeze(0), margin);
        const at::Tensor blurred = physics::Blur(psf).apply(image, at::ones({1}));
        seen = sampling::withoutMargin(blurred, margin)[0][0].clamp_min(0).contiguous();
    }
    const double scale = photonScale(seen, photons);
    field.degraded = physics::expose(seen * scale, recipe.camera, generator);
    field.truth = recipe.task->clean(layers) * (scale * recipe.camera.greyPerPhoton());
    return field;
}

}  // namespace

namespace {

HeldOutField heldOut(const Recipe& recipe, std::uint64_t firstSeed, int index, bool blurred) {
    const std::uint64_t seed = firstSeed + static_cast<std::uint64_t>(index);
    auto generator = tensor::makeGenerator(seed, 0x4e1d);
    const auto u = at::rand({3}, generator, at::TensorOptions().dtype(at::kDouble));
    auto optics = simulation::fieldOptics(recipe.field, seed);
    optics.na = recipe.deblurNa;
    const auto psf = [&] {
        const auto plane = physics::psfAt(optics, {0}, 2 * physics::psfRadius(optics, 0) + 1)[0];
        return plane / plane.sum();
    };
    auto field = exposed(recipe, simulateLayers(recipe, seed),
                         drawSeverity(recipe, u[0].item<double>(), u[1].item<double>()),
                         drawPhotons(recipe, u[2].item<double>()), generator,
                         blurred ? psf() : at::Tensor());
    field.seed = seed;
    return field;
}

}  // namespace

HeldOutField heldOutField(const Recipe& recipe, std::uint64_t firstSeed, int index) {
    return heldOut(recipe, firstSeed, index, false);
}

HeldOutField heldOutBlurred(const Recipe& recipe, std::uint64_t firstSeed, int index) {
    return heldOut(recipe, firstSeed, index, true);
}

std::vector<HeldOutField> heldOutSeries(const Recipe& recipe, std::uint64_t firstSeed, int index,
                                        const std::vector<double>& severities) {
    const std::uint64_t seed = firstSeed + static_cast<std::uint64_t>(index);
    auto generator = tensor::makeGenerator(seed, 0x5e41e5);
    const at::Tensor layers = simulateLayers(recipe, seed);
    std::vector<HeldOutField> series;
    for (const double severity : severities) {
        const auto u = at::rand({1}, generator, at::TensorOptions().dtype(at::kDouble));
        series.push_back(
            exposed(recipe, layers, severity, drawPhotons(recipe, u.item<double>()), generator));
        series.back().seed = seed;
    }
    return series;
}

}  // namespace posteria::training
