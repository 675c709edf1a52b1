#include "core/engine/restoration.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/engine/parts.h"
#include "core/engine/residual.h"
#include "core/engine/severity.h"
#include "core/engine/signal_tiles.h"
#include "core/engine/trust_facts.h"
#include "core/nn/input_check.h"
#include "core/tensor/convert.h"
#include "core/tensor/device.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

constexpr double kPartialSeconds = 0.3;  // at least between two partial snapshots
constexpr double kPartialShare = 0.04;   // of the time that making them may take
constexpr double kSaturatedShare = 1e-3;

double secondsSince(std::chrono::steady_clock::time_point then) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

// Degraded image and guide of every plane: 1 + 1 + C channels of float32.
std::uint64_t preparedBytes(const Plan& plan) {
    const auto pixels = static_cast<std::uint64_t>(plan.window.width * plan.window.height);
    return 4 * pixels * plan.planes.size() * (2 + 2 * plan.channels.size() / plan.c.size());
}

// The pixels of `rect` of a [C, H, W] window on the plane.
at::Tensor croppedTo(const at::Tensor& window, const image::Rect& rect, const image::Rect& of) {
    const auto top = rect.y - of.y, left = rect.x - of.x;
    return window.slice(1, top, top + rect.height).slice(2, left, left + rect.width);
}

image::Plane planeOfNothing(std::int64_t width, std::int64_t height) {
    void* memory = nullptr;
    auto plane = image::Plane::allocate(image::PixelType::Float32, width, height, &memory);
    std::fill_n(static_cast<float*>(memory), plane.size(), std::numeric_limits<float>::quiet_NaN());
    return plane;
}

}  // namespace

Restoration::Restoration(const nn::Model& model, const c10::Device& device,
                         const RestorationRequest& request, RunObserver& observer,
                         const CancelToken& token, std::uint64_t memoryBytes,
                         std::uint64_t deviceBytes)
    : m_model(model),
      m_device(device),
      m_request(request),
      m_observer(observer),
      m_token(token),
      m_memoryBytes(memoryBytes),
      m_whole(makePlan(request, model.package(), device, deviceBytes)),
      m_plan(m_whole),
      m_input(request.input, m_whole.roi, model.package(), request.cameraOffset, token),
      m_forward(request, model.package(), m_whole.sampler.name),
      m_start(Clock::now()) {
    if (drawsFlow()) m_spectrum = sampling::NoiseSpectrum(model.package().residualSpectrum);
    m_report.appVersion = kVersion;
    m_report.torchVersion = tensor::kTorchVersion;
    m_report.model = model.package().name;
    m_report.modelSha256 = package::packageSha256(model.package());
    m_report.sampler = m_plan.sampler.name;
    m_report.device = device.str();
    m_report.steps = m_plan.sampler.steps;
    m_report.samples = m_plan.sampler.samples;
    m_report.threads = at::get_num_threads();
    m_report.seed = request.seed;
    m_report.warnings = m_plan.warnings;
}

const Restoration::PreparedPlane& Restoration::prepare(std::size_t plane) {
    auto& prepared = m_prepared[plane];
    if (prepared.y.defined()) return prepared;
    const auto& index = m_plan.planes[plane];
    warnIfSaturated(index);
    prepared.normalisation = m_input.normalisation(index);
    prepared.y = m_input.read(index, m_plan.window);
    return prepared;
}

void Restoration::warnIfSaturated(const image::PlaneIndex& plane) {
    const double share = m_input.statistics(plane).saturated;
    if (m_saturationTold || share <= kSaturatedShare) return;
    m_saturationTold = true;
    m_report.warnings.push_back(
        "Some pixels are saturated (" + std::to_string(100 * share).substr(0, 4) +
        " %): their true intensity is lost, and the result is too dark there.");
}

// The most unusual channel's median over its tiles with signal.
void Restoration::compareInput() {
    constexpr std::size_t kMostTiles = 16;
    const auto& usual = m_model.package().inputStatistics;
    if (usual.mean.empty() || usual.limit <= 0) return;
    double most = -1;
    for (const auto channel : m_whole.c) {
        std::vector<at::Tensor> tiles;
        for (const auto p : m_whole.planesToJudge(channel)) {
            const auto& plane = m_whole.planes[p];
            warnIfSaturated(plane);
            for (const auto& tile :
                 comparableTiles(m_input.readJudged(plane).unsqueeze(0), usual.side))
                tiles.push_back(tile);
        }
        const auto count = std::min(tiles.size(), kMostTiles);
        std::vector<std::pair<double, std::string>> distances;
        for (std::size_t k = 0; k < count; ++k) {
            m_token.throwIfCancelled();
            const auto& tile = tiles[k * tiles.size() / count];
            const at::Tensor features = nn::inputFeatures(tile[0][0]);
            distances.emplace_back(nn::inputDistance(features, usual),
                                   nn::unusualFeature(features, usual));
        }
        if (distances.empty()) continue;
        const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
        std::nth_element(distances.begin(), middle, distances.end());
        if (middle->first / usual.limit <= most) continue;
        most = middle->first / usual.limit;
        m_report.trust.unusual = middle->second;
    }
    if (most >= 0) m_report.trust.distance = most;
    m_report.inputDistance = most;
    if (most <= 1) return;
    char text[240];
    std::snprintf(text, sizeof text,
                  "The image looks unlike those the model was trained on (%.1f times as far off as "
                  "99 of 100 of them): trust no structure that you cannot see in the input.",
                  most);
    m_report.warnings.emplace_back(text);
}

void Restoration::chooseSeverity() {
    const auto& package = m_model.package();
    m_severity.assign(m_whole.c.size(), package.defaultSeverity);
    if (!m_whole.joint.empty()) return;  // the matrix tells all
    if (m_request.severity) {
        std::fill(m_severity.begin(), m_severity.end(), *m_request.severity);
        m_report.severityEstimated = m_request.severityEstimated;
    } else if (m_model.has("severity")) {
        m_report.severityEstimated = true;
        for (std::size_t i = 0; i < m_whole.c.size(); ++i) {
            m_severity[i] = aggregatedSeverity(
                stackSeverities(m_model, m_whole, m_input, m_whole.c[i], m_device, m_token),
                package);
        }
    } else if (package.minSeverity < package.maxSeverity) {
        m_report.warnings.push_back(
            "How strongly the image is degraded is not known, and this model cannot estimate it: "
            "severity " +
            std::to_string(package.defaultSeverity).substr(0, 4) + " was assumed.");
    }
    for (double t : m_severity) {
        if (t < package.minSeverity || t > package.maxSeverity) {
            m_report.warnings.push_back("The severity " + std::to_string(t).substr(0, 4) +
                                        " lies outside the range the model was trained for.");
        }
        // Of two mixed channels the first is degraded by t, the second by 1 - t.
        for (std::size_t o = 0; o < package.outputs.size(); ++o) {
            m_diagnostics.severity.push_back(package.outputs.size() == 2 && o == 1 ? 1 - t : t);
        }
    }
    m_diagnostics.severityEstimated = m_report.severityEstimated;
    m_report.severity = m_diagnostics.severity;
}

void Restoration::chooseCalibration() {
    if (!m_request.calibrate) return;
    m_calibration = package::readCalibration(m_model.package());
    if (!m_calibration) return;
    if (m_calibration->holdsFor(m_whole.sampler)) {
        m_report.calibrated = true;
        for (const auto& channel : m_calibration->channels) {
            m_report.intervals.push_back(
                {channel.interval68, channel.interval90, channel.conformal90});
            // A promise for images like those it was counted on.
            if (channel.interval90 > 0 && m_report.inputDistance <= 1)
                m_diagnostics.interval90.push_back(channel.interval90);
        }
        return;
    }
    if (m_whole.drawer->noiseFields() > 0) {
        const auto& fitted = m_calibration->sampler;
        m_report.warnings.push_back("The model's calibration holds for " + fitted.name + " with " +
                                    std::to_string(fitted.steps) +
                                    " steps: the uncertainty of this run is not calibrated.");
    }
    m_calibration.reset();
}

void Restoration::calibrate() {
    if (!m_calibration) return;
    const auto outputs = m_model.package().outputs.size();
    std::vector<posterior::LinearCalibration> planes(
        static_cast<std::size_t>(m_plan.resultShape.planes()));
    for (const auto& plane : m_plan.planes) {
        const double unit = m_input.normalisation(plane).inputStd;
        for (std::size_t o = 0; o < outputs; ++o) {
            const auto& channel = m_calibration->channels[o];
            planes[m_plan.resultPlane(plane, o, outputs)] = {channel.scale, channel.offset * unit};
        }
    }
    m_builder->setCalibration(std::move(planes));
}

double Restoration::severityOf(const image::PlaneIndex& plane) const {
    const auto found = std::find(m_plan.c.begin(), m_plan.c.end(), plane.c);
    return m_severity[static_cast<std::size_t>(found - m_plan.c.begin())];
}

Restoration::PlaneFacts& Restoration::factsOf(std::size_t plane) {
    const auto& p = m_plan.planes[plane];
    return m_facts[{p.t, p.c, p.z}];
}

double Restoration::noiseRatio(std::size_t plane) {
    auto& ratio = factsOf(plane).noiseRatio;
    if (ratio == 0 && m_forward.asksForNoise()) {
        ratio = m_forward.noiseRatio(m_input.readJudged(m_plan.planes[plane]),
                                     m_prepared[plane].normalisation);
    } else if (ratio == 0) {
        ratio = 1;
    }
    if (ratio != 1 && !m_noiseTold) {
        m_noiseTold = true;
        char text[160];
        std::snprintf(
            text, sizeof text,
            "The image's noise is %.2g times that of the model's camera: it was estimated "
            "from the image.",
            ratio);
        m_report.warnings.emplace_back(text);
    }
    return ratio;
}

// What the sampler is given: y, the guide of a flow, or light of one or several channels.
at::Tensor Restoration::samplerInput(std::size_t plane) {
    const auto& prepared = m_prepared[plane];
    if (drawsFlow()) return prepared.guide;
    std::vector<at::Tensor> channels{m_forward.input(prepared.y, prepared.normalisation)};
    for (std::size_t i = 1; i < m_plan.joint.size(); ++i) {
        auto other = m_plan.planes[plane];
        other.c = m_plan.joint[i];
        const image::Plane grey = m_request.input->read(other, 0, m_plan.window);
        channels.push_back(
            m_forward.input(prepared.normalisation.input(tensor::fromPlane(grey)).unsqueeze(0),
                            prepared.normalisation));
    }
    return channels.size() == 1 ? channels.front() : at::cat(channels);
}

// One noise field a sample, shared by all planes: sample k is then one coherent stack.
std::uint64_t Restoration::seedOf(std::size_t plane) const {
    if (!m_request.independentNoise) return m_request.seed;
    const auto& shape = m_request.input->shape();
    const auto& p = m_plan.planes[plane];
    const auto number = static_cast<std::uint64_t>((p.t * shape.z + p.z) * shape.c + p.c);
    return m_request.seed + 0x9e37ull * (number + 1);
}

sampling::NoiseField Restoration::noiseField(std::size_t plane, int sample) const {
    const auto stream = static_cast<std::uint64_t>(sample);
    const std::uint64_t seed = seedOf(plane);
    const auto& shape = m_request.input->shape();
    if (m_plan.sampler.name != "hdn") {
        const auto channels = static_cast<std::int64_t>(m_model.package().outputs.size());
        return {seed, stream, channels, shape.y, shape.x, m_plan.window, m_spectrum};
    }
    const auto& spec = *m_model.package().network("hdn");
    std::vector<sampling::NoiseLattice> lattices;
    for (std::size_t level = 0; level < spec.widths.size(); ++level)
        lattices.push_back({spec.latents, spec.fold << level, m_plan.tiles.align});
    return {seed, stream, std::move(lattices), shape.y, shape.x, m_plan.window};
}

sampling::Restorer Restoration::restorer(std::size_t plane) {
    const double severity = severityOf(m_plan.planes[plane]);
    const auto& normalisation = m_prepared[plane].normalisation;
    const auto timed = [this](auto&& call) {
        m_token.throwIfCancelled();
        const auto before = Clock::now();
        at::Tensor result = call();
        if (m_device.is_cuda()) torch::cuda::synchronize();
        m_report.secondsNetwork += secondsSince(before);
        countCall();
        return result;
    };
    const auto fill = [this](const at::Tensor& like, double value) {
        return at::full({like.size(0)}, value,
                        at::TensorOptions().dtype(at::kFloat).device(m_device));
    };
    sampling::Restorer r;
    r.channels = static_cast<int>(m_model.package().outputs.size());
    r.centred = m_model.drawsAroundMean();
    r.mean = [=](const at::Tensor& y) {
        return timed([&] { return m_model.oneShot(y, fill(y, severity)); });
    };
    r.velocity = [=](const at::Tensor& x, const at::Tensor& y, double tau) {
        return timed([&] { return m_model.velocity(x, y, fill(x, tau), fill(x, severity)); });
    };
    const bool indi = sampling::networkRole(m_plan.sampler.name) == "indi";
    r.restore = [=](const at::Tensor& xt, const at::Tensor& y, double t) {
        return timed([&] {
            return indi ? m_model.indi(xt, fill(xt, t)) : m_model.restore(xt, y, fill(xt, t));
        });
    };
    r.degrade = [=](const at::Tensor& x, const at::Tensor& y, double t) {
        return timed([&] {
            return y.defined() ? m_model.degrade(x, y, fill(x, t))
                               : m_model.degradeAlone(x, fill(x, t));
        });
    };
    r.denoise = [=](const at::Tensor& x, double sigma) {
        return timed([&] { return m_model.denoise(x, fill(x, sigma)); });
    };
    const double dark = (m_forward.offset() - normalisation.inputMean) / normalisation.inputStd;
    r.decode = [=](const at::Tensor& y, const std::vector<at::Tensor>& latents) {
        return timed([&] { return m_model.hdn(y, latents) - dark; });
    };
    r.poll = [this] { m_token.throwIfCancelled(); };
    m_forward.describe(r, normalisation, severity, noiseRatio(plane));
    return r;
}

void Restoration::countCall() {
    if (m_report.networkCalls++ == 0) m_firstCall = Clock::now();
    reportProgress();
}

void Restoration::reportProgress() {
    Progress progress;
    progress.sample = m_drawing;
    progress.samples = m_plan.sampler.samples;
    progress.stage = m_stage + (m_stage.empty() ? "Sample " : ", sample ") +
                     std::to_string(m_drawing) + " of " + std::to_string(progress.samples);
    progress.fraction =
        std::min(1.0, static_cast<double>(m_report.networkCalls) /
                          static_cast<double>(std::max<std::int64_t>(1, m_callsExpected)));
    if (m_report.networkCalls > 2) {
        const double perCall =
            secondsSince(m_firstCall) / static_cast<double>(m_report.networkCalls - 1);
        progress.secondsLeft = perCall * static_cast<double>(std::max<std::int64_t>(
                                             0, m_callsExpected - m_report.networkCalls));
    }
    m_observer.onProgress(progress);
}

bool Restoration::drawsFlow() const {
    return sampling::networkRole(m_plan.sampler.name) == "velocity";
}

void Restoration::prepareGuide(std::size_t index) {
    auto& prepared = m_prepared[index];
    if (prepared.guide.defined()) return;
    if (!m_model.drawsAroundMean()) {
        prepared.guide = prepared.y;
        return;
    }
    const auto outputs = static_cast<std::int64_t>(m_model.package().outputs.size());
    const at::Tensor mean = at::zeros({1, outputs, prepared.y.size(1), prepared.y.size(2)});
    prepared.guide = m_model.guide(prepared.y.unsqueeze(0), mean)[0];
    prepared.mean = std::make_unique<sampling::TiledMean>(prepared.y, prepared.guide.slice(0, 1));
}

// Of the plane's mean; of what stands for it where the plane is large or not there as a whole.
std::vector<nn::RadialGain> Restoration::gainsOf(std::size_t index) {
    const auto& plane = m_plan.planes[index];
    if (!m_model.drawsAroundMean() || m_model.package().residualGain.empty()) return {};
    const auto judged = m_input.statistics(plane).judged;
    if (drawsWholePlanes()) {
        const at::Tensor mean = m_prepared[index].guide.slice(0, 1);
        return m_model.residualGains(croppedTo(mean, judged, m_plan.window));
    }
    auto& gains = factsOf(index).gains;
    if (!gains.empty()) return gains;
    ResultPart part;
    part.region = {judged.x - m_plan.roi.x, judged.y - m_plan.roi.y, judged.width, judged.height};
    const Plan own = planOfPart(m_whole, part, true);
    const at::Tensor y = m_input.read(plane, own.window);
    const auto outputs = static_cast<std::int64_t>(m_model.package().outputs.size());
    const at::Tensor mean = at::zeros({outputs, y.size(1), y.size(2)});
    sampling::TiledMean(y, mean).complete(part.region, restorer(index), own.tiles, m_device);
    return gains = m_model.residualGains(croppedTo(mean, judged, own.window));
}

at::Tensor Restoration::drawPlane(std::size_t index, int sample) {
    prepare(index);
    auto& prepared = m_prepared[index];
    prepared.normalisation =
        prepared.normalisation.at(severityOf(m_plan.planes[index]), m_model.package());
    if (drawsFlow()) prepareGuide(index);
    const auto stream = static_cast<std::uint64_t>(sample);
    const auto draw = restorer(index);
    const auto noise = noiseField(index, sample);
    auto& tiles = m_plan.tiles;
    tiles.before = nullptr;
    if (prepared.mean) {
        if (!drawsWholePlanes()) gainsOf(index);
        tiles.before = [&](const image::Rect& rect) {
            if (prepared.mean->complete(rect, draw, tiles, m_device))
                prepared.deviation = at::Tensor();
        };
    }
    return sampling::drawTiledInMemory(
        m_plan.tracer && sample == 0 ? *m_plan.tracer : *m_plan.drawer, draw, samplerInput(index),
        noise, seedOf(index) ^ (stream << 20), tiles, m_device,
        [&](const sampling::PartialPlane& p) { publishPartial(index, p); });
}

at::Tensor Restoration::toGrey(std::size_t index, const at::Tensor& drawn) {
    auto& prepared = m_prepared[index];
    const auto cropped = [&](const at::Tensor& window) {
        return croppedTo(window, m_plan.part, m_plan.window);
    };
    if (m_forward.givesLight()) return cropped(drawn) * prepared.normalisation.inputStd;
    if (!drawsFlow()) return prepared.normalisation.targetToGrey(cropped(drawn));
    const auto& own = m_plan.part;
    constexpr auto kReach = nn::Model::kFlowReach;
    const auto reached =
        image::Rect{own.x - kReach, own.y - kReach, own.width + 2 * kReach, own.height + 2 * kReach}
            .intersected(m_plan.window);
    const at::Tensor guide = croppedTo(prepared.guide, reached, m_plan.window).unsqueeze(0);
    const at::Tensor end = croppedTo(drawn, reached, m_plan.window).unsqueeze(0);
    if (m_model.drawsAroundMean() && !prepared.deviation.defined())
        prepared.deviation = m_model.deviation(guide.slice(1, 1));
    const at::Tensor clean = m_model.fromFlow(end, guide, prepared.deviation, gainsOf(index))[0];
    return prepared.normalisation.targetToGrey(croppedTo(clean, own, reached));
}

const std::vector<image::Plane>& Restoration::drawSample(int sample) {
    m_sample.assign(static_cast<std::size_t>(m_plan.resultShape.planes()), m_nothing);
    const auto outputs = m_model.package().outputs.size();
    for (std::size_t i = 0; i < m_plan.planes.size(); ++i) {
        const at::Tensor drawn = drawPlane(i, sample);
        const at::Tensor grey = toGrey(i, drawn.slice(0, 0, static_cast<std::int64_t>(outputs)));
        if (m_plan.tracer && sample == 0) {
            m_trace.keep(m_plan, i, m_prepared[i].normalisation,
                         croppedTo(drawn, m_plan.part, m_plan.window));
        }
        for (std::size_t o = 0; o < outputs; ++o) {
            m_sample[m_plan.resultPlane(m_plan.planes[i], o, outputs)] =
                tensor::toPlane(grey[static_cast<std::int64_t>(o)]);
        }
        if (!m_hold) m_prepared[i] = {};
    }
    return m_sample;
}

void Restoration::publishPartial(std::size_t index, const sampling::PartialPlane& partial) {
    if (m_inParts || partial.tilesDone == partial.tilesAll ||
        secondsSince(m_lastPartial) < m_partialPause)
        return;
    const auto before = Clock::now();
    const auto outputs = m_model.package().outputs.size();
    const at::Tensor known = partial.weight > 0.999f;
    const at::Tensor grey =
        at::where(known, toGrey(index, partial.sum.slice(0, 0, static_cast<std::int64_t>(outputs))),
                  at::full({1}, std::numeric_limits<float>::quiet_NaN()));
    auto planes = m_sample;
    for (std::size_t o = 0; o < outputs; ++o) {
        planes[m_plan.resultPlane(m_plan.planes[index], o, outputs)] =
            tensor::toPlane(grey[static_cast<std::int64_t>(o)]);
    }
    m_observer.onSnapshot(m_builder->snapshot(std::move(planes)));
    // Large planes take a while to be made into a picture.
    m_partialPause = std::max(kPartialSeconds, secondsSince(before) / kPartialShare);
    m_lastPartial = Clock::now();
}

void Restoration::judge() {
    judgeInput(m_report.trust, m_whole, m_model.package(), m_request, m_input);
    compareInput();
    chooseSeverity();
    chooseCalibration();
}

void Restoration::begin(Plan plan) {
    m_builder.reset();
    m_prepared.clear();
    m_sample.clear();
    m_trace = {};
    m_plan = std::move(plan);
    m_prepared.resize(m_plan.planes.size());
    m_hold = m_plan.planes.size() == 1 || preparedBytes(m_plan) < m_memoryBytes / 8;
    m_nothing = planeOfNothing(m_plan.part.width, m_plan.part.height);
    m_builder.emplace(
        posterior::resultInfo(m_request.input->info(), m_plan.resultShape, m_plan.channels),
        m_plan.part, m_plan.sampler.samples,
        m_request.keepSamples ? std::numeric_limits<std::uint64_t>::max()
        : m_inParts           ? 0
                              : m_memoryBytes / 2);
    m_builder->diagnostics() = m_diagnostics;
    m_builder->diagnostics().warnings = m_report.warnings;
}

std::int64_t Restoration::callsFor(const Plan& plan, int given) const {
    const auto grid =
        sampling::sampleGrid(plan.roi.height, plan.roi.width, m_request.seed, plan.tiles);
    const image::Rect all{0, 0, plan.roi.width, plan.roi.height};
    const auto& frame = plan.tiles.frame;
    const auto tiles = sampling::tilesDrawn(grid, frame.height > 0 ? frame.part : all);
    const auto batches = (tiles + plan.tiles.batch - 1) / plan.tiles.batch;
    const bool around = drawsFlow() && m_model.drawsAroundMean();
    const bool hold = plan.planes.size() == 1 || preparedBytes(plan) < m_memoryBytes / 8;
    const auto samples = std::max(0, plan.sampler.samples - given);
    return batches * static_cast<std::int64_t>(plan.planes.size()) *
           (plan.drawer->networkCalls(m_model.drawsAroundMean()) * samples +
            (around ? (hold ? 1 : samples) : 0));
}

std::shared_ptr<posterior::Snapshot> Restoration::drawAll(const std::vector<image::StackPtr>& given,
                                                          const OnSample& onSample) {
    const int samples = m_plan.sampler.samples;
    for (int k = 0; k < samples; ++k) {
        m_drawing = k + 1;
        if (static_cast<std::size_t>(k) < given.size()) {
            m_sample = image::readPlanes(*given[static_cast<std::size_t>(k)]);
        } else {
            reportProgress();
            onSample(k, drawSample(k));
        }
        m_builder->addSample(m_sample);
        if (k == 0) calibrate();
        m_builder->diagnostics().warnings = m_report.warnings;
        // Those that were drawn earlier are known.
        if (static_cast<std::size_t>(k) + 1 < given.size()) continue;
        if (isEnough()) {
            m_report.stoppedEarly = k + 1 < samples;
            break;
        }
        if (k + 1 < samples && !m_inParts) m_observer.onSnapshot(m_builder->snapshot());
    }
    m_report.samples = m_builder->samples();
    auto last = std::make_shared<posterior::Snapshot>(*m_builder->snapshot());
    if (m_parts == 1) m_report.trust.oneShot = oneShotDeparture(*last);
    m_prepared.clear();
    const auto& package = m_model.package();
    const auto& input = *m_request.input;
    last->residual = residualStack(m_plan, package, input, m_severity, *last->mean);
    if (last->residual)
        last->diagnostics.unexplained = unexplainedShare(m_plan, input, *last->residual);
    const auto sample = last->kept.empty() ? image::makeMemoryStack(last->mean->info(), m_sample)
                                           : last->kept.front();
    last->diagnostics.residualStructure =
        residualStructure(m_plan, package, input, m_severity, *sample);
    last->diagnostics.seamScore = seamScore();
    if (m_plan.tracer) last->trace = m_trace.stacks(m_plan, input.info());
    return last;
}

void Restoration::finishReport(const posterior::Diagnostics& last) {
    m_report.tile = m_plan.tiles.tile;
    m_report.overlap = m_plan.tiles.overlap;
    m_report.batch = m_plan.tiles.batch;
    m_report.residualStructure = last.residualStructure;
    m_report.seamScore = last.seamScore;
    m_report.monteCarloError = last.monteCarloError;
    m_report.secondsTotal = secondsSince(m_start);
    m_report.peakMemoryBytes = tensor::peakResidentMemory();
}

RunReport Restoration::run() {
    judge();
    begin(m_whole);
    const auto& given = m_request.finished;
    m_callsExpected = callsFor(m_plan, static_cast<int>(given.size()));
    const auto last = drawAll(given, [](int, const std::vector<image::Plane>&) {});
    m_observer.onSnapshot(last);
    finishReport(last->diagnostics);
    judgeResult(last->samples, last->diagnostics);
    return m_report;
}

RunReport Restoration::runInParts(PartReceiver& receiver) {
    m_inParts = true;
    const bool around = drawsFlow() && m_model.drawsAroundMean();
    auto size = m_request.partSize;
    if (size.planes == 0) {
        // The networks take one half, what is held of them an eighth.
        size = choosePartSize(m_whole, around, m_request.keepSamples, m_request.tile > 0,
                              m_memoryBytes / 8 * 3);
    }
    judge();
    const auto parts = partsOf(m_whole, size);
    m_parts = parts.size();
    if (m_parts > 1 && m_request.enough.relativeError > 0) {
        m_report.warnings.push_back(
            "All samples were drawn: a result made part by part does not end early.");
    }
    posterior::Diagnostics all;
    double squares = 0, pixels = 0;
    for (const auto& part : parts) {
        std::vector<image::StackPtr> given;
        if (!receiver.onPart(part, given)) continue;
        begin(planOfPart(m_whole, part, around));
        if (parts.size() > 1) {
            m_stage =
                "Part " + std::to_string(part.number + 1) + " of " + std::to_string(parts.size());
        }
        m_callsExpected =
            m_report.networkCalls +
            callsFor(m_plan, static_cast<int>(given.size())) *
                static_cast<std::int64_t>(parts.size() - static_cast<std::size_t>(part.number));
        const auto last = drawAll(given, [&](int k, const std::vector<image::Plane>& planes) {
            auto info =
                posterior::resultInfo(m_request.input->info(), m_plan.resultShape, m_plan.channels);
            receiver.onSample(k, image::makeMemoryStack(std::move(info), planes));
        });
        receiver.onResult(part, *last);
        m_whole.tiles.tile = m_plan.tiles.tile;  // smaller, where memory was short
        m_whole.tiles.overlap = m_plan.tiles.overlap;
        m_whole.tiles.batch = m_plan.tiles.batch;
        const auto& own = last->diagnostics;
        const auto count = static_cast<double>(m_plan.resultShape.planes()) *
                           static_cast<double>(part.region.width * part.region.height);
        squares += own.monteCarloError * own.monteCarloError * count;
        pixels += count;
        all.residualStructure = std::max(all.residualStructure, own.residualStructure);
        all.unexplained = std::max(all.unexplained, own.unexplained);
        all.seamScore = std::max(all.seamScore, own.seamScore);
        all.relativeMonteCarloError =
            std::max(all.relativeMonteCarloError, own.relativeMonteCarloError);
    }
    all.monteCarloError = pixels > 0 ? std::sqrt(squares / pixels) : 0;
    finishReport(all);
    judgeResult(m_report.samples, all);
    return m_report;
}

}  // namespace posteria::engine
