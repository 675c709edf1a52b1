// Four linked panes as the window shows them, on small made-up stacks, with the mouse events that
// drive them. rows() makes a test run on both surfaces.
#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <functional>
#include <memory>

#include "ui/viewer/linked_panes.h"

Q_DECLARE_METATYPE(posteria::ui::viewer::Renderer)

namespace posteria::test {

using namespace posteria::ui;
using namespace posteria::ui::viewer;

inline constexpr int kSide = 64;

using Value = std::function<double(int c, int z, int x, int y)>;

inline image::StackPtr makeStack(image::PixelType type, int channels, int slices,
                                 const Value& value, int side = kSide) {
    image::StackInfo info;
    info.type = type;
    info.shape = {1, channels, slices, side, side};
    info.voxelSize = image::VoxelSize{0.5, 0.5, 2};
    std::vector<image::Plane> planes;
    for (int c = 0; c < channels; ++c) {
        for (int z = 0; z < slices; ++z) {
            void* memory = nullptr;
            planes.push_back(image::Plane::allocate(type, side, side, &memory));
            for (int i = 0; i < side * side; ++i) {
                const double v = value(c, z, i % side, i / side);
                if (type == image::PixelType::UInt8) {
                    static_cast<std::uint8_t*>(memory)[i] = static_cast<std::uint8_t>(v);
                } else {
                    static_cast<float*>(memory)[i] = static_cast<float>(v);
                }
            }
        }
    }
    return image::makeMemoryStack(info, std::move(planes));
}

// Left half dark, right half bright; every slice a little darker.
inline double halves(int, int z, int x, int) {
    return x < kSide / 2 ? 20 : 220 - 20 * z;
}

// A scene of four panes as the window shows them.
struct Scene {
    ViewState state;
    Layer input{"input", makeStack(image::PixelType::UInt8, 1, 4, halves)};
    Layer sample{"sample",
                 makeStack(image::PixelType::Float32, 2, 4,
                           [](int c, int, int x, int) {
                               if (x < 8) return double(NAN);
                               return (x < kSide / 2) == (c == 0) ? 1000.0 : 0.0;
                           }),
                 Layer::Role::Sample};
    Layer mean{"mean",
               makeStack(image::PixelType::Float32, 2, 4,
                         [](int c, int z, int x, int y) { return 1000.0 * c + 100 * z + x + y; }),
               Layer::Role::Mean};
    Layer deviation{"std",
                    makeStack(image::PixelType::Float32, 2, 4,
                              [](int c, int, int, int y) { return y < 4 ? 10.0 : 20.0 + c; }),
                    Layer::Role::Uncertainty};
    std::unique_ptr<LinkedPanes> panes;

    explicit Scene(Renderer renderer) : panes(std::make_unique<LinkedPanes>(renderer)) {
        panes->resize(801, 601);
        panes->setViewState(&state);
        state.setImage(input.stack()->info());
        panes->setPanes({{"input", {&input}},
                         {"sample 1", {&sample}},
                         {"mean", {&mean}, &deviation},
                         {"uncertainty", {&deviation}, nullptr, true}});
    }

    bool show() {
        panes->show();
        return QTest::qWaitForWindowExposed(panes.get()) &&
               QTest::qWaitFor([this] { return panes->isSettled(); });
    }
    // Where the pixel (x, y) of the input lies in a pane.
    QPoint at(int pane, double x, double y) const {
        return panes->fromPosition(state.fromPixel({x, y}), pane).toPoint();
    }
    QColor color(const QImage& frame, int pane, double x, double y) const {
        return frame.pixelColor(at(pane, x, y) * frame.width() / panes->width());
    }
    void wheel(const QPointF& where, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QWheelEvent event(where, panes->mapToGlobal(where), {}, {0, delta}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(panes.get(), &event);
    }
    void moveMouse(const QPointF& where, Qt::KeyboardModifiers modifiers = Qt::NoModifier,
                   Qt::MouseButtons buttons = Qt::NoButton) {
        QMouseEvent event(QEvent::MouseMove, where, panes->mapToGlobal(where), Qt::NoButton,
                          buttons, modifiers);
        QApplication::sendEvent(panes.get(), &event);
    }
};

inline bool isNear(const QColor& a, const QColor& b, int tolerance = 3) {
    return std::abs(a.red() - b.red()) <= tolerance &&
           std::abs(a.green() - b.green()) <= tolerance &&
           std::abs(a.blue() - b.blue()) <= tolerance;
}

inline void rows() {
    QTest::addColumn<Renderer>("renderer");
    QTest::newRow("raster") << Renderer::Raster;
    QTest::newRow("opengl") << Renderer::OpenGL;
}

}  // namespace posteria::test
