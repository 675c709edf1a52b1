#include "ui/widgets/threshold_controls.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <algorithm>
#include <cmath>

namespace posteria::ui::widgets {

namespace {

constexpr int kTicks = 200;

// So many decimals that a tick of the slider can be told from the next.
int decimalsFor(const Limits& range) {
    const double tick = (range.high - range.low) / kTicks;
    return tick > 0 ? std::clamp(1 - int(std::floor(std::log10(tick))), 0, 6) : 0;
}

}  // namespace

ThresholdControls::ThresholdControls(QWidget* parent)
    : QWidget(parent), m_layout(new QHBoxLayout(this)) {
    setObjectName(QStringLiteral("thresholdControls"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    add();
}

void ThresholdControls::add() {
    const int channel = int(m_rows.size());
    const auto suffix = channel == 0 ? QString() : QString::number(channel + 1);
    Row row{new QLabel(this), new QSlider(Qt::Horizontal, this), new QDoubleSpinBox(this)};
    row.name->setProperty("rank", QStringLiteral("second"));
    row.slider->setObjectName(QStringLiteral("thresholdSlider") + suffix);
    row.slider->setRange(0, kTicks);
    row.slider->setMinimumWidth(70);
    row.slider->setMaximumWidth(320);
    row.value->setObjectName(QStringLiteral("thresholdValue") + suffix);
    row.value->setToolTip(tr("Threshold in grey values above the camera's dark level"));
    row.value->setKeyboardTracking(false);
    row.value->setButtonSymbols(QAbstractSpinBox::NoButtons);
    row.value->setMaximumWidth(84);
    m_layout->addWidget(row.name);
    m_layout->addWidget(row.slider, 1);
    m_layout->addWidget(row.value);
    connect(row.slider, &QSlider::valueChanged, this, [this, channel](int tick) {
        if (m_run) m_run->setThresholdShare(channel, double(tick) / kTicks);
    });
    connect(row.value, &QDoubleSpinBox::valueChanged, this, [this, channel](double value) {
        if (m_run) m_run->setThreshold(channel, value);
    });
    m_rows.push_back(row);
}

void ThresholdControls::show(Run* run) {
    m_run = run;
    const std::size_t count = run ? run->thresholds().size() : 0;
    while (m_rows.size() < count)
        add();
    for (std::size_t c = 0; c < m_rows.size(); ++c) {
        auto& row = m_rows[c];
        for (auto* widget : {static_cast<QWidget*>(row.name), static_cast<QWidget*>(row.slider),
                             static_cast<QWidget*>(row.value)})
            widget->setVisible(c < std::max<std::size_t>(count, 1));
        if (c >= count) continue;
        const auto name = run->mean()->channelName(int(c));
        row.name->setText(count > 1 ? name : tr("threshold"));
        row.slider->setAccessibleName(tr("Threshold of %1").arg(name));
        row.value->setAccessibleName(row.slider->accessibleName());
        const QSignalBlocker quietSlider(row.slider), quietValue(row.value);
        const auto& range = run->thresholdRanges()[c];
        row.value->setDecimals(decimalsFor(range));
        row.value->setRange(range.low, range.high);
        row.value->setSingleStep((range.high - range.low) / kTicks);
        row.value->setValue(run->thresholds()[c]);
        row.slider->setValue(int(std::lround(run->thresholdShare(int(c)) * kTicks)));
    }
}

}  // namespace posteria::ui::widgets
