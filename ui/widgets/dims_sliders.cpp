#include "ui/widgets/dims_sliders.h"

#include <QVBoxLayout>
#include <algorithm>

namespace posteria::ui::widgets {

DimsSliders::DimsSliders(ViewState* view, QWidget* parent)
    : QWidget(parent),
      m_view(view),
      m_time(new AxisSlider(QStringLiteral("t"), tr("T"), this)),
      m_channel(new AxisSlider(QStringLiteral("c"), tr("C"), this)),
      m_slice(new AxisSlider(QStringLiteral("z"), tr("Z"), this)) {
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
    connect(view, &ViewState::imageChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::tChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::zChanged, this, &DimsSliders::refresh);
    connect(view, &ViewState::channelChanged, this, &DimsSliders::refresh);
    refresh();
}

void DimsSliders::setChannelNames(const QStringList& names) {
    m_channelNames = names;
    refresh();
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
