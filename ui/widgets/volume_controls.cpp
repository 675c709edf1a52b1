#include "ui/widgets/volume_controls.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QWidgetAction>
#include <cmath>

#include "ui/widgets/range_slider.h"

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
    m_depiction = new QComboBox(this);
    m_depiction->setObjectName(QStringLiteral("depictionCombo"));
    m_depiction->setAccessibleName(tr("What is shown of the volume"));
    m_depiction->setToolTip(
        tr("All of the volume, or one plane of it: across z where the slider is, across x and y at "
           "the crosshair"));
    const std::pair<Depiction, QString> depictions[] = {{Depiction::Volume, tr("whole volume")},
                                                        {Depiction::PlaneZ, tr("plane at z")},
                                                        {Depiction::PlaneY, tr("plane at y")},
                                                        {Depiction::PlaneX, tr("plane at x")}};
    for (const auto& [depiction, name] : depictions)
        m_depiction->addItem(name, static_cast<int>(depiction));
    m_clip = new QToolButton(this);
    buildClip();
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
    row->addWidget(m_depiction);
    row->addWidget(m_clip);
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
    connect(m_depiction, &QComboBox::activated, this, [this] {
        if (!m_layer) return;
        auto display = m_layer->volumeDisplay();
        display.depiction = static_cast<Depiction>(m_depiction->currentData().toInt());
        m_layer->setVolumeDisplay(display);
    });
    connect(m_slider, &QSlider::valueChanged, this, &VolumeControls::slide);
    connect(document, &Document::selectionChanged, this, &VolumeControls::follow);
    follow();
}

void VolumeControls::buildClip() {
    m_clip->setObjectName(QStringLiteral("clipButton"));
    m_clip->setPopupMode(QToolButton::InstantPopup);
    m_clip->setToolTip(tr("Cut off sides of the volume to see into it"));
    m_clip->setAccessibleName(tr("Clipping"));
    auto* menu = new QMenu(m_clip);
    menu->setObjectName(QStringLiteral("clipMenu"));
    auto* box = new QWidget(menu);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(12, 8, 12, 8);
    grid->setHorizontalSpacing(10);
    grid->setColumnStretch(1, 1);
    for (int axis = 0; axis < 3; ++axis) {
        auto* slider = m_sides[std::size_t(axis)] = new RangeSlider(box);
        const QString letter(QLatin1Char("xyz"[axis]));
        slider->setObjectName(QStringLiteral("clip_%1").arg(letter));
        slider->setAccessibleName(tr("Shown along %1").arg(letter));
        slider->setToolTip(tr("Shown from … to: drag a handle, or the bar between them"));
        slider->setFlat(true);
        slider->setRange({0, 1});
        slider->setLimits({0, 1});
        slider->setMinimumWidth(220);
        grid->addWidget(new QLabel(letter, box), axis, 0);
        grid->addWidget(slider, axis, 1);
        connect(slider, &RangeSlider::limitsRequested, this, [this, axis](const Limits& part) {
            if (!m_layer) return;
            auto display = m_layer->volumeDisplay();
            display.clip[std::size_t(axis)] = part;
            m_layer->setVolumeDisplay(display);
        });
    }
    auto* sliders = new QWidgetAction(menu);
    sliders->setDefaultWidget(box);
    menu->addAction(sliders);
    menu->addSeparator();
    auto* all = menu->addAction(tr("Show All"));
    all->setObjectName(QStringLiteral("clipReset"));
    connect(all, &QAction::triggered, this, [this] {
        if (!m_layer) return;
        auto display = m_layer->volumeDisplay();
        display.clip = VolumeDisplay().clip;
        m_layer->setVolumeDisplay(display);
    });
    m_clip->setMenu(menu);
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
    m_depiction->setCurrentIndex(m_depiction->findData(static_cast<int>(display.depiction)));
    m_clip->setText(display.isClipped() ? tr("clipped") : tr("clip"));
    for (std::size_t i = 0; i < m_sides.size(); ++i)
        m_sides[i]->setLimits(display.clip[i]);
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

void VolumeControls::togglePlane(int axis) {
    if (!m_layer) return;
    constexpr Depiction kPlanes[] = {Depiction::PlaneX, Depiction::PlaneY, Depiction::PlaneZ};
    auto display = m_layer->volumeDisplay();
    display.depiction = display.depiction == kPlanes[axis] ? Depiction::Volume : kPlanes[axis];
    m_layer->setVolumeDisplay(display);
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
