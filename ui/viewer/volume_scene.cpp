#include "ui/viewer/volume_scene.h"

#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkContourValues.h>
#include <vtkGPUVolumeRayCastMapper.h>
#include <vtkImageData.h>
#include <vtkPiecewiseFunction.h>
#include <vtkPlane.h>
#include <vtkPointData.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkShaderProperty.h>
#include <vtkUniforms.h>
#include <vtkUnsignedShortArray.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace posteria::ui::viewer {

namespace {

constexpr int kSteps = 256;
constexpr double kFitMargin = 1.05;
constexpr double kFogVoxels = 8;  // that fog at the upper limit takes to hide what is behind

// What every step of a ray does with the normalised values of the channels. Starts with VTK's own
// variables l_maxValue and l_firstValue; what they hold at the end is coloured.
std::string fold(Rendering rendering) {
    switch (rendering) {
        case Rendering::Minip:
            return "l_maxValue = l_firstValue ? scalar : min(l_maxValue, scalar);";
        case Rendering::Average:
            return "p_sum += scalar; p_count += 1.0;";
        case Rendering::AttenuatedMip:
            // Light from the depth passes through what lies in front of it.
            return R"(
      for (int i = 0; i < 4; ++i) {
        int c = min(i, in_noOfComponents - 1);
        float span = max(in_scalarsRange[c].y - in_scalarsRange[c].x, 1e-6);
        float low = (p_low[i] - in_scalarsRange[c].x) / span;
        float high = (p_high[i] - in_scalarsRange[c].x) / span;
        float t = clamp((scalar[i] - low) / (high - low), 0.0, 1.0);
        float dimmed = low + (high - low) * t * exp(-p_attenuation * p_sum[i]);
        l_maxValue[i] = l_firstValue ? dimmed : max(l_maxValue[i], dimmed);
        p_sum[i] += t;
      })";
        default:
            return "l_maxValue = l_firstValue ? scalar : max(l_maxValue, scalar);";
    }
}

}  // namespace

VolumeScene::VolumeScene(vtkRenderWindow* window)
    : m_window(window), m_mapper(vtkGPUVolumeRayCastMapper::New()) {
    m_mapper->SetInputData(m_image);
    m_mapper->SetAutoAdjustSampleDistances(0);
    m_property->SetIndependentComponents(1);
    m_property->SetInterpolationTypeToLinear();
    for (int c = 0; c < 4; ++c) {
        m_property->SetComponentWeight(c, 1);
        m_property->SetAmbient(c, 0.25);
        m_property->SetDiffuse(c, 0.75);
        m_property->SetSpecular(c, 0.15);
    }
    m_volume->SetMapper(m_mapper);
    m_volume->SetProperty(m_property);
    m_volume->VisibilityOff();
    m_renderer->AddVolume(m_volume);
    m_renderer->SetBackground(0, 0, 0);
    m_renderer->GetActiveCamera()->ParallelProjectionOn();
    m_window->AddRenderer(m_renderer);
}

VolumeScene::~VolumeScene() {
    m_window->RemoveRenderer(m_renderer);
    m_volume->SetMapper(nullptr);
    m_mapper->Delete();
}

void VolumeScene::setVolume(const Volume& volume, const Point3& voxel) {
    m_voxels = volume;
    const double spacing[3] = {voxel[0] * volume.voxelX, voxel[1] * volume.voxelY,
                               voxel[2] * volume.voxelZ};
    const int size[3] = {static_cast<int>(volume.width), static_cast<int>(volume.height),
                         static_cast<int>(volume.depth)};
    vtkNew<vtkUnsignedShortArray> voxels;
    voxels->SetNumberOfComponents(static_cast<int>(volume.offset.size()));
    // Not copied; m_voxels keeps the owner, and nobody writes.
    voxels->SetArray(const_cast<unsigned short*>(volume.voxels->data()),
                     static_cast<vtkIdType>(volume.voxels->size()), 1);
    m_image->SetDimensions(size);
    m_image->SetSpacing(spacing);
    m_image->GetPointData()->SetScalars(voxels);
    m_image->Modified();
    m_smallest = std::min({spacing[0], spacing[1], spacing[2]});
    const Point3 extent = {(size[0] - 1) * spacing[0], (size[1] - 1) * spacing[1],
                           (size[2] - 1) * spacing[2]};
    bool same = true;
    for (std::size_t i = 0; i < 3; ++i)
        same = same && std::abs(extent[i] - m_extent[i]) <= 0.1 * extent[i];
    m_extent = extent;
    m_volume->VisibilityOn();
    if (!same) resetCamera();
    setDetail(static_cast<int>(m_mapper->GetImageSampleDistance()), m_step);
}

void VolumeScene::clear() {
    m_volume->VisibilityOff();
    m_voxels = {};
}

void VolumeScene::setDisplay(const std::vector<ChannelDisplay>& channels,
                             const VolumeDisplay& display) {
    m_display = display;
    const bool surface = display.rendering == Rendering::Iso;
    const bool fog = display.rendering == Rendering::Translucent;
    for (int c = 0; c < static_cast<int>(channels.size()); ++c) {
        const auto i = static_cast<std::size_t>(c);
        const ChannelDisplay& channel = channels[i];
        const ColorTable& table = colormap(channel.colormap);
        const auto voxel = [&](double value) {
            return (value - m_voxels.offset[i]) / m_voxels.scale[i];
        };
        const double low = voxel(channel.limits.low);
        const double high = std::max(voxel(channel.limits.high), low + 1e-3);
        vtkNew<vtkColorTransferFunction> color;
        for (int k = 0; k < kSteps; ++k) {
            const double t = double(k) / (kSteps - 1);
            const double at = surface ? 0.85 : std::pow(t, channel.gamma);
            const QColor rgb(table[static_cast<std::size_t>(std::lround(255 * at))]);
            color->AddRGBPoint(low + t * (high - low), rgb.redF(), rgb.greenF(), rgb.blueF());
        }
        vtkNew<vtkPiecewiseFunction> opacity;
        opacity->AddPoint(low, fog ? 0 : 1);
        opacity->AddPoint(high, 1);
        m_property->SetColor(c, color);
        m_property->SetScalarOpacity(c, opacity);
        m_property->SetScalarOpacityUnitDistance(c, kFogVoxels * m_smallest);
        m_property->SetShade(c, surface);
        m_low[i] = static_cast<float>(low);
        m_high[i] = static_cast<float>(high);
        if (c == 0) {
            m_low.fill(m_low[0]);  // a single channel stands in all four places of the shader
            m_high.fill(m_high[0]);
            m_property->GetIsoSurfaceValues()->SetValue(0, low + display.threshold * (high - low));
        }
    }
    useShader(display.rendering);
}

void VolumeScene::useShader(Rendering rendering) {
    auto* shader = m_volume->GetShaderProperty();
    shader->ClearAllFragmentShaderReplacements();
    if (rendering == Rendering::Iso) {
        m_mapper->SetBlendModeToIsoSurface();
        return;
    }
    if (rendering == Rendering::Translucent) {
        m_mapper->SetBlendModeToComposite();
        return;
    }
    m_mapper->SetBlendModeToMaximumIntensity();
    const auto replace = [shader](const char* place, const std::string& text) {
        shader->AddFragmentShaderReplacement(place, true, text, false);
    };
    std::string read =
        "    if (!g_skip) {\n      vec4 scalar = texture3D(in_volume[0], g_dataPos) *"
        " in_volume_scale[0] + in_volume_bias[0];\n";
    if (m_voxels.offset.size() == 1) read += "      scalar = vec4(scalar.r);\n";
    replace("//VTK::Shading::Dec", "//VTK::Shading::Dec\nvec4 p_sum; float p_count;\n");
    replace("//VTK::Shading::Init", "//VTK::Shading::Init\n  p_sum = vec4(0.0); p_count = 0.0;\n");
    replace("//VTK::Shading::Impl",
            read + fold(rendering) + "\n      l_firstValue = false;\n    }\n");
    if (rendering == Rendering::Average) {
        replace("//VTK::Shading::Exit",
                "  l_maxValue = p_sum / max(p_count, 1.0);\n//VTK::Shading::Exit\n");
    }
    setUniforms();
}

void VolumeScene::setUniforms() {
    auto* uniforms = m_volume->GetShaderProperty()->GetFragmentCustomUniforms();
    uniforms->SetUniform4f("p_low", m_low.data());
    uniforms->SetUniform4f("p_high", m_high.data());
    uniforms->SetUniformf("p_attenuation", static_cast<float>(m_display.attenuation * m_step));
}

void VolumeScene::setDetail(int pixels, double step) {
    m_step = step;
    m_mapper->SetImageSampleDistance(static_cast<float>(pixels));
    m_mapper->SetSampleDistance(static_cast<float>(step * m_smallest));
    setUniforms();
}

void VolumeScene::setClip(const Point3& from, const Point3& to) {
    m_mapper->RemoveAllClippingPlanes();
    const double slack = 1e-6 * std::max({m_extent[0], m_extent[1], m_extent[2], 1e-9});
    for (int axis = 0; axis < 3; ++axis) {
        const auto i = static_cast<std::size_t>(axis);
        for (const double way : {1.0, -1.0}) {
            const double at = way > 0 ? from[i] : to[i];
            if (way > 0 ? at <= slack : at >= m_extent[i] - slack) continue;  // nothing to cut
            double origin[3] = {0, 0, 0}, normal[3] = {0, 0, 0};
            origin[axis] = at;
            normal[axis] = way;
            vtkNew<vtkPlane> plane;
            plane->SetOrigin(origin);
            plane->SetNormal(normal);
            m_mapper->AddClippingPlane(plane);
        }
    }
}

Point3 VolumeScene::spacing() const {
    const double* spacing = m_image->GetSpacing();
    return {spacing[0], spacing[1], spacing[2]};
}

void VolumeScene::setSize(const QSize& devicePixels) {
    if (devicePixels == m_size) return;
    m_size = devicePixels;
    m_window->SetSize(devicePixels.width(), devicePixels.height());
    if (m_fitted) resetCamera();
}

void VolumeScene::rotate(double degreesRight, double degreesDown) {
    m_fitted = false;
    auto* camera = m_renderer->GetActiveCamera();
    camera->Azimuth(-degreesRight);
    camera->Elevation(degreesDown);
    camera->OrthogonalizeViewUp();
    m_renderer->ResetCameraClippingRange();
}

void VolumeScene::turn(double degrees) {
    m_renderer->GetActiveCamera()->Azimuth(degrees);
    m_renderer->ResetCameraClippingRange();
}

int VolumeScene::axisTowardsViewer() const {
    double way[3];
    m_renderer->GetActiveCamera()->GetDirectionOfProjection(way);
    return static_cast<int>(
        std::max_element(way, way + 3,
                         [](double a, double b) { return std::abs(a) < std::abs(b); }) -
        way);
}

double VolumeScene::unitsPerPixel() const {
    return 2 * m_renderer->GetActiveCamera()->GetParallelScale() / std::max(m_size.height(), 1);
}

void VolumeScene::pan(const QPointF& devicePixels) {
    m_fitted = false;
    auto* camera = m_renderer->GetActiveCamera();
    double up[3], way[3], focus[3], position[3];
    camera->GetViewUp(up);
    camera->GetDirectionOfProjection(way);
    camera->GetFocalPoint(focus);
    camera->GetPosition(position);
    const double right[3] = {way[1] * up[2] - way[2] * up[1], way[2] * up[0] - way[0] * up[2],
                             way[0] * up[1] - way[1] * up[0]};
    for (int i = 0; i < 3; ++i) {
        const double shift =
            (up[i] * devicePixels.y() - right[i] * devicePixels.x()) * unitsPerPixel();
        focus[i] += shift;
        position[i] += shift;
    }
    camera->SetFocalPoint(focus);
    camera->SetPosition(position);
    m_renderer->ResetCameraClippingRange();
}

void VolumeScene::zoom(double factor) {
    m_fitted = false;
    auto* camera = m_renderer->GetActiveCamera();
    const double largest = std::max({m_extent[0], m_extent[1], m_extent[2], 1e-9});
    camera->SetParallelScale(
        std::clamp(camera->GetParallelScale() / factor, largest / 1000, largest * 20));
}

void VolumeScene::resetCamera() {
    m_fitted = true;
    auto* camera = m_renderer->GetActiveCamera();
    const double far = std::max({m_extent[0], m_extent[1], m_extent[2], 1e-9}) * 3;
    camera->SetFocalPoint(m_extent[0] / 2, m_extent[1] / 2, m_extent[2] / 2);
    camera->SetPosition(m_extent[0] / 2, m_extent[1] / 2, m_extent[2] / 2 - far);
    camera->SetViewUp(0, -1, 0);
    const double aspect = double(m_size.width()) / std::max(m_size.height(), 1);
    camera->SetParallelScale(std::max({m_extent[1], m_extent[0] / std::max(aspect, 1e-6), 1e-9}) /
                             2 * kFitMargin);
    m_renderer->ResetCameraClippingRange();
}

QPointF VolumeScene::project(const Point3& world) const {
    auto* camera = m_renderer->GetActiveCamera();
    double up[3], way[3], focus[3];
    camera->GetViewUp(up);
    camera->GetDirectionOfProjection(way);
    camera->GetFocalPoint(focus);
    const double right[3] = {way[1] * up[2] - way[2] * up[1], way[2] * up[0] - way[0] * up[2],
                             way[0] * up[1] - way[1] * up[0]};
    double x = 0, y = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        x += (world[i] - focus[i]) * right[i];
        y -= (world[i] - focus[i]) * up[i];
    }
    const double scale = unitsPerPixel();
    return {m_size.width() / 2.0 + x / scale, m_size.height() / 2.0 + y / scale};
}

}  // namespace posteria::ui::viewer
