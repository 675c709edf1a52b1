#include "ui/widgets/axis_slider.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

#include "ui/widgets/icons.h"

namespace posteria::ui::widgets {

AxisSlider::AxisSlider(const QString& name, const QString& label, QWidget* parent)
    : QWidget(parent),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_play(new QToolButton(this)),
      m_label(new QLabel(label, this)),
      m_value(new QLabel(this)) {
    setObjectName(name + QStringLiteral("Slider"));
    m_slider->setObjectName(name + QStringLiteral("Position"));
    m_play->setObjectName(name + QStringLiteral("Play"));
    m_value->setObjectName(name + QStringLiteral("Value"));
    m_label->setProperty("rank", QStringLiteral("second"));
    m_label->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("channel")) + 10);
    m_label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_value->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("1000/1000")) + 12);
    m_play->setIcon(icon(Symbol::Play));
    m_play->setCheckable(true);
    m_play->setToolTip(tr("Play, up to ten steps a second"));
    m_slider->setAccessibleName(label);
    m_slider->setPageStep(5);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(8);
    row->addWidget(m_label);
    row->addWidget(m_play);
    row->addWidget(m_slider, 1);
    row->addWidget(m_value);
    m_timer.setInterval(100);
    connect(&m_timer, &QTimer::timeout, this, [this] { step(1); });
    connect(m_play, &QToolButton::toggled, this, &AxisSlider::setPlaying);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        updateText();
        Q_EMIT indexRequested(value);
    });
    setCount(1);
}

void AxisSlider::setCount(int count) {
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(0, std::max(0, count - 1));
    m_play->setEnabled(count > 1);
    m_slider->setEnabled(count > 1);
    if (count < 2) setPlaying(false);
    updateText();
}

void AxisSlider::setIndex(int index) {
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(index);
    updateText();
}

void AxisSlider::setValueText(const QString& text) {
    m_valueText = text;
    updateText();
}

void AxisSlider::setCurrent(bool current) {
    const auto rank = current ? QStringLiteral("head") : QStringLiteral("second");
    if (m_label->property("rank") == rank) return;
    m_label->setProperty("rank", rank);
    m_label->style()->unpolish(m_label);
    m_label->style()->polish(m_label);
}

void AxisSlider::setStepsPerSecond(double steps) {
    m_timer.setInterval(int(1000 / std::clamp(steps, 1.0, 10.0)));
}

void AxisSlider::setPlaying(bool playing) {
    if (playing && m_slider->maximum() > 0)
        m_timer.start();
    else
        m_timer.stop();
    const QSignalBlocker quiet(m_play);
    m_play->setChecked(m_timer.isActive());
    m_play->setIcon(icon(m_timer.isActive() ? Symbol::Pause : Symbol::Play));
}

void AxisSlider::step(int by) {
    const int count = m_slider->maximum() + 1;
    m_slider->setValue(((m_slider->value() + by) % count + count) % count);
}

void AxisSlider::updateText() {
    m_value->setText(
        m_valueText.isEmpty()
            ? QStringLiteral("%1/%2").arg(m_slider->value() + 1).arg(m_slider->maximum() + 1)
            : m_valueText);
}

}  // namespace posteria::ui::widgets
