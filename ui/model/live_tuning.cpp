#include "ui/model/live_tuning.h"

#include <utility>

namespace posteria::ui {

namespace {

constexpr int kWaitMs = 120;  // after the last change

}  // namespace

LiveTuning::LiveTuning(Document* document, RestoreSettings* settings, RestoreSession* session,
                       QObject* parent)
    : QObject(parent), m_document(document), m_settings(settings), m_session(session) {
    m_wait.setSingleShot(true);
    m_wait.setInterval(kWaitMs);
    connect(&m_wait, &QTimer::timeout, this, &LiveTuning::begin);
    connect(settings, &RestoreSettings::changed, this, &LiveTuning::wish);
    const ViewState& view = document->view();
    connect(&view, &ViewState::viewChanged, this, &LiveTuning::look);
    connect(&view, &ViewState::tChanged, this, &LiveTuning::look);
    connect(&view, &ViewState::zChanged, this, &LiveTuning::look);
    connect(session, &RestoreSession::finished, this, [this] {
        if (m_enabled && std::exchange(m_refine, false)) m_session->tune(false);
    });
    connect(session, &RestoreSession::failed, this, [this] { setEnabled(false); });
    connect(session, &RestoreSession::stopped, this, [this] { setEnabled(false); });
}

void LiveTuning::setEnabled(bool enabled) {
    if (std::exchange(m_enabled, enabled) == enabled) return;
    m_refine = false;
    if (enabled)
        begin();
    else
        m_wait.stop();
    Q_EMIT enabledChanged(enabled);
}

void LiveTuning::wish() {
    if (m_enabled) m_wait.start();
}

void LiveTuning::look() {
    const auto& view = m_document->view();
    if (!(view.visiblePixels() == m_seen) || view.t() != m_t || view.z() != m_z) wish();
}

void LiveTuning::begin() {
    const auto& view = m_document->view();
    m_seen = view.visiblePixels();
    m_t = view.t();
    m_z = view.z();
    // One answer has nothing coarser.
    const bool coarse = m_settings->steps() > 1 || m_settings->samples() > 1;
    m_refine = m_session->tune(coarse) && coarse;
}

}  // namespace posteria::ui
