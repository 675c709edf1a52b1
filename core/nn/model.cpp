#include "core/nn/model.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/nn/ladder_vae.h"
#include "core/nn/radial_filter.h"
#include "core/nn/residual_gain.h"
#include "core/nn/safetensors.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

namespace {

at::Tensor perImage(const at::Tensor& values) {
    return values.view({-1, 1, 1, 1});
}

at::Tensor perChannel(const std::vector<double>& values, const at::Tensor& like) {
    return at::tensor(values, at::TensorOptions().dtype(at::kFloat).device(like.device()))
        .view({-1, 1, 1});
}

// Samples around the mean need the network that gives the mean, and the room for it in the other.
void checkFlow(const package::ModelPackage& package) {
    const auto* velocity = package.network("velocity");
    if (!velocity) return;
    const auto channels = static_cast<int>(package.outputs.size());
    const bool around = !package.residualVariance.empty();
    if (velocity->inChannels != (around ? 2 : 1) * channels + 1 ||
        (around && !package.network("oneshot"))) {
        throw Error(ErrorKind::Model, "The model's velocity network does not fit its outputs.",
                    package.folder, "Train the package again.");
    }
}

// A prior takes and gives clean channels, a ladder what the camera saw.
void checkUnconditional(const package::ModelPackage& package) {
    const auto channels = static_cast<int>(package.outputs.size());
    const auto* prior = package.network("prior");
    const auto* hdn = package.network("hdn");
    const bool priorFits = !prior || (prior->inChannels == channels &&
                                      prior->outChannels == channels && prior->conditions == 1);
    const bool hdnFits = !hdn || (channels == 1 && hdn->architecture == "ladder" &&
                                  hdn->inChannels == 1 && hdn->outChannels == 1);
    if (!priorFits || !hdnFits) {
        throw Error(ErrorKind::Model,
                    "The model's network '" + std::string(priorFits ? "hdn" : "prior") +
                        "' does not fit its outputs.",
                    package.folder, "Train the package again.");
    }
}

}  // namespace

double severityScale(const std::vector<double>& table, double severity) {
    if (table.size() < 2) return 1;
    const double place = std::clamp(severity, 0.0, 1.0) * static_cast<double>(table.size() - 1);
    const auto low = std::min(static_cast<std::size_t>(place), table.size() - 2);
    const double share = place - static_cast<double>(low);
    return table[low] * (1 - share) + table[low + 1] * share;
}

Normalisation Normalisation::of(const at::Tensor& plane, const package::ModelPackage& package,
                                std::optional<double> cameraOffset) {
    const at::Tensor values = plane.to(at::kDouble);
    return of(values.mean().item<double>(), values.std(false).item<double>(), package,
              cameraOffset);
}

Normalisation Normalisation::of(double mean, double std, const package::ModelPackage& package,
                                std::optional<double> cameraOffset) {
    Normalisation n;
    n.inputMean = mean;
    n.inputStd = std;
    if (!std::isfinite(n.inputMean) || !std::isfinite(n.inputStd)) {
        throw Error(ErrorKind::Input, "The image holds values that are not numbers.", {},
                    "Replace them, or choose a region without them.");
    }
    if (package.fromDark) n.inputMean = cameraOffset.value_or(package.camera.offset);
    n.inputStd = std::max(n.inputStd, 1e-6);  // an empty plane stays empty
    n.cleanUnit = n.inputStd;
    n.targetMean = package.targetMean;
    n.targetStd = package.targetStd;
    return n;
}

Normalisation Normalisation::at(double severity, const package::ModelPackage& package) const {
    Normalisation n = *this;
    n.cleanUnit = inputStd * severityScale(package.severityScale, severity);
    return n;
}

at::Tensor Normalisation::input(const at::Tensor& grey) const {
    return (grey - inputMean) / inputStd;
}

at::Tensor Normalisation::target(const at::Tensor& grey) const {
    return (grey / cleanUnit - perChannel(targetMean, grey)) / perChannel(targetStd, grey);
}

at::Tensor Normalisation::targetToGrey(const at::Tensor& normalised) const {
    return (normalised * perChannel(targetStd, normalised) + perChannel(targetMean, normalised)) *
           cleanUnit;
}

at::Tensor Normalisation::stateToGrey(const at::Tensor& state, double time) const {
    const at::Tensor std = (1 - time) * cleanUnit * perChannel(targetStd, state) + time * inputStd;
    const at::Tensor mean =
        (1 - time) * cleanUnit * perChannel(targetMean, state) + time * inputMean;
    return state * std + mean;
}

Model::Model(package::ModelPackage package, std::uint64_t seed) : m_package(std::move(package)) {
    for (const auto& spec : m_package.networks) {
        m_networks.push_back(std::make_unique<Network>(spec, seed + m_networks.size()));
    }
}

std::unique_ptr<Model> Model::load(const package::ModelPackage& package) {
    package::checkPackage(package);
    checkFlow(package);
    checkUnconditional(package);
    auto model = std::make_unique<Model>(package, 0);
    for (auto& network : model->m_networks) {
        network->setWeights(readSafetensors(package.folder + "/" + network->spec().file));
        network->setTraining(false);
    }
    return model;
}

bool Model::has(const std::string& role) const {
    return m_package.network(role) != nullptr;
}

const Network& Model::network(const std::string& role) const {
    const auto found = std::find_if(m_networks.begin(), m_networks.end(),
                                    [&](const auto& n) { return n->spec().role == role; });
    if (found == m_networks.end()) {
        throw Error(ErrorKind::Model, "The model has no network for the role '" + role + "'.",
                    m_package.name, "Choose a sampler that the model lists.");
    }
    return **found;
}

Network& Model::network(const std::string& role) {
    return const_cast<Network&>(std::as_const(*this).network(role));
}

void Model::to(const c10::Device& device, at::ScalarType type) {
    for (auto& network : m_networks)
        network->to(device, type);
}

at::Tensor Model::oneShot(const at::Tensor& y, const at::Tensor& severity) const {
    at::Tensor mean = network("oneshot").forward(y, severity.unsqueeze(1));
    if (m_package.fromDark) {
        mean =
            mean + (y - perChannel(m_package.targetMean, y)) / perChannel(m_package.targetStd, y);
    }
    return m_package.meanGain.empty() ? mean : radiallyFiltered(mean, m_package.meanGain);
}

at::Tensor Model::guide(const at::Tensor& y, const at::Tensor& mean) const {
    return drawsAroundMean() ? at::cat({y, mean}, 1) : y;
}

at::Tensor Model::toFlow(const at::Tensor& x, const at::Tensor& guide) const {
    if (!drawsAroundMean()) return x;
    const at::Tensor mean = guide.slice(1, 1);
    return (x - mean) / deviation(mean);
}

std::vector<RadialGain> Model::residualGains(const at::Tensor& mean) const {
    if (m_package.residualGain.empty()) return {};
    return gainsFor(m_package.residualGain, mean);
}

at::Tensor Model::fromFlow(const at::Tensor& x1, const at::Tensor& guide,
                           const at::Tensor& deviation,
                           const std::vector<RadialGain>& gains) const {
    if (!drawsAroundMean()) return x1;
    const at::Tensor mean = guide.slice(1, 1);
    const at::Tensor departure = x1 * (deviation.defined() ? deviation : this->deviation(mean));
    if (m_package.residualGain.empty()) return mean + departure;
    std::vector<at::Tensor> images;
    for (std::int64_t i = 0; i < mean.size(0); ++i) {
        const auto own = gains.empty() ? residualGains(mean[i]) : gains;
        images.push_back(mean[i] + radiallyFiltered(departure[i].unsqueeze(0), own)[0]);
    }
    return at::stack(images);
}

at::Tensor Model::brightness(const at::Tensor& mean) const {
    at::Tensor clean =
        mean * perChannel(m_package.targetStd, mean) + perChannel(m_package.targetMean, mean);
    clean = clean.clamp_min(0);
    for (int i = 0; i < 3; ++i)  // nearly a Gaussian of 1.4 pixels
        clean = at::avg_pool2d(clean, 3, 1, 1, false, false);
    return clean.pow(1.25);
}

at::Tensor Model::deviation(const at::Tensor& mean) const {
    const at::Tensor light = brightness(mean);
    std::vector<at::Tensor> channels;
    for (const auto& v : m_package.residualVariance) {
        const std::vector<double> factors(v.begin() + 1, v.end());
        channels.push_back((light * perChannel(factors, light)).sum(1) + v[0]);
    }
    return at::stack(channels, 1).sqrt();
}

at::Tensor Model::velocity(const at::Tensor& x, const at::Tensor& guide, const at::Tensor& tau,
                           const at::Tensor& severity) const {
    const at::Tensor t = perImage(tau);
    const at::Tensor b = ((1 - t).square() + t.square()).rsqrt();
    const at::Tensor inner =
        network("velocity").forward(at::cat({x * b, guide}, 1), at::stack({tau, severity}, 1));
    return x * ((2 * t - 1) * b.square()) + inner * b;
}

at::Tensor Model::indi(const at::Tensor& xt, const at::Tensor& time) const {
    return network("indi").forward(xt, time.unsqueeze(1));
}

at::Tensor Model::restore(const at::Tensor& xt, const at::Tensor& y, const at::Tensor& time) const {
    return xt + perImage(time) * network("restore").forward(at::cat({xt, y}, 1), time.unsqueeze(1));
}

at::Tensor Model::degrade(const at::Tensor& x, const at::Tensor& y, const at::Tensor& time) const {
    const at::Tensor t = perImage(time);
    const at::Tensor bend = network("degrade").forward(at::cat({x, y}, 1), time.unsqueeze(1));
    return x + t * (y - x) + t * (1 - t) * bend;
}

at::Tensor Model::degradeAlone(const at::Tensor& x, const at::Tensor& time) const {
    return x + perImage(time) * network("degrade-alone").forward(x, time.unsqueeze(1));
}

at::Tensor Model::denoise(const at::Tensor& noisy, const at::Tensor& sigma) const {
    const at::Tensor level = at::log(sigma / kLowestNoise) / std::log(kHighestNoise / kLowestNoise);
    const at::Tensor s = perImage(sigma);
    const at::Tensor scale = (1 + s.square()).rsqrt();
    const at::Tensor inner =
        network("prior").forward(noisy * scale, level.clamp(0, 1).unsqueeze(1));
    return noisy * scale.square() + s * scale * inner;
}

at::Tensor Model::hdn(const at::Tensor& y, const std::vector<at::Tensor>& noise) const {
    return network("hdn").ladder().sample(y, noise);
}

at::Tensor Model::severity(const at::Tensor& y) const {
    // An estimate and a weight at every place; places without signal learn to weigh little.
    const at::Tensor map = network("severity").forward(y, y.new_empty({y.size(0), 0}));
    const at::Tensor weight = at::softplus(map.select(1, 1)) + 1e-4;
    return (at::sigmoid(map.select(1, 0)) * weight).sum({1, 2}) / weight.sum({1, 2});
}

}  // namespace posteria::nn
