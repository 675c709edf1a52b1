#include "core/training/trainer.h"

#include <chrono>
#include <cmath>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/nn/ladder_vae.h"
#include "core/nn/safetensors.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"
#include "core/training/role.h"

namespace posteria::training {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double kSaveSeconds = 120;
constexpr double kLossMemory = 0.995;  // 200 steps

double seconds(Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
}

nn::NamedTensors prefixed(const nn::NamedTensors& tensors, const std::string& prefix) {
    nn::NamedTensors result;
    for (const auto& [name, tensor] : tensors)
        result.emplace(prefix + name, tensor);
    return result;
}

nn::NamedTensors withPrefix(const nn::NamedTensors& tensors, const std::string& prefix) {
    nn::NamedTensors result;
    for (const auto& [name, tensor] : tensors) {
        if (name.rfind(prefix, 0) == 0) result.emplace(name.substr(prefix.size()), tensor);
    }
    return result;
}

// The one-shot network is not trained here: it is given.
at::Tensor flowGuide(const nn::Model& model, const Batch& batch) {
    if (!model.drawsAroundMean()) return batch.y;
    torch::NoGradGuard guard;
    return model.guide(batch.y, model.oneShot(batch.y, batch.severity));
}

// Noise for a batch, [N, C, P, P]: one field of that spectrum, cut up.
at::Tensor patchesOfNoise(at::IntArrayRef shape, const sampling::NoiseSpectrum& spectrum,
                          at::Generator& generator) {
    if (spectrum.reach() == 0) return tensor::normal(shape, generator);
    const auto patch = shape[2],
               columns = static_cast<std::int64_t>(std::ceil(std::sqrt(shape[0])));
    const auto rows = (shape[0] + columns - 1) / columns, around = 2 * spectrum.reach();
    const at::Tensor field = spectrum.colour(
        tensor::normal({shape[1], rows * patch + around, columns * patch + around}, generator));
    return field.view({shape[1], rows, patch, columns, patch})
        .permute({1, 3, 0, 2, 4})
        .reshape({rows * columns, shape[1], patch, patch})
        .slice(0, 0, shape[0]);
}

std::map<std::string, std::string> metadataOf(const TrainingRecord& record) {
    return {{"step", std::to_string(record.steps)},
            {"seconds", std::to_string(record.seconds)},
            {"loss", std::to_string(record.loss)},
            {"guide", record.guide}};
}

constexpr double kFreeBits = 1;  // nats an image and level, as HDN's

// Noise levels evenly on a logarithmic scale, stratified over the batch; errors in the units of
// what the network predicts, so that all levels count alike.
at::Tensor priorLoss(const nn::Model& model, const at::Tensor& x, at::Generator& generator) {
    using nn::Model;
    const auto n = x.size(0);
    const at::Tensor u =
        (at::arange(n, at::kFloat) + at::rand({n}, generator, at::TensorOptions())) /
        static_cast<double>(n);
    const at::Tensor sigma =
        (Model::kLowestNoise * at::exp(u * std::log(Model::kHighestNoise / Model::kLowestNoise)))
            .to(x.device());
    const at::Tensor s = sigma.view({-1, 1, 1, 1});
    const at::Tensor noisy = x + s * tensor::normal(x.sizes(), generator).to(x.device());
    const at::Tensor error = model.denoise(noisy, sigma) - x;
    return (error.square() * (1 + s.square().reciprocal())).mean();
}

}  // namespace

at::Tensor roleLoss(const nn::Model& model, const std::string& role, const Batch& batch,
                    const sampling::NoiseSpectrum& spectrum, std::uint64_t seed,
                    std::uint64_t stream) {
    if (role == "oneshot") return at::mse_loss(model.oneShot(batch.y, batch.severity), batch.x);
    if (role == "severity") return at::mse_loss(model.severity(batch.y), batch.severity);
    if (role == "restore")
        return at::mse_loss(model.restore(batch.state, batch.y, batch.time), batch.x);
    if (role == "degrade")
        return at::mse_loss(model.degrade(batch.x, batch.y, batch.time), batch.state);
    if (role == "degrade-alone")
        return at::mse_loss(model.degradeAlone(batch.x, batch.time), batch.state);
    auto generator = tensor::makeGenerator(seed, stream ^ 0x70a15e);
    if (role == "prior") return priorLoss(model, batch.x, generator);
    if (role == "hdn") {
        const auto terms = model.network("hdn").ladder().forward(batch.y, generator);
        return nn::negativeElbo(batch.y, terms, batch.noise, kFreeBits);
    }
    const auto n = batch.x.size(0);
    // Stratified over the batch: the loss then hangs less on which times were drawn.
    const auto device = batch.x.device();
    const at::Tensor tau =
        ((at::arange(n, at::kFloat) + at::rand({n}, generator, at::TensorOptions())) /
         static_cast<double>(n))
            .to(device);
    const at::Tensor noise = patchesOfNoise(batch.x.sizes(), spectrum, generator).to(device);
    const at::Tensor t = tau.view({-1, 1, 1, 1});
    if (role == "velocity") {
        const at::Tensor guide = flowGuide(model, batch);
        const at::Tensor end = model.toFlow(batch.x, guide);
        const at::Tensor xt = (1 - t) * noise + t * end;
        const at::Tensor error =
            (model.velocity(xt, guide, tau, batch.severity) - (end - noise)).square();
        if (!model.drawsAroundMean()) return error.mean();
        const at::Tensor weight = model.deviation(guide.slice(1, 1));
        return (error * weight / weight.mean(at::IntArrayRef{0, 2, 3}, true)).mean();
    }
    if (role == "indi") {
        const at::Tensor xt = (1 - t) * batch.x + t * (batch.y + model.package().indiNoise * noise);
        return at::mse_loss(model.indi(xt, tau), batch.x);
    }
    throw Error(ErrorKind::Usage, "There is no training for the role '" + role + "'.");
}

void visitLoop(const nn::Model& model, Batch& batch, std::uint64_t seed, std::uint64_t stream) {
    torch::NoGradGuard guard;
    auto generator = tensor::makeGenerator(seed, stream ^ 0x100b);
    const auto restorations = at::randint(1, 4, {1}, generator, at::kLong).item<std::int64_t>();
    const auto every = [](const at::Tensor& all) { return all.slice(0, 1, c10::nullopt, 2); };
    const at::Tensor y = every(batch.y), end = every(batch.time);
    at::Tensor x = y, time = at::ones_like(end);
    for (std::int64_t i = 1; i <= restorations; ++i) {
        const at::Tensor x0 = model.restore(x, y, time);
        const at::Tensor next = 1 - (1 - end) * (static_cast<double>(i) / restorations);
        x = x - model.degrade(x0, y, time) + model.degrade(x0, y, next);
        time = next;
    }
    every(batch.state).copy_(x);
}

struct Trainer::State {
    nn::Model& model;
    const FieldPool& pool;
    const NetworkRecipe& recipe;
    std::string role, checkpoint, guide;
    sampling::NoiseSpectrum spectrum;
    nn::NamedTensors weights, average, first, second;  // first and second: Adam's moments
    std::int64_t step = 0;
    double seconds = 0, loss = -1, drawShare = 0;

    double learningRate(std::int64_t steps) const {
        const double warm = std::min(1.0, (step + 1.0) / std::max<std::int64_t>(1, recipe.warmup));
        const double done = std::min(1.0, static_cast<double>(step) / steps);
        const double cosine = 0.5 * (1 + std::cos(M_PI * done));
        return warm * (recipe.finalLearningRate +
                       (recipe.learningRate - recipe.finalLearningRate) * cosine);
    }
    // Whether the last `share` of so many steps has begun; a share of 0 never does.
    bool isInLast(double share, std::int64_t steps) const {
        return share > 0 && step >= (1 - share) * static_cast<double>(steps);
    }

    // Decoupled weight decay (Loshchilov & Hutter 2019); norms and biases are not decayed.
    void update(double rate) {
        torch::NoGradGuard guard;
        double square = 0;
        for (auto& [name, w] : weights)
            square += w.grad().square().sum().item<double>();
        const double clip = std::min(1.0, recipe.clipNorm / (std::sqrt(square) + 1e-12));
        const double beta1 = 0.9, beta2 = 0.99, n = static_cast<double>(step + 1);
        const double correction = std::sqrt(1 - std::pow(beta2, n)) / (1 - std::pow(beta1, n));
        const double ema = std::min(recipe.ema, (1.0 + step) / (10.0 + step));
        for (auto& [name, weight] : weights) {
            at::Tensor w = weight;
            const at::Tensor g = w.grad() * clip;
            first[name].lerp_(g, 1 - beta1);
            second[name].mul_(beta2).addcmul_(g, g, 1 - beta2);
            if (w.dim() > 1) w.mul_(1 - rate * recipe.weightDecay);
            w.addcdiv_(first[name], second[name].sqrt().add_(1e-8), -rate * correction);
            average[name].lerp_(w, 1 - ema);
            w.mutable_grad().zero_();
        }
    }

    void save() const {
        nn::NamedTensors all = prefixed(weights, "weight:");
        all.merge(prefixed(average, "average:"));
        all.merge(prefixed(first, "first:"));
        all.merge(prefixed(second, "second:"));
        nn::writeSafetensors(checkpoint, all, at::kFloat, metadataOf({step, seconds, loss, guide}));
    }

    void load() {
        const auto all = nn::readSafetensors(checkpoint);
        model.network(role).setWeights(withPrefix(all, "weight:"));
        for (auto& [name, weight] : weights) {
            average[name] = all.at("average:" + name).to(weight.device());
            first[name] = all.at("first:" + name).to(weight.device());
            second[name] = all.at("second:" + name).to(weight.device());
        }
        auto numbers = nn::readSafetensorsMetadata(checkpoint);
        step = std::stoll(numbers["step"]);
        seconds = std::stod(numbers["seconds"]);
        loss = std::stod(numbers["loss"]);
    }
};

Trainer::Trainer(nn::Model& model, const FieldPool& pool, std::string role, std::string checkpoint,
                 bool resume, std::string guide)
    : m_state(new State{model,
                        pool,
                        pool.recipe().network(role),
                        role,
                        checkpoint,
                        guide,
                        sampling::NoiseSpectrum(model.package().residualSpectrum),
                        {},
                        {},
                        {},
                        {}}) {
    auto& s = *m_state;
    auto& network = model.network(role);
    s.weights = network.weights();
    for (const auto& [name, w] : s.weights) {
        s.average[name] = w.detach().clone();
        s.first[name] = at::zeros_like(w.detach());
        s.second[name] = at::zeros_like(w.detach());
    }
    if (resume && std::filesystem::exists(checkpoint)) s.load();
    network.setTraining(true);
}

Trainer::~Trainer() = default;

std::int64_t Trainer::stepsDone() const {
    return m_state->step;
}
double Trainer::secondsDone() const {
    return m_state->seconds;
}
double Trainer::drawShare() const {
    return m_state->drawShare;
}
double Trainer::loss() const {
    return m_state->loss;
}

void Trainer::run(const TrainingLimits& limits, const CancelToken& token,
                  const std::function<void(const TrainingProgress&)>& progress) {
    auto& s = *m_state;
    const auto start = Clock::now();
    const double before = s.seconds;
    const std::int64_t first = s.step, steps = limits.steps > 0 ? limits.steps : s.recipe.steps;
    double saved = 0, drawing = 0;
    const auto device = s.weights.begin()->second.device();
    const auto seed = trainingSeed(s.pool.recipe());
    PatchSettings patches{s.recipe.batch, s.recipe.patch, {}, learnsStates(s.role)};
    if (s.role == "severity") patches.severities = {s.recipe.minSeverity, s.recipe.maxSeverity};
    while (s.step < steps && !token.cancelled()) {
        const double elapsed = seconds(start);
        // With a time limit the decay follows the clock, so that training ends with small steps.
        std::int64_t horizon = steps;
        if (limits.seconds > 0) {
            if (elapsed >= limits.seconds) break;
            if (s.step > first + 20) {
                const double rate = (s.step - first) / elapsed;
                horizon = std::min<std::int64_t>(
                    steps, first + static_cast<std::int64_t>(rate * limits.seconds));
            }
        }
        const auto stream = static_cast<std::uint64_t>(s.step);
        // A clock that runs out may put the horizon at this very step.
        if (s.isInLast(s.recipe.finalShare, horizon)) {
            patches.batch = s.recipe.finalBatch;
            patches.patch = s.recipe.finalPatch;
        }
        const auto drawn = Clock::now();
        Batch batch = s.pool.draw(patches, stream);
        drawing += seconds(drawn);
        for (auto* tensor :
             {&batch.y, &batch.x, &batch.severity, &batch.time, &batch.state, &batch.noise})
            if (tensor->defined()) *tensor = tensor->to(device);
        if (s.isInLast(s.recipe.loopShare, horizon)) visitLoop(s.model, batch, seed, stream);
        const at::Tensor loss = roleLoss(s.model, s.role, batch, s.spectrum, seed, stream);
        loss.backward();
        const double value = loss.item<double>();
        if (!std::isfinite(value)) {
            throw Error(
                ErrorKind::Failed, "The training diverged at step " + std::to_string(s.step) + ".",
                s.checkpoint, "Lower the learning rate and resume from the last checkpoint.");
        }
        s.update(s.learningRate(std::max<std::int64_t>(1, horizon)));
        s.loss = s.loss < 0 ? value : s.loss * kLossMemory + value * (1 - kLossMemory);
        ++s.step;
        s.seconds = before + seconds(start);
        if (elapsed - saved > kSaveSeconds) {
            s.save();
            saved = elapsed;
        }
        const double left = (seconds(start) / (s.step - first)) * (horizon - s.step);
        progress({s.role, s.step, horizon, s.loss, left});
    }
    s.drawShare = drawing / std::max(seconds(start), 1e-9);
    // Without a step nothing was learned, not even beside another guide.
    if (s.step > first) s.save();
}

void writeCheckpoint(const std::string& path, const nn::NamedTensors& weights,
                     const TrainingRecord& record) {
    nn::NamedTensors all = prefixed(weights, "weight:");
    all.merge(prefixed(weights, "average:"));
    for (const auto& [name, weight] : weights) {
        all.emplace("first:" + name, at::zeros_like(weight));
        all.emplace("second:" + name, at::zeros_like(weight));
    }
    nn::writeSafetensors(path, all, at::kFloat, metadataOf(record));
}

nn::NamedTensors averagedWeights(const std::string& checkpoint) {
    return withPrefix(nn::readSafetensors(checkpoint), "average:");
}

}  // namespace posteria::training
