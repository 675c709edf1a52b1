#include "ui/widgets/axis_slider.h"

#include <QActionGroup>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <QToolButton>
#include <QWidgetAction>
#include <algorithm>

#include "ui/widgets/icons.h"

namespace posteria::ui::widgets {

AxisSlider::AxisSlider(const QString& name, const QString& label, QWidget* parent)
    : QWidget(parent),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_play(new QToolButton(this)),
      m_label(new QLabel(label, this)),
      m_value(new QLabel(this)),
      m_speed(new QDoubleSpinBox) {
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
    m_play->setAccessibleName(tr("Play along %1").arg(label));
    m_slider->setAccessibleName(label);
    m_slider->setPageStep(5);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(8);
    row->addWidget(m_label);
    row->addWidget(m_play);
    row->addWidget(m_slider, 1);
    row->addWidget(m_value);
    buildPlayMenu();
    connect(&m_timer, &QTimer::timeout, this, &AxisSlider::playOn);
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

void AxisSlider::setLabel(const QString& label) {
    m_label->setText(label);
    m_slider->setAccessibleName(label);
}

void AxisSlider::addToRow(QWidget* widget) {
    layout()->addWidget(widget);
}

void AxisSlider::buildPlayMenu() {
    auto* menu = new QMenu(m_play);
    menu->setObjectName(objectName() + QStringLiteral("Menu"));
    auto* row = new QWidget(menu);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 6, 12, 6);
    auto* text = new QLabel(tr("Steps per second"), row);
    line->addWidget(text);
    line->addWidget(m_speed);
    text->setBuddy(m_speed);
    m_speed->setObjectName(objectName() + QStringLiteral("Speed"));
    m_speed->setRange(0.5, 30);
    m_speed->setDecimals(1);
    connect(m_speed, qOverload<double>(&QDoubleSpinBox::valueChanged), this, [this](double steps) {
        m_timer.setInterval(int(1000 / steps));
        m_play->setToolTip(
            tr("Play, up to %1 steps a second").arg(QLocale().toString(steps, 'g', 3)));
    });
    m_speed->setValue(10);
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(row);
    menu->addAction(action);
    menu->addSeparator();
    auto* group = new QActionGroup(menu);
    for (const auto& [what, words] :
         {std::pair{AtEnd::Stop, tr("Once")}, std::pair{AtEnd::Loop, tr("Loop")},
          std::pair{AtEnd::Back, tr("Back and Forth")}}) {
        auto* choice = group->addAction(words);
        choice->setCheckable(true);
        choice->setChecked(what == m_atEnd);
        choice->setData(int(what));
        connect(choice, &QAction::triggered, this, [this, what = what] { m_atEnd = what; });
        menu->addAction(choice);
    }
    connect(menu, &QMenu::aboutToShow, this, [this, group] {
        for (auto* choice : group->actions())
            choice->setChecked(choice->data().toInt() == int(m_atEnd));
    });
    m_play->setMenu(menu);
    m_play->setPopupMode(QToolButton::MenuButtonPopup);
}

void AxisSlider::setStepsPerSecond(double steps) {
    m_speed->setValue(steps);
}

double AxisSlider::stepsPerSecond() const {
    return m_speed->value();
}

void AxisSlider::setAtEnd(AtEnd what) {
    m_atEnd = what;
}

void AxisSlider::playOn() {
    const int next = m_slider->value() + m_direction;
    if (next >= 0 && next <= m_slider->maximum()) {
        m_slider->setValue(next);
    } else if (m_atEnd == AtEnd::Stop) {
        setPlaying(false);
    } else if (m_atEnd == AtEnd::Loop) {
        m_slider->setValue(m_direction > 0 ? 0 : m_slider->maximum());
    } else {
        m_direction = -m_direction;
        m_slider->setValue(m_slider->value() + m_direction);
    }
}

void AxisSlider::setPlaying(bool playing) {
    if (playing && m_slider->maximum() > 0) {
        // What is played once begins anew from its end.
        m_direction = 1;
        if (m_atEnd == AtEnd::Stop && m_slider->value() == m_slider->maximum())
            m_slider->setValue(0);
        m_timer.start();
    } else {
        m_timer.stop();
    }
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
