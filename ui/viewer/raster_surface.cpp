#include "ui/viewer/raster_surface.h"

#include <QPainter>

namespace posteria::ui::viewer {

RasterSurface::RasterSurface(Host* host, QWidget* parent) : QWidget(parent), m_host(host) {
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void RasterSurface::setLayout(const std::vector<QRect>& panes, const QSize&) {
    m_layout = panes;
    m_images.resize(panes.size());
    for (std::size_t i = 0; i < panes.size(); ++i) {
        if (m_images[i].size() != panes[i].size()) {
            m_images[i] = QImage(panes[i].size(), QImage::Format_RGB32);
        }
    }
}

std::uint8_t* RasterSurface::pixels(int pane) {
    return m_images[static_cast<std::size_t>(pane)].bits();
}

void RasterSurface::paintEvent(QPaintEvent*) {
    m_host->updatePixels();
    const double ratio = devicePixelRatioF();
    QPainter painter(this);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.fillRect(rect(), Qt::black);
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        // One pixel of the image on one of the screen, whatever the ratio: nothing is scaled.
        m_images[i].setDevicePixelRatio(ratio);
        painter.drawImage(QPointF(m_layout[i].topLeft()) / ratio, m_images[i]);
    }
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    m_host->paintOver(painter);
}

QImage RasterSurface::grabFrame() {
    return grab().toImage().convertToFormat(QImage::Format_RGB32);
}

}  // namespace posteria::ui::viewer
