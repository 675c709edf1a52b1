#include "ui/widgets/dims_sliders.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>
#include <algorithm>

namespace posteria::ui::widgets {

namespace {

using image::Projection;

QString projectionName(Projection projection) {
    switch (projection) {
        case Projection::Mean:
            return DimsSliders::tr("mean");
        case Projection::Maximum:
            return DimsSliders::tr("max");
        case Projection::Minimum:
            return DimsSliders::tr("min");
        case Projection::Sum:
            break;
    }
    return DimsSliders::tr("sum");
}

}  // namespace

DimsSliders::DimsSliders(ViewState* view, QWidget* parent)
    : QWidget(parent),
      m_time(new AxisSlider(QStringLiteral("t"), tr("T"), this)),
      m_channel(new AxisSlider(QStringLiteral("c"), tr("C"), this)),
      m_slice(new AxisSlider(QStringLiteral("z"), tr("Z"), this)),
      m_slab(new QToolButton(this)),
      m_thickness(new QSpinBox),
      m_projections(new QActionGroup(this)) {
    setObjectName(QStringLiteral("dimsSliders"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (auto* slider : {m_time, m_channel, m_slice})
        column->addWidget(slider);
    connect(m_time, &AxisSlider::indexRequested, this, [this](int t) { m_view->setT(t); });
    connect(m_slice, &AxisSlider::indexRequested, this, [this](int z) { m_view->setZ(z); });
    connect(m_channel, &AxisSlider::indexRequested, this,
            [this](int position) { m_view->setChannel(position - 1); });
    for (auto* slider : {m_time, m_channel, m_slice})
        connect(slider, &AxisSlider::indexRequested, this, [this, slider] { setCurrent(slider); });
    buildSlabButton();
    setView(view);
}

void DimsSliders::setView(ViewState* view) {
    if (m_view == view) return;
    if (m_view) disconnect(m_view, nullptr, this, nullptr);
    m_view = view;
    connect(view, &ViewState::imageChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::axisOrderChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::slabChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::tChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::zChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::channelChanged, this, &DimsSliders::refresh);
    refresh();
}

void DimsSliders::buildSlabButton() {
    m_slab->setObjectName(QStringLiteral("slabButton"));
    m_slab->setPopupMode(QToolButton::InstantPopup);
    m_slab->setToolTip(tr("Show neighbouring slices as one"));
    m_slab->setAccessibleName(tr("Thick slice"));
    auto* menu = new QMenu(m_slab);
    menu->setObjectName(QStringLiteral("slabMenu"));
    auto* row = new QWidget(menu);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 6, 12, 6);
    auto* text = new QLabel(tr("Slices taken together"), row);
    text->setBuddy(m_thickness);
    line->addWidget(text);
    line->addWidget(m_thickness);
    m_thickness->setObjectName(QStringLiteral("slabThickness"));
    connect(m_thickness, qOverload<int>(&QSpinBox::valueChanged), this, [this](int thickness) {
        m_view->setSlab({thickness, m_view->slab().projection});
    });
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(row);
    menu->addAction(action);
    menu->addSeparator();
    for (const auto projection :
         {Projection::Mean, Projection::Maximum, Projection::Minimum, Projection::Sum}) {
        auto* choice = m_projections->addAction(projectionName(projection));
        choice->setObjectName(QStringLiteral("slab_%1").arg(int(projection)));
        choice->setCheckable(true);
        choice->setData(int(projection));
        menu->addAction(choice);
        connect(choice, &QAction::triggered, this, [this, projection] {
            m_view->setSlab({m_view->slab().thickness, projection});
        });
    }
    m_slab->setMenu(menu);
    m_slice->addToRow(m_slab);
}

void DimsSliders::showSlab() {
    const auto slab = m_view->slab();
    const QSignalBlocker quiet(m_thickness);
    m_thickness->setRange(1, int(std::max<std::int64_t>(m_view->shape().z, slab.thickness)));
    m_thickness->setValue(slab.thickness);
    for (auto* choice : m_projections->actions()) {
        choice->setChecked(choice->data().toInt() == int(slab.projection));
        choice->setEnabled(slab.thickness > 1);
    }
    m_slab->setText(
        slab.thickness > 1
            ? tr("%1 of %2 slices").arg(projectionName(slab.projection)).arg(slab.thickness)
            : tr("single slice"));
}

void DimsSliders::setChannelNames(const QStringList& names) {
    m_channelNames = names;
    refresh();
}

void DimsSliders::setStepsPerSecond(double steps) {
    for (auto* slider : {m_time, m_channel, m_slice})
        slider->setStepsPerSecond(steps);
}

void DimsSliders::togglePlay() {
    for (auto* slider : {m_slice, m_time}) {
        if (slider->isHidden()) continue;
        slider->setPlaying(!slider->isPlaying());
        return;
    }
}

std::vector<AxisSlider*> DimsSliders::shown() const {
    std::vector<AxisSlider*> sliders;
    for (auto* slider : {m_time, m_channel, m_slice})
        if (!slider->isHidden()) sliders.push_back(slider);
    return sliders;
}

AxisSlider* DimsSliders::current() const {
    const auto sliders = shown();
    if (sliders.empty()) return nullptr;
    const auto found = std::find(sliders.begin(), sliders.end(), m_current);
    return found == sliders.end() ? sliders.back() : *found;
}

void DimsSliders::setCurrent(AxisSlider* slider) {
    m_current = slider;
    const auto sliders = shown();
    for (auto* each : sliders)
        each->setCurrent(sliders.size() > 1 && each == current());
}

void DimsSliders::step(int by) {
    if (auto* slider = current()) slider->step(by);
}

void DimsSliders::moveCurrent(int by) {
    const auto sliders = shown();
    if (sliders.empty()) return;
    const auto at = std::find(sliders.begin(), sliders.end(), current()) - sliders.begin();
    setCurrent(sliders[std::size_t(
        std::clamp<std::ptrdiff_t>(at + by, 0, std::ptrdiff_t(sliders.size()) - 1))]);
}

void DimsSliders::refresh() {
    const auto& shape = m_view->shape();
    m_slice->setLabel(QString(axisLetter(m_view->axisOrder()[0])).toUpper());
    showSlab();
    m_time->setCount(int(shape.t));
    m_time->setIndex(int(m_view->t()));
    m_slice->setCount(int(shape.z));
    m_slice->setIndex(int(m_view->z()));
    const int channel = m_view->channel();
    m_channel->setCount(int(shape.c) + 1);
    m_channel->setIndex(channel + 1);
    const QString name = m_channelNames.value(channel);
    m_channel->setValueText(channel == ViewState::kComposite ? tr("all")
                            : name.isEmpty() ? QStringLiteral("%1/%2").arg(channel + 1).arg(shape.c)
                                             : name);
    m_time->setVisible(shape.t > 1);
    m_channel->setVisible(shape.c > 1);
    m_slice->setVisible(shape.z > 1);
    setCurrent(m_current);
}

}  // namespace posteria::ui::widgets
