// The sliders for time, channel and slice below the canvas: a row for each axis of more than one
// plane. The channel's first position shows all channels together. Follows one ViewState.
#pragma once

#include <QWidget>

#include "ui/model/view_state.h"
#include "ui/widgets/axis_slider.h"

namespace posteria::ui::widgets {

class DimsSliders : public QWidget {
    Q_OBJECT
  public:
    explicit DimsSliders(ViewState* view, QWidget* parent = nullptr);

    // Names of the channels; those missing are numbered.
    void setChannelNames(const QStringList& names);
    void togglePlay();  // of the last axis that can be played

  private:
    void refresh();

    ViewState* m_view;
    QStringList m_channelNames;
    AxisSlider *m_time, *m_channel, *m_slice;
};

}  // namespace posteria::ui::widgets
