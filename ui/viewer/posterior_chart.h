// A chart of the samples at a pixel (how often which value) or along a line (median, central half
// and nine tenths of the samples, and the input on an axis of its own). Drawn by VTK's charts
// through a QPainter: needs no OpenGL. GUI thread only.
#pragma once

#include <QString>
#include <QWidget>
#include <memory>

#include "ui/model/posterior_plot.h"

namespace posteria::ui::viewer {

class PosteriorChart : public QWidget {
    Q_OBJECT
  public:
    explicit PosteriorChart(QWidget* parent = nullptr);
    ~PosteriorChart() override;

    void setPlot(const PixelPlot& plot, const QString& unit);
    void setPlot(const LinePlot& plot, const QString& unit);
    void clear(const QString& message);  // shown in the chart's place
    bool isBlank() const;

    // The chart as on the screen, in twice its size (PNG) or as lines and words (SVG), by the
    // path's ending; false when the file cannot be written.
    bool save(const QString& path) const;

    QSize minimumSizeHint() const override { return {220, 200}; }
    QSize sizeHint() const override { return {320, 220}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void draw(QPainter& painter, const QSize& size) const;

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui::viewer
