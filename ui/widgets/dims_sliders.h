// The sliders for time, channel and slice below the canvas: a row for each axis of more than one
// plane. The channel's first position shows all channels together; a button beside the slices takes
// neighbouring ones together. Follows one ViewState at a time.
#pragma once

#include <QPointer>
#include <QWidget>
#include <vector>

#include "ui/model/view_state.h"
#include "ui/widgets/axis_slider.h"

class QActionGroup;
class QSpinBox;
class QToolButton;

namespace posteria::ui::widgets {

class DimsSliders : public QWidget {
    Q_OBJECT
  public:
    explicit DimsSliders(ViewState* view, QWidget* parent = nullptr);

    void setView(ViewState* view);  // not owned

    // Names of the channels; those missing are numbered.
    void setChannelNames(const QStringList& names);
    void setStepsPerSecond(double steps);
    void togglePlay();  // of the last axis that can be played
    // The slider that keys step: the one used last, at first the lowest. Its label stands out.
    void step(int by);
    void moveCurrent(int by);  // to the slider below (1) or above (-1)

  private:
    void refresh();
    AxisSlider* current() const;  // null where there is no slider
    void setCurrent(AxisSlider* slider);
    std::vector<AxisSlider*> shown() const;  // from above

    void buildSlabButton();
    void showSlab();

    QPointer<ViewState> m_view;
    QStringList m_channelNames;
    AxisSlider *m_time, *m_channel, *m_slice;
    AxisSlider* m_current = nullptr;
    QToolButton* m_slab;
    QSpinBox* m_thickness;
    QActionGroup* m_projections;
};

}  // namespace posteria::ui::widgets
