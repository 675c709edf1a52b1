// The one truth about "where are we": slice, displayed channel, camera, cursor and crosshair,
// shared by every pane. Positions are micrometres (pixels where the image has no voxel size), x to
// the right and y down, the centre of the first pixel at (0, 0). With other axes in the plane (see
// setAxisOrder) x, y and z are the displayed ones everywhere but where the image's are named. GUI
// thread only.
#pragma once

#include <QLineF>
#include <QObject>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <array>
#include <optional>

#include "core/image/permuted_stack.h"
#include "core/image/slab_stack.h"

namespace posteria::ui {

// x, y or z.
inline QChar axisLetter(image::Axis axis) {
    return QLatin1Char("zyx"[static_cast<int>(axis)]);
}

class ViewState : public QObject {
    Q_OBJECT
  public:
    static constexpr int kComposite = -1;

    explicit ViewState(QObject* parent = nullptr);

    // The image that fixes the grid; t, z and channel are clamped. The view is fitted when the size
    // in micrometres has changed.
    void setImage(const image::StackInfo& info);
    // All of another view where its image or its axes are others than one's own, but for the number
    // of channels; then one's place stays.
    void follow(const ViewState& other);
    // All of another view, or parts of it: the camera; displayed channel, thick slices, crosshair,
    // tool and line. Both views are of one image, along the same axes.
    void copy(const ViewState& other);
    void copyCamera(const ViewState& other);
    void copyCommon(const ViewState& other);

    const image::Shape& shape() const { return m_shape; }  // as displayed
    QPointF pixelSize() const;                             // µm or 1 px
    bool isCalibrated() const { return m_calibrated; }
    QString unit() const;   // "µm" or "px"
    QRectF bounds() const;  // of the image, edge to edge

    std::int64_t t() const { return m_t; }
    std::int64_t z() const { return at(m_order[0]); }
    void setT(std::int64_t t);  // clamped, as are the others
    void setZ(std::int64_t z);
    double timeSeconds() const;  // of t; t itself where the file has no increment
    double zPosition() const;    // µm of z; z itself where not calibrated
    double zStep() const { return step(m_order[0]); }

    // Which of the image's axes the slider steps through and which lie in the plane. Each axis
    // keeps its own position.
    const image::AxisOrder& axisOrder() const { return m_order; }
    void setAxisOrder(const image::AxisOrder& order);
    bool isStraight() const { return m_order == image::kStraight; }
    // Where the image's own axis is stepped to, whatever is displayed; pixels.
    std::int64_t at(image::Axis axis) const { return m_at[static_cast<std::size_t>(axis)]; }
    // Neighbouring slices shown as one.
    const image::Slab& slab() const { return m_slab; }
    void setSlab(const image::Slab& slab);

    int channel() const { return m_channel; }  // kComposite: all visible channels
    void setChannel(int channel);
    // Results may have more channels than the input: the largest number that is shown.
    int channelCount() const { return m_channelCount; }
    void setChannelCount(int count);
    // Moves the slider used last (z until one was) by n; what Ctrl+wheel does.
    void stepLastAxis(int n);

    QPointF center() const { return m_center; }
    double scale() const { return m_scale; }  // µm a logical screen pixel
    void setView(const QPointF& center, double scale);
    void pan(const QPointF& logicalPixels);  // the image follows the pointer
    // factor > 1 zooms in; the point keeps its place on the screen.
    void zoomAt(const QPointF& point, double factor);
    void fit();                                 // whole image, with a small margin
    bool isFitted() const { return m_fitted; }  // and stays so when the pane changes its size
    // Logical size of a pane, told by the viewer; fit() needs it. A view that was fitted stays
    // fitted.
    void setViewport(const QSizeF& size);
    const QSizeF& viewport() const { return m_viewport; }
    QRectF visibleRect() const;  // what a pane shows
    // The visible part of the image in full-size pixels; empty when it is out of sight.
    image::Rect visiblePixels() const;

    std::optional<QPointF> cursor() const { return m_cursor; }
    void setCursor(std::optional<QPointF> position);
    bool isCrosshairVisible() const { return m_crosshairVisible; }
    void setCrosshairVisible(bool visible);
    QPointF crosshair() const { return m_crosshair; }
    void setCrosshair(const QPointF& position);  // shows it as well

    // What the left button does in a pane: move the view; draw the line of a profile; change marks
    // or draw new ones; paint, erase, fill or pick labels.
    enum class Tool {
        Pan,
        Line,
        Select,
        Rectangle,
        Ellipse,
        Segment,
        Polygon,
        Point,
        Paint,
        Erase,
        Fill,
        Pick
    };
    Tool tool() const { return m_tool; }
    void setTool(Tool tool);
    // Of a profile: none until it is drawn, and with another tool.
    const std::optional<QLineF>& line() const { return m_line; }
    void setLine(const QLineF& line);

    QPointF toPixel(const QPointF& position) const;
    QPointF fromPixel(const QPointF& pixel) const;

  Q_SIGNALS:
    void imageChanged();
    void axisOrderChanged();
    void slabChanged();
    void tChanged(std::int64_t t);
    void zChanged(std::int64_t z);
    void channelChanged(int channel);
    void channelCountChanged(int count);
    void viewChanged();
    void cursorChanged();
    void crosshairChanged();
    void toolChanged();
    void lineChanged();
    void changed();  // any of the above but the cursor, once per turn of the event loop

  private:
    void notify();
    double clampedScale(double scale) const;
    double step(image::Axis axis) const { return m_steps[static_cast<std::size_t>(axis)]; }
    void takeShape();  // from the image's, as displayed

    image::Shape m_imageShape, m_shape;
    image::AxisOrder m_order = image::kStraight;
    image::Slab m_slab;
    std::array<double, 3> m_steps{1, 1, 1};     // by image::Axis
    std::array<std::int64_t, 3> m_at{0, 0, 0};  // likewise
    double m_timeStep = 1;
    bool m_calibrated = false, m_fitted = true, m_notified = false;
    std::int64_t m_t = 0;
    int m_channel = kComposite, m_channelCount = 1;
    enum class Axis { T, Z } m_lastAxis = Axis::Z;
    QPointF m_center, m_crosshair;
    double m_scale = 1;
    QSizeF m_viewport{1, 1};
    std::optional<QPointF> m_cursor;
    bool m_crosshairVisible = false;
    Tool m_tool = Tool::Pan;
    std::optional<QLineF> m_line;
};

}  // namespace posteria::ui
