// The volume of one layer in three dimensions, with the labels, shapes and points over it
// (volume_overlay.h): left drag rotates, Shift+left drag pans, the wheel
// and double-click zoom, Ctrl+wheel steps through slices. With the habits of Fiji and Slicer the
// wheel steps and Ctrl+wheel zooms; with Slicer's Ctrl+left drag changes window and level. While it
// moves it is drawn coarse, a quarter of a second later fine again. Whatever keeps it from being
// shown is said in words. GUI thread only; read on another thread.
#pragma once

#include <QImage>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <memory>
#include <vector>

#include "ui/model/input_preset.h"
#include "ui/model/layer.h"
#include "ui/model/view_state.h"

namespace posteria::ui::viewer {

class VolumeView : public QWidget {
    Q_OBJECT
  public:
    explicit VolumeView(QWidget* parent = nullptr);
    ~VolumeView() override;

    // Not owned; null when the view is not shown, so that nothing is read for it.
    void setViewState(ViewState* state);
    // over: labels, shapes and points, the last in front.
    void setLayer(Layer* layer, const std::vector<QPointer<Layer>>& over = {});
    void setScaleBarVisible(bool visible);
    void setLabelsVisible(bool visible);  // the box round the volume, too; see Canvas
    void resetView();
    void turn(double degrees);      // at once as fine as it gets; see Canvas
    int axisTowardsViewer() const;  // see Canvas
    void zoom(double factor);
    void setInputPreset(InputPreset preset);  // see Canvas
    // Larger volumes are shown coarse. The default depends on what draws.
    void setBudgetBytes(std::uint64_t bytes);

    QImage grabFrame();
    bool isSettled() const;
    QString rendererName() const;
    QString message() const;    // why there is nothing to see; empty otherwise
    QStringList notes() const;  // what the picture does not show of the layer
    bool isCoarse() const;      // drawn so, because it moves
    // Where the first, the last and any voxel between is drawn, logical pixels; 0…1 along x, y, z.
    QPointF place(double x, double y, double z) const;
    // Likewise of a position of the document, z in the same unit.
    QPointF fromPosition(double x, double y, double z) const;

    QSize minimumSizeHint() const override { return {160, 120}; }

  Q_SIGNALS:
    void settled();
    void failed(const QString& message);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    class Surface;
    void schedule();
    void refresh();
    void updateClip();
    void moved();  // the camera: coarse now, fine later

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui::viewer
