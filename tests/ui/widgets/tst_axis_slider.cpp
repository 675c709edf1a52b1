#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include "tests/ui/stacks.h"
#include "ui/widgets/axis_slider.h"
#include "ui/widgets/dims_sliders.h"
#include "ui/widgets/theme.h"

using namespace posteria;
using ui::widgets::AxisSlider;

class TestAxisSlider : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void countsFromOneAndTellsOnlyWhatTheUserDid() {
        AxisSlider slider("z", "Z");
        QSignalSpy asked(&slider, &AxisSlider::indexRequested);
        slider.setCount(5);
        slider.setIndex(2);
        QCOMPARE(asked.size(), 0);
        QCOMPARE(slider.findChild<QLabel*>("zValue")->text(), QString("3/5"));
        auto* position = slider.findChild<QSlider*>("zPosition");
        QTest::keyClick(position, Qt::Key_Right);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), 3);
        slider.step(2);  // wraps around
        QCOMPARE(asked[1][0].toInt(), 0);
    }

    void aClickTakesTheSliderThere() {
        ui::widgets::theme::apply(*qApp);
        AxisSlider slider("z", "Z");
        slider.setCount(101);
        slider.resize(600, 40);
        slider.show();
        QVERIFY(QTest::qWaitForWindowExposed(&slider));
        QSignalSpy asked(&slider, &AxisSlider::indexRequested);
        auto* position = slider.findChild<QSlider*>("zPosition");
        QTest::mouseClick(position, Qt::LeftButton, {},
                          {3 * position->width() / 4, position->height() / 2});
        QCOMPARE(asked.size(), 1);
        QVERIFY2(std::abs(asked[0][0].toInt() - 75) <= 2, qPrintable(asked[0][0].toString()));
    }

    void playsInALoopAndNoFasterThanTold_data() {
        QTest::addColumn<double>("steps");
        QTest::addColumn<int>("millisecondsAStep");
        QTest::newRow("as it comes") << 10.0 << 100;
        QTest::newRow("slower") << 4.0 << 250;
        QTest::newRow("faster") << 20.0 << 50;
        QTest::newRow("as fast as it goes") << 1000.0 << 33;
    }
    void playsInALoopAndNoFasterThanTold() {
        QFETCH(double, steps);
        QFETCH(int, millisecondsAStep);
        AxisSlider slider("t", "T");
        slider.setCount(3);
        if (steps != 10) slider.setStepsPerSecond(steps);
        QSignalSpy asked(&slider, &AxisSlider::indexRequested);
        QElapsedTimer clock;
        clock.start();
        QTest::mouseClick(slider.findChild<QToolButton*>("tPlay"), Qt::LeftButton);
        QVERIFY(slider.isPlaying());
        QTRY_VERIFY(asked.size() >= 4);
        QVERIFY(clock.elapsed() >= 4 * millisecondsAStep * 95 / 100);
        QCOMPARE(asked[2][0].toInt(), 0);
        slider.setCount(1);
        QVERIFY(!slider.isPlaying());
    }

    void dimsShowOnlyAxesWithSeveralPlanes() {
        ui::ViewState view;
        ui::widgets::DimsSliders dims(&view);
        auto* z = dims.findChild<AxisSlider*>("zSlider");
        auto* c = dims.findChild<AxisSlider*>("cSlider");
        view.setImage(test::countingStack(16)->info());
        QVERIFY(z->isHidden() && c->isHidden());
        view.setImage(test::countingStack(16, 2, "s", 7)->info());
        QVERIFY(!z->isHidden() && !c->isHidden());
        z->step(1);
        QCOMPARE(view.z(), 1);
        view.setZ(4);
        QCOMPARE(z->findChild<QLabel*>("zValue")->text(), QString("5/7"));
        // The channel's first position is all of them.
        QCOMPARE(c->findChild<QLabel*>("cValue")->text(), QString("all"));
        c->step(2);
        QCOMPARE(view.channel(), 1);
        dims.setChannelNames({"DNA", "actin"});
        QCOMPARE(c->findChild<QLabel*>("cValue")->text(), QString("actin"));
    }
};

QTEST_MAIN(TestAxisSlider)
#include "tst_axis_slider.moc"
