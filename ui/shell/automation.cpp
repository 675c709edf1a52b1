#include "ui/shell/automation.h"

#include <QFileInfo>
#include <utility>

#include "core/base/log.h"
#include "ui/shell/main_window.h"

namespace posteria::ui::shell {

namespace {
constexpr int kQuietMs = 600, kPlayMs = 1500;
}

Automation::Automation(MainWindow* window, Plan plan) : m_window(window), m_plan(std::move(plan)) {
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &Automation::advance);
    connect(window, &MainWindow::activityChanged, &m_quiet, qOverload<>(&QTimer::start));
    connect(window, &MainWindow::painted, this, [this] {
        // Opening a file need not wait for the models.
        if (!m_plan.files.isEmpty()) m_window->open(m_plan.files);
        m_quiet.start();
    });
    connect(window, &MainWindow::modelsAreListed, this, [this] {
        if (m_plan.model.isEmpty())
            m_modelKnown = true;
        else
            m_window->useModel(m_plan.model);
        advance();
    });
    connect(window, &MainWindow::modelChosen, this, [this] {
        m_modelKnown = true;
        advance();
    });
}

void Automation::advance() {
    if (m_step == Step::Model && m_modelKnown) m_step = Step::Open;
    if (m_step == Step::Open && m_window->isIdle()) {
        m_step = m_plan.tourPictures.isEmpty() ? Step::Picture : Step::Tour;
        const bool failed = m_window->lastError().has_value();
        if (m_plan.restore && !m_window->document().isEmpty() && !failed) m_window->restore(false);
        m_quiet.start();
        return;
    }
    // Only after a quiet moment: one piece of work often follows another.
    if (m_step == Step::Tour && !m_quiet.isActive() && m_window->isIdle()) {
        if (m_tourStep < 0)
            m_window->beginTour();
        else
            m_written &= savePicture(
                QStringLiteral("%1/%2.png").arg(m_plan.tourPictures).arg(m_tourStep + 1));
        if (++m_tourStep < m_window->tourLength()) {
            m_window->showTourStep(m_tourStep);
            // What plays is never quiet.
            QTimer::singleShot(kPlayMs, m_window, &MainWindow::stopPlayingSamples);
        } else {
            m_step = Step::Picture;
        }
        m_quiet.start();
        return;
    }
    if (m_step != Step::Picture || m_quiet.isActive() || !m_window->isIdle()) return;
    m_step = Step::Done;
    if (!m_plan.screenshot.isEmpty()) m_written &= savePicture(m_plan.screenshot);
    int code = m_written ? 0 : exitCode(ErrorKind::Failed);
    if (const auto error = m_window->lastError()) code = exitCode(*error);
    Q_EMIT done(code);
}

bool Automation::savePicture(const QString& path) {
    if (m_window->grab().save(path)) return true;
    log::error(path.toStdString() + ": the screenshot could not be written.");
    return false;
}

}  // namespace posteria::ui::shell
