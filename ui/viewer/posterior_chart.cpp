#include "ui/viewer/posterior_chart.h"

#include <algorithm>
#include <cmath>

#include "ui/viewer/chart_parts.h"

namespace posteria::ui::viewer {

namespace {

constexpr int kMostBins = 24;
constexpr int kNineTenths = 60, kHalf = 110;  // opacity of the bands

struct Bins {
    double first = 0, width = 1;
    int count = 1;
};

// Of all channels together. As many bins as there are samples would show each of them alone.
Bins binsOf(const PixelPlot& plot) {
    Chart::Parts::Range range;
    std::size_t samples = 0;
    for (const auto& channel : plot.channels) {
        samples = std::max(samples, channel.samples.size());
        range.take(channel.samples);
    }
    const auto [low, high] = range;
    Bins bins;
    bins.count = std::clamp(2 * int(std::ceil(std::sqrt(double(samples)))), 4, kMostBins);
    const double span = std::max(high - low, 1e-3 * std::max(std::abs(high), 1.0));
    bins.width = span / bins.count;
    bins.first = (low + high - span) / 2;
    return bins;
}

}  // namespace

PosteriorChart::PosteriorChart(QWidget* parent) : Chart(parent) {
    setObjectName(QStringLiteral("posteriorChart"));
}

void PosteriorChart::setPlot(const PixelPlot& plot, const QString& unit) {
    parts().begin();
    const auto bins = binsOf(plot);
    const double last = bins.first + bins.width * bins.count;
    double most = 1;
    for (const auto& channel : plot.channels) {
        std::vector<double> counts(std::size_t(bins.count), 0.0);
        for (const double value : channel.samples) {
            const int bin = int((value - bins.first) / bins.width);
            ++counts[std::size_t(std::clamp(bin, 0, bins.count - 1))];
        }
        most = std::max(most, *std::max_element(counts.begin(), counts.end()));
        // Steps, so that channels can lie over each other.
        std::vector<double> x{bins.first}, y{0}, floor;
        for (int b = 0; b < bins.count; ++b) {
            for (const int end : {b, b + 1}) {
                x.push_back(bins.first + bins.width * end);
                y.push_back(counts[std::size_t(b)]);
            }
        }
        x.push_back(last);
        y.push_back(0);
        floor.assign(x.size(), 0.0);
        parts().area(x, floor, y, channel.color, kHalf);
        parts().line(x, y, channel.color, 1.2f);
    }
    const double top = 1.08 * most;
    for (const auto& channel : plot.channels) {
        parts().line({channel.mean, channel.mean}, {0, top}, channel.color, 2);
        for (const double end : {channel.q05, channel.q95})
            parts().line({end, end}, {0, top}, channel.color, 1, vtkPen::DASH_LINE);
    }
    // An input far off, as that of a mixture is, would squeeze the samples; its value is told
    // anyway.
    const double span = last - bins.first;
    double left = bins.first, right = last;
    if (plot.input && *plot.input > left - span && *plot.input < right + span) {
        left = std::min(left, *plot.input);
        right = std::max(right, *plot.input);
        parts().line({*plot.input, *plot.input}, {0, top}, Parts::kInput, 1.5f, vtkPen::DOT_LINE);
    }
    auto* side = parts().chart->GetAxis(vtkAxis::LEFT);
    side->SetBehavior(vtkAxis::FIXED);
    side->SetRange(0, top);
    Parts::setRange(parts().chart->GetAxis(vtkAxis::BOTTOM), left, right);
    Parts::styleAxis(parts().chart->GetAxis(vtkAxis::BOTTOM), unit, Parts::kText);
    Parts::styleAxis(side, tr("samples"), Parts::kText);
    update();
}

void PosteriorChart::setPlot(const LinePlot& plot, const QString& unit) {
    parts().begin();
    Parts::Range values, input;
    input.take(plot.input);
    for (const auto& channel : plot.channels) {
        values.take(channel.bands.q05);
        values.take(channel.bands.q95);
        parts().area(plot.distance, channel.bands.q05, channel.bands.q95, channel.color,
                     kNineTenths);
        parts().area(plot.distance, channel.bands.q25, channel.bands.q75, channel.color, kHalf);
    }
    // The input lies on a dark level and may hold several structures: an axis of its own.
    if (!input.isEmpty()) {
        parts().line(plot.distance, plot.input, Parts::kInput, 1, vtkPen::DOT_LINE, 1);
        parts().chart->GetAxis(vtkAxis::RIGHT)->SetVisible(true);
        Parts::styleAxis(parts().chart->GetAxis(vtkAxis::RIGHT), tr("input"), Parts::kInput);
        Parts::setRange(parts().chart->GetAxis(vtkAxis::RIGHT), input.low, input.high);
    }
    for (const auto& channel : plot.channels)
        parts().line(plot.distance, channel.bands.median, channel.color, 2);
    Parts::styleAxis(parts().chart->GetAxis(vtkAxis::BOTTOM), tr("distance (%1)").arg(plot.unit),
                     Parts::kText);
    Parts::styleAxis(parts().chart->GetAxis(vtkAxis::LEFT), unit, Parts::kText);
    if (!values.isEmpty())
        Parts::setRange(parts().chart->GetAxis(vtkAxis::LEFT), values.low, values.high);
    auto* bottom = parts().chart->GetAxis(vtkAxis::BOTTOM);
    bottom->SetBehavior(vtkAxis::FIXED);
    bottom->SetRange(0, std::max(plot.distance.back(), 1e-9));
    update();
}

}  // namespace posteria::ui::viewer
