#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>

#include "ui/widgets/range_slider.h"

using posteria::ui::Limits;
using posteria::ui::widgets::RangeSlider;

class TestRangeSlider : public QObject {
    Q_OBJECT

    static QPoint at(const RangeSlider& slider, double part) {
        return {int(6 + part * (slider.width() - 12)), 38};
    }
    static void drag(RangeSlider& slider, double from, double to) {
        QTest::mousePress(&slider, Qt::LeftButton, {}, at(slider, from));
        QMouseEvent move(QEvent::MouseMove, at(slider, to), slider.mapToGlobal(at(slider, to)),
                         Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&slider, &move);
        QTest::mouseRelease(&slider, Qt::LeftButton, {}, at(slider, to));
    }

  private Q_SLOTS:
    void handlesMoveAloneAndTheBarMovesBoth() {
        RangeSlider slider;
        slider.resize(212, 48);
        slider.setRange({0, 1000});
        slider.setLimits({200, 800});
        QSignalSpy asked(&slider, &RangeSlider::limitsRequested);
        drag(slider, 0.2, 0.4);
        QVERIFY(asked.size() > 0);
        QCOMPARE(slider.limits(), (Limits{400, 800}));
        drag(slider, 0.8, 0.9);
        QCOMPARE(slider.limits(), (Limits{400, 900}));
        drag(slider, 0.6, 0.5);
        QCOMPARE(slider.limits(), (Limits{300, 800}));
    }

    void handlesNeitherCrossNorLeaveTheRange() {
        RangeSlider slider;
        slider.resize(212, 48);
        slider.setRange({0, 1000});
        slider.setLimits({200, 800});
        drag(slider, 0.2, 0.95);
        QVERIFY(slider.limits().low < slider.limits().high);
        drag(slider, 0.8, 3);
        QCOMPARE(slider.limits().high, 1000.);
        slider.setLimits({200, 800});
        drag(slider, 0.5, -2);
        QCOMPARE(slider.limits(), (Limits{0, 600}));
    }

    void limitsBeyondTheDataWidenTheTrack() {
        RangeSlider slider;
        slider.resize(212, 48);
        slider.setRange({0, 100});
        slider.setLimits({-100, 300});
        drag(slider, 0.0, 0.25);
        QCOMPARE(slider.limits(), (Limits{0, 300}));
    }
};

QTEST_MAIN(TestRangeSlider)
#include "tst_range_slider.moc"
