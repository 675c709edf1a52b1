#include "ui/model/doubt_lens.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {

constexpr double kUsualRate = 2.5;  // samples a second

}  // namespace

DoubtLens::DoubtLens(Document* document, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_sample(std::make_unique<Layer>(QString(), nullptr, Layer::Role::Sample)) {
    m_timer.setInterval(int(std::lround(1000 / kUsualRate)));
    connect(&m_timer, &QTimer::timeout, this, &DoubtLens::showNext);
    connect(document, &Document::activeRunChanged, this, &DoubtLens::follow);
    connect(document, &Document::layersAboutToChange, this,
            [this] { m_sample->setDisplaySource(nullptr); });
    connect(document, &Document::layersChanged, this, &DoubtLens::follow);
    follow();
}

void DoubtLens::setMode(Mode mode) {
    if (std::exchange(m_mode, mode) == mode) return;
    follow();
    Q_EMIT changed();
}

void DoubtLens::setSamplesPerSecond(double rate) {
    const int interval = int(std::lround(1000 / std::clamp(rate, kSlowest, kFastest)));
    if (interval == m_timer.interval()) return;
    m_timer.setInterval(interval);
    Q_EMIT changed();
}

void DoubtLens::follow() {
    Run* run = m_document->activeRun();
    if (run != m_run) {
        if (m_run) disconnect(m_run, nullptr, this, nullptr);
        m_run = run;
        m_shown = -1;
        if (run) connect(run, &Run::samplesChanged, this, &DoubtLens::follow);
    }
    const bool plays = m_mode == Mode::Samples && run && run->keptSamples() > 0;
    if (!plays) {
        m_timer.stop();
        m_sample->setStack(nullptr);
        return;
    }
    m_sample->setDisplaySource(run->mean());
    m_sample->setPlacement(run->mean()->placement());
    if (!m_timer.isActive()) m_timer.start();
    if (!m_sample->stack()) showNext();
}

void DoubtLens::showNext() {
    const int kept = m_run ? m_run->keptSamples() : 0;
    if (kept == 0) return;
    m_shown = (m_shown + 1) % kept;
    m_sample->setName(tr("sample %1 of %2").arg(m_shown + 1).arg(kept));
    m_sample->setStack(m_run->snapshot()->kept[std::size_t(m_shown)]);
}

void DoubtLens::attachTo(std::vector<Document::Pane>& panes) const {
    if (m_mode == Mode::Off || !m_run || m_document->isInputHeld()) return;
    for (auto& pane : panes) {
        if (pane.doubt ||
            std::find(pane.layers.begin(), pane.layers.end(), m_run->mean()) == pane.layers.end())
            continue;
        pane.lens = m_mode == Mode::Samples ? m_sample.get() : m_run->uncertainty();
    }
}

}  // namespace posteria::ui
