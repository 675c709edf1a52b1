#include "ui/shell/automation.h"

#include <QFileInfo>
#include <utility>

#include "core/base/log.h"
#include "ui/shell/main_window.h"

namespace posteria::ui::shell {

namespace {
constexpr int kQuietMs = 600;
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
        m_step = Step::Picture;
        const bool failed = m_window->lastError().has_value();
        if (m_plan.restore && !m_window->document().isEmpty() && !failed) m_window->restore(false);
        m_quiet.start();
        return;
    }
    // Only after a quiet moment: one piece of work often follows another.
    if (m_step != Step::Picture || m_quiet.isActive() || !m_window->isIdle()) return;
    m_step = Step::Done;
    bool written = true;
    if (!m_plan.screenshot.isEmpty()) written = savePicture();
    int code = written ? 0 : exitCode(ErrorKind::Failed);
    if (const auto error = m_window->lastError()) code = exitCode(*error);
    Q_EMIT done(code);
}

bool Automation::savePicture() {
    if (m_window->grab().save(m_plan.screenshot)) return true;
    log::error(m_plan.screenshot.toStdString() + ": the screenshot could not be written.");
    return false;
}

}  // namespace posteria::ui::shell
