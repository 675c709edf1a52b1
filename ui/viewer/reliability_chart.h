// The reliability plot of a calibration: observed against predicted error, a point a bin and a line
// a channel, beside the dashed line on which both are equal. Above it uncertainty is too small.
// GUI thread only.
#pragma once

#include "ui/model/reliability_plot.h"
#include "ui/viewer/chart.h"

namespace posteria::ui::viewer {

class ReliabilityChart : public Chart {
    Q_OBJECT
  public:
    explicit ReliabilityChart(QWidget* parent = nullptr);

    void setPlot(const ReliabilityPlot& plot);

    QSize sizeHint() const override { return {420, 380}; }
};

}  // namespace posteria::ui::viewer
