#include "ui/widgets/dims_sliders.h"

#include <QVBoxLayout>

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
}

}  // namespace posteria::ui::widgets
