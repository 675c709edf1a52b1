// What mouse and wheel do in linked panes, with the habits of napari, Fiji and Slicer.
#include <QSignalSpy>
#include <algorithm>

#include "tests/ui/viewer/four_panes.h"
#include "ui/model/labels_layer.h"
#include "ui/viewer/linked_canvas.h"

using namespace posteria;
using namespace posteria::test;

class TestPaneMouse : public QObject {
    Q_OBJECT

  public:
    static void initMain() { prepareGraphics(); }

  private Q_SLOTS:
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

    void aBoxDrawnWithAltFillsThePane() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        const double scale = scene.state.scale();
        const QPoint start = scene.at(1, 20, 20);
        const auto draw = [&](const QPoint& size) {
            QTest::mousePress(scene.panes.get(), Qt::LeftButton, Qt::AltModifier, start);
            scene.moveMouse(start + size, Qt::AltModifier, Qt::LeftButton);
            QCOMPARE(scene.panes->findChild<QWidget*>("zoomBox")->isVisible(), true);
            QTest::mouseRelease(scene.panes.get(), Qt::LeftButton, {}, start + size);
            QVERIFY(!scene.panes->findChild<QWidget*>("zoomBox")->isVisible());
        };
        draw({4, 40});  // too narrow
        QCOMPARE(scene.state.scale(), scale);
        const QPointF middle = scene.panes->toPosition(start + QPoint(30, 20));
        draw({60, 40});
        const QSizeF pane = scene.state.viewport();
        const double expected = scale * std::max(61 / pane.width(), 41 / pane.height());
        QVERIFY2(std::abs(scene.state.scale() - expected) < 0.05 * expected,
                 qPrintable(QString::number(scene.state.scale() / expected)));
        const QPointF off = (scene.state.center() - middle) / scale;
        QVERIFY(std::abs(off.x()) < 1.5 && std::abs(off.y()) < 1.5);
    }

    // The system may ask for a picture just after a step and before its slices are fetched.
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
};

QTEST_MAIN(TestPaneMouse)
#include "tst_pane_mouse.moc"
