#include "ui/viewer/posterior_chart.h"

#include <vtkAxis.h>
#include <vtkBrush.h>
#include <vtkChartXY.h>
#include <vtkContextScene.h>
#include <vtkDoubleArray.h>
#include <vtkNew.h>
#include <vtkPen.h>
#include <vtkPlot.h>
#include <vtkPlotArea.h>
#include <vtkTable.h>
#include <vtkTextProperty.h>

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "ui/viewer/painter_device.h"

namespace posteria::ui::viewer {

namespace {

const QColor kGround(38, 41, 48);
const QColor kText(209, 210, 212);
const QColor kGrid(84, 92, 104);
const QColor kInput(160, 164, 172);
constexpr int kMostBins = 24;
constexpr int kNineTenths = 60, kHalf = 110;  // opacity of the bands

void paintText(vtkTextProperty* text, const QColor& color) {
    text->SetColor(color.redF(), color.greenF(), color.blueF());
    text->SetShadow(0);
}

void styleAxis(vtkAxis* axis, const QString& title, const QColor& color) {
    axis->SetTitle(title.toStdString());
    paintText(axis->GetTitleProperties(), color);
    paintText(axis->GetLabelProperties(), color);
    axis->GetTitleProperties()->SetBold(0);
    axis->GetPen()->SetColor(kGrid.red(), kGrid.green(), kGrid.blue());
    axis->GetGridPen()->SetColor(kGrid.red(), kGrid.green(), kGrid.blue(), 70);
}

// Fixed, so that ticks are round numbers.
void setRange(vtkAxis* axis, double low, double high) {
    const double rest = high > low ? 0.04 * (high - low) : std::max(std::abs(high), 1.0);
    axis->SetBehavior(vtkAxis::FIXED);
    axis->SetRange(low - rest, high + rest);
}

struct Range {
    double low = HUGE_VAL, high = -HUGE_VAL;

    void take(const std::vector<double>& values) {
        for (const double value : values) {
            if (std::isnan(value)) continue;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    bool isEmpty() const { return high < low; }
};

// Columns of one table, which the plot keeps alive.
vtkNew<vtkTable> tableOf(const std::vector<const std::vector<double>*>& columns) {
    vtkNew<vtkTable> table;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        vtkNew<vtkDoubleArray> column;
        column->SetName(("column " + std::to_string(c)).c_str());
        for (const double value : *columns[c])
            column->InsertNextValue(value);
        table->AddColumn(column);
    }
    return table;
}

void stylePen(vtkPlot* plot, const QColor& color, float width, int type = vtkPen::SOLID_LINE) {
    plot->SetColor(static_cast<unsigned char>(color.red()),
                   static_cast<unsigned char>(color.green()),
                   static_cast<unsigned char>(color.blue()), 255);
    plot->SetWidth(width);
    plot->GetPen()->SetLineType(type);
    plot->SetSelectable(false);
}

struct Bins {
    double first = 0, width = 1;
    int count = 1;
};

// Of all channels together. As many bins as there are samples would show each of them alone.
Bins binsOf(const PixelPlot& plot) {
    Range range;
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

struct PosteriorChart::Private {
    vtkNew<vtkContextScene> scene;
    vtkNew<vtkChartXY> chart;
    QString message;

    Private() {
        chart->SetShowLegend(false);
        chart->SetRenderEmpty(true);
        chart->SetHiddenAxisBorder(8);
        scene->AddItem(chart);
    }
    void begin() {
        message.clear();
        chart->ClearPlots();
        chart->GetAxis(vtkAxis::RIGHT)->SetVisible(false);
    }
    void line(const std::vector<double>& x, const std::vector<double>& y, const QColor& color,
              float width, int type = vtkPen::SOLID_LINE, int corner = 0) {
        vtkPlot* plot = chart->AddPlot(vtkChart::LINE);
        plot->SetInputData(tableOf({&x, &y}), 0, 1);
        stylePen(plot, color, width, type);
        if (corner) chart->SetPlotCorner(plot, corner);
    }
    void area(const std::vector<double>& x, const std::vector<double>& low,
              const std::vector<double>& high, const QColor& color, int opacity) {
        vtkPlot* plot = chart->AddPlot(vtkChart::AREA);
        const auto table = tableOf({&x, &low, &high});
        plot->SetInputData(table);
        plot->SetInputArray(0, "column 0");
        plot->SetInputArray(1, "column 1");
        plot->SetInputArray(2, "column 2");
        stylePen(plot, color, 0, vtkPen::NO_PEN);
        plot->GetBrush()->SetColor(
            static_cast<unsigned char>(color.red()), static_cast<unsigned char>(color.green()),
            static_cast<unsigned char>(color.blue()), static_cast<unsigned char>(opacity));
    }
};

PosteriorChart::PosteriorChart(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>()) {
    setObjectName(QStringLiteral("posteriorChart"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

PosteriorChart::~PosteriorChart() = default;

bool PosteriorChart::isBlank() const {
    return !d->message.isEmpty();
}

void PosteriorChart::clear(const QString& message) {
    d->message = message;
    update();
}

void PosteriorChart::setPlot(const PixelPlot& plot, const QString& unit) {
    d->begin();
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
        d->area(x, floor, y, channel.color, kHalf);
        d->line(x, y, channel.color, 1.2f);
    }
    const double top = 1.08 * most;
    for (const auto& channel : plot.channels) {
        d->line({channel.mean, channel.mean}, {0, top}, channel.color, 2);
        for (const double end : {channel.q05, channel.q95})
            d->line({end, end}, {0, top}, channel.color, 1, vtkPen::DASH_LINE);
    }
    // An input far off, as that of a mixture is, would squeeze the samples; its value is told
    // anyway.
    const double span = last - bins.first;
    double left = bins.first, right = last;
    if (plot.input && *plot.input > left - span && *plot.input < right + span) {
        left = std::min(left, *plot.input);
        right = std::max(right, *plot.input);
        d->line({*plot.input, *plot.input}, {0, top}, kInput, 1.5f, vtkPen::DOT_LINE);
    }
    auto* side = d->chart->GetAxis(vtkAxis::LEFT);
    side->SetBehavior(vtkAxis::FIXED);
    side->SetRange(0, top);
    setRange(d->chart->GetAxis(vtkAxis::BOTTOM), left, right);
    styleAxis(d->chart->GetAxis(vtkAxis::BOTTOM), unit, kText);
    styleAxis(side, tr("samples"), kText);
    update();
}

void PosteriorChart::setPlot(const LinePlot& plot, const QString& unit) {
    d->begin();
    Range values, input;
    input.take(plot.input);
    for (const auto& channel : plot.channels) {
        values.take(channel.bands.q05);
        values.take(channel.bands.q95);
        d->area(plot.distance, channel.bands.q05, channel.bands.q95, channel.color, kNineTenths);
        d->area(plot.distance, channel.bands.q25, channel.bands.q75, channel.color, kHalf);
    }
    // The input lies on a dark level and may hold several structures: an axis of its own.
    if (!input.isEmpty()) {
        d->line(plot.distance, plot.input, kInput, 1, vtkPen::DOT_LINE, 1);
        d->chart->GetAxis(vtkAxis::RIGHT)->SetVisible(true);
        styleAxis(d->chart->GetAxis(vtkAxis::RIGHT), tr("input"), kInput);
        setRange(d->chart->GetAxis(vtkAxis::RIGHT), input.low, input.high);
    }
    for (const auto& channel : plot.channels)
        d->line(plot.distance, channel.bands.median, channel.color, 2);
    styleAxis(d->chart->GetAxis(vtkAxis::BOTTOM), tr("distance (%1)").arg(plot.unit), kText);
    styleAxis(d->chart->GetAxis(vtkAxis::LEFT), unit, kText);
    if (!values.isEmpty()) setRange(d->chart->GetAxis(vtkAxis::LEFT), values.low, values.high);
    auto* bottom = d->chart->GetAxis(vtkAxis::BOTTOM);
    bottom->SetBehavior(vtkAxis::FIXED);
    bottom->SetRange(0, std::max(plot.distance.back(), 1e-9));
    update();
}

void PosteriorChart::draw(QPainter& painter, const QSize& size) const {
    painter.setFont(font());
    painter.fillRect(QRect(QPoint(), size), kGround);
    if (!d->message.isEmpty()) {
        painter.setPen(kInput);
        painter.drawText(QRect(QPoint(), size).adjusted(12, 12, -12, -12),
                         Qt::AlignCenter | Qt::TextWordWrap, d->message);
        return;
    }
    PainterDevice::paint(d->scene, painter, size);
}

void PosteriorChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    draw(painter, size());
}

bool PosteriorChart::save(const QString& path) const {
    if (QFileInfo(path).suffix().compare(QLatin1String("svg"), Qt::CaseInsensitive) == 0) {
        QSvgGenerator svg;
        svg.setFileName(path);
        svg.setSize(size());
        svg.setViewBox(rect());
        QPainter painter;
        if (!painter.begin(&svg)) return false;
        draw(painter, size());
        return painter.end() && QFileInfo(path).size() > 0;
    }
    QImage image(size() * 2, QImage::Format_RGB32);
    image.setDevicePixelRatio(2);
    QPainter painter(&image);
    draw(painter, size());
    painter.end();
    return image.save(path);
}

}  // namespace posteria::ui::viewer
