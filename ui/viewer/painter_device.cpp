#include "ui/viewer/painter_device.h"

#include <vtkBrush.h>
#include <vtkContext2D.h>
#include <vtkContextScene.h>
#include <vtkMatrix3x3.h>
#include <vtkObjectFactory.h>
#include <vtkPen.h>
#include <vtkStdString.h>
#include <vtkTextProperty.h>
#include <vtkUnicodeString.h>

#include <QFontMetricsF>
#include <cmath>

namespace posteria::ui::viewer {

namespace {

// Row by row, for points as columns; Qt multiplies them as rows.
QTransform toQt(vtkMatrix3x3* m) {
    const double* e = m->GetData();
    return {e[0], e[3], e[6], e[1], e[4], e[7], e[2], e[5], e[8]};
}

QColor toQt(const unsigned char* color, int components) {
    return {color[0], color[1], color[2], components > 3 ? color[3] : 255};
}

}  // namespace

vtkStandardNewMacro(PainterDevice);

void PainterDevice::paint(vtkContextScene* scene, QPainter& painter, const QSize& size) {
    vtkNew<PainterDevice> device;
    vtkNew<vtkContext2D> context;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    device->m_painter = &painter;
    device->m_base = QTransform(1, 0, 0, -1, 0, size.height()) * painter.worldTransform();
    device->Geometry[0] = size.width();
    device->Geometry[1] = size.height();
    device->SetViewportSize({size.width(), size.height()});
    device->SetViewportRect({0, 0, size.width(), size.height()});
    device->applyMatrix();
    scene->SetGeometry(size.width(), size.height());
    context->Begin(device);
    scene->Paint(context);
    context->End();
    painter.restore();
}

void PainterDevice::applyMatrix() {
    m_painter->setWorldTransform(m_matrix * m_base);
}

QPen PainterDevice::pen() const {
    const int type = Pen->GetLineType();
    if (type == vtkPen::NO_PEN || Pen->GetOpacity() == 0) return Qt::NoPen;
    QPen pen(toQt(Pen->GetColorObject().GetData(), 4), Pen->GetWidth());
    pen.setCosmetic(true);  // in pixels, whatever the axes' scale
    switch (type) {
        case vtkPen::DASH_LINE:
            pen.setStyle(Qt::DashLine);
            break;
        case vtkPen::DOT_LINE:
            pen.setStyle(Qt::DotLine);
            break;
        case vtkPen::DASH_DOT_LINE:
            pen.setStyle(Qt::DashDotLine);
            break;
        case vtkPen::DASH_DOT_DOT_LINE:
            pen.setStyle(Qt::DashDotDotLine);
            break;
        default:
            break;
    }
    return pen;
}

QBrush PainterDevice::brush() const {
    return toQt(Brush->GetColorObject().GetData(), 4);
}

QPolygonF PainterDevice::polygon(const float* points, int n) const {
    QPolygonF result;
    for (int i = 0; i < n; ++i)
        result << QPointF(points[2 * i], points[2 * i + 1]);
    return result;
}

void PainterDevice::DrawPoly(float* points, int n, unsigned char*, int) {
    m_painter->setPen(pen());
    // Where a value is not known the line has a gap.
    QPolygonF piece;
    for (int i = 0; i <= n; ++i) {
        const bool known =
            i < n && std::isfinite(points[2 * i]) && std::isfinite(points[2 * i + 1]);
        if (known) piece << QPointF(points[2 * i], points[2 * i + 1]);
        if (known || piece.isEmpty()) continue;
        m_painter->drawPolyline(piece);
        piece.clear();
    }
}

void PainterDevice::DrawLines(float* points, int n, unsigned char*, int) {
    m_painter->setPen(pen());
    const auto ends = polygon(points, n);
    for (int i = 0; i + 1 < n; i += 2)
        m_painter->drawLine(ends[i], ends[i + 1]);
}

void PainterDevice::DrawPoints(float* points, int n, unsigned char*, int) {
    drawDots(points, n, m_pointSize);
}

// Markers are as large as the pen is wide.
void PainterDevice::DrawMarkers(int, bool, float* points, int n, unsigned char*, int) {
    drawDots(points, n, Pen->GetWidth());
}

void PainterDevice::drawDots(const float* points, int n, float size) {
    // Round wherever the chart stretches its axes to.
    const QTransform stretched = m_painter->transform();
    m_painter->resetTransform();
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(pen().color());
    for (const QPointF& at : stretched.map(polygon(points, n)))
        m_painter->drawEllipse(at, double(size) / 2, double(size) / 2);
    m_painter->setTransform(stretched);
}

void PainterDevice::DrawQuad(float* points, int n) {
    for (int i = 0; i + 3 < n; i += 4)
        DrawColoredPolygon(points + 2 * i, 4, nullptr, 0);
}

void PainterDevice::DrawQuadStrip(float* points, int n) {
    // One outline, forth along the even points and back along the odd ones: no seams show.
    QPolygonF outline;
    for (int i = 0; i < n; i += 2)
        outline << QPointF(points[2 * i], points[2 * i + 1]);
    for (int i = n % 2 ? n - 2 : n - 1; i > 0; i -= 2)
        outline << QPointF(points[2 * i], points[2 * i + 1]);
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(brush());
    m_painter->drawPolygon(outline);
}

void PainterDevice::DrawColoredPolygon(float* points, int n, unsigned char* colors,
                                       int components) {
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(colors ? QBrush(toQt(colors, components)) : brush());
    m_painter->drawPolygon(polygon(points, n));
}

void PainterDevice::DrawEllipseWedge(float x, float y, float outRx, float outRy, float, float,
                                     float, float) {
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(brush());
    m_painter->drawEllipse(QPointF(x, y), outRx, outRy);
}

void PainterDevice::DrawEllipticArc(float x, float y, float rX, float rY, float, float) {
    m_painter->setPen(pen());
    m_painter->setBrush(Qt::NoBrush);
    m_painter->drawEllipse(QPointF(x, y), rX, rY);
}

QRectF PainterDevice::textRect(const QString& text) const {
    const QFontMetricsF metrics(m_painter->font());
    const QSizeF size(metrics.horizontalAdvance(text), metrics.height());
    double left = 0, top = -size.height();
    if (TextProp->GetJustification() == VTK_TEXT_CENTERED) left = -size.width() / 2;
    if (TextProp->GetJustification() == VTK_TEXT_RIGHT) left = -size.width();
    if (TextProp->GetVerticalJustification() == VTK_TEXT_CENTERED) top = -size.height() / 2;
    if (TextProp->GetVerticalJustification() == VTK_TEXT_TOP) top = 0;
    return {QPointF(left, top), size};
}

void PainterDevice::DrawString(float* point, const vtkStdString& string) {
    const auto text = QString::fromUtf8(string.c_str());
    const auto* rgb = TextProp->GetColor();
    m_painter->save();
    m_painter->translate(point[0], point[1]);
    m_painter->scale(1, -1);
    m_painter->rotate(-TextProp->GetOrientation());
    m_painter->setPen(QColor::fromRgbF(float(rgb[0]), float(rgb[1]), float(rgb[2]),
                                       float(TextProp->GetOpacity())));
    m_painter->drawText(textRect(text), Qt::AlignCenter | Qt::TextDontClip, text);
    m_painter->restore();
}

void PainterDevice::ComputeStringBounds(const vtkStdString& string, float bounds[4]) {
    const QTransform turned = QTransform().rotate(-TextProp->GetOrientation());
    const QRectF rect = turned.mapRect(textRect(QString::fromUtf8(string.c_str())));
    bounds[0] = float(rect.left());
    bounds[1] = float(-rect.bottom());
    bounds[2] = float(rect.width());
    bounds[3] = float(rect.height());
}

void PainterDevice::DrawString(float* point, const vtkUnicodeString& string) {
    DrawString(point, vtkStdString(string.utf8_str()));
}

void PainterDevice::ComputeStringBounds(const vtkUnicodeString& string, float bounds[4]) {
    ComputeStringBounds(vtkStdString(string.utf8_str()), bounds);
}

void PainterDevice::ComputeJustifiedStringBounds(const char* string, float bounds[4]) {
    ComputeStringBounds(vtkStdString(string), bounds);
}

void PainterDevice::SetColor4(unsigned char color[4]) {
    Pen->SetColor(color);
    Brush->SetColor(color);
}

void PainterDevice::SetPointSize(float size) {
    m_pointSize = size;
}

void PainterDevice::SetLineWidth(float width) {
    Pen->SetWidth(width);
}

void PainterDevice::SetLineType(int type) {
    Pen->SetLineType(type);
}

void PainterDevice::SetMatrix(vtkMatrix3x3* m) {
    m_matrix = toQt(m);
    applyMatrix();
}

void PainterDevice::GetMatrix(vtkMatrix3x3* m) {
    const double elements[9] = {m_matrix.m11(), m_matrix.m21(), m_matrix.m31(),
                                m_matrix.m12(), m_matrix.m22(), m_matrix.m32(),
                                m_matrix.m13(), m_matrix.m23(), m_matrix.m33()};
    m->DeepCopy(elements);
}

void PainterDevice::MultiplyMatrix(vtkMatrix3x3* m) {
    m_matrix = toQt(m) * m_matrix;
    applyMatrix();
}

void PainterDevice::PopMatrix() {
    if (m_stack.empty()) return;
    m_matrix = m_stack.back();
    m_stack.pop_back();
    applyMatrix();
}

void PainterDevice::SetClipping(int* rect) {
    m_painter->setWorldTransform(m_base);
    m_painter->setClipRect(QRectF(rect[0], rect[1], rect[2], rect[3]));
    applyMatrix();
}

void PainterDevice::EnableClipping(bool enable) {
    m_painter->setClipping(enable);
}

}  // namespace posteria::ui::viewer
