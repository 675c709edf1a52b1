// What the window needs of a canvas that shows linked panes. LinkedCanvas draws with VTK;
// NullCanvas draws nothing, so that widget tests run without OpenGL. GUI thread only.
#pragma once

#include <QImage>
#include <QPainter>
#include <QPointer>
#include <QString>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ui/model/confidence_contours.h"
#include "ui/model/input_preset.h"
#include "ui/model/labels_layer.h"
#include "ui/model/pane_views.h"

namespace posteria::ui::viewer {

struct PaneSpec {
    QString title;
    std::vector<Layer*> layers;  // drawn in this order, the first at the bottom
    Layer* deviation = nullptr;  // its value is read out behind "±"
    bool colorBar = false;       // of the topmost layer's first visible channel
    Layer* swipe = nullptr;      // shown instead at the right of a divider
    Layer* doubt = nullptr;      // suppresses the topmost layer's colours where it is large
    Layer* lens = nullptr;       // seen through a loupe at the cursor
};

// The loupe of panes that have one.
struct LensShape {
    bool round = true;   // or square
    double radius = 70;  // logical pixels, or half its side

    bool operator==(const LensShape& o) const { return round == o.round && radius == o.radius; }
};

// Of a brush on labels: pixels of the layer's plane at (t, z) of the document.
struct Stroke {
    QPointer<LabelsLayer> layer;
    std::vector<QPointF> path;
    double radius = 0;
    int label = 0;
    bool fills = false;  // what hangs together with the path's first pixel
    std::int64_t t = 0, z = 0;
};

// Linked panes side by side, orthogonal views of one layer, or its volume.
enum class CanvasLayout { Grid, Ortho, Volume };
inline constexpr std::pair<CanvasLayout, const char*> kLayoutWords[] = {
    {CanvasLayout::Grid, "grid"}, {CanvasLayout::Ortho, "ortho"}, {CanvasLayout::Volume, "3d"}};

// As the command line and sessions write it; none for another word.
inline std::optional<CanvasLayout> layoutOf(const QString& text) {
    for (const auto& [layout, word] : kLayoutWords)
        if (text == QLatin1String(word)) return layout;
    return std::nullopt;
}
inline QString layoutWord(CanvasLayout layout) {
    for (const auto& [each, word] : kLayoutWords)
        if (each == layout) return QLatin1String(word);
    return {};
}

class Canvas : public QWidget {
    Q_OBJECT
  public:
    using QWidget::QWidget;

    // Not owned; must outlive the canvas or be replaced before it goes.
    virtual void setViewState(ViewState* state) = 0;
    // One to six panes. A layer that is destroyed leaves its panes by itself.
    virtual void setPanes(const std::vector<PaneSpec>& panes) = 0;
    virtual void setScaleBarVisible(bool visible) = 0;
    // Which axis leads to the right and which down; the volume's are written on its box.
    virtual void setAxesVisible(bool visible) = 0;
    // Titles, scale and colour bars and what else is written over the pictures, in every layout:
    // hidden while a movie without words is made.
    virtual void setLabelsVisible(bool visible) = 0;
    virtual void setLayoutMode(CanvasLayout layout) = 0;
    virtual CanvasLayout layoutMode() const = 0;
    virtual void setLensShape(const LensShape& shape) = 0;
    // Drawn over the linked panes, in the document's units.
    virtual void setContours(const std::vector<ContourLines>& contours) = 0;
    // The layer that orthogonal views and the volume show, null for none; and the labels, shapes
    // and points over it, the last in front.
    virtual void setShownLayer(Layer* layer, const std::vector<Layer*>& over) = 0;
    // Labels, shapes or points that the tools of the view change; null for none.
    virtual void setEditedLayer(Layer* layer) = 0;
    virtual void resetView() = 0;  // of the present layout
    // What the linked panes have in common.
    virtual void setLinks(PaneViews::Links links) = 0;
    // Turns the volume's camera round the picture's vertical axis; the canvas settles again. Other
    // layouts have none.
    virtual void turn(double degrees) = 0;
    // Of the volume, the axis that the viewer looks along most: 0, 1, 2 for x, y, z.
    virtual int axisTowardsViewer() const { return 2; }
    // factor > 1 zooms in: at the cursor, or at the middle while it is elsewhere.
    virtual void zoom(double factor) = 0;
    // Whose habits wheel and drags follow.
    virtual void setInputPreset(InputPreset preset) = 0;
    // At most, for slices read from files and kept for the layout on the screen.
    virtual void setCacheBytes(std::uint64_t bytes) = 0;
    // The values under the cursor in every pane, for the status bar; empty when it is elsewhere.
    virtual QString valueText() const = 0;
    // The picture on the screen, device pixels, opaque.
    virtual QImage grabFrame() = 0;
    // How many pixels of a figure lie on one of the screen: finer levels of pyramids are read, and
    // the canvas settles again.
    virtual void setMagnification(double magnification) = 0;
    // Draws what the screen shows into the canvas's logical rectangle, without the mouse's marks;
    // words and lines are drawn as such. labels: titles and colour bars. Views of volumes are
    // pictures of the screen.
    virtual void paintFigure(QPainter& painter, bool labels) = 0;
    // Gives up what is being read; see readProgress.
    virtual void cancelReading() = 0;
    // True when every visible plane has been read and shown.
    virtual bool isSettled() const = 0;
    // What draws: "raster", or the OpenGL implementation's name.
    virtual QString rendererName() const { return QStringLiteral("none"); }

  Q_SIGNALS:
    void cursorMoved();  // valueText has changed
    void visiblePixelsChanged(const posteria::image::Rect& rect);
    // The pane that was used last has this view, which sliders and keys are to move.
    void activeViewChanged(posteria::ui::ViewState* view);
    void strokeDrawn(const posteria::ui::viewer::Stroke& stroke);
    void clicked(const QPointF& position);  // in a pane, not dragged; as ViewState's positions
    void settled();                         // every visible plane is on the screen
    void failed(const QString& message);    // a plane could not be read
    // Of planes that take long to read (those across all others, very large ones), 0 … 1; below 0:
    // none is being read any more.
    void readProgress(double fraction);
};

class NullCanvas : public Canvas {
    Q_OBJECT
  public:
    using Canvas::Canvas;

    void setViewState(ViewState* state) override { m_state = state; }
    void setPanes(const std::vector<PaneSpec>& panes) override { m_panes = panes; }
    void setScaleBarVisible(bool) override {}
    void setAxesVisible(bool) override {}
    void setLensShape(const LensShape& shape) override { m_lensShape = shape; }
    void setContours(const std::vector<ContourLines>& contours) override { m_contours = contours; }
    void setLabelsVisible(bool) override {}
    void setLayoutMode(CanvasLayout layout) override { m_layout = layout; }
    CanvasLayout layoutMode() const override { return m_layout; }
    void setShownLayer(Layer*, const std::vector<Layer*>&) override {}
    void setEditedLayer(Layer*) override {}
    void resetView() override {
        if (m_state) m_state->fit();
    }
    void setLinks(PaneViews::Links links) override { m_links = links; }
    PaneViews::Links links() const { return m_links; }
    void turn(double) override {}
    void zoom(double factor) override {
        if (m_state) m_state->zoomAt(m_state->center(), factor);
    }
    void setInputPreset(InputPreset preset) override { m_preset = preset; }
    void setCacheBytes(std::uint64_t bytes) override { m_cacheBytes = bytes; }
    QString valueText() const override { return {}; }
    QImage grabFrame() override { return grab().toImage(); }
    void setMagnification(double) override {}
    void paintFigure(QPainter& painter, bool) override { painter.drawImage(rect(), grabFrame()); }
    void cancelReading() override {}
    bool isSettled() const override { return true; }

    ViewState* viewState() const { return m_state; }
    const std::vector<PaneSpec>& panes() const { return m_panes; }
    const LensShape& lensShape() const { return m_lensShape; }
    const std::vector<ContourLines>& contours() const { return m_contours; }
    InputPreset inputPreset() const { return m_preset; }
    std::uint64_t cacheBytes() const { return m_cacheBytes; }

  private:
    QPointer<ViewState> m_state;
    std::vector<PaneSpec> m_panes;
    LensShape m_lensShape;
    std::vector<ContourLines> m_contours;
    CanvasLayout m_layout = CanvasLayout::Grid;
    PaneViews::Links m_links = PaneViews::kAll;
    InputPreset m_preset = InputPreset::Napari;
    std::uint64_t m_cacheBytes = 0;
};

}  // namespace posteria::ui::viewer
