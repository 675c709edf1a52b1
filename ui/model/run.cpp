#include "ui/model/run.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/engine/report.h"
#include "core/posterior/uncertainty_maps.h"

namespace posteria::ui {

namespace {

// Made of the samples themselves, of which fewer may be kept than were drawn.
bool needsSamples(Run::Spread spread) {
    return spread == Run::Spread::Interval || spread == Run::Spread::Exceedance;
}

}  // namespace

Run::Run(int number, bool preview, Layer* input, engine::RestorationRequest request,
         QObject* parent)
    : QObject(parent),
      m_number(number),
      m_preview(preview),
      m_request(std::move(request)),
      m_input(input),
      m_sample(std::make_unique<Layer>(QString(), nullptr, Layer::Role::Sample)),
      m_mean(std::make_unique<Layer>(QString(), nullptr, Layer::Role::Mean)),
      m_uncertainty(std::make_unique<Layer>(QString(), nullptr, Layer::Role::Uncertainty)) {
    m_sample->setDisplaySource(m_mean.get());
    Placement placement;
    placement.x = m_request.selection.roi.x;
    placement.y = m_request.selection.roi.y;
    placement.t = m_request.selection.t;
    placement.z = m_request.selection.z;
    for (auto* layer : {m_sample.get(), m_mean.get(), m_uncertainty.get()})
        layer->setPlacement(placement);
    updateNames();
}

Run::~Run() = default;

QString Run::title() const {
    // A bundled model's name, or a package's path.
    auto model = QString::fromStdString(m_request.model).section(QLatin1Char('/'), -1);
    if (model.endsWith(QLatin1String(".posteria"))) model.chop(9);
    return m_preview ? tr("preview · %1").arg(model) : tr("run %1 · %2").arg(m_number).arg(model);
}

QString Run::parameters() const {
    const auto& r = m_request;
    QStringList lines{title()};
    if (m_input) lines << tr("input: %1").arg(m_input->name());
    if (!r.sampler.empty()) lines << tr("sampler: %1").arg(QString::fromStdString(r.sampler));
    if (r.steps > 0) lines << tr("steps: %1").arg(r.steps);
    if (r.samples > 0) lines << tr("samples: %1").arg(r.samples);
    QStringList severities;
    for (const double severity : m_report ? m_report->severity : std::vector<double>())
        severities << QString::number(severity, 'f', 2);
    if (severities.isEmpty() && r.severity) severities << QString::number(*r.severity, 'f', 2);
    if (!severities.isEmpty())
        lines << tr("severity: %1").arg(severities.join(QStringLiteral(", ")));
    lines << tr("seed: %1").arg(r.seed);
    if (m_report && !m_report->modelSha256.empty())
        lines << tr("model sha256: %1").arg(QString::fromStdString(m_report->modelSha256));
    if (!m_inputSha256.isEmpty()) lines << tr("input sha256: %1").arg(m_inputSha256);
    if (const auto line = command(); !line.isEmpty()) lines << line;
    return lines.join(QLatin1Char('\n'));
}

QString Run::command() const {
    // Of a run of a session it is not known which weights they were.
    if (!m_report || m_report->modelSha256.empty()) return {};
    return QString::fromStdString(
        engine::commandLine(m_request, *m_report, "results", "mean,std,samples"));
}

void Run::setInputSha256(const QString& sha256) {
    m_inputSha256 = sha256;
    Q_EMIT stateChanged();
}

QString Run::settingsText() const {
    const auto& r = m_request;
    const int samples = m_snapshot ? m_snapshot->samples : r.samples;
    QStringList parts{samples == 1 ? tr("1 sample") : tr("%1 samples").arg(samples)};
    const int steps = m_report ? m_report->steps : r.steps;
    if (steps > 0) parts << (steps == 1 ? tr("1 step") : tr("%1 steps").arg(steps));
    if (!r.sampler.empty()) parts << QString::fromStdString(r.sampler);
    if (r.severity)
        parts << tr("severity %1").arg(*r.severity, 0, 'f', 2);
    else if (m_snapshot && !m_snapshot->diagnostics.severity.empty())
        parts << tr("severity ≈ %1").arg(m_snapshot->diagnostics.severity.front(), 0, 'f', 2);
    parts << tr("seed %1").arg(r.seed);
    return parts.join(QStringLiteral(", "));
}

bool Run::owns(const Layer* layer) const {
    return layer &&
           (layer == m_sample.get() || layer == m_mean.get() || layer == m_uncertainty.get());
}

int Run::keptSamples() const {
    return m_snapshot ? int(m_snapshot->kept.size()) : 0;
}

void Run::take(const posterior::SnapshotPtr& snapshot) {
    m_snapshot = snapshot;
    if (snapshot->mean) put(m_mean.get(), snapshot->mean);
    if (m_following) m_shown = std::max(0, keptSamples() - 1);
    updateSample();
    updateUncertainty();
    // Of a run that began anew: an uncertainty of other settings is none of this mean's.
    if (snapshot->mean && !snapshot->std) m_uncertainty->setStack(nullptr);
    updateNames();
    Q_EMIT samplesChanged();
}

void Run::resume(engine::RestorationRequest request) {
    m_request = std::move(request);
    m_report.reset();
    m_state = State::Running;
    m_following = true;
    updateNames();
    Q_EMIT stateChanged();
}

void Run::finish(const engine::RunReport& report) {
    m_report = report;
    m_state = State::Finished;
    updateNames();
    Q_EMIT stateChanged();
}

void Run::stop(bool failed) {
    m_state = failed ? State::Failed : State::Stopped;
    updateNames();
    Q_EMIT stateChanged();
}

// Where the snapshot's region is, which a layer that still shows an earlier one need not share.
void Run::put(Layer* layer, image::StackPtr stack) {
    auto placement = layer->placement();
    placement.x = m_snapshot->region.x;
    placement.y = m_snapshot->region.y;
    placement.t = m_request.selection.t;
    placement.z = m_request.selection.z;
    layer->setPlacement(placement);
    layer->setStack(std::move(stack));
}

void Run::showSample(int k) {
    m_following = false;
    k = std::clamp(k, 0, std::max(0, keptSamples() - 1));
    if (k == m_shown) return;
    m_shown = k;
    updateSample();
    updateNames();
    Q_EMIT samplesChanged();
}

QString Run::spreadName(Spread spread) {
    switch (spread) {
        case Spread::Deviation:
            return tr("standard deviation");
        case Spread::Relative:
            return tr("relative: std / mean");
        case Spread::Interval:
            return tr("width from 5 to 95 %");
        case Spread::Confidence:
            return tr("confidence: mean × std");
        case Spread::Exceedance:
            break;
    }
    return tr("probability above a threshold");
}

bool Run::offers(Spread spread) const {
    return hasUncertainty() && (!needsSamples(spread) || keptSamples() > 1);
}

void Run::showNextSpread() {
    constexpr int count = int(std::size(kSpreads));
    for (int i = 1; i < count; ++i) {
        const auto next = kSpreads[(int(m_spread) + i) % count];
        if (offers(next)) return setSpread(next);
    }
}

void Run::setSpread(Spread spread) {
    if (!offers(spread)) return;
    if (std::exchange(m_spread, spread) == spread) return;
    updateUncertainty();
    // Limits of one measure say nothing of another; a probability has its own.
    m_uncertainty->resetLimits();
    for (int c = 0; spread == Spread::Exceedance && c < m_uncertainty->channelCount(); ++c)
        m_uncertainty->setLimits(c, {0, 1});
    updateNames();
    Q_EMIT spreadChanged();
}

void Run::setThreshold(int channel, double value) {
    if (channel < 0 || channel >= int(m_thresholds.size())) return;
    const auto& range = m_thresholdRanges[std::size_t(channel)];
    value = std::clamp(value, range.low, range.high);
    if (std::exchange(m_thresholds[std::size_t(channel)], value) == value) return;
    if (m_spread == Spread::Exceedance) {
        updateUncertainty();
        updateNames();
    }
    Q_EMIT spreadChanged();
}

double Run::thresholdShare(int channel) const {
    if (channel < 0 || channel >= int(m_thresholds.size())) return 0;
    const auto& range = m_thresholdRanges[std::size_t(channel)];
    return (m_thresholds[std::size_t(channel)] - range.low) / (range.high - range.low);
}

void Run::setThresholdShare(int channel, double share) {
    if (channel < 0 || channel >= int(m_thresholds.size())) return;
    const auto& range = m_thresholdRanges[std::size_t(channel)];
    setThreshold(channel, range.low + share * (range.high - range.low));
}

void Run::takeThresholdRanges() {
    const auto& mean = m_snapshot->mean;
    const auto& shape = mean->shape();
    const auto count = std::size_t(shape.c);
    if (m_thresholdRanges.size() != count) {
        m_thresholdRanges.clear();
        m_thresholds.clear();
        for (std::int64_t c = 0; c < shape.c; ++c) {
            const auto limits = autoLimits(mean->readPlane({shape.t / 2, c, shape.z / 2}));
            m_thresholdRanges.push_back(limits.value_or(Limits{0, 1}));
        }
    }
    if (m_thresholds.size() == count) return;
    m_thresholds.clear();
    for (const auto& range : m_thresholdRanges)
        m_thresholds.push_back((range.low + range.high) / 2);
}

void Run::updateSample() {
    if (!m_snapshot) return;
    if (m_shown < keptSamples())
        put(m_sample.get(), m_snapshot->kept[std::size_t(m_shown)]);
    else if (m_snapshot->partial)
        put(m_sample.get(), m_snapshot->partial);
}

void Run::updateUncertainty() {
    if (!hasUncertainty()) return;
    if (!offers(m_spread)) m_spread = Spread::Deviation;
    takeThresholdRanges();
    switch (m_spread) {
        case Spread::Deviation:
        case Spread::Confidence:
            m_uncertainty->setUnitText(tr("grey values"));
            put(m_uncertainty.get(), m_snapshot->std);
            return;
        case Spread::Relative:
            m_uncertainty->setUnitText(QString());
            put(m_uncertainty.get(),
                posterior::relativeDeviation(m_snapshot->std, m_snapshot->mean));
            return;
        case Spread::Interval:
            m_uncertainty->setUnitText(tr("grey values"));
            put(m_uncertainty.get(), posterior::intervalWidth(m_snapshot->kept, 0.05, 0.95));
            return;
        case Spread::Exceedance:
            m_uncertainty->setUnitText(tr("of the samples"));
            put(m_uncertainty.get(), posterior::exceedance(m_snapshot->kept, m_thresholds));
            return;
    }
}

// Only the standard deviation can be calibrated.
QString Run::spreadText(int channel) const {
    const bool calibrated = m_snapshot && m_snapshot->stdCalibrated;
    const auto told = [](const QString& what, bool isCalibrated) {
        return isCalibrated ? tr("%1, calibrated").arg(what) : tr("%1, uncalibrated").arg(what);
    };
    switch (m_spread) {
        case Spread::Deviation:
            return hasUncertainty() ? told(tr("std"), calibrated) : tr("std");
        case Spread::Relative:
            return told(tr("relative std"), calibrated);
        case Spread::Interval:
            return told(tr("5–95 % width"), false);
        case Spread::Confidence:
            return told(tr("mean × std"), calibrated);
        case Spread::Exceedance:
            break;
    }
    QStringList values;
    for (int c = 0; c < int(m_thresholds.size()); ++c)
        if (channel < 0 || c == channel)
            values << QString::number(m_thresholds[std::size_t(c)], 'g', 3);
    return told(tr("P(x > %1)").arg(values.join(QStringLiteral(" | "))), false);
}

void Run::updateNames() {
    const int n = m_snapshot ? m_snapshot->samples : 0;
    const int wanted = m_snapshot ? m_snapshot->requested : m_request.samples;
    const int total = m_state == State::Running ? wanted : std::max(1, keptSamples());
    QString suffix;
    if (m_preview)
        suffix = tr(" · preview");
    else if (m_number > 1)
        suffix = tr(" · run %1").arg(m_number);
    m_sample->setName(tr("sample %1 of %2").arg(m_shown + 1).arg(total) + suffix);
    m_mean->setName((n > 0 ? tr("mean (n=%1)").arg(n) : tr("mean")) + suffix);
    const QString spread = spreadText();
    const int counted = needsSamples(m_spread) ? keptSamples() : n;
    m_uncertainty->setName((hasUncertainty() ? tr("uncertainty (%1, n=%2)").arg(spread).arg(counted)
                                             : tr("uncertainty (%1)").arg(spread)) +
                           suffix);
}

}  // namespace posteria::ui
