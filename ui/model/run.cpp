#include "ui/model/run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace posteria::ui {

namespace {

class RatioSource : public image::PlaneSource {
  public:
    RatioSource(image::StackPtr std, image::StackPtr mean)
        : m_std(std::move(std)), m_mean(std::move(mean)) {}

    image::Plane read(const image::PlaneIndex& plane, int level,
                      const image::Rect& rect) const override {
        const auto std = m_std->read(plane, level, rect).toFloat();
        const auto mean = m_mean->read(plane, level, rect).toFloat();
        const double floor = 0.01 * image::finiteRange(m_mean->readPlane(plane, level))[1];
        void* memory = nullptr;
        auto ratio =
            image::Plane::allocate(image::PixelType::Float32, rect.width, rect.height, &memory);
        auto* out = static_cast<float*>(memory);
        const auto *s = std.as<float>(), *m = mean.as<float>();
        for (std::int64_t i = 0; i < ratio.size(); ++i)
            out[i] = double(m[i]) > floor ? s[i] / m[i] : std::numeric_limits<float>::quiet_NaN();
        return ratio;
    }

  private:
    image::StackPtr m_std, m_mean;
};

}  // namespace

image::StackPtr relativeDeviation(image::StackPtr std, image::StackPtr mean) {
    auto info = std->info();
    info.reader = "ratio";
    for (auto& channel : info.channels)
        channel.displayRange.reset();
    auto source = std::make_unique<RatioSource>(std::move(std), std::move(mean));
    return std::make_shared<const image::Stack>(std::move(info), std::move(source));
}

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

bool Run::owns(const Layer* layer) const {
    return layer &&
           (layer == m_sample.get() || layer == m_mean.get() || layer == m_uncertainty.get());
}

int Run::keptSamples() const {
    return m_snapshot ? int(m_snapshot->kept.size()) : 0;
}

void Run::take(const posterior::SnapshotPtr& snapshot) {
    m_snapshot = snapshot;
    auto placement = m_mean->placement();
    placement.x = snapshot->region.x;
    placement.y = snapshot->region.y;
    for (auto* layer : {m_sample.get(), m_mean.get(), m_uncertainty.get()})
        layer->setPlacement(placement);
    if (snapshot->mean) m_mean->setStack(snapshot->mean);
    if (m_following) m_shown = std::max(0, keptSamples() - 1);
    updateSample();
    updateUncertainty();
    updateNames();
    Q_EMIT samplesChanged();
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

void Run::showSample(int k) {
    m_following = false;
    k = std::clamp(k, 0, std::max(0, keptSamples() - 1));
    if (k == m_shown) return;
    m_shown = k;
    updateSample();
    updateNames();
    Q_EMIT samplesChanged();
}

void Run::setSpread(Spread spread) {
    if (std::exchange(m_spread, spread) == spread) return;
    updateUncertainty();
    updateNames();
}

void Run::updateSample() {
    if (!m_snapshot) return;
    if (m_shown < keptSamples())
        m_sample->setStack(m_snapshot->kept[std::size_t(m_shown)]);
    else if (m_snapshot->partial)
        m_sample->setStack(m_snapshot->partial);
}

void Run::updateUncertainty() {
    if (!hasUncertainty()) return;
    if (m_spread == Spread::Deviation) {
        m_uncertainty->setUnitText(tr("grey values"));
        m_uncertainty->setStack(m_snapshot->std);
    } else {
        m_uncertainty->setUnitText(QString());
        m_uncertainty->setStack(relativeDeviation(m_snapshot->std, m_snapshot->mean));
    }
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
    QString spread = m_spread == Spread::Relative ? tr("relative std") : tr("std");
    if (m_snapshot && m_snapshot->stdCalibrated) spread += tr(", calibrated");
    m_uncertainty->setName((hasUncertainty() ? tr("uncertainty (%1, n=%2)").arg(spread).arg(n)
                                             : tr("uncertainty (%1)").arg(spread)) +
                           suffix);
}

}  // namespace posteria::ui
