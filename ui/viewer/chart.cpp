#include "ui/viewer/chart.h"

#include <vtkBrush.h>
#include <vtkDoubleArray.h>
#include <vtkPlotArea.h>
#include <vtkPlotPoints.h>
#include <vtkTable.h>
#include <vtkTextProperty.h>

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>

#include "ui/viewer/chart_parts.h"
#include "ui/viewer/painter_device.h"

namespace posteria::ui::viewer {

namespace {

void paintText(vtkTextProperty* text, const QColor& color) {
    text->SetColor(color.redF(), color.greenF(), color.blueF());
    text->SetShadow(0);
}

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

}  // namespace

Chart::Parts::Parts() {
    chart->SetShowLegend(false);
    chart->SetRenderEmpty(true);
    chart->SetHiddenAxisBorder(8);
    scene->AddItem(chart);
}

void Chart::Parts::begin() {
    message.clear();
    chart->ClearPlots();
    chart->GetAxis(vtkAxis::RIGHT)->SetVisible(false);
}

void Chart::Parts::line(const std::vector<double>& x, const std::vector<double>& y,
                        const QColor& color, float width, int type, int corner) {
    vtkPlot* plot = chart->AddPlot(vtkChart::LINE);
    plot->SetInputData(tableOf({&x, &y}), 0, 1);
    stylePen(plot, color, width, type);
    if (corner) chart->SetPlotCorner(plot, corner);
}

void Chart::Parts::area(const std::vector<double>& x, const std::vector<double>& low,
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

void Chart::Parts::points(const std::vector<double>& x, const std::vector<double>& y,
                          const QColor& color, float size) {
    vtkPlot* plot = chart->AddPlot(vtkChart::POINTS);
    plot->SetInputData(tableOf({&x, &y}), 0, 1);
    stylePen(plot, color, size);
    auto* marks = vtkPlotPoints::SafeDownCast(plot);
    marks->SetMarkerStyle(vtkPlotPoints::CIRCLE);
    marks->SetMarkerSize(size);
}

void Chart::Parts::Range::take(const std::vector<double>& values) {
    for (const double value : values) {
        if (std::isnan(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
}

void Chart::Parts::styleAxis(vtkAxis* axis, const QString& title, const QColor& color) {
    axis->SetTitle(title.toStdString());
    paintText(axis->GetTitleProperties(), color);
    paintText(axis->GetLabelProperties(), color);
    axis->GetTitleProperties()->SetBold(0);
    axis->GetPen()->SetColor(kGrid.red(), kGrid.green(), kGrid.blue());
    axis->GetGridPen()->SetColor(kGrid.red(), kGrid.green(), kGrid.blue(), 70);
}

void Chart::Parts::setRange(vtkAxis* axis, double low, double high) {
    const double rest = high > low ? 0.04 * (high - low) : std::max(std::abs(high), 1.0);
    axis->SetBehavior(vtkAxis::FIXED);
    axis->SetRange(low - rest, high + rest);
}

Chart::Chart(QWidget* parent) : QWidget(parent), d(std::make_unique<Parts>()) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

Chart::~Chart() = default;

bool Chart::isBlank() const {
    return !d->message.isEmpty();
}

void Chart::clear(const QString& message) {
    d->message = message;
    update();
}

void Chart::draw(QPainter& painter, const QSize& size) const {
    painter.setFont(font());
    painter.fillRect(QRect(QPoint(), size), Parts::kGround);
    if (!d->message.isEmpty()) {
        painter.setPen(Parts::kInput);
        painter.drawText(QRect(QPoint(), size).adjusted(12, 12, -12, -12),
                         Qt::AlignCenter | Qt::TextWordWrap, d->message);
        return;
    }
    PainterDevice::paint(d->scene, painter, size);
}

void Chart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    draw(painter, size());
}

bool Chart::save(const QString& path) const {
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
