// Marks on images: points, lines, rectangles, ellipses and polygons, drawn by hand, and the layer
// that keeps those of one kind of use. Plain geometry in the document's units (ViewState's): µm, or
// pixels where the image has no voxel size; x to the right, y down. GUI thread only.
#pragma once

#include <QColor>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <utility>
#include <vector>

#include "ui/model/layer.h"

namespace posteria::ui {

struct Mark {
    enum class Kind { Point, Line, Rectangle, Ellipse, Polygon };

    Kind kind = Kind::Point;
    // One; two ends; two opposite corners (of the ellipse's rectangle); three or more corners.
    std::vector<QPointF> points;
    std::int64_t t = 0, z = 0;  // where it was drawn

    bool operator==(const Mark& o) const {
        return kind == o.kind && points == o.points && t == o.t && z == o.z;
    }
};

// As sessions and tables write them.
inline constexpr std::pair<Mark::Kind, const char*> kMarkWords[] = {
    {Mark::Kind::Point, "point"},
    {Mark::Kind::Line, "line"},
    {Mark::Kind::Rectangle, "rectangle"},
    {Mark::Kind::Ellipse, "ellipse"},
    {Mark::Kind::Polygon, "polygon"}};

QRectF boundsOf(const Mark& mark);
bool isClosed(const Mark& mark);  // false for points and lines
// The corners of its outline, one after the other; an ellipse's are many.
QPolygonF outlineOf(const Mark& mark);
// From its outline (0 on it); a closed mark's inside counts as far.
double distanceTo(const Mark& mark, const QPointF& position);
bool contains(const Mark& mark, const QPointF& position);  // false for points and lines
double lengthOf(const Mark& mark);                         // of a line, or around
double areaOf(const Mark& mark);                           // 0 for points and lines
// Where it meets the line y = at: from … to along x, left to right; twice the same where that is a
// point. Points, and lines along it, count when no further than reach from it.
std::vector<std::pair<double, double>> cutsOf(const Mark& mark, double at, double reach);

struct MarkStyle {
    QColor color{255, 214, 64};
    double width = 1.5;      // of lines, logical pixels of the screen
    double size = 9;         // of points, likewise
    bool everySlice = true;  // else only where they were drawn
    bool numbers = false;    // written beside them, from 1

    bool operator==(const MarkStyle& o) const {
        return color == o.color && width == o.width && size == o.size &&
               everySlice == o.everySlice && numbers == o.numbers;
    }
};

// A layer of shapes or points: no stack, its marks lie over all panes.
class MarkLayer : public Layer {
    Q_OBJECT
  public:
    // Role::Shapes or Role::Points.
    MarkLayer(const QString& name, Role role, QObject* parent = nullptr);

    const std::vector<Mark>& marks() const { return m_marks; }
    void setMarks(std::vector<Mark> marks);  // the selected one stays selected if it is there still
    const MarkStyle& style() const { return m_style; }
    void setStyle(const MarkStyle& style);
    int selectedMark() const { return m_selected; }  // -1: none
    void selectMark(int index);
    bool isShownAt(const Mark& mark, std::int64_t t, std::int64_t z) const;

  Q_SIGNALS:
    void marksChanged();
    void selectedMarkChanged();

  private:
    std::vector<Mark> m_marks;
    MarkStyle m_style;
    int m_selected = -1;
};

}  // namespace posteria::ui
