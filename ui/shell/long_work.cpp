#include "ui/shell/long_work.h"

#include "ui/shell/batch_window.h"
#include "ui/shell/calibration_window.h"

namespace posteria::ui::shell {

LongWork::LongWork(JobController* jobs, const RestoreSettings* panel, QSettings* settings,
                   QWidget* window)
    : m_steps(jobs), m_panel(panel), m_settings(settings), m_window(window) {
    m_indicator = new QToolButton(window);
    m_indicator->setObjectName(QStringLiteral("activityBatch"));
    m_indicator->hide();
    connect(m_indicator, &QToolButton::clicked, this, [this] {
        if (m_batch && (m_batch->isBusy() || m_batch->run().state() == BatchRun::State::Paused))
            showBatch();
        else
            showCalibration();
    });
    connect(this, &LongWork::busyChanged, this, &LongWork::tell);
}

LongWork::~LongWork() {
    delete m_batch;
    delete m_calibration;
}

BatchWindow* LongWork::batch() {
    if (m_batch) return m_batch;
    m_batch = new BatchWindow(&m_steps, m_panel, m_settings, m_window);
    connect(m_batch, &BatchWindow::busyChanged, this, &LongWork::busyChanged);
    connect(m_batch, &BatchWindow::openRequested, this, &LongWork::openRequested);
    connect(&m_batch->queue(), &BatchQueue::countsChanged, this, &LongWork::tell);
    return m_batch;
}

CalibrationWindow* LongWork::calibration() {
    if (m_calibration) return m_calibration;
    m_calibration = new CalibrationWindow(&m_steps, m_panel, m_settings, m_window);
    connect(m_calibration, &CalibrationWindow::busyChanged, this, &LongWork::busyChanged);
    connect(m_calibration, &CalibrationWindow::kept, this, &LongWork::modelKept);
    connect(&m_calibration->pairs(), &CalibrationPairs::countsChanged, this, &LongWork::tell);
    return m_calibration;
}

void LongWork::showBatch() {
    batch()->present();
}

void LongWork::showCalibration() {
    calibration()->present();
}

bool LongWork::isBusy() const {
    return (m_batch && m_batch->isBusy()) || (m_calibration && m_calibration->isBusy());
}

QString LongWork::busyText() const {
    if (m_batch && m_batch->isBusy())
        return tr("A batch is still running; its finished files are kept.");
    if (m_calibration && m_calibration->isBusy())
        return tr("A calibration is still running; what it has found would be lost.");
    return {};
}

void LongWork::tell() {
    if (!m_indicator) return;
    QString text;
    if (m_batch && m_batch->run().state() != BatchRun::State::Idle) {
        const auto& queue = m_batch->queue();
        const int ended = queue.rowCount() - queue.count(BatchQueue::State::Waiting) -
                          queue.count(BatchQueue::State::Running);
        text = m_batch->run().state() == BatchRun::State::Paused
                   ? tr("batch paused")
                   : tr("batch %1 of %2").arg(ended).arg(queue.rowCount());
    } else if (m_calibration && m_calibration->isBusy()) {
        const auto& pairs = m_calibration->pairs();
        text = tr("calibrating %1 of %2")
                   .arg(pairs.count(CalibrationPairs::State::Done))
                   .arg(pairs.rowCount());
    }
    m_indicator->setText(text);
    m_indicator->setVisible(!text.isEmpty());
}

}  // namespace posteria::ui::shell
