// What is plotted of a run: the samples at a pixel, or along a line, one entry a channel shown,
// with the mean and the input beside them. Plain numbers in grey values. What to read is gathered
// on the GUI thread; the reading, of files too, belongs on another.
#pragma once

#include <QColor>
#include <QLineF>
#include <QPointF>
#include <QString>
#include <optional>
#include <vector>

#include "core/posterior/profile.h"
#include "ui/model/run.h"
#include "ui/model/view_state.h"

namespace posteria::ui {

// The planes of a run that are in view, independent of the run and the view from then on.
struct PlotSource {
    struct Channel {
        QString name;
        QColor color;
        image::PlaneIndex plane;
    };
    std::vector<Channel> channels;  // empty: there is nothing to plot
    std::vector<image::StackPtr> samples;
    image::StackPtr mean;
    image::StackPtr input;         // null where there is none at this time and slice
    image::PlaneIndex inputPlane;  // of the channel that was restored
    posterior::Point origin;       // of the results' first pixel, in the input's pixels
    QPointF pixelSize{1, 1};       // µm or 1 px
    QString unit;                  // of positions

    static PlotSource of(const Run& run, const ViewState& view);  // GUI thread
};

struct PixelPlot {
    struct Channel {
        QString name;
        QColor color;
        std::vector<double> samples;
        double mean = 0, q05 = 0, q95 = 0;
    };
    std::vector<Channel> channels;  // empty: there is nothing to show
    std::optional<double> input;
    QPointF position;  // µm or pixels

    QString csv() const;  // a row a sample, a column a channel
};

struct LinePlot {
    struct Channel {
        QString name;
        QColor color;
        posterior::Bands bands;
        std::vector<double> mean;
    };
    std::vector<double> distance;  // from the line's beginning, µm or pixels
    std::vector<Channel> channels;
    std::vector<double> input;  // NaN where there is none
    QString unit;               // of distance

    QString csv() const;  // a row a point
};

// The pixel that `position` lies in. Any thread; throws Error{Input} for a damaged file, as does
// the other.
PixelPlot plotPixel(const PlotSource& source, const QPointF& position);
LinePlot plotLine(const PlotSource& source, const QLineF& line);

}  // namespace posteria::ui
