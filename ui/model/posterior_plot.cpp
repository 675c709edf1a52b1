#include "ui/model/posterior_plot.h"

#include <QStringList>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/model/colormaps.h"

namespace posteria::ui {

namespace {

using posterior::Point;

// The brightest colour of the channel's map, for lines on a dark ground.
QColor colorOf(const Layer& layer, int channel) {
    return QColor::fromRgb(colormap(layer.channels()[std::size_t(channel)].colormap)[255]);
}

Point toPixel(const PlotSource& source, const QPointF& position) {
    return {position.x() / source.pixelSize.x(), position.y() / source.pixelSize.y()};
}

// Points of the input's grid in a result that may cover a part of it.
std::vector<double> valuesOf(const PlotSource& source, const image::StackPtr& stack,
                             const image::PlaneIndex& plane, std::vector<Point> points) {
    for (auto& point : points) {
        point.x -= source.origin.x;
        point.y -= source.origin.y;
    }
    return posterior::valuesAt(*stack, plane, points);
}

std::vector<double> inputAt(const PlotSource& source, const std::vector<Point>& points) {
    if (!source.input) return std::vector<double>(points.size(), std::nan(""));
    return posterior::valuesAt(*source.input, source.inputPlane, points);
}

std::vector<std::vector<double>> samplesAt(const PlotSource& source, const image::PlaneIndex& plane,
                                           const std::vector<Point>& points) {
    std::vector<std::vector<double>> samples;
    for (const auto& sample : source.samples)
        samples.push_back(valuesOf(source, sample, plane, points));
    return samples;
}

QString cell(double value) {
    return std::isnan(value) ? QString() : QString::number(value, 'g', 9);
}

QString quoted(QString text) {
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) +
           QLatin1Char('"');
}

}  // namespace

PlotSource PlotSource::of(const Run& run, const ViewState& view) {
    PlotSource source;
    source.pixelSize = view.pixelSize();
    source.unit = view.unit();
    // Positions are read as XY.
    if (run.keptSamples() == 0 || !run.snapshot()->mean || !view.isStraight()) return source;
    const auto z = view.z();
    const Layer& mean = *run.mean();
    source.samples = run.snapshot()->kept;
    source.mean = run.snapshot()->mean;
    source.origin = {double(mean.placement().x), double(mean.placement().y)};
    for (const int c : mean.channelsShown(view.channel()))
        if (const auto plane = mean.planeAt(view.t(), z, c))
            source.channels.push_back({mean.channelName(c), colorOf(mean, c), *plane});
    const auto& restored = run.request().selection.c;
    const Layer* input = run.input();
    const auto plane =
        input ? input->planeAt(view.t(), z, restored.empty() ? 0 : restored.front()) : std::nullopt;
    if (plane) {
        source.input = input->stack();
        source.inputPlane = *plane;
    }
    return source;
}

PixelPlot plotPixel(const PlotSource& source, const QPointF& position) {
    PixelPlot plot;
    plot.position = position;
    const Point at = toPixel(source, position);
    const std::vector<Point> points{{std::round(at.x), std::round(at.y)}};
    for (const auto& shown : source.channels) {
        PixelPlot::Channel channel;
        for (const auto& sample : samplesAt(source, shown.plane, points))
            if (!std::isnan(sample.front())) channel.samples.push_back(sample.front());
        if (channel.samples.empty()) continue;
        channel.name = shown.name;
        channel.color = shown.color;
        channel.mean = valuesOf(source, source.mean, shown.plane, points).front();
        channel.q05 = posterior::quantile(channel.samples, 0.05);
        channel.q95 = posterior::quantile(channel.samples, 0.95);
        plot.channels.push_back(std::move(channel));
    }
    const double input = inputAt(source, points).front();
    if (!std::isnan(input)) plot.input = input;
    return plot;
}

LinePlot plotLine(const PlotSource& source, const QLineF& line) {
    LinePlot plot;
    plot.unit = source.unit;
    const auto points =
        posterior::pointsBetween(toPixel(source, line.p1()), toPixel(source, line.p2()));
    for (const auto& shown : source.channels) {
        plot.channels.push_back({shown.name, shown.color,
                                 posterior::bandsOf(samplesAt(source, shown.plane, points)),
                                 valuesOf(source, source.mean, shown.plane, points)});
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double share = points.size() > 1 ? double(i) / double(points.size() - 1) : 0;
        plot.distance.push_back(share * line.length());
    }
    plot.input = inputAt(source, points);
    return plot;
}

QString PixelPlot::csv() const {
    QStringList head{QStringLiteral("sample")};
    std::size_t rows = 0;
    for (const auto& channel : channels) {
        head << quoted(channel.name);
        rows = std::max(rows, channel.samples.size());
    }
    QStringList lines{head.join(QLatin1Char(','))};
    for (std::size_t k = 0; k < rows; ++k) {
        QStringList row{QString::number(k + 1)};
        for (const auto& channel : channels)
            row << (k < channel.samples.size() ? cell(channel.samples[k]) : QString());
        lines << row.join(QLatin1Char(','));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QString LinePlot::csv() const {
    QStringList head{quoted(QStringLiteral("distance (%1)").arg(unit)), QStringLiteral("input")};
    for (const auto& channel : channels)
        for (const char* what : {"mean", "median", "5 %", "25 %", "75 %", "95 %"})
            head << quoted(channel.name + QLatin1Char(' ') + QLatin1String(what));
    QStringList lines{head.join(QLatin1Char(','))};
    for (std::size_t i = 0; i < distance.size(); ++i) {
        QStringList row{cell(distance[i]), cell(input[i])};
        for (const auto& channel : channels) {
            const auto& b = channel.bands;
            for (const auto* values : {&channel.mean, &b.median, &b.q05, &b.q25, &b.q75, &b.q95})
                row << cell((*values)[i]);
        }
        lines << row.join(QLatin1Char(','));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace posteria::ui
