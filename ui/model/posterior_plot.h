// What is plotted of a run: the samples at a pixel, or along a line, one entry a channel shown,
// with the mean and the input beside them. Plain numbers in grey values, read where they are asked
// for: a pixel or a line of every kept sample. GUI thread only, as Run and ViewState are.
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

// The pixel that `position` lies in.
PixelPlot plotPixel(const Run& run, const ViewState& view, const QPointF& position);
LinePlot plotLine(const Run& run, const ViewState& view, const QLineF& line);

}  // namespace posteria::ui
