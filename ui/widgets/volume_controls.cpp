#include "ui/widgets/volume_controls.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <cmath>

namespace posteria::ui::widgets {

namespace {

// The slider's hundred steps for attenuation, which matters over two decades.
constexpr double kLeast = 0.002, kMost = 0.5;

double attenuationAt(int step) {
    return kLeast * std::pow(kMost / kLeast, step / 100.0);
}
int stepOf(double attenuation) {
    return static_cast<int>(
        std::lround(100 * std::log(attenuation / kLeast) / std::log(kMost / kLeast)));
}

}  // namespace

VolumeControls::VolumeControls(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("volumeControls"));
    m_rendering = new QComboBox(this);
    m_rendering->setObjectName(QStringLiteral("renderingCombo"));
    const std::pair<Rendering, QString> all[] = {
        {Rendering::Mip, tr("maximum (MIP)")},
        {Rendering::AttenuatedMip, tr("attenuated maximum")},
        {Rendering::Minip, tr("minimum (MinIP)")},
        {Rendering::Average, tr("average")},
        {Rendering::Translucent, tr("translucent")},
        {Rendering::Iso, tr("surface (iso)")}};
    for (const auto& [rendering, name] : all)
        m_rendering->addItem(name, static_cast<int>(rendering));
    m_caption = new QLabel(this);
    m_caption->setProperty("rank", QStringLiteral("second"));
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setObjectName(QStringLiteral("renderingSlider"));
    m_slider->setRange(0, 100);
    m_slider->setMaximumWidth(260);
    m_value = new QLabel(this);
    auto* caption = new QLabel(tr("rendering"), this);
    caption->setProperty("rank", QStringLiteral("second"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(10);
    row->addWidget(caption);
    row->addWidget(m_rendering);
    row->addSpacing(10);
    row->addWidget(m_caption);
    row->addWidget(m_slider, 1);
    row->addWidget(m_value);
    row->addStretch(1);
    connect(m_rendering, &QComboBox::activated, this, [this] {
        if (!m_layer) return;
        auto display = m_layer->volumeDisplay();
        display.rendering = static_cast<Rendering>(m_rendering->currentData().toInt());
        m_layer->setVolumeDisplay(display);
    });
    connect(m_slider, &QSlider::valueChanged, this, &VolumeControls::slide);
    connect(document, &Document::selectionChanged, this, &VolumeControls::follow);
    follow();
}

void VolumeControls::follow() {
    if (m_layer) disconnect(m_layer, nullptr, this, nullptr);
    m_layer = m_document->base();
    if (m_layer) connect(m_layer, &Layer::displayChanged, this, &VolumeControls::refresh);
    refresh();
}

void VolumeControls::refresh() {
    setEnabled(m_layer);
    if (!m_layer) return;
    const auto& display = m_layer->volumeDisplay();
    const QSignalBlocker quietCombo(m_rendering), quietSlider(m_slider);
    m_rendering->setCurrentIndex(m_rendering->findData(static_cast<int>(display.rendering)));
    const bool surface = display.rendering == Rendering::Iso;
    const bool attenuated = display.rendering == Rendering::AttenuatedMip;
    for (auto* widget : {static_cast<QWidget*>(m_caption), static_cast<QWidget*>(m_slider),
                         static_cast<QWidget*>(m_value)})
        widget->setVisible(surface || attenuated);
    m_caption->setText(surface ? tr("threshold") : tr("attenuation"));
    m_slider->setValue(surface ? static_cast<int>(std::lround(100 * display.threshold))
                               : stepOf(display.attenuation));
    if (surface && m_layer->channelCount() > 0) {
        const Limits limits = m_layer->channels().front().limits;
        m_value->setText(
            QString::number(limits.low + display.threshold * (limits.high - limits.low), 'g', 4));
    } else {
        m_value->setText(QString::number(display.attenuation, 'g', 2));
    }
}

void VolumeControls::slide(int value) {
    if (!m_layer) return;
    auto display = m_layer->volumeDisplay();
    if (display.rendering == Rendering::Iso)
        display.threshold = value / 100.0;
    else
        display.attenuation = attenuationAt(value);
    m_layer->setVolumeDisplay(display);
}

}  // namespace posteria::ui::widgets
