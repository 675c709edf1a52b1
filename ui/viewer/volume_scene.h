// A volume as VTK sees it: a ray-cast volume of up to four channels in a window of its own, under a
// camera with parallel projection. World units are the document's, x to the right, y down and z
// away from the viewer at the start. VTK 9.1 adds up neither averages nor minima of several
// channels in colour and knows no attenuated projection, so what a ray gathers is told to its
// shader here. GUI thread; context current when rendering.
#pragma once

#include <vtkNew.h>

#include <QPointF>
#include <QSize>
#include <array>
#include <vector>

#include "ui/model/colormaps.h"
#include "ui/model/display_settings.h"
#include "ui/model/volume_reader.h"

class vtkCamera;
class vtkGPUVolumeRayCastMapper;
class vtkImageData;
class vtkRenderer;
class vtkRenderWindow;
class vtkVolume;
class vtkVolumeProperty;

namespace posteria::ui::viewer {

using Point3 = std::array<double, 3>;

class VolumeScene {
  public:
    explicit VolumeScene(vtkRenderWindow* window);
    ~VolumeScene();

    // Keeps the volume; voxel is the size of a full-size voxel. Resets the camera when the volume
    // has another size than the last one.
    void setVolume(const Volume& volume, const Point3& voxel);
    void clear();
    bool hasVolume() const { return m_voxels.voxels != nullptr; }
    // One a channel of the volume.
    void setDisplay(const std::vector<ChannelDisplay>& channels, const VolumeDisplay& display);
    // Every so manieth screen pixel is computed, and a step along the ray is that many voxels.
    void setDetail(int pixels, double step);

    // World positions between which the volume is shown; the rest is cut off.
    void setClip(const Point3& from, const Point3& to);
    Point3 spacing() const;

    void setSize(const QSize& devicePixels);
    void rotate(double degreesRight, double degreesDown);
    void turn(double degrees);  // round the vertical of the picture; as much back undoes it
    void pan(const QPointF& devicePixels);  // the volume follows the pointer
    void zoom(double factor);
    void resetCamera();
    int axisTowardsViewer() const;  // that the viewer looks along most
    double unitsPerPixel() const;   // device pixel
    Point3 extent() const { return m_extent; }
    QPointF project(const Point3& world) const;  // device pixels, y down

  private:
    void useShader(Rendering rendering);
    void setUniforms();

    vtkRenderWindow* m_window;
    vtkNew<vtkRenderer> m_renderer;
    vtkNew<vtkImageData> m_image;
    vtkNew<vtkVolumeProperty> m_property;
    vtkNew<vtkVolume> m_volume;
    vtkGPUVolumeRayCastMapper* m_mapper;  // ours
    Volume m_voxels;
    Point3 m_extent{0, 0, 0};
    double m_smallest = 1, m_step = 1;
    bool m_fitted = true;  // stays so when the window changes its size
    QSize m_size{1, 1};
    VolumeDisplay m_display;
    std::array<float, 4> m_low{}, m_high{};
};

}  // namespace posteria::ui::viewer
