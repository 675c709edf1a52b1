#include "core/engine/restoration.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/analysis/input_facts.h"
#include "core/analysis/seam_score.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/version.h"
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
    const auto pixels = static_cast<std::uint64_t>(plan.roi.width * plan.roi.height);
    return 4 * pixels * plan.planes.size() * (2 + 2 * plan.channels.size() / plan.c.size());
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
                         const CancelToken& token, std::uint64_t memoryBytes)
    : m_model(model),
      m_device(device),
      m_request(request),
      m_observer(observer),
      m_token(token),
      m_plan(makePlan(request, model.package(), device, memoryBytes)),
      m_forward(request, model.package(), m_plan.sampler.name),
      m_builder(posterior::resultInfo(request.input->info(), m_plan.resultShape, m_plan.channels),
                m_plan.roi, m_plan.sampler.samples, memoryBytes / 2),
      m_prepared(m_plan.planes.size()),
      m_inputStd(m_plan.planes.size(), 0.0),
      m_hold(preparedBytes(m_plan) < memoryBytes / 8),
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
    const image::Plane grey = m_request.input->readPlane(m_plan.planes[plane]);
    warnIfSaturated(grey);
    const at::Tensor whole = tensor::fromPlane(grey);
    prepared.normalisation =
        nn::Normalisation::of(whole, m_model.package(), m_request.cameraOffset);
    m_inputStd[plane] = prepared.normalisation.inputStd;
    const auto& r = m_plan.roi;
    prepared.y = prepared.normalisation
                     .input(whole.slice(0, r.y, r.y + r.height).slice(1, r.x, r.x + r.width))
                     .unsqueeze(0);
    return prepared;
}

void Restoration::warnIfSaturated(const image::Plane& grey) {
    const double share = analysis::saturatedShare(grey);
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
    for (const auto channel : m_plan.c) {
        std::vector<at::Tensor> tiles;
        for (const auto p : m_plan.planesToJudge(channel)) {
            for (const auto& tile : comparableTiles(prepare(p).y.unsqueeze(0), usual.side))
                tiles.push_back(tile);
            if (!m_hold) m_prepared[p] = {};
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
    m_severity.assign(m_plan.c.size(), package.defaultSeverity);
    if (!m_plan.joint.empty()) return;  // the matrix tells all
    if (m_request.severity) {
        std::fill(m_severity.begin(), m_severity.end(), *m_request.severity);
        m_report.severityEstimated = m_request.severityEstimated;
    } else if (m_model.has("severity")) {
        m_report.severityEstimated = true;
        for (std::size_t i = 0; i < m_plan.c.size(); ++i) {
            m_severity[i] = aggregatedSeverity(
                stackSeverities(m_model, m_plan, *m_request.input, m_plan.c[i], m_device, m_token),
                package);
        }
    } else if (package.minSeverity < package.maxSeverity) {
        m_report.warnings.push_back(
            "How strongly the image is degraded is not known, and this model cannot estimate it: "
            "severity " +
            std::to_string(package.defaultSeverity).substr(0, 4) + " was assumed.");
    }
    auto& diagnostics = m_builder.diagnostics();
    for (double t : m_severity) {
        if (t < package.minSeverity || t > package.maxSeverity) {
            m_report.warnings.push_back("The severity " + std::to_string(t).substr(0, 4) +
                                        " lies outside the range the model was trained for.");
        }
        // Of two mixed channels the first is degraded by t, the second by 1 - t.
        for (std::size_t o = 0; o < package.outputs.size(); ++o) {
            diagnostics.severity.push_back(package.outputs.size() == 2 && o == 1 ? 1 - t : t);
        }
    }
    diagnostics.severityEstimated = m_report.severityEstimated;
    m_report.severity = diagnostics.severity;
}

void Restoration::chooseCalibration() {
    if (!m_request.calibrate) return;
    m_calibration = package::readCalibration(m_model.package());
    if (!m_calibration || m_calibration->holdsFor(m_plan.sampler)) return;
    if (m_plan.drawer->noiseFields() > 0) {
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
    for (std::size_t i = 0; i < m_plan.planes.size(); ++i) {
        if (m_inputStd[i] == 0) prepare(i);
        if (!m_hold) m_prepared[i] = {};
        for (std::size_t o = 0; o < outputs; ++o) {
            const auto& channel = m_calibration->channels[o];
            planes[m_plan.resultPlane(m_plan.planes[i], o, outputs)] = {
                channel.scale, channel.offset * m_inputStd[i]};
        }
    }
    m_builder.setCalibration(std::move(planes));
    m_report.calibrated = true;
    for (const auto& channel : m_calibration->channels) {
        m_report.intervals.push_back({channel.interval68, channel.interval90, channel.conformal90});
        // A promise for images like those it was counted on.
        if (channel.interval90 > 0 && m_report.inputDistance <= 1)
            m_builder.diagnostics().interval90.push_back(channel.interval90);
    }
}

double Restoration::severityOf(const image::PlaneIndex& plane) const {
    const auto found = std::find(m_plan.c.begin(), m_plan.c.end(), plane.c);
    return m_severity[static_cast<std::size_t>(found - m_plan.c.begin())];
}

double Restoration::noiseRatio(std::size_t plane) {
    auto& prepared = m_prepared[plane];
    if (prepared.noiseRatio == 0)
        prepared.noiseRatio = m_forward.noiseRatio(prepared.y, prepared.normalisation);
    if (prepared.noiseRatio != 1 && !m_noiseTold) {
        m_noiseTold = true;
        char text[160];
        std::snprintf(
            text, sizeof text,
            "The image's noise is %.2g times that of the model's camera: it was estimated "
            "from the image.",
            prepared.noiseRatio);
        m_report.warnings.emplace_back(text);
    }
    return prepared.noiseRatio;
}

// What the sampler is given: y, the guide of a flow, or light of one or several channels.
at::Tensor Restoration::samplerInput(std::size_t plane) {
    const auto& prepared = m_prepared[plane];
    if (drawsFlow()) return prepared.guide;
    std::vector<at::Tensor> channels{m_forward.input(prepared.y, prepared.normalisation)};
    for (std::size_t i = 1; i < m_plan.joint.size(); ++i) {
        auto other = m_plan.planes[plane];
        other.c = m_plan.joint[i];
        const image::Plane grey = m_request.input->read(other, 0, m_plan.roi);
        channels.push_back(
            m_forward.input(prepared.normalisation.input(tensor::fromPlane(grey)).unsqueeze(0),
                            prepared.normalisation));
    }
    return channels.size() == 1 ? channels.front() : at::cat(channels);
}

// One noise field a sample, shared by all planes: sample k is then one coherent stack.
sampling::NoiseField Restoration::noiseField(std::size_t plane, int sample) const {
    const auto stream = static_cast<std::uint64_t>(sample);
    const std::uint64_t seed =
        m_request.independentNoise ? m_request.seed + 0x9e37ull * (plane + 1) : m_request.seed;
    const auto& shape = m_request.input->shape();
    if (m_plan.sampler.name != "hdn") {
        const auto channels = static_cast<std::int64_t>(m_model.package().outputs.size());
        return {seed, stream, channels, shape.y, shape.x, m_plan.roi, m_spectrum};
    }
    const auto& spec = *m_model.package().network("hdn");
    std::vector<sampling::NoiseLattice> lattices;
    for (std::size_t level = 0; level < spec.widths.size(); ++level)
        lattices.push_back({spec.latents, spec.fold << level, m_plan.tiles.align});
    return {seed, stream, std::move(lattices), shape.y, shape.x, m_plan.roi};
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
    reportProgress(m_drawing);
}

void Restoration::reportProgress(int sample) {
    Progress progress;
    progress.sample = sample;
    progress.samples = m_plan.sampler.samples;
    progress.stage = "Sample " + std::to_string(sample) + " of " + std::to_string(progress.samples);
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

at::Tensor Restoration::drawPlane(std::size_t index, int sample) {
    prepare(index);
    if (drawsFlow()) prepareGuide(index);
    auto& prepared = m_prepared[index];
    prepared.normalisation =
        prepared.normalisation.at(severityOf(m_plan.planes[index]), m_model.package());
    const std::uint64_t stream = static_cast<std::uint64_t>(sample);
    const std::uint64_t seed =
        m_request.independentNoise ? m_request.seed + 0x9e37ull * (index + 1) : m_request.seed;
    const auto draw = restorer(index);
    const auto noise = noiseField(index, sample);
    auto& tiles = m_plan.tiles;
    tiles.before = nullptr;
    if (prepared.mean) {
        tiles.before = [&](const image::Rect& rect) {
            if (prepared.mean->complete(rect, draw, tiles, m_device))
                prepared.deviation = at::Tensor();
        };
    }
    return sampling::drawTiledInMemory(
        m_plan.tracer && sample == 0 ? *m_plan.tracer : *m_plan.drawer, draw, samplerInput(index),
        noise, seed ^ (stream << 20), tiles, m_device,
        [&](const sampling::PartialPlane& p) { publishPartial(index, p); });
}

at::Tensor Restoration::toGrey(std::size_t index, const at::Tensor& drawn) {
    auto& prepared = m_prepared[index];
    if (m_forward.givesLight()) return drawn * prepared.normalisation.inputStd;
    if (!drawsFlow()) return prepared.normalisation.targetToGrey(drawn);
    const at::Tensor guide = prepared.guide.unsqueeze(0);
    if (m_model.drawsAroundMean() && !prepared.deviation.defined())
        prepared.deviation = m_model.deviation(guide.slice(1, 1));
    return prepared.normalisation.targetToGrey(
        m_model.fromFlow(drawn.unsqueeze(0), guide, prepared.deviation)[0]);
}

std::vector<image::Plane> Restoration::drawSample(int sample) {
    m_sample.assign(static_cast<std::size_t>(m_plan.resultShape.planes()), m_nothing);
    const auto outputs = m_model.package().outputs.size();
    for (std::size_t i = 0; i < m_plan.planes.size(); ++i) {
        const at::Tensor drawn = drawPlane(i, sample);
        const at::Tensor grey = toGrey(i, drawn.slice(0, 0, static_cast<std::int64_t>(outputs)));
        if (m_plan.tracer && sample == 0)
            m_trace.keep(m_plan, i, m_prepared[i].normalisation, drawn);
        for (std::size_t o = 0; o < outputs; ++o) {
            m_sample[m_plan.resultPlane(m_plan.planes[i], o, outputs)] =
                tensor::toPlane(grey[static_cast<std::int64_t>(o)]);
        }
        if (!m_hold) m_prepared[i] = {};
    }
    return m_sample;
}

void Restoration::publishPartial(std::size_t index, const sampling::PartialPlane& partial) {
    if (partial.tilesDone == partial.tilesAll || secondsSince(m_lastPartial) < m_partialPause)
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
    m_observer.onSnapshot(m_builder.snapshot(std::move(planes)));
    // Large planes take a while to be made into a picture.
    m_partialPause = std::max(kPartialSeconds, secondsSince(before) / kPartialShare);
    m_lastPartial = Clock::now();
}

double Restoration::seamScore() const {
    const auto& kept = m_builder.store().samples();
    if (kept.empty()) return 1;
    const auto stream = static_cast<std::uint64_t>(kept.size() - 1);
    const auto grid = sampling::sampleGrid(m_plan.roi.height, m_plan.roi.width,
                                           m_request.seed ^ (stream << 20), m_plan.tiles);
    return analysis::seamScore(kept.back().front(), grid.verticalSeams(), grid.horizontalSeams())
        .ratio;
}

bool Restoration::isEnough() {
    const auto& enough = m_request.enough;
    if (enough.relativeError <= 0) return false;
    const double error = m_builder.relativeError(enough.region);
    m_builder.diagnostics().regionError = std::isfinite(error) ? error : -1;
    return m_builder.samples() >= Enough::kFewest && error <= enough.relativeError;
}

// Of the mean and the one-shot answer that samples were drawn around.
double Restoration::oneShotDeparture(const posterior::Snapshot& last) const {
    if (!m_model.drawsAroundMean() || !last.std) return posterior::TrustFacts::kUnknown;
    const auto outputs = m_model.package().outputs.size();
    double difference = 0, spread = 0;
    for (std::size_t i = 0; i < m_plan.planes.size(); ++i) {
        const auto& prepared = m_prepared[i];
        if (!prepared.guide.defined()) continue;
        const at::Tensor answer = prepared.normalisation.targetToGrey(prepared.guide.slice(0, 1));
        for (std::size_t o = 0; o < outputs; ++o) {
            const auto index =
                static_cast<std::int64_t>(m_plan.resultPlane(m_plan.planes[i], o, outputs));
            const auto& shape = m_plan.resultShape;
            const image::PlaneIndex place{index / (shape.c * shape.z), index / shape.z % shape.c,
                                          index % shape.z};
            const at::Tensor mean = tensor::fromPlane(last.mean->readPlane(place)),
                             std = tensor::fromPlane(last.std->readPlane(place));
            difference +=
                (mean - answer[static_cast<std::int64_t>(o)]).square().mean().item<double>();
            spread += std.square().mean().item<double>();
        }
    }
    if (!(spread > 0)) return posterior::TrustFacts::kUnknown;
    // A mean of few samples departs by chance.
    return std::sqrt(std::max(difference / spread - 1.0 / last.samples, 0.0));
}

void Restoration::judgeResult(const posterior::Snapshot& last, bool tiled) {
    auto& trust = m_report.trust;
    trust.samples = last.samples;
    if (!m_severity.empty() && m_plan.joint.empty()) {
        trust.severity = m_severity.front();
        trust.severityAssumed = !m_request.severity && !m_report.severityEstimated;
    }
    if (m_report.residualStructure >= 0) trust.residual = m_report.residualStructure;
    trust.oneShot = oneShotDeparture(last);
    if (last.diagnostics.relativeMonteCarloError > 0)
        trust.meanError = last.diagnostics.relativeMonteCarloError;
    if (tiled) trust.seams = m_report.seamScore;
    trust.calibrated = m_report.calibrated;
}

RunReport Restoration::run() {
    m_nothing = planeOfNothing(m_plan.roi.width, m_plan.roi.height);
    judgeInput(m_report.trust, m_plan, m_model.package(), m_request);
    compareInput();
    chooseSeverity();
    chooseCalibration();
    m_builder.diagnostics().warnings = m_report.warnings;
    const int samples = m_plan.sampler.samples;
    const auto tilesAPlane = static_cast<std::int64_t>(
        sampling::sampleGrid(m_plan.roi.height, m_plan.roi.width, m_request.seed, m_plan.tiles)
            .tiles()
            .size());
    const auto batches = (tilesAPlane + m_plan.tiles.batch - 1) / m_plan.tiles.batch;
    const int given = std::min(samples, static_cast<int>(m_request.finished.size()));
    const auto guides =
        drawsFlow() && m_model.drawsAroundMean() ? (m_hold ? 1 : samples - given) : 0;
    m_callsExpected =
        batches * static_cast<std::int64_t>(m_plan.planes.size()) *
        (m_plan.drawer->networkCalls(m_model.drawsAroundMean()) * (samples - given) + guides);
    for (int k = 0; k < samples; ++k) {
        m_drawing = k + 1;
        if (k < given) {
            const auto& stack = *m_request.finished[static_cast<std::size_t>(k)];
            std::vector<image::Plane> planes;
            for (std::int64_t t = 0; t < stack.shape().t; ++t) {
                for (std::int64_t c = 0; c < stack.shape().c; ++c) {
                    for (std::int64_t z = 0; z < stack.shape().z; ++z)
                        planes.push_back(stack.readPlane({t, c, z}));
                }
            }
            m_builder.addSample(std::move(planes));
        } else {
            reportProgress(m_drawing);
            m_builder.addSample(drawSample(k));
        }
        if (k == 0) calibrate();
        m_builder.diagnostics().warnings = m_report.warnings;
        // Those that were drawn earlier are known.
        if (k + 1 < given) continue;
        if (isEnough()) {
            m_report.stoppedEarly = k + 1 < samples;
            break;
        }
        if (k + 1 < samples) m_observer.onSnapshot(m_builder.snapshot());
    }
    m_report.samples = m_builder.samples();
    auto last = std::make_shared<posterior::Snapshot>(*m_builder.snapshot());
    const auto& package = m_model.package();
    const auto& input = *m_request.input;
    last->residual = residualStack(m_plan, package, input, m_severity, *last->mean);
    const auto& sample = last->kept.empty() ? last->mean : last->kept.front();
    m_report.residualStructure = residualStructure(m_plan, package, input, m_severity, *sample);
    last->diagnostics.residualStructure = m_report.residualStructure;
    if (m_plan.tracer) last->trace = m_trace.stacks(m_plan, m_request.input->info());
    m_observer.onSnapshot(last);
    m_report.tile = m_plan.tiles.tile;
    m_report.overlap = m_plan.tiles.overlap;
    m_report.batch = m_plan.tiles.batch;
    m_report.seamScore = seamScore();
    m_report.monteCarloError = last->diagnostics.monteCarloError;
    judgeResult(*last, tilesAPlane > 1);
    m_report.secondsTotal = secondsSince(m_start);
    m_report.peakMemoryBytes = tensor::peakResidentMemory();
    return m_report;
}

}  // namespace posteria::engine
