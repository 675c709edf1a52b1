// Orthogonal views, driven by real mouse and wheel events.
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
#include "ui/viewer/linked_canvas.h"
#include "ui/viewer/ortho_view.h"

using namespace posteria;
using namespace posteria::ui;
using namespace posteria::ui::viewer;

namespace {

// A bright box in the dark: x 10…19, y 20…39, z 4…6 of 48 x 64 x 12.
int box(int x, int y, int z) {
    return x >= 10 && x < 20 && y >= 20 && y < 40 && z >= 4 && z < 7 ? 200 : 20;
}

struct Scene {
    ViewState state;
    Layer layer{"box", test::volumeStack(48, 64, 12, box)};
    OrthoView view;

    Scene() {
        view.resize(700, 700);
        state.setImage(layer.stack()->info());
        state.setZ(5);
        view.setViewState(&state);
        view.setLayer(&layer);
    }
    bool show() {
        view.show();
        return QTest::qWaitForWindowExposed(&view) && settle();
    }
    bool settle() {
        return QTest::qWaitFor([this] { return view.isSettled(); });
    }
    // Of voxel (x, y, z), logical pixels.
    QPointF at(OrthoView::Side side, double x, double y, double z) const {
        return view.fromPosition(side, {x * 0.5, y * 0.5, z * 2});
    }
    int grey(const QImage& frame, OrthoView::Side side, double x, double y, double z) const {
        const QPointF spot = at(side, x, y, z) * view.devicePixelRatioF();
        return frame.pixelColor(spot.toPoint()).green();
    }
    void move(const QPointF& where, Qt::KeyboardModifiers modifiers = Qt::NoModifier,
              Qt::MouseButtons buttons = Qt::NoButton) {
        QMouseEvent event(QEvent::MouseMove, where, view.mapToGlobal(where), Qt::NoButton, buttons,
                          modifiers);
        QApplication::sendEvent(&view, &event);
    }
    void wheel(const QPointF& where, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QWheelEvent event(where, view.mapToGlobal(where), {}, {0, delta}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &event);
    }
    void click(const QPointF& where) {
        QTest::mouseClick(&view, Qt::LeftButton, {}, where.toPoint());
    }
};

}  // namespace

class TestOrthoView : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void layoutIsTidy() {
        const auto places = orthoLayout({24, 32}, 24, {700, 500}, 1);
        QCOMPARE(places.size(), std::size_t(3));
        QCOMPARE(places[OrthoView::XY].right() + 2, places[OrthoView::YZ].left());
        QCOMPARE(places[OrthoView::XY].bottom() + 2, places[OrthoView::XZ].top());
        QCOMPARE(places[OrthoView::XY].height(), places[OrthoView::YZ].height());
        QCOMPARE(places[OrthoView::XY].width(), places[OrthoView::XZ].width());
        QCOMPARE(places[OrthoView::YZ].right(), 699);
        QCOMPARE(places[OrthoView::XZ].bottom(), 499);
    }

    void theViewsCutTheBoxWhereTheCrosshairIs() {
        Scene scene;
        scene.state.setCrosshair({15 * 0.5, 30 * 0.5});
        QVERIFY(scene.show());
        const QImage frame = scene.view.grabFrame();
        // Along z the box ends between slices 3 and 4, and 6 and 7, four times as far as in x.
        QCOMPARE(scene.grey(frame, OrthoView::XY, 12, 25, 5), 200);
        QCOMPARE(scene.grey(frame, OrthoView::XY, 8, 25, 5), 20);
        for (const double z : {3.7, 6.3}) {
            QCOMPARE(scene.grey(frame, OrthoView::XZ, 12, 0, z), 200);
            QCOMPARE(scene.grey(frame, OrthoView::YZ, 0, 25, z), 200);
        }
        for (const double z : {3.3, 6.7}) {
            QCOMPARE(scene.grey(frame, OrthoView::XZ, 12, 0, z), 20);
            QCOMPARE(scene.grey(frame, OrthoView::YZ, 0, 25, z), 20);
        }
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 9, 0, 5), 20);
        QCOMPARE(scene.grey(frame, OrthoView::YZ, 0, 18, 5), 20);
        const QPointF step = scene.at(OrthoView::XZ, 1, 0, 1) - scene.at(OrthoView::XZ, 0, 0, 0);
        QVERIFY(std::abs(step.y() / step.x() - 4) < 1e-9);  // 2 µm against 0.5 µm
        // The image fits into all three views.
        for (const auto side : {OrthoView::XY, OrthoView::YZ, OrthoView::XZ}) {
            QVERIFY(scene.view.paneRect(side).contains(scene.at(side, -0.5, -0.5, -0.5)));
            QVERIFY(scene.view.paneRect(side).contains(scene.at(side, 47.5, 63.5, 11.5)));
        }
    }

    void aClickInOneViewMovesTheSlicesOfTheOthers() {
        Scene scene;
        QVERIFY(scene.show());
        scene.click(scene.at(OrthoView::XY, 40, 50, 0));  // beside the box
        QVERIFY(scene.settle());
        QCOMPARE(scene.state.toPixel(scene.state.crosshair()).toPoint(), QPoint(40, 50));
        QCOMPARE(scene.state.z(), 5);
        QImage frame = scene.view.grabFrame();
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 12, 0, 5), 20);
        scene.click(scene.at(OrthoView::XZ, 15, 0, 9));
        QVERIFY(scene.settle());
        QCOMPARE(scene.state.z(), 9);
        QCOMPARE(scene.state.toPixel(scene.state.crosshair()).toPoint(), QPoint(15, 50));
        frame = scene.view.grabFrame();
        QCOMPARE(scene.grey(frame, OrthoView::XY, 12, 25, 0), 20);  // above the box
        QCOMPARE(scene.grey(frame, OrthoView::YZ, 0, 25, 5), 200);  // x goes through it
        scene.click(scene.at(OrthoView::YZ, 0, 30, 4));
        QVERIFY(scene.settle());
        QCOMPARE(scene.state.z(), 4);
        QCOMPARE(scene.state.toPixel(scene.state.crosshair()).toPoint(), QPoint(15, 30));
        frame = scene.view.grabFrame();
        QCOMPARE(scene.grey(frame, OrthoView::XY, 12, 25, 0), 200);
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 12, 0, 5), 200);
    }

    void shiftMoveLeadsTheCrosshairAndLeavesNoStaleView() {
        Scene scene;
        QVERIFY(scene.show());
        for (int x = 0; x < 48; ++x)
            scene.move(scene.at(OrthoView::XY, x, 10, 0), Qt::ShiftModifier);
        scene.move(scene.at(OrthoView::XY, 14, 22, 0), Qt::ShiftModifier);
        QVERIFY(scene.settle());
        const QImage frame = scene.view.grabFrame();
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 11, 0, 5), 200);
        QCOMPARE(scene.grey(frame, OrthoView::YZ, 0, 25, 5), 200);
        QCOMPARE(*scene.view.value(OrthoView::XZ, {5.5, 11, 10}), 200.0);
    }

    void aPictureInBetweenLeavesNoStaleSlice() {
        Scene scene;
        QVERIFY(scene.show());
        QCOMPARE(scene.grey(scene.view.grabFrame(), OrthoView::XY, 15, 30, 5), 200);
        scene.state.setZ(9);
        scene.view.findChild<QWidget*>("orthoSurface")->repaint();
        QVERIFY(scene.settle());
        QCOMPARE(scene.grey(scene.view.grabFrame(), OrthoView::XY, 15, 30, 9), 20);
    }

    void draggingPansAndDoesNotClick() {
        Scene scene;
        QVERIFY(scene.show());
        const auto before = scene.view.crosshair();
        const QPointF center = scene.state.center();
        const QPointF start = scene.at(OrthoView::XZ, 24, 0, 6);
        const double z = scene.view.toPosition(OrthoView::XZ, start).z;
        QTest::mousePress(&scene.view, Qt::LeftButton, {}, start.toPoint());
        scene.move(start + QPointF(30, 15), {}, Qt::LeftButton);
        scene.move(start + QPointF(40, 20), {}, Qt::LeftButton);
        QTest::mouseRelease(&scene.view, Qt::LeftButton, {}, (start + QPointF(40, 20)).toPoint());
        QCOMPARE(scene.view.crosshair().z, before.z);
        QCOMPARE(scene.view.crosshair().x, before.x);
        const double scale = scene.state.scale();
        QVERIFY(std::abs(center.x() - scene.state.center().x() - 40 * scale) < scale);
        QCOMPARE(scene.state.center().y(), center.y());
        const double now = scene.view.toPosition(OrthoView::XZ, start).z;
        QVERIFY(std::abs(z - now - 20 * scale) < scale);
        scene.view.resetView();
        QCOMPARE(scene.state.center(), center);
        QVERIFY(std::abs(scene.view.toPosition(OrthoView::XZ, start).z - z) < 1e-9);
    }

    void theWheelZoomsAtTheCursorAndStepsWithControl() {
        Scene scene;
        QVERIFY(scene.show());
        const QPointF where = scene.at(OrthoView::YZ, 0, 20, 8);
        const auto before = scene.view.toPosition(OrthoView::YZ, where);
        const double scale = scene.state.scale();
        for (int i = 0; i < 4; ++i)
            scene.wheel(where, 120);
        QVERIFY(std::abs(scene.state.scale() * 2 - scale) < 1e-9);
        const auto after = scene.view.toPosition(OrthoView::YZ, where);
        QVERIFY(std::abs(after.y - before.y) < 1e-9 && std::abs(after.z - before.z) < 1e-9);
        const auto crosshair = scene.view.crosshair();
        scene.wheel(where, 240, Qt::ControlModifier);
        QVERIFY(std::abs(scene.view.crosshair().x - crosshair.x - 0.5) < 1e-9);
        scene.wheel(scene.at(OrthoView::XY, 24, 32, 0), -120, Qt::ControlModifier);
        QCOMPARE(scene.state.z(), 4);
    }

    void withTheHabitsOfOthersTheWheelStepsAndControlZooms() {
        Scene scene;
        QVERIFY(scene.show());
        const QPointF inXY = scene.at(OrthoView::XY, 24, 32, 0);
        const QPointF inYZ = scene.at(OrthoView::YZ, 0, 20, 8);
        const double scale = scene.state.scale();
        scene.view.setInputPreset(InputPreset::Fiji);
        scene.wheel(inXY, -120);
        QCOMPARE(scene.state.z(), 6);
        const double x = scene.view.crosshair().x;
        scene.wheel(inYZ, 120);
        QVERIFY(std::abs(scene.view.crosshair().x - x + 0.5) < 1e-9);
        scene.wheel(inYZ, 480, Qt::ControlModifier);
        QVERIFY(std::abs(scene.state.scale() * 2 - scale) < 1e-9);
        scene.view.setInputPreset(InputPreset::Slicer);
        scene.wheel(inXY, 120);
        QCOMPARE(scene.state.z(), 7);
        QVERIFY(std::abs(scene.state.scale() * 2 - scale) < 1e-9);
    }

    void controlDragChangesContrastAndMovesNoCrosshair() {
        Scene scene;
        scene.state.setCrosshair({15 * 0.5, 30 * 0.5});
        QVERIFY(scene.show());
        scene.layer.setLimits(0, {0, 200});
        scene.view.setInputPreset(InputPreset::Slicer);
        const auto crosshair = scene.view.crosshair();
        const QPointF center = scene.state.center();
        const QPoint start = scene.at(OrthoView::XZ, 30, 0, 2).toPoint();
        const auto keys = Qt::ControlModifier;
        QTest::mousePress(&scene.view, Qt::LeftButton, keys, start);
        scene.move(start + QPoint(-150, -75), keys, Qt::LeftButton);
        QTest::mouseRelease(&scene.view, Qt::LeftButton, keys, start + QPoint(-150, -75));
        // Half the window, and a quarter of it higher.
        QCOMPARE(scene.layer.channels()[0].limits, (Limits{100, 200}));
        QTest::mouseClick(&scene.view, Qt::LeftButton, keys, start);
        QCOMPARE(scene.view.crosshair().x, crosshair.x);
        QCOMPARE(scene.view.crosshair().z, crosshair.z);
        QCOMPARE(scene.state.center(), center);
        QCOMPARE(scene.layer.channels()[0].limits, (Limits{100, 200}));
    }

    void theCursorReadsTheVoxelUnderIt() {
        Scene scene;
        scene.state.setCrosshair({15 * 0.5, 30 * 0.5});
        QVERIFY(scene.show());
        scene.move(scene.at(OrthoView::XZ, 12, 0, 5));
        QCOMPARE(scene.view.valueText(), QString("x 6.00, y 15.00, z 10.00 µm   box: 200"));
        scene.move(scene.at(OrthoView::YZ, 0, 50, 5));
        QVERIFY(scene.view.valueText().endsWith("box: 20"));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&scene.view, &leave);
        QCOMPARE(scene.view.valueText(), QString());
    }

    void aSingleSliceIsToldAndALayerMayGo() {
        Scene scene;
        auto flat = std::make_unique<Layer>("flat", test::volumeStack(48, 64, 1, box));
        scene.state.setImage(flat->stack()->info());
        scene.view.setLayer(flat.get());
        QVERIFY(scene.show());
        const QRect side = scene.view.paneRect(OrthoView::YZ).toRect().adjusted(5, 60, -5, -60);
        const QImage words = scene.view.grabFrame().copy(side);
        int light = 0;
        for (int y = 0; y < words.height(); ++y)
            for (int x = 0; x < words.width(); ++x)
                light += words.pixelColor(x, y).green() > 100;
        QVERIFY(light > 100);
        flat.reset();
        scene.view.grabFrame();
        QCOMPARE(scene.view.valueText(), QString());
    }

    void labelsAndMarksAreCutAsTheImageIs() {
        Scene scene;
        // Label 3 where the box is, but only in slice 5.
        LabelsLayer labels("labels", test::volumeStack(48, 64, 12, [](int x, int y, int z) {
                               return z == 5 && box(x, y, z) == 200 ? 3 : 0;
                           }));
        labels.setOpacity(1);
        MarkLayer shapes("shapes", Layer::Role::Shapes), points("points", Layer::Role::Points);
        const QColor red(255, 0, 0);
        MarkStyle style = shapes.style();
        style.color = red;
        style.width = 5;
        style.everySlice = false;
        shapes.setStyle(style);
        points.setStyle(style);
        // Voxels 24 … 40 along x, all of y; in slice 8. A point in slice 2.
        shapes.setMarks({{Mark::Kind::Rectangle, {{12, -0.25}, {20, 31.75}}, 0, 8}});
        points.setMarks({{Mark::Kind::Point, {{3, 15}}, 0, 2}});
        scene.state.setCrosshair({15 * 0.5, 30 * 0.5});
        scene.state.setCrosshairVisible(false);
        scene.view.setLayer(&scene.layer, {&labels, &shapes, &points});
        QVERIFY(scene.show());
        QImage frame = scene.view.grabFrame();
        const auto color = [&](OrthoView::Side side, double x, double y, double z) {
            const QPointF at = scene.at(side, x, y, z) * scene.view.devicePixelRatioF();
            return frame.pixelColor(at.toPoint());
        };
        const QColor three(labelColor(3));
        QCOMPARE(color(OrthoView::XY, 12, 25, 5), three);
        QCOMPARE(color(OrthoView::XZ, 12, 0, 5), three);
        QCOMPARE(color(OrthoView::YZ, 0, 25, 5), three);
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 12, 0, 6), 200);  // the image alone
        QCOMPARE(color(OrthoView::XZ, 32, 0, 8), red);              // the line that is cut
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 32, 0, 7), 20);
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 44, 0, 8), 20);
        QVERIFY(color(OrthoView::XZ, 6, 0, 2).red() > 120);        // the dot of the point
        QCOMPARE(scene.grey(frame, OrthoView::YZ, 0, 44, 8), 20);  // it lies further right
        scene.state.setCrosshair({32 * 0.5, 10 * 0.5});
        QVERIFY(scene.settle());
        frame = scene.view.grabFrame();
        QCOMPARE(color(OrthoView::YZ, 0, 40, 8), red);
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 6, 0, 2), 20);  // too far from the point
        labels.setVisible(false);
        style.everySlice = true;
        shapes.setStyle(style);
        scene.state.setCrosshair({15 * 0.5, 30 * 0.5});
        QVERIFY(scene.settle());
        frame = scene.view.grabFrame();
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 12, 0, 5), 200);
        QCOMPARE(color(OrthoView::XZ, 24, 0, 3), red);  // the edge of the strip
        QCOMPARE(scene.grey(frame, OrthoView::XZ, 32, 0, 3), 20);
    }

    void theCanvasReadsOnlyForTheLayoutShown() {
        ViewState state;
        Layer layer("box", test::volumeStack(48, 64, 12, box));
        state.setImage(layer.stack()->info());
        LinkedCanvas canvas;
        canvas.resize(600, 500);
        canvas.setViewState(&state);
        canvas.setPanes({{"box", {&layer}}});
        canvas.setShownLayer(&layer, {});
        canvas.show();
        QVERIFY(QTest::qWaitForWindowExposed(&canvas));
        QTRY_VERIFY(canvas.isSettled());
        const QSizeF grid = state.viewport();
        QVERIFY(!canvas.ortho());
        canvas.setLayoutMode(CanvasLayout::Ortho);
        QTRY_VERIFY(canvas.isSettled());
        QVERIFY(state.viewport().width() < grid.width());
        state.setCrosshair({3, 3});
        QTRY_VERIFY(canvas.isSettled());
        QVERIFY(state.viewport().width() < grid.width());
        canvas.setLayoutMode(CanvasLayout::Grid);
        QTRY_VERIFY(canvas.isSettled());
        QCOMPARE(state.viewport(), grid);
    }

    void aRealStackShowsItsDepth() {
        const QString file = QStringLiteral(POSTERIA_SHARED_DATA "/real/golgi_zstack25_u16.tif");
        if (!QFileInfo::exists(file)) QSKIP("the shared data is absent");
        const auto stack = io::openAll(file.toStdString()).front();
        Scene scene;
        Layer layer("golgi", stack);
        scene.state.setImage(stack->info());
        scene.view.setLayer(&layer);
        QVERIFY(scene.show());
        // The same voxel in all three views.
        const auto at = scene.view.crosshair();
        const auto value = scene.view.value(OrthoView::XY, at);
        QVERIFY(value);
        QCOMPARE(*scene.view.value(OrthoView::XZ, at), *value);
        QCOMPARE(*scene.view.value(OrthoView::YZ, at), *value);
    }
};

QTEST_MAIN(TestOrthoView)
#include "tst_ortho_view.moc"
