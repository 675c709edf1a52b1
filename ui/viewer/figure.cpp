#include "ui/viewer/figure.h"

#include <QBuffer>
#include <QFileInfo>
#include <QFontInfo>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace posteria::ui::viewer {

namespace {

constexpr double kPixelsPerInch = 96;  // of the screen, logical
constexpr int kPdfPerInch = 1200;

bool paint(QPaintDevice* device, double scale, Canvas& canvas, bool labels) {
    QPainter painter;
    if (!painter.begin(device)) return false;
    // In pixels of the canvas: points would be of the device.
    QFont font = canvas.font();
    font.setPixelSize(QFontInfo(font).pixelSize());
    painter.setFont(font);
    painter.setRenderHint(QPainter::LosslessImageRendering);
    painter.scale(scale, scale);
    canvas.paintFigure(painter, labels);
    return painter.end();
}

}  // namespace

QSize figurePixels(const Canvas& canvas, int magnification) {
    return (QSizeF(canvas.size()) * canvas.devicePixelRatioF() * magnification).toSize();
}

QImage drawPicture(Canvas& canvas, const FigureOptions& options) {
    QImage image(figurePixels(canvas, options.magnification), QImage::Format_RGB32);
    const double ratio = canvas.devicePixelRatioF() * options.magnification;
    image.setDevicePixelRatio(ratio);
    if (image.isNull() || !paint(&image, 1, canvas, options.labels)) return {};
    const int perMetre = qRound(kPixelsPerInch * ratio / 0.0254);
    image.setDotsPerMeterX(perMetre);
    image.setDotsPerMeterY(perMetre);
    return image;
}

std::function<bool()> drawFigure(Canvas& canvas, const FigureOptions& options,
                                 const QString& path) {
    const QString kind = QFileInfo(path).suffix().toLower();
    if (kind != QLatin1String("svg") && kind != QLatin1String("pdf")) {
        return [image = drawPicture(canvas, options), path] {
            QSaveFile file(path);
            return !image.isNull() && file.open(QIODevice::WriteOnly) && image.save(&file, "PNG") &&
                   file.commit();
        };
    }
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    bool drawn = false;
    if (kind == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&bytes);
        svg.setResolution(static_cast<int>(kPixelsPerInch));
        svg.setSize(canvas.size());
        svg.setViewBox(canvas.rect());
        drawn = paint(&svg, 1, canvas, options.labels);
    } else {
        QPdfWriter pdf(&bytes);
        pdf.setResolution(kPdfPerInch);
        pdf.setPageMargins({});
        pdf.setPageSize(QPageSize(QSizeF(canvas.size()) / kPixelsPerInch, QPageSize::Inch, {},
                                  QPageSize::ExactMatch));
        drawn = paint(&pdf, kPdfPerInch / kPixelsPerInch, canvas, options.labels);
    }
    return [drawn, data = bytes.data(), path] {
        QSaveFile file(path);
        return drawn && file.open(QIODevice::WriteOnly) && file.write(data) == data.size() &&
               file.commit();
    };
}

}  // namespace posteria::ui::viewer
