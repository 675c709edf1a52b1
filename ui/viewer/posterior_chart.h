// A chart of the samples at a pixel (how often which value) or along a line (median, central half
// and nine tenths of the samples, and the input on an axis of its own). GUI thread only.
#pragma once

#include <QString>

#include "ui/model/posterior_plot.h"
#include "ui/viewer/chart.h"

namespace posteria::ui::viewer {

class PosteriorChart : public Chart {
    Q_OBJECT
  public:
    explicit PosteriorChart(QWidget* parent = nullptr);

    void setPlot(const PixelPlot& plot, const QString& unit);
    void setPlot(const LinePlot& plot, const QString& unit);
};

}  // namespace posteria::ui::viewer
