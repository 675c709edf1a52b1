// The layouts of the canvas in the real window, reached by menus and keys.
#include <QApplication>
#include <QComboBox>
#include <QFileInfo>
#include <QSlider>
#include <QToolButton>

#include "tests/ui/shell/window_fixture.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"
#include "ui/viewer/ortho_view.h"
#include "ui/viewer/volume_view.h"

using namespace posteria;
using namespace posteria::ui::viewer;

class TestWindowViews : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    TestWindowViews() : WindowFixture({1100, 800}) {}
    static void initMain() { ui::viewer::prepareGraphics(); }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void orthogonalViewsFollowTheSelectedLayer() {
        add(test::countingStack(40, 1, "first", 6));
        add(test::countingStack(40, 2, "second", 6));
        child<QAction>("actionLayoutOrtho")->trigger();
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Ortho);
        QTRY_VERIFY(m_window->isIdle());
        auto* ortho = child<OrthoView>("orthoView");
        QVERIFY(ortho->isVisible());
        const QPointF spot = ortho->fromPosition(OrthoView::XZ, {2, 2, 0.6});
        QTest::mouseClick(ortho, Qt::LeftButton, {}, spot.toPoint());
        QCOMPARE(m_window->document().view().z(), 2);
        QTRY_VERIFY(m_window->isIdle());
        QTest::mouseMove(ortho, spot.toPoint());
        QTRY_VERIFY(ortho->valueText().contains("second: "));
        press(Qt::Key_Down, Qt::ControlModifier);  // the layer below
        QTRY_VERIFY(ortho->valueText().contains("first: "));
        child<QAction>("actionRemoveLayer")->trigger();
        QTRY_VERIFY(ortho->valueText().contains("second: "));
        // The slider leads the views, too.
        m_window->document().view().setZ(5);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(ortho->crosshair().z, 1.5);
        child<QAction>("actionLayoutGrid")->trigger();
        QVERIFY(!ortho->isVisible());
        QTRY_VERIFY(m_window->isIdle());
    }

    void arrowsStepTheSliderUsedLast() {
        press(Qt::Key_Right);  // an empty window has nothing to step
        add(test::countingStack(40, 2, "stack", 6));
        auto& view = m_window->document().view();
        m_canvas->setFocus();
        const auto z = view.z();
        press(Qt::Key_Right);
        QCOMPARE(view.z(), z + 1);
        press(Qt::Key_Left);
        QCOMPARE(view.z(), z);
        press(Qt::Key_Up, Qt::AltModifier);
        const auto channel = view.channel();
        press(Qt::Key_Right);
        QCOMPARE(view.channel(), channel + 1);
        press(Qt::Key_Up, Qt::AltModifier);  // there is no slider above
        press(Qt::Key_Left);
        QCOMPARE(view.channel(), channel);
        auto* slice = child<QSlider>("zPosition");
        QTest::mouseClick(slice, Qt::LeftButton, {}, {slice->width() - 3, slice->height() / 2});
        QCOMPARE(view.z(), 5);
        m_canvas->setFocus();
        press(Qt::Key_Left);
        QCOMPARE(view.z(), 4);
    }

    void controlYTogglesTheVolume() {
        add(test::countingStack(40, 1, "volume", 6));
        child<QAction>("actionLayoutOrtho")->trigger();
        QVERIFY(!child<QWidget>("volumeControls")->isVisible());
        press(Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Volume);
        QVERIFY(child<QWidget>("volumeControls")->isVisible());
        QVERIFY(child<QToolButton>("button3D")->isChecked());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);
        auto* volume = child<VolumeView>("volumeView");
        QTRY_VERIFY(m_window->isActiveWindow());  // the native window is another one now
        const QPointF before = volume->place(0, 0, 1);

        QTest::mousePress(volume, Qt::LeftButton, {}, {200, 200});
        const QPointF to(260, 240);
        QMouseEvent move(QEvent::MouseMove, to, volume->mapToGlobal(to), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(volume, &move);
        QTest::mouseRelease(volume, Qt::LeftButton, {}, to.toPoint());
        QVERIFY((volume->place(0, 0, 1) - before).manhattanLength() > 5);
        press(Qt::Key_R, Qt::ControlModifier);
        QVERIFY((volume->place(0, 0, 1) - before).manhattanLength() < 0.01);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);

        press(Qt::Key_Y, Qt::ControlModifier);  // back to where it came from
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Ortho);
        QVERIFY(!child<QWidget>("volumeControls")->isVisible());
    }

    // X, Y and Z show the plane across them, the same key again all of the volume; O the plane that
    // faces the viewer.
    void keysTurnThePlaneOfTheVolume() {
        using ui::Depiction;
        add(test::countingStack(40, 1, "volume", 6));
        const auto* layer = layers()[0];
        const auto shown = [layer] { return layer->volumeDisplay().depiction; };
        press(Qt::Key_X);  // nothing yet
        QCOMPARE(shown(), Depiction::Volume);
        press(Qt::Key_Y, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);
        QTRY_VERIFY(m_window->isActiveWindow());
        press(Qt::Key_X);
        QCOMPARE(shown(), Depiction::PlaneX);
        press(Qt::Key_Y);
        QCOMPARE(shown(), Depiction::PlaneY);
        press(Qt::Key_Z);
        QCOMPARE(shown(), Depiction::PlaneZ);
        press(Qt::Key_Z);
        QCOMPARE(shown(), Depiction::Volume);
        press(Qt::Key_O);
        QCOMPARE(shown(), Depiction::PlaneZ);
        child<VolumeView>("volumeView")->turn(80);
        press(Qt::Key_O);
        QCOMPARE(shown(), Depiction::PlaneX);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);
    }

    void comparingNeedsTwoLayers() {
        add(test::countingStack(40, 1, "alone"));
        child<QAction>("actionCompareSwipe")->trigger();
        auto* bar = child<ui::widgets::MessageBar>("messageBar");
        QVERIFY(bar->isVisible());
        QVERIFY(bar->message().contains("nothing to compare"));
        QVERIFY(child<QAction>("actionCompareOff")->isChecked());
    }

    void theDividerIsDraggedBetweenTwoLayers() {
        add(test::floatStack(40, 1, 100));
        add(test::floatStack(40, 1, 200));
        for (auto* layer : m_window->document().layers())
            layer->setLimits(0, {0, 255});
        child<QAction>("actionCompareSwipe")->trigger();
        QTRY_VERIFY(m_window->isIdle() && m_canvas->panes()->dividerAt(0));
        auto* panes = m_canvas->panes();
        const auto grey = [&](double x) {
            const QRectF rect = panes->paneRect(0);
            const QPointF at(rect.left() + x * rect.width(), rect.height() * 0.3);
            return panes->grabFrame()
                .pixelColor((at * panes->devicePixelRatioF()).toPoint())
                .green();
        };
        QCOMPARE(grey(0.45), 100);
        QCOMPARE(grey(0.55), 200);
        const QPointF center = m_window->document().view().center();
        const QPointF from(*panes->dividerAt(0), 200), to(from.x() + panes->width() * 0.2, 220);
        QTest::mousePress(panes, Qt::LeftButton, {}, from.toPoint());
        QMouseEvent move(QEvent::MouseMove, to, panes->mapToGlobal(to), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(panes, &move);
        QTest::mouseRelease(panes, Qt::LeftButton, {}, to.toPoint());
        QVERIFY(std::abs(panes->swipe() - 0.7) < 0.01);
        QCOMPARE(m_window->document().view().center(), center);  // it does not pan
        QCOMPARE(grey(0.65), 100);
        QCOMPARE(grey(0.75), 200);
        // The cursor reads the side it is on.
        QTest::mouseMove(panes, QPoint(int(panes->width() * 0.4), 200));
        QTRY_COMPARE(panes->paneValueText(0), QString("100"));
        QTest::mouseMove(panes, QPoint(int(panes->width() * 0.8), 200));
        QTRY_COMPARE(panes->paneValueText(0), QString("200"));

        // H shows the first of them everywhere, as long as it is held.
        QTest::keyPress(panes, Qt::Key_H);
        QTRY_VERIFY(!panes->dividerAt(0));
        QTRY_COMPARE(grey(0.8), 100);
        QTest::keyRelease(panes, Qt::Key_H);
        QTRY_VERIFY(panes->dividerAt(0));
        QTRY_COMPARE(grey(0.8), 200);

        child<QAction>("actionCompareDifference")->trigger();
        QTRY_VERIFY(panes->paneRect(2).isValid() && m_window->isIdle());
        const QRectF third = panes->paneRect(2);
        QTRY_COMPARE(*panes->value(2, {20, 20}), -100.0);
        const QColor blue =
            panes->grabFrame().pixelColor((third.center() * panes->devicePixelRatioF()).toPoint());
        QVERIFY(blue.blue() > blue.red() + 40);
        child<QAction>("actionCompareOff")->trigger();
        QTRY_VERIFY(!panes->paneRect(1).isValid());
    }

    void theRenderingIsChosenForTheLayer() {
        add(test::countingStack(40, 1, "volume", 6));
        press(Qt::Key_Y, Qt::ControlModifier);
        auto* combo = child<QComboBox>("renderingCombo");
        auto* slider = child<QSlider>("renderingSlider");
        QVERIFY(!slider->isVisible());
        combo->setFocus();
        QTest::keyClicks(combo, "surf");
        QCOMPARE(m_window->document().selected()->volumeDisplay().rendering, ui::Rendering::Iso);
        QVERIFY(slider->isVisible());
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(m_window->document().selected()->volumeDisplay().threshold, 0.0);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);
        QVERIFY(!m_window->lastError());
    }
};

QTEST_MAIN(TestWindowViews)
#include "tst_window_views.moc"
