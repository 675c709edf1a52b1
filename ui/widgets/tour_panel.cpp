#include "ui/widgets/tour_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/parts.h"

namespace posteria::ui::widgets {

TourPanel::TourPanel(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("tourPanel"));
    m_title = named(new QLabel(this), "tourTitle");
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_text = named(new QLabel(this), "tourText");
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::MarkdownText);
    m_text->setMinimumHeight(3 * fontMetrics().lineSpacing());
    m_text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_back = named(new QPushButton(tr("Back"), this), "tourBack");
    m_show = named(new QPushButton(tr("Show Me"), this), "tourShow");
    m_show->setToolTip(tr("Does in the window what this step tells"));
    m_show->setProperty("accent", true);
    m_next = named(new QPushButton(this), "tourNext");
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    buttons->addWidget(m_title, 1);
    for (auto* button : {m_back, m_show, m_next})
        buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addLayout(buttons);
    column->addWidget(m_text);
    connect(m_back, &QPushButton::clicked, this, [this] { setStep(m_step - 1); });
    connect(m_show, &QPushButton::clicked, this, [this] { Q_EMIT showRequested(m_step); });
    connect(m_next, &QPushButton::clicked, this, [this] {
        if (m_step + 1 < count())
            setStep(m_step + 1);
        else
            Q_EMIT closeRequested();
    });
}

void TourPanel::showEvent(QShowEvent* event) {
    if (m_steps.empty()) {
        m_steps = tourSteps();
        setStep(m_step);
    }
    QWidget::showEvent(event);
}

void TourPanel::setStep(int step) {
    if (m_steps.empty()) return;
    m_step = std::clamp(step, 0, count() - 1);
    const auto& shown = m_steps[std::size_t(m_step)];
    m_title->setText(tr("%1 of %2 · %3").arg(m_step + 1).arg(count()).arg(shown.title));
    m_text->setText(shown.text);
    m_back->setEnabled(m_step > 0);
    m_next->setText(m_step + 1 < count() ? tr("Next") : tr("Done"));
}

}  // namespace posteria::ui::widgets
