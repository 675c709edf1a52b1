// Linked panes on both surfaces, driven by real mouse and wheel events.
#include <QApplication>
#include <QFileInfo>
#include <QMainWindow>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <functional>
#include <memory>

#include "core/io/open.h"
#include "ui/model/colormaps.h"
#include "ui/model/labels_layer.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/viewer/linked_panes.h"

using namespace posteria;
using namespace posteria::ui;
using namespace posteria::ui::viewer;

Q_DECLARE_METATYPE(posteria::ui::viewer::Renderer)

namespace {

constexpr int kSide = 64;

using Value = std::function<double(int c, int z, int x, int y)>;

image::StackPtr makeStack(image::PixelType type, int channels, int slices, const Value& value,
                          int side = kSide) {
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
double halves(int, int z, int x, int) {
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

GLenum openGlError(LinkedPanes& panes) {
    auto* widget = qobject_cast<QOpenGLWidget*>(panes.surface()->widget());
    if (!widget) return 0;
    widget->makeCurrent();
    const GLenum error = widget->context()->functions()->glGetError();
    widget->doneCurrent();
    return error;
}

bool isOpaque(const QImage& image) {
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) != 255) return false;
        }
    }
    return true;
}

bool isNear(const QColor& a, const QColor& b, int tolerance = 3) {
    return std::abs(a.red() - b.red()) <= tolerance &&
           std::abs(a.green() - b.green()) <= tolerance &&
           std::abs(a.blue() - b.blue()) <= tolerance;
}

}  // namespace

class TestLinkedPanes : public QObject {
    Q_OBJECT

    void rows() {
        QTest::addColumn<Renderer>("renderer");
        QTest::newRow("raster") << Renderer::Raster;
        QTest::newRow("opengl") << Renderer::OpenGL;
    }

  public:
    static void initMain() { prepareGraphics(); }

  private Q_SLOTS:
    void layoutIsTidy() {
        const QSize window(901, 601);
        const std::vector<std::pair<int, QSize>> cases = {{1, {901, 601}}, {2, {450, 601}},
                                                          {3, {450, 300}}, {4, {450, 300}},
                                                          {5, {299, 300}}, {6, {299, 300}}};
        for (const auto& [count, size] : cases) {
            const auto panes = paneLayout(count, window, 1);
            QCOMPARE(int(panes.size()), count);
            for (const auto& pane : panes) {
                QCOMPARE(pane.size(), size);
                QVERIFY(QRect(QPoint(0, 0), window).contains(pane));
            }
        }
    }

    void coloursAppearWhereTheyBelong_data() { rows(); }
    void coloursAppearWhereTheyBelong() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        scene.mean.setLimits(0, {0, 1000});
        QVERIFY(scene.show());
        const QImage frame = scene.panes->grabFrame();
        QCOMPARE(frame.size(), scene.panes->size() * scene.panes->devicePixelRatioF());
        QVERIFY(isOpaque(frame));
        QVERIFY(isOpaque(scene.panes->grab().toImage()));
        QVERIFY(isNear(scene.color(frame, 0, 16, 32), QColor(20, 20, 20)));
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(220, 220, 220)));
        QVERIFY(isNear(scene.color(frame, 1, 4, 32), Qt::black));  // not drawn yet
        QVERIFY(isNear(scene.color(frame, 1, 16, 32), QColor(255, 0, 255)));
        QVERIFY(isNear(scene.color(frame, 1, 48, 32), QColor(0, 255, 0)));
        QVERIFY(isNear(scene.color(frame, 3, 32, 32), QColor::fromRgb(colormap("magma")[255])));
        // The edge between the halves lies where the geometry says, to the pixel.
        const double ratio = scene.panes->devicePixelRatioF();
        const QPointF middle =
            scene.panes->fromPosition(scene.state.fromPixel({31.5, 32}), 0) * ratio;
        const QPoint edge(int(std::floor(middle.x())), int(middle.y()));
        QVERIFY(isNear(frame.pixelColor(edge - QPoint(2, 0)), QColor(20, 20, 20)));
        QVERIFY(isNear(frame.pixelColor(edge + QPoint(2, 0)), QColor(220, 220, 220)));
        QCOMPARE(openGlError(*scene.panes), GLenum(0));
    }

    void bothSurfacesShowTheSame() {
        QImage frames[2];
        for (int i = 0; i < 2; ++i) {
            Scene scene(i ? Renderer::OpenGL : Renderer::Raster);
            scene.panes->setScaleBarVisible(false);
            scene.panes->setPanes({{"", {&scene.input}},
                                   {"", {&scene.sample}},
                                   {"", {&scene.mean}},
                                   {"", {&scene.deviation}}});
            QVERIFY(scene.show());
            frames[i] = scene.panes->grabFrame();
        }
        QVERIFY(frames[0] == frames[1]);
    }

    void wheelZoomsAllPanesAtTheCursor_data() { rows(); }
    void wheelZoomsAllPanesAtTheCursor() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        const QPointF where = scene.at(2, 40, 20);
        const QPointF position = scene.panes->toPosition(where);
        const double scale = scene.state.scale();
        for (int i = 0; i < 8; ++i)
            scene.wheel(where, 120);
        QVERIFY(std::abs(scene.state.scale() * 4 - scale) < 1e-9 * scale);
        const QPointF now = scene.panes->toPosition(where);
        QVERIFY(std::abs(now.x() - position.x()) < 1e-9 && std::abs(now.y() - position.y()) < 1e-9);
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 45, 22), QColor(220, 220, 220)));
        QVERIFY(isNear(scene.color(frame, 1, 45, 22), QColor(0, 255, 0)));
    }

    void draggingPans_data() { rows(); }
    void draggingPans() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        const QPointF center = scene.state.center();
        const QPoint start = scene.at(1, 30, 30);
        QTest::mousePress(scene.panes.get(), Qt::LeftButton, {}, start);
        scene.moveMouse(start + QPoint(25, 10), {}, Qt::LeftButton);
        scene.moveMouse(start + QPoint(50, -20), {}, Qt::LeftButton);
        QTest::mouseRelease(scene.panes.get(), Qt::LeftButton, {}, start + QPoint(50, -20));
        const QPointF moved = center - scene.state.center();
        QVERIFY(std::abs(moved.x() - 50 * scene.state.scale()) < 1e-9);
        QVERIFY(std::abs(moved.y() + 20 * scene.state.scale()) < 1e-9);
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(220, 220, 220)));
    }

    // The system may ask for a picture just after a step and before its slices are fetched.
    void aPictureInBetweenLeavesNoStaleSlice_data() { rows(); }
    void aPictureInBetweenLeavesNoStaleSlice() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        const QColor before = scene.color(scene.panes->grabFrame(), 0, 50, 20);
        scene.state.setZ(scene.state.z() + 1);
        scene.panes->surface()->widget()->repaint();
        QTRY_VERIFY(scene.panes->isSettled());
        const QColor after = scene.color(scene.panes->grabFrame(), 0, 50, 20);
        QVERIFY(after.green() < before.green() - 5);
    }

    void controlWheelStepsOneSliceAnEvent() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        const QPointF where = scene.at(0, 30, 30);
        const double scale = scene.state.scale();
        scene.wheel(where, 360, Qt::ControlModifier);
        QCOMPARE(scene.state.z(), 1);
        for (int i = 0; i < 4; ++i)
            scene.wheel(where, 30, Qt::ControlModifier);  // a trackpad
        QCOMPARE(scene.state.z(), 2);
        scene.wheel(where, -120, Qt::ControlModifier);
        QCOMPARE(scene.state.z(), 1);
        QCOMPARE(scene.state.scale(), scale);
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(200, 200, 200)));
    }

    void withTheHabitsOfOthersTheWheelStepsAndControlZooms() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        const QPointF where = scene.at(0, 30, 30);
        const double scale = scene.state.scale();
        scene.panes->setInputPreset(InputPreset::Fiji);
        scene.wheel(where, -120);  // towards the user, as a page is rolled
        scene.wheel(where, -120);
        QCOMPARE(scene.state.z(), 2);
        scene.wheel(where, 120);
        QCOMPARE(scene.state.z(), 1);
        QCOMPARE(scene.state.scale(), scale);
        scene.wheel(where, 480, Qt::ControlModifier);
        QVERIFY(std::abs(scene.state.scale() * 2 - scale) < 1e-9);
        QCOMPARE(scene.state.z(), 1);
        scene.panes->setInputPreset(InputPreset::Slicer);
        scene.wheel(where, 120);  // away from the user
        QCOMPARE(scene.state.z(), 2);
        scene.wheel(where, -480, Qt::ControlModifier);
        QVERIFY(std::abs(scene.state.scale() - scale) < 1e-9);
        scene.panes->setInputPreset(InputPreset::Napari);
        scene.wheel(where, 480);
        QCOMPARE(scene.state.z(), 2);
        QVERIFY(std::abs(scene.state.scale() * 2 - scale) < 1e-9);
    }

    void controlDragChangesWindowAndLevelWithTheHabitsOfSlicer() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        // The sample follows the mean, as a run's does; of both, two channels are shown.
        scene.sample.setDisplaySource(&scene.mean);
        scene.mean.setLimits(0, {0, 1000});
        scene.mean.setLimits(1, {1000, 1400});
        const auto limits = [&](Layer& layer, int c) { return layer.channels()[c].limits; };
        const auto before = limits(scene.input, 0);
        const QPointF center = scene.state.center();
        const auto drag = [&](int pane, const QPoint& by, Qt::KeyboardModifiers keys) {
            const QPoint start = scene.at(pane, 30, 30);
            QTest::mousePress(scene.panes.get(), Qt::LeftButton, keys, start);
            scene.moveMouse(start + by / 2, keys, Qt::LeftButton);
            scene.moveMouse(start + by, keys, Qt::LeftButton);
            QTest::mouseRelease(scene.panes.get(), Qt::LeftButton, keys, start + by);
            scene.moveMouse(start);  // no button: changes nothing more
        };
        scene.panes->setInputPreset(InputPreset::Slicer);
        drag(1, {150, 0}, Qt::ControlModifier);  // the window is doubled
        QCOMPARE(limits(scene.mean, 0), (Limits{-500, 1500}));
        QCOMPARE(limits(scene.mean, 1), (Limits{800, 1600}));
        QCOMPARE(limits(scene.sample, 0), limits(scene.mean, 0));
        drag(2, {0, -150}, Qt::ControlModifier);  // the level rises by half a window
        QCOMPARE(limits(scene.mean, 0), (Limits{500, 2500}));
        drag(2, {-150, 0}, Qt::ControlModifier);
        QCOMPARE(limits(scene.mean, 0), (Limits{1000, 2000}));
        QCOMPARE(limits(scene.input, 0), before);
        QCOMPARE(scene.state.center(), center);
        // Without Ctrl, and with other habits, a drag pans.
        drag(2, {40, 0}, Qt::NoModifier);
        QVERIFY(scene.state.center() != center);
        for (const auto preset : {InputPreset::Napari, InputPreset::Fiji}) {
            scene.panes->setInputPreset(preset);
            const QPointF from = scene.state.center();
            drag(2, {-30, 0}, Qt::ControlModifier);
            QVERIFY(scene.state.center() != from);
        }
        QCOMPARE(limits(scene.mean, 0), (Limits{1000, 2000}));
    }

    void presetsMoveThePaneUnderThePointerWhereTheyAreNotLinked() {
        Scene scene(Renderer::Raster);
        scene.panes->views().setLinks({});
        QVERIFY(scene.show());
        const auto view = [&](int pane) { return scene.panes->viewAt(pane); };
        const auto middle = [&](int pane) { return scene.panes->paneRect(pane).center(); };
        const double scale = view(2)->scale();
        scene.panes->setInputPreset(InputPreset::Fiji);
        scene.moveMouse(middle(2));
        scene.wheel(middle(2), -120);
        QCOMPARE(view(2)->z(), 1);
        QCOMPARE(view(0)->z(), 0);
        scene.wheel(middle(2), 480, Qt::ControlModifier);
        scene.panes->zoom(2);
        QVERIFY(std::abs(view(2)->scale() * 4 - scale) < 1e-9);
        QCOMPARE(view(0)->scale(), scale);
        QCOMPARE(scene.panes->activePane(), 2);
        // The pane used last is zoomed when the mouse is elsewhere.
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(scene.panes.get(), &leave);
        const QPointF center = view(2)->center();
        scene.panes->zoom(0.25);
        QVERIFY(std::abs(view(2)->scale() - scale) < 1e-9);
        QCOMPARE(view(2)->center(), center);
        QCOMPARE(view(0)->scale(), scale);
        // A pane that shows one channel drags that one's contrast.
        scene.mean.setLimits(0, {0, 1000});
        scene.mean.setLimits(1, {0, 1000});
        scene.panes->setInputPreset(InputPreset::Slicer);
        view(2)->setChannel(1);
        const QPoint start = middle(2).toPoint();
        QTest::mousePress(scene.panes.get(), Qt::LeftButton, Qt::ControlModifier, start);
        // Where the pointer is by now does not matter: the drag began in this pane.
        const QPoint end = middle(0).toPoint();
        scene.moveMouse(end, Qt::ControlModifier, Qt::LeftButton);
        QTest::mouseRelease(scene.panes.get(), Qt::LeftButton, Qt::ControlModifier, end);
        QVERIFY(!(scene.mean.channels()[1].limits == Limits{0, 1000}));
        QCOMPARE(scene.mean.channels()[0].limits, (Limits{0, 1000}));
        QCOMPARE(view(2)->center(), center);
    }

    void theImageUnderThePointerIsTheTopmostVisibleOne() {
        Scene scene(Renderer::Raster);
        scene.panes->setPanes({{"both", {&scene.input, &scene.mean}, nullptr, false, nullptr},
                               {"swipe", {&scene.input}, nullptr, false, &scene.mean}});
        QVERIFY(scene.show());
        const auto at = [&](int pane, double share) {
            const QRectF rect = scene.panes->paneRect(pane);
            return scene.panes->imageAt({rect.left() + share * rect.width(), rect.center().y()});
        };
        QCOMPARE(at(0, 0.5), &scene.mean);
        scene.mean.setVisible(false);
        QCOMPARE(at(0, 0.5), &scene.input);
        QCOMPARE(at(1, 0.25), &scene.input);
        QCOMPARE(at(1, 0.75), &scene.mean);
        QVERIFY(!scene.panes->imageAt({-5, -5}));
        LabelsLayer labels("labels", scene.input.stack());
        scene.panes->setPanes({{"both", {&scene.input, &labels}, nullptr, false, nullptr}});
        QCOMPARE(at(0, 0.5), &scene.input);
    }

    void doubleClickZooms() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        const double scale = scene.state.scale();
        const QPoint where = scene.at(3, 30, 30);
        QTest::mouseDClick(scene.panes.get(), Qt::LeftButton, {}, where);
        QCOMPARE(scene.state.scale(), scale / 2);
        QTest::mouseDClick(scene.panes.get(), Qt::LeftButton, Qt::AltModifier, where);
        QCOMPARE(scene.state.scale(), scale);
    }

    void shiftMoveLeadsTheCrosshairInEveryPane_data() { rows(); }
    void shiftMoveLeadsTheCrosshairInEveryPane() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        const QImage before = scene.panes->grabFrame();
        scene.moveMouse(scene.at(1, 20, 40), Qt::ShiftModifier);
        QVERIFY(scene.state.isCrosshairVisible());
        const QPointF pixel = scene.state.toPixel(scene.state.crosshair());
        QVERIFY(std::abs(pixel.x() - 20) < 0.2 && std::abs(pixel.y() - 40) < 0.2);
        const QImage after = scene.panes->grabFrame();
        const double ratio = scene.panes->devicePixelRatioF();
        for (int pane = 0; pane < 4; ++pane) {
            const QPointF line =
                scene.panes->fromPosition(scene.state.crosshair(), pane) + QPointF(60, 0);
            // The middle of the logical pixel the line is drawn on.
            const QPoint spot(int((std::floor(line.x()) + 0.5) * ratio),
                              int((std::floor(line.y()) + 0.5) * ratio));
            QVERIFY2(!isNear(before.pixelColor(spot), after.pixelColor(spot), 20),
                     qPrintable(QString::number(pane)));
        }
        scene.state.setCrosshairVisible(false);
        scene.moveMouse(scene.at(1, 22, 44));
        QVERIFY(!scene.state.isCrosshairVisible());
    }

    void cursorReadsEveryPane() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QSignalSpy moved(scene.panes.get(), &LinkedPanes::cursorMoved);
        scene.moveMouse(scene.at(0, 40, 10));
        QVERIFY(moved.count() >= 1);
        QCOMPARE(scene.panes->paneValueText(0), QStringLiteral("220"));
        QCOMPARE(scene.panes->paneValueText(1), QStringLiteral("0 | 1000"));
        QCOMPARE(scene.panes->paneValueText(2), QStringLiteral("50 ± 20 | 1050 ± 21"));
        QCOMPARE(scene.panes->paneValueText(3), QStringLiteral("20 | 21"));
        QCOMPARE(*scene.panes->value(2, scene.state.fromPixel({3, 4}), 1), 1007.0);
        const QString text = scene.panes->valueText();
        QVERIFY2(text.startsWith("x 20.") && text.contains("µm, z 0.00 µm"), qPrintable(text));
        QVERIFY2(text.contains("mean: 50 ± 20 | 1050 ± 21"), qPrintable(text));
        scene.moveMouse(scene.at(3, 4, 10));  // the sample is not drawn there yet
        QCOMPARE(scene.panes->paneValueText(1), QString());
        scene.state.setChannel(1);
        QTRY_COMPARE(scene.panes->paneValueText(2), QStringLiteral("1014 ± 21"));
        scene.state.setZ(2);
        QTRY_COMPARE(scene.panes->paneValueText(2), QStringLiteral("1214 ± 21"));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(scene.panes.get(), &leave);
        QCOMPARE(scene.panes->valueText(), QString());
    }

    void limitsComeFromThePixelsAndCanBeSet() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QCOMPARE(scene.input.channels()[0].limits, (Limits{0, 255}));
        QCOMPARE(scene.sample.channels()[0].limits, (Limits{0, 1000}));
        QCOMPARE(scene.deviation.channels()[0].limits, (Limits{0, 21}));
        scene.input.setLimits(0, {0, 440});
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(128, 128, 128)));
    }

    void offersAsManyChannelsAsAreShown() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QCOMPARE(scene.state.channelCount(), 2);
        scene.state.setChannel(1);
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 1, 16, 32), Qt::black));
        QVERIFY(isNear(scene.color(frame, 1, 48, 32), QColor(0, 255, 0)));
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(220, 220, 220)));  // its only channel
    }

    void tellsTheVisiblePixels() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QSignalSpy seen(scene.panes.get(), &LinkedPanes::visiblePixelsChanged);
        QCOMPARE(scene.state.visiblePixels(), (image::Rect{0, 0, kSide, kSide}));
        scene.state.zoomAt(scene.state.fromPixel({0, 0}), 8);
        QTRY_COMPARE(seen.count(), 1);
        const auto rect = seen[0][0].value<image::Rect>();
        QCOMPARE(rect.x, 0);
        QVERIFY(rect.width < kSide / 2 && rect.width > 2);
    }

    void newPixelsReplaceOldOnes_data() { rows(); }
    void newPixelsReplaceOldOnes() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        scene.input.setStack(
            makeStack(image::PixelType::UInt8, 1, 4, [](int, int, int, int) { return 99; }));
        QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 0, 48, 32), QColor(99, 99, 99)));
        scene.input.setVisible(false);
        QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 0, 48, 32), Qt::black));
    }

    void resultsOfAPartLieInTheirPlace() {
        Scene scene(Renderer::Raster);
        Layer part("part",
                   makeStack(
                       image::PixelType::UInt8, 1, 1, [](int, int, int, int) { return 255; }, 16));
        part.setPlacement({32, 8, {}, {2}});
        scene.panes->setPanes({{"", {&scene.input, &part}}});
        QVERIFY(scene.show());
        QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 0, 40, 12), QColor(220, 220, 220)));
        scene.state.setZ(2);
        QCoreApplication::processEvents();
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 40, 12), Qt::white));
        QVERIFY(isNear(scene.color(frame, 0, 33, 9), Qt::white));
        QVERIFY(isNear(scene.color(frame, 0, 47, 23), Qt::white));
        QVERIFY(isNear(scene.color(frame, 0, 50, 12), QColor(180, 180, 180)));
        QVERIFY(isNear(scene.color(frame, 0, 30, 12), QColor(20, 20, 20)));
    }

    void layersAndPanesMayGo_data() { rows(); }
    void layersAndPanesMayGo() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        auto extra =
            std::make_unique<Layer>("extra", makeStack(image::PixelType::UInt8, 1, 1, halves));
        scene.panes->setPanes({{"", {extra.get()}}, {"", {&scene.input}, extra.get()}});
        QVERIFY(scene.show());
        const QPoint spot = scene.at(0, 48, 20) * scene.panes->devicePixelRatioF();
        QVERIFY(isNear(scene.panes->grabFrame().pixelColor(spot), QColor(220, 220, 220)));
        extra.reset();
        QVERIFY(isNear(scene.panes->grabFrame().pixelColor(spot), Qt::black));
        scene.panes->setPanes({});
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(frame.pixelColor(600, 300), Qt::black));
        QCOMPARE(scene.panes->valueText(), QString());
        for (int count = 1; count <= 6; ++count) {
            scene.panes->setPanes(
                std::vector<PaneSpec>(std::size_t(count), PaneSpec{"", {&scene.input}}));
            const QImage grid = scene.panes->grabFrame();
            for (int pane = 0; pane < count; ++pane) {
                QVERIFY(isNear(scene.color(grid, pane, 48, 20), QColor(220, 220, 220)));
            }
        }
        QCOMPARE(openGlError(*scene.panes), GLenum(0));
    }

    void survivesReparentingAndDestruction_data() { rows(); }
    void survivesReparentingAndDestruction() {
        QFETCH(Renderer, renderer);
        for (int round = 0; round < 3; ++round) {
            Scene scene(renderer);
            QVERIFY(scene.show());
            QMainWindow window;
            window.resize(640, 480);
            scene.panes->setParent(&window);
            window.setCentralWidget(scene.panes.get());
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            QTRY_VERIFY(scene.panes->isSettled());
            QVERIFY(
                isNear(scene.color(scene.panes->grabFrame(), 0, 48, 20), QColor(220, 220, 220)));
            QCOMPARE(openGlError(*scene.panes), GLenum(0));
            window.takeCentralWidget();
            scene.panes->setParent(nullptr);
            QVERIFY(scene.show());
            QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 1, 48, 20), QColor(0, 255, 0)));
            QCOMPARE(openGlError(*scene.panes), GLenum(0));
        }
    }

    void showsARealFile_data() { rows(); }
    void showsARealFile() {
        QFETCH(Renderer, renderer);
        const QString path =
            QStringLiteral(POSTERIA_SHARED_DATA "/real/cell_dna_microtubules_actin_3ch_u16.tif");
        if (!QFileInfo::exists(path)) QSKIP("the shared microscopy files are not here");
        Layer layer("cell", io::open(path.toStdString()));
        ViewState state;
        LinkedPanes panes(renderer);
        panes.resize(700, 700);
        panes.setViewState(&state);
        state.setImage(layer.stack()->info());
        panes.setPanes({{"cell", {&layer}}});
        QSignalSpy failed(&panes, &LinkedPanes::failed);
        panes.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panes));
        QTRY_VERIFY(panes.isSettled() && !layer.needsLimits(2));
        QCOMPARE(failed.count(), 0);
        const QImage frame = panes.grabFrame();
        // Its three channels are cyan, magenta and yellow: all three of red, green and blue are
        // there.
        qint64 sums[3] = {0, 0, 0};
        for (int y = 0; y < frame.height(); ++y) {
            for (int x = 0; x < frame.width(); ++x) {
                const QRgb p = frame.pixel(x, y);
                sums[0] += qRed(p);
                sums[1] += qGreen(p);
                sums[2] += qBlue(p);
            }
        }
        for (const qint64 sum : sums)
            QVERIFY(sum / (frame.width() * frame.height()) > 10);
        const image::Plane plane = layer.stack()->readPlane({0, 1, 0});
        QCOMPARE(*panes.value(0, state.fromPixel({200, 123}), 1), plane.value(200, 123));
    }

    void unreadablePlanesAreTold() {
        class Broken : public image::PlaneSource {
            image::Plane read(const image::PlaneIndex&, int, const image::Rect&) const override {
                throw std::runtime_error("the disk is gone");
            }
        };
        image::StackInfo info;
        info.reader = "broken";
        info.shape = {1, 1, 1, 32, 32};
        Layer layer("broken",
                    std::make_shared<const image::Stack>(info, std::make_unique<Broken>()));
        ViewState state;
        LinkedPanes panes(Renderer::Raster);
        panes.setViewState(&state);
        state.setImage(layer.stack()->info());
        panes.setPanes({{"broken", {&layer}}});
        QSignalSpy failed(&panes, &LinkedPanes::failed);
        panes.show();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("the disk is gone"));
        QTRY_VERIFY(panes.isSettled());
    }
};

QTEST_MAIN(TestLinkedPanes)
#include "tst_linked_panes.moc"
