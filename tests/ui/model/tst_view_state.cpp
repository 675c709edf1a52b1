#include <QSignalSpy>
#include <QTest>

#include "ui/model/view_state.h"

using namespace posteria;
using ui::ViewState;

namespace {

image::StackInfo stack(std::int64_t width, std::int64_t height, bool calibrated) {
    image::StackInfo info;
    info.shape = {3, 2, 5, height, width};
    if (calibrated) info.voxelSize = image::VoxelSize{0.5, 0.25, 2};
    return info;
}

}  // namespace

class TestViewState : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void knowsTheImage() {
        ViewState view;
        view.setImage(stack(100, 80, true));
        QCOMPARE(view.unit(), QStringLiteral("µm"));
        QCOMPARE(view.bounds(), QRectF(-0.25, -0.125, 50, 20));
        QCOMPARE(view.toPixel({10, 10}), QPointF(20, 40));
        QCOMPARE(view.fromPixel({20, 40}), QPointF(10, 10));
        view.setZ(3);
        QCOMPARE(view.zPosition(), 6.0);
        view.setImage(stack(100, 80, false));
        QCOMPARE(view.unit(), QStringLiteral("px"));
        QCOMPARE(view.bounds(), QRectF(-0.5, -0.5, 100, 80));
        QCOMPARE(view.z(), 3);  // the slice is kept
        QCOMPARE(view.zPosition(), 3.0);
    }

    void clampsIndices() {
        ViewState view;
        view.setImage(stack(100, 80, false));
        view.setT(99);
        view.setZ(-4);
        QCOMPARE(view.t(), 2);
        QCOMPARE(view.z(), 0);
        view.setChannel(9);
        QCOMPARE(view.channel(), 1);
        view.setChannel(-7);
        QCOMPARE(view.channel(), int(ViewState::kComposite));
        view.setChannelCount(4);  // a result with more channels than the input
        view.setChannel(3);
        QCOMPARE(view.channel(), 3);
        view.setChannelCount(2);
        QCOMPARE(view.channel(), 1);
    }

    void fitsAndStaysFitted() {
        ViewState view;
        view.setViewport({400, 200});
        view.setImage(stack(100, 100, false));
        QVERIFY(view.visibleRect().contains(view.bounds()));
        QVERIFY(view.visibleRect().height() < 1.1 * view.bounds().height());
        const double before = view.scale();
        view.setViewport({800, 400});
        QCOMPARE(view.scale(), before / 2);
        view.zoomAt({10, 10}, 2);
        const double zoomed = view.scale();
        view.setViewport({400, 200});
        QCOMPARE(view.scale(), zoomed);  // the user's own view is left alone
        view.fit();
        QCOMPARE(view.center(), view.bounds().center());
    }

    void zoomKeepsThePoint() {
        ViewState view;
        view.setViewport({400, 400});
        view.setImage(stack(100, 100, true));
        const QPointF point(12, 7);
        const QPointF screen = (point - view.center()) / view.scale();
        view.zoomAt(point, 3);
        const QPointF after = (point - view.center()) / view.scale();
        QVERIFY(qAbs(after.x() - screen.x()) < 1e-9 && qAbs(after.y() - screen.y()) < 1e-9);
        for (int i = 0; i < 100; ++i)
            view.zoomAt(point, 3);
        QVERIFY(view.scale() > 0.001);  // stops before a pixel fills the screen
        for (int i = 0; i < 200; ++i)
            view.zoomAt(point, 1.0 / 3);
        QVERIFY(view.scale() < 10);
    }

    void pansWithThePointer() {
        ViewState view;
        view.setViewport({400, 400});
        view.setImage(stack(100, 100, false));
        const QPointF before = view.center();
        view.pan({30, -10});
        QCOMPARE(view.center(), before - QPointF(30, -10) * view.scale());
    }

    void visiblePixelsLieInTheImage() {
        ViewState view;
        view.setViewport({400, 400});
        view.setImage(stack(100, 100, false));
        QCOMPARE(view.visiblePixels(), (image::Rect{0, 0, 100, 100}));
        view.setView({10, 20}, 0.1);  // 40 x 40 pixels around (10, 20)
        QCOMPARE(view.visiblePixels(), (image::Rect{0, 0, 31, 41}));
        view.setView({1000, 1000}, 0.1);
        QVERIFY(view.visiblePixels().empty());
    }

    void stepsTheSliderUsedLast() {
        ViewState view;
        view.setImage(stack(100, 100, false));
        view.stepLastAxis(1);
        QCOMPARE(view.z(), 1);
        view.setT(1);
        view.stepLastAxis(1);
        QCOMPARE(view.t(), 2);
        QCOMPARE(view.z(), 1);
    }

    void announcesChangesOnceATurn() {
        ViewState view;
        view.setImage(stack(100, 100, false));
        QCoreApplication::processEvents();
        QSignalSpy changed(&view, &ViewState::changed), z(&view, &ViewState::zChanged),
            cursor(&view, &ViewState::cursorChanged);
        view.setZ(1);
        view.setZ(2);
        view.setT(1);
        view.pan({1, 1});
        view.setZ(2);
        view.setCursor(QPointF(1, 1));
        QCOMPARE(z.count(), 2);
        QCOMPARE(cursor.count(), 1);
        QCOMPARE(changed.count(), 0);
        QTRY_COMPARE(changed.count(), 1);
    }

    void crosshairShowsWhenPlaced() {
        ViewState view;
        view.setImage(stack(100, 100, false));
        QCOMPARE(view.crosshair(), view.bounds().center());
        QVERIFY(!view.isCrosshairVisible());
        view.setCrosshair({3, 4});
        QVERIFY(view.isCrosshairVisible());
        QCOMPARE(view.crosshair(), QPointF(3, 4));
    }
};

QTEST_GUILESS_MAIN(TestViewState)
#include "tst_view_state.moc"
