// The volume in three dimensions, drawn with software OpenGL, driven by real mouse events.
#include <QApplication>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "core/io/open.h"
#include "tests/ui/viewer/volume_stack.h"
#include "ui/model/colormaps.h"
#include "ui/model/labels_layer.h"
#include "ui/model/marks.h"
#include "ui/viewer/volume_view.h"

using namespace posteria;
using namespace posteria::ui;
using namespace posteria::ui::viewer;

Q_DECLARE_METATYPE(posteria::ui::Rendering)

namespace {

constexpr int kSide = 40, kDepth = 10;

// Dark 40, a bright bar in front (z 2, 3) at the left, a dimmer one behind (z 7, 8) over the whole
// width, and a column of dark holes at the right through all slices.
int bars(int x, int y, int z) {
    if (x >= 30 && x < 36 && y >= 4 && y < 12) return 0;
    if ((z == 2 || z == 3) && y >= 18 && y < 24 && x < 20) return 240;
    if ((z == 7 || z == 8) && y >= 18 && y < 24) return 160;
    return 40;
}

struct Scene {
    ViewState state;
    Layer layer{"bars", test::volumeStack(kSide, kSide, kDepth, bars)};
    VolumeView view;

    explicit Scene(Rendering rendering = Rendering::Mip) {
        view.resize(420, 400);
        layer.setVolumeDisplay({rendering, 0.05, 0.5});
        state.setImage(layer.stack()->info());
        view.setViewState(&state);
        view.setLayer(&layer);
        view.setScaleBarVisible(false);
    }
    bool show() {
        view.show();
        return QTest::qWaitForWindowExposed(&view) && settle();
    }
    bool settle() {
        return QTest::qWaitFor([this] { return view.isSettled(); }, 20000);
    }
    // Where the line of sight through (x, y) meets the screen, seen from the front.
    int grey(const QImage& frame, double x, double y) const {
        const QPointF at = view.place(x / (kSide - 1), y / (kSide - 1), 0.5);
        return frame.pixelColor((at * view.devicePixelRatioF()).toPoint()).green();
    }
    void drag(const QPoint& from, const QPoint& by, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(&view, Qt::LeftButton, keys, from);
        for (int i = 1; i <= 4; ++i) {
            const QPointF at = from + by * i / 4;
            QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton,
                             Qt::LeftButton, keys);
            QApplication::sendEvent(&view, &move);
        }
        QTest::mouseRelease(&view, Qt::LeftButton, keys, from + by);
    }
};

bool isNear(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

int brightest(const QImage& frame) {
    int most = 0;
    for (int y = 40; y < frame.height() - 40; ++y)
        for (int x = 0; x < frame.width(); ++x)
            most = std::max(most, frame.pixelColor(x, y).green());
    return most;
}

}  // namespace

class TestVolumeView : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyRenderingGathersWhatItSays_data() {
        QTest::addColumn<Rendering>("rendering");
        QTest::addColumn<int>("front");   // where the bar in front covers the one behind
        QTest::addColumn<int>("behind");  // the bar behind alone
        QTest::addColumn<int>("around");  // neither
        QTest::addColumn<int>("hole");
        QTest::newRow("maximum") << Rendering::Mip << 240 << 160 << 40 << 0;
        QTest::newRow("minimum") << Rendering::Minip << 40 << 40 << 40 << 0;
        // Nine voxels lie between the first and the last centre; a bar is two of them.
        QTest::newRow("average") << Rendering::Average << 111 << 67 << 40 << 0;
    }
    void everyRenderingGathersWhatItSays() {
        QFETCH(Rendering, rendering);
        QFETCH(int, front);
        QFETCH(int, behind);
        QFETCH(int, around);
        QFETCH(int, hole);
        Scene scene(rendering);
        QVERIFY(scene.show());
        const QImage frame = scene.view.grabFrame();
        const int found[] = {scene.grey(frame, 8, 21), scene.grey(frame, 26, 21),
                             scene.grey(frame, 8, 8), scene.grey(frame, 33, 8)};
        const int wanted[] = {front, behind, around, hole};
        for (int i = 0; i < 4; ++i)
            QVERIFY2(
                isNear(found[i], wanted[i], 9),
                qPrintable(QString("place %1: %2, not %3").arg(i).arg(found[i]).arg(wanted[i])));
    }

    void attenuationDimsWhatLiesBehind() {
        Scene scene(Rendering::AttenuatedMip);
        scene.layer.setVolumeDisplay({Rendering::AttenuatedMip, 0.0, 0.5});
        QVERIFY(scene.show());
        QImage frame = scene.view.grabFrame();
        QVERIFY2(isNear(scene.grey(frame, 26, 21), 160, 9),  // none: the maximum
                 qPrintable(QString::number(scene.grey(frame, 26, 21))));
        scene.layer.setVolumeDisplay({Rendering::AttenuatedMip, 0.1, 0.5});
        QVERIFY(scene.settle());
        frame = scene.view.grabFrame();
        const int front = scene.grey(frame, 8, 21), behind = scene.grey(frame, 26, 21);
        QVERIFY2(front > 150 && front < 190, qPrintable(QString::number(front)));
        QVERIFY2(behind < 115 && behind > 70, qPrintable(QString::number(behind)));
    }

    void aSurfaceStandsWhereTheThresholdIs() {
        Scene scene(Rendering::Iso);
        scene.layer.setVolumeDisplay({Rendering::Iso, 0.05, 0.8});  // 204: only the bar in front
        QVERIFY(scene.show());
        QImage frame = scene.view.grabFrame();
        QVERIFY(scene.grey(frame, 8, 21) > 60);
        QVERIFY(scene.grey(frame, 26, 21) < 30);
        QVERIFY(scene.grey(frame, 8, 8) < 30);
        scene.layer.setVolumeDisplay({Rendering::Iso, 0.05, 0.5});  // 128: both
        QVERIFY(scene.settle());
        frame = scene.view.grabFrame();
        QVERIFY(scene.grey(frame, 26, 21) > 40);
    }

    void fogHidesWhatIsBehindIt() {
        Scene scene(Rendering::Translucent);
        scene.layer.setLimits(0, {60, 255});
        QVERIFY(scene.show());
        const QImage frame = scene.view.grabFrame();
        QVERIFY(scene.grey(frame, 8, 21) > scene.grey(frame, 26, 21) + 10);
        QVERIFY(scene.grey(frame, 26, 21) > 10);
        QVERIFY(scene.grey(frame, 8, 8) < 5);
    }

    void channelsAddUpInTheirColours() {
        image::StackInfo info;
        info.type = image::PixelType::UInt8;
        info.shape = {1, 2, 4, 16, 16};
        std::vector<image::Plane> planes;
        for (int p = 0; p < 8; ++p) {
            void* memory = nullptr;
            planes.push_back(image::Plane::allocate(info.type, 16, 16, &memory));
            for (int i = 0; i < 256; ++i)
                static_cast<std::uint8_t*>(memory)[i] =
                    (p < 4 ? i % 16 < 10 : i % 16 >= 6) ? 255 : 0;
        }
        Layer layer("two", image::makeMemoryStack(info, planes));
        for (const auto rendering : {Rendering::Mip, Rendering::Minip, Rendering::Average}) {
            Scene scene(rendering);
            layer.setVolumeDisplay({rendering, 0.05, 0.5});
            scene.state.setImage(layer.stack()->info());
            scene.view.setLayer(&layer);
            QVERIFY(scene.show());
            const QImage frame = scene.view.grabFrame();
            const auto color = [&](double x) {
                return frame.pixelColor(
                    (scene.view.place(x / 15, 0.5, 0.5) * scene.view.devicePixelRatioF())
                        .toPoint());
            };
            const QColor left = color(3), middle = color(7.5), right = color(12);
            QVERIFY2(left.red() > 230 && left.green() < 20 && left.blue() > 230,  // magenta
                     qPrintable(left.name() + middle.name() + right.name()));
            QVERIFY(right.red() < 20 && right.green() > 230 && right.blue() < 20);
            QVERIFY(middle.red() > 230 && middle.green() > 230);
        }
    }

    void draggingRotatesCoarselyAndThenFine() {
        Scene scene;
        QVERIFY(scene.show());
        const QImage before = scene.view.grabFrame();
        const QPointF front = scene.view.place(0, 0, 0), back = scene.view.place(0, 0, 1);
        QVERIFY((front - back).manhattanLength() < 0.01);  // one behind the other
        scene.drag({200, 200}, {60, 0});
        QVERIFY(scene.view.isCoarse());
        QVERIFY(!scene.view.isSettled());
        // 30 degrees to the right: what is in front follows the pointer.
        const double depth = 2.0 * (kDepth - 1), width = 0.5 * (kSide - 1);
        const double scale = width / (scene.view.place(1, 0, 0) - scene.view.place(0, 0, 0)).x();
        Q_UNUSED(scale)
        const QPointF turned = scene.view.place(0.5, 0.5, 0) - scene.view.place(0.5, 0.5, 1);
        QVERIFY(turned.x() > 0);
        QVERIFY(std::abs(turned.y()) < 0.01);
        const double perUnit = std::hypot(turned.x(), 0.0) / (depth * std::sin(30 * M_PI / 180));
        const double across = (scene.view.place(1, 0.5, 0.5) - scene.view.place(0, 0.5, 0.5)).x();
        QVERIFY(isNear(across / perUnit, width * std::cos(30 * M_PI / 180), 0.1));
        QVERIFY(scene.settle());
        QVERIFY(!scene.view.isCoarse());
        QVERIFY(scene.view.grabFrame() != before);
        scene.view.resetView();
        QVERIFY(scene.settle());
        QVERIFY((scene.view.place(0, 0, 0) - front).manhattanLength() < 0.01);
        const QImage after = scene.view.grabFrame();
        int different = 0;
        for (int y = 0; y < after.height(); ++y)
            for (int x = 0; x < after.width(); ++x)
                different += std::abs(qGreen(after.pixel(x, y)) - qGreen(before.pixel(x, y))) > 4;
        QVERIFY2(different < 100, qPrintable(QString::number(different)));
    }

    void shiftDragPansAndTheWheelZooms() {
        Scene scene;
        QVERIFY(scene.show());
        const QPointF before = scene.view.place(0.5, 0.5, 0.5);
        const double width = (scene.view.place(1, 0, 0) - scene.view.place(0, 0, 0)).x();
        scene.drag({200, 200}, {40, -24}, Qt::ShiftModifier);
        const QPointF moved = scene.view.place(0.5, 0.5, 0.5) - before;
        QVERIFY((moved - QPointF(40, -24)).manhattanLength() < 0.01);
        const QPointF at(200, 200);
        QWheelEvent wheel(at, scene.view.mapToGlobal(at), {}, {0, 480}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&scene.view, &wheel);
        const double now = (scene.view.place(1, 0, 0) - scene.view.place(0, 0, 0)).x();
        QVERIFY(isNear(now / width, 2, 1e-6));
        QVERIFY(scene.settle());
    }

    void theWheelFollowsThePreset() {
        Scene scene;
        QVERIFY(scene.show());
        const auto turn = [&](int delta, Qt::KeyboardModifiers keys = {}) {
            QWheelEvent wheel({200, 200}, scene.view.mapToGlobal(QPointF(200, 200)), {}, {0, delta},
                              Qt::NoButton, keys, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&scene.view, &wheel);
        };
        const auto width = [&] {
            return (scene.view.place(1, 0, 0) - scene.view.place(0, 0, 0)).x();
        };
        const auto step = [](InputPreset preset) { return preset == InputPreset::Fiji ? -1 : 1; };
        for (const auto preset : {InputPreset::Napari, InputPreset::Fiji, InputPreset::Slicer}) {
            scene.view.setInputPreset(preset);
            const bool napari = preset == InputPreset::Napari;
            scene.state.setZ(4);
            const double before = width();
            turn(120, napari ? Qt::ControlModifier : Qt::NoModifier);
            QCOMPARE(scene.state.z(), 4 + step(preset));
            QCOMPARE(width(), before);
            turn(40, napari ? Qt::ControlModifier : Qt::NoModifier);  // a trackpad's small one
            QCOMPARE(scene.state.z(), 4 + step(preset));
            turn(240, napari ? Qt::NoModifier : Qt::ControlModifier);
            QVERIFY(isNear(width() / before, std::sqrt(2), 1e-6));
            QCOMPARE(scene.state.z(), 4 + step(preset));
        }
        QVERIFY(scene.settle());
    }

    void sidesAreCutOff() {
        Scene scene;
        QVERIFY(scene.show());
        VolumeDisplay display;
        display.clip[2] = {0.5, 1};  // the bar in front is gone
        scene.layer.setVolumeDisplay(display);
        QVERIFY(scene.settle());
        QImage frame = scene.view.grabFrame();
        QVERIFY(isNear(scene.grey(frame, 8, 21), 160, 9));
        QVERIFY(isNear(scene.grey(frame, 26, 21), 160, 9));
        display.clip[2] = {0, 0.5};
        display.clip[0] = {0, 0.25};
        scene.layer.setVolumeDisplay(display);
        QVERIFY(scene.settle());
        frame = scene.view.grabFrame();
        QVERIFY(isNear(scene.grey(frame, 5, 21), 240, 9));
        QVERIFY(isNear(scene.grey(frame, 15, 21), 0, 9));  // nothing is left there
        scene.layer.setVolumeDisplay({});
        QVERIFY(scene.settle());
        frame = scene.view.grabFrame();
        QVERIFY(isNear(scene.grey(frame, 15, 21), 240, 9));
    }

    void onePlaneFollowsTheView() {
        Scene scene;
        QVERIFY(scene.show());
        VolumeDisplay display;
        display.depiction = Depiction::PlaneZ;
        scene.layer.setVolumeDisplay(display);
        for (const auto& [z, front, behind] :
             {std::tuple{0, 40, 40}, {2, 240, 40}, {5, 40, 40}, {8, 160, 160}}) {
            scene.state.setZ(z);
            QVERIFY(scene.settle());
            const QImage frame = scene.view.grabFrame();
            QVERIFY2(isNear(scene.grey(frame, 8, 21), front, 9),
                     qPrintable(QString("%1: %2").arg(z).arg(scene.grey(frame, 8, 21))));
            QVERIFY(isNear(scene.grey(frame, 26, 21), behind, 9));
        }
    }

    void slicersDragChangesTheContrast() {
        Scene scene;
        QVERIFY(scene.show());
        scene.layer.setLimits(0, {0, 200});
        const QPointF corner = scene.view.place(1, 0, 0);
        scene.view.setInputPreset(InputPreset::Slicer);
        scene.drag({200, 200}, {60, 0}, Qt::ControlModifier);
        const auto limits = scene.layer.channels()[0].limits;
        QVERIFY(limits.high - limits.low > 200);
        QVERIFY(isNear((limits.high + limits.low) / 2, 100, 1e-6));
        QCOMPARE(scene.view.place(1, 0, 0), corner);  // it did not turn
        QVERIFY(scene.settle());
    }

    void theVoxelSizeIsRespected() {
        Scene scene;
        QVERIFY(scene.show());
        scene.drag({200, 200}, {180, 0});  // 90 degrees: z lies across
        const double depth =
            std::abs((scene.view.place(0, 0.5, 1) - scene.view.place(0, 0.5, 0)).x());
        const double height = (scene.view.place(0, 1, 0) - scene.view.place(0, 0, 0)).y();
        QVERIFY(isNear(depth / height, 2.0 * (kDepth - 1) / (0.5 * (kSide - 1)), 0.01));
        QVERIFY(scene.settle());
    }

    void labelsAndMarksLieWhereTheirVoxelsAre() {
        Scene scene;
        LabelsLayer labels("labels", test::volumeStack(kSide, kSide, kDepth, [](int x, int, int z) {
                               return z == 4 && x < 10 ? 7 : 0;
                           }));
        labels.setOpacity(1);
        MarkLayer shapes("shapes", Layer::Role::Shapes);
        MarkStyle style = shapes.style();
        style.color = QColor(255, 0, 0);
        style.width = 5;
        style.everySlice = false;
        shapes.setStyle(style);
        shapes.setMarks({{Mark::Kind::Rectangle, {{12.5, 2.5}, {17.5, 15}}, 0, 9}});
        scene.state.setZ(4);
        scene.view.setLayer(&scene.layer, {&labels, &shapes});
        QVERIFY(scene.show());
        const auto color = [&](double x, double y, double z) {
            const QPointF at = scene.view.place(x / (kSide - 1), y / (kSide - 1), z / (kDepth - 1));
            return scene.view.grabFrame().pixelColor(
                (at * scene.view.devicePixelRatioF()).toPoint());
        };
        QCOMPARE(color(5, 8, 4), QColor(labelColor(7)));
        QCOMPARE(color(12, 8, 4).green(), color(20, 30, 4).green());  // beside the label
        QCOMPARE(color(25, 18, 9), QColor(255, 0, 0));
        scene.drag({200, 200}, {180, 0});  // seen from the side they stay where their voxels are
        QVERIFY(scene.settle());
        QCOMPARE(color(35, 18, 9), QColor(255, 0, 0));
        QVERIFY(color(35, 18, 5) != QColor(255, 0, 0));
        scene.state.setZ(3);  // no labels there
        QVERIFY(scene.settle());
        scene.drag({200, 200}, {-180, 0});
        QVERIFY(scene.settle());
        QVERIFY(color(5, 8, 4) != QColor(labelColor(7)));
    }

    void aCoarseVolumeLiesUnderItsMarks() {
        Scene scene;
        QVERIFY(scene.show());
        scene.view.setBudgetBytes(kSide * kSide * kDepth * 2 / 4);
        QVERIFY(scene.settle());
        QVERIFY(!scene.view.notes().isEmpty());
        const QPointF middle = scene.view.place(0.5, 0.5, 0.5);
        QVERIFY((scene.view.fromPosition(9.75, 9.75, 9) - middle).manhattanLength() < 1e-6);
    }

    void aVolumeOverTheBudgetIsCoarseAndSaysSo() {
        Scene scene;
        scene.view.setBudgetBytes(kSide * kSide * kDepth * 2 / 4);
        QVERIFY(scene.show());
        QCOMPARE(scene.view.notes().size(), 1);
        QVERIFY2(scene.view.notes()[0].startsWith("coarse: 20 × 20 × 10 of 40 × 40 × 10 voxels"),
                 qPrintable(scene.view.notes()[0]));
        QVERIFY(brightest(scene.view.grabFrame()) > 150);
        scene.view.setBudgetBytes(1 << 20);
        QVERIFY(scene.settle());
        QVERIFY(scene.view.notes().isEmpty());
    }

    void aSingleSliceIsToldInWords() {
        Scene scene;
        Layer flat("flat", test::volumeStack(40, 40, 1, bars));
        scene.state.setImage(flat.stack()->info());
        scene.view.setLayer(&flat);
        QVERIFY(scene.show());
        QVERIFY(scene.view.message().contains("single slice"));
        QVERIFY(brightest(scene.view.grabFrame()) > 100);  // the words
    }

    void aDarkVolumeIsNotABlackCanvas() {
        Scene scene;
        Layer dark("dark", test::volumeStack(40, 40, 5, [](int, int, int) { return 0; }));
        scene.view.setLayer(&dark);
        QVERIFY(scene.show());
        QVERIFY(brightest(scene.view.grabFrame()) > 30);  // its box
        QVERIFY(brightest(scene.view.grab().toImage()) > 30);
        QVERIFY(scene.view.message().isEmpty());
    }

    void layersMayGoAndCome() {
        Scene scene;
        auto extra = std::make_unique<Layer>("extra", test::volumeStack(8, 8, 4, bars));
        scene.view.setLayer(extra.get());
        QVERIFY(scene.show());
        extra.reset();
        scene.view.grabFrame();
        scene.view.setLayer(&scene.layer);
        QVERIFY(scene.settle());
        QVERIFY(brightest(scene.view.grabFrame()) > 200);
        scene.view.setViewState(nullptr);
        scene.view.grabFrame();
        scene.view.setViewState(&scene.state);
        QVERIFY(scene.settle());
        QVERIFY(brightest(scene.view.grabFrame()) > 200);
    }
};

QTEST_MAIN(TestVolumeView)
#include "tst_volume_view.moc"
