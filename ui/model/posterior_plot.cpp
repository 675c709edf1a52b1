#include "ui/model/posterior_plot.h"

#include <QStringList>
#include <cmath>

#include "ui/model/colormaps.h"

namespace posteria::ui {

namespace {

using posterior::Point;

// Positions of the view in pixels of the layer's stack.
std::vector<Point> inLayer(const Layer& layer, std::vector<Point> points) {
    for (auto& point : points) {
        point.x -= double(layer.placement().x);
        point.y -= double(layer.placement().y);
    }
    return points;
}

std::vector<double> valuesOf(const Layer* layer, const image::StackPtr& stack,
                             const ViewState& view, int channel, const std::vector<Point>& points) {
    const auto plane = layer ? layer->planeAt(view.t(), view.z(), channel) : std::nullopt;
    if (!plane || !stack) return {};
    return posterior::valuesAt(*stack, *plane, inLayer(*layer, points));
}

// The brightest colour of the channel's map, for lines on a dark ground.
QColor colorOf(const Layer& layer, int channel) {
    return QColor::fromRgb(colormap(layer.channels()[std::size_t(channel)].colormap)[255]);
}

// The input's own channel that a run restores.
std::vector<double> inputAt(const Run& run, const ViewState& view,
                            const std::vector<Point>& points) {
    const auto& chosen = run.request().selection.c;
    const int channel = chosen.empty() ? 0 : int(chosen.front());
    const Layer* layer = run.input();
    return layer ? valuesOf(layer, layer->stack(), view, channel, points) : std::vector<double>();
}

// Of every kept sample; empty where the run has none there.
std::vector<std::vector<double>> samplesAt(const Run& run, const ViewState& view, int channel,
                                           const std::vector<Point>& points) {
    std::vector<std::vector<double>> samples;
    for (const auto& sample : run.snapshot()->kept)
        samples.push_back(valuesOf(run.mean(), sample, view, channel, points));
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

PixelPlot plotPixel(const Run& run, const ViewState& view, const QPointF& position) {
    PixelPlot plot;
    plot.position = position;
    const QPointF pixel = view.toPixel(position);
    const std::vector<Point> points{{std::round(pixel.x()), std::round(pixel.y())}};
    if (!run.snapshot() || run.keptSamples() == 0) return plot;
    for (const int c : run.mean()->channelsShown(view.channel())) {
        PixelPlot::Channel channel;
        for (const auto& sample : samplesAt(run, view, c, points))
            if (!sample.empty() && !std::isnan(sample.front()))
                channel.samples.push_back(sample.front());
        if (channel.samples.empty()) continue;
        channel.name = run.mean()->channelName(c);
        channel.color = colorOf(*run.mean(), c);
        const auto mean = valuesOf(run.mean(), run.snapshot()->mean, view, c, points);
        channel.mean = mean.empty() ? std::nan("") : mean.front();
        channel.q05 = posterior::quantile(channel.samples, 0.05);
        channel.q95 = posterior::quantile(channel.samples, 0.95);
        plot.channels.push_back(std::move(channel));
    }
    const auto input = inputAt(run, view, points);
    if (!input.empty() && !std::isnan(input.front())) plot.input = input.front();
    return plot;
}

LinePlot plotLine(const Run& run, const ViewState& view, const QLineF& line) {
    LinePlot plot;
    plot.unit = view.unit();
    if (!run.snapshot() || run.keptSamples() == 0) return plot;
    const QPointF from = view.toPixel(line.p1()), to = view.toPixel(line.p2());
    const auto points = posterior::pointsBetween({from.x(), from.y()}, {to.x(), to.y()});
    for (const int c : run.mean()->channelsShown(view.channel())) {
        const auto samples = samplesAt(run, view, c, points);
        if (samples.front().empty()) continue;
        plot.channels.push_back({run.mean()->channelName(c), colorOf(*run.mean(), c),
                                 posterior::bandsOf(samples),
                                 valuesOf(run.mean(), run.snapshot()->mean, view, c, points)});
    }
    if (plot.channels.empty()) return plot;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double share = points.size() > 1 ? double(i) / double(points.size() - 1) : 0;
        plot.distance.push_back(share * line.length());
    }
    plot.input = inputAt(run, view, points);
    plot.input.resize(points.size(), std::nan(""));
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
