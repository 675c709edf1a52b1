#include "ui/widgets/sweep_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "ui/widgets/icons.h"

namespace posteria::ui::widgets {

namespace {

constexpr int kPicture = 84;  // logical pixels

}  // namespace

SweepStrip::SweepStrip(ParameterSweep* sweep, QWidget* parent) : QWidget(parent), m_sweep(sweep) {
    setObjectName(QStringLiteral("sweepStrip"));
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(8, 0, 8, 0);
    m_row->setSpacing(6);
    m_what = new QLabel(this);
    m_what->setProperty("rank", QStringLiteral("second"));
    m_row->addWidget(m_what);
    m_row->addStretch();
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("sweepClose"));
    close->setIcon(icon(Symbol::Close));
    close->setToolTip(tr("Close"));
    m_row->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QToolButton::clicked, this, [this] {
        m_closed = true;
        m_sweep->stop();
        hide();
    });
    connect(sweep, &ParameterSweep::changed, this, &SweepStrip::refresh);
    hide();
}

void SweepStrip::refresh() {
    const auto& trials = m_sweep->trials();
    if (m_sweep->isRunning() && !trials.empty() && trials.front().picture.isNull())
        m_closed = false;  // a new one
    setVisible(!trials.empty() && !m_closed);
    const bool severity = m_sweep->what() == ParameterSweep::What::Severity;
    m_what->setText(severity ? tr("severity") : tr("steps"));
    while (m_trials.size() < trials.size()) {
        auto* button = new QToolButton(this);
        const int index = int(m_trials.size());
        button->setObjectName(QStringLiteral("sweepTrial%1").arg(index));
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setIconSize({kPicture, kPicture});
        button->setToolTip(tr("Take this value"));
        connect(button, &QToolButton::clicked, this, [this, index] { m_sweep->take(index); });
        m_row->insertWidget(index + 1, button);
        m_trials.push_back(button);
    }
    for (std::size_t i = 0; i < m_trials.size(); ++i) {
        m_trials[i]->setVisible(i < trials.size());
        if (i >= trials.size()) continue;
        const auto& trial = trials[i];
        m_trials[i]->setText(severity ? QString::number(trial.value, 'f', 2)
                                      : QString::number(trial.value, 'f', 0));
        QPixmap picture(kPicture, kPicture);
        if (trial.picture.isNull())
            picture.fill(QColor(66, 74, 84));
        else
            picture = QPixmap::fromImage(trial.picture.scaled(
                kPicture, kPicture, Qt::KeepAspectRatio, Qt::SmoothTransformation));
        m_trials[i]->setIcon(picture);
    }
}

}  // namespace posteria::ui::widgets
