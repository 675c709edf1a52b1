// Seeing doubt in the real window: lens, contours and the map of two measures, by keys and clicks.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSlider>
#include <set>

#include "tests/ui/shell/window_fixture.h"
#include "ui/model/suppressing_palette.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"

using namespace posteria;
using ui::Run;
using ui::SuppressingPalette;
using ui::viewer::LinkedPanes;

class TestWindowDoubt : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    TestWindowDoubt() : WindowFixture({1300, 900}) {}
    static void initMain() { ui::viewer::prepareGraphics(); }

  private:
    Run* run() { return m_window->document().activeRun(); }
    LinkedPanes* panes() { return child<LinkedPanes>("linkedPanes"); }
    void restored() {
        add(test::countingStack(96));
        m_window->restore(false);
        QTRY_VERIFY(run() && run()->state() == Run::State::Finished);
        QTRY_VERIFY(m_window->isIdle());
        m_canvas->setFocus();
    }
    // What the screen shows at a position of a pane.
    QRgb at(int pane, const QPointF& position) {
        const QImage frame = panes()->grabFrame();
        const double ratio = double(frame.width()) / panes()->width();
        return frame.pixel((panes()->fromPosition(position, pane) * ratio).toPoint());
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void theLensFollowsTheMouse() {
        restored();
        press(Qt::Key_D);  // samples
        QCOMPARE(child<QComboBox>("lensCombo")->currentText(), QString("samples"));
        press(Qt::Key_D);  // the uncertainty
        QTRY_VERIFY(m_window->isIdle());
        const QPointF middle = view().center(), far = middle + QPointF(-2.5, -2.5);
        const QPointF spot = middle + QPointF(1, -1);  // inside the lens at the middle
        const QRgb outside = at(2, spot);
        // In the input's pane: the lens is over the mean all the same.
        QTest::mouseMove(panes(), panes()->fromPosition(middle, 0).toPoint());
        QTRY_VERIFY(view().cursor());
        // A little beside the cursor's own mark.
        const QPointF beside = middle + QPointF(12, 9) * view().scale();
        QTRY_COMPARE(at(2, beside), at(3, beside));
        QCOMPARE(at(2, spot), at(3, spot));
        QVERIFY(at(2, far) != at(3, far));
        QTest::mouseMove(panes(), panes()->fromPosition(far, 0).toPoint());
        QTRY_COMPARE(at(2, spot), outside);
        QTRY_COMPARE(at(2, far + QPointF(12, 9) * view().scale()),
                     at(3, far + QPointF(12, 9) * view().scale()));
        // A corner of its square is outside a round lens.
        const QPointF corner = far + QPointF(62, 62) * view().scale();
        QVERIFY(at(2, corner) != at(3, corner));
        child<QAction>("actionLensRound")->trigger();
        QTRY_COMPARE(at(2, corner), at(3, corner));
        // Smaller lenses leave it out again.
        press(Qt::Key_BracketLeft, Qt::AltModifier);
        QTRY_VERIFY(at(2, corner) != at(3, corner));
        // The input is shown everywhere while H is held.
        QTest::keyPress(m_window.get(), Qt::Key_H);
        QTRY_COMPARE(at(2, far), at(0, far));
        QTest::keyRelease(m_window.get(), Qt::Key_H);
        auto* combo = child<QComboBox>("lensCombo");
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Home);
        QTest::keyClick(combo, Qt::Key_Return);
        QTRY_COMPARE(at(2, far + QPointF(12, 9) * view().scale()) == at(3, far), false);
    }

    void samplesPlayUnderTheLens() {
        restored();
        press(Qt::Key_D);
        const QPointF middle = view().center();
        QTest::mouseMove(panes(), panes()->fromPosition(middle, 2).toPoint());
        QTRY_VERIFY(m_window->document().panes()[2].layers[0]->stack());
        const QPointF beside = middle + QPointF(15, 15) * view().scale(),
                      away = middle + QPointF(-120, 0) * view().scale();
        const QRgb still = at(2, away);
        std::set<QRgb> seen;
        QTRY_VERIFY_WITH_TIMEOUT((seen.insert(at(2, beside)), seen.size() >= 3), 5000);
        QCOMPARE(at(2, away), still);
    }

    void doubtSuppressesColours() {
        restored();
        child<QAction>("actionSpread4")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(run()->spread() == Run::Spread::Confidence);
        auto* mean = run()->mean();
        auto* doubt = run()->uncertainty();
        int fields = 0;
        for (const QPointF shift :
             {QPointF(-2, -2), QPointF(-1, 0), QPointF(0, 1), QPointF(1, 2)}) {
            const QPointF spot = view().center() + shift;
            const QPointF pixel = view().toPixel(spot);
            const image::PlaneIndex plane{0, 0, 0};
            const auto x = std::int64_t(std::floor(pixel.x() + 0.5)),
                       y = std::int64_t(std::floor(pixel.y() + 0.5));
            const auto share = [&](ui::Layer* layer) {
                const auto& limits = layer->channels()[0].limits;
                return (layer->stack()->readPlane(plane).value(x, y) - limits.low) /
                       (limits.high - limits.low);
            };
            const QRgb expected = SuppressingPalette::color(share(mean), share(doubt));
            QCOMPARE(at(3, spot), expected);
            fields += expected != SuppressingPalette::field(3, 0);
        }
        QVERIFY(fields > 0);  // not all of them in doubt
        // Both values are read out, in words that say what they are.
        QTest::mouseMove(panes(), panes()->fromPosition(view().center(), 3).toPoint());
        QTRY_VERIFY(panes()->paneValueText(3).contains(QStringLiteral(" ± ")));
        QVERIFY(m_window->document().panes()[3].title.contains("uncalibrated"));
    }

    void contoursFollowEachChannelsOwnThreshold() {
        restored();
        auto* sliders = child<QWidget>("thresholdControls");
        QVERIFY(!sliders->isVisible());
        auto* check = child<QCheckBox>("contoursCheck");
        QTest::mouseClick(check, Qt::LeftButton, {}, {8, check->height() / 2});
        QTRY_VERIFY(sliders->isVisible());
        QVERIFY(child<QAction>("actionContours")->isChecked());
        auto* first = child<QSlider>("thresholdSlider");
        auto* second = child<QSlider>("thresholdSlider2");
        QTest::mouseClick(second, Qt::LeftButton, {}, {second->width() / 4, second->height() / 2});
        QVERIFY(std::abs(run()->thresholdShare(1) - 0.25) < 0.05);
        QCOMPARE(run()->thresholdShare(0), 0.5);
        auto* value = child<QDoubleSpinBox>("thresholdValue");
        value->setFocus();
        value->selectAll();
        QTest::keyClicks(value, QString::number(run()->thresholdRanges()[0].high * 0.9, 'f', 0));
        QTest::keyClick(value, Qt::Key_Return);
        QVERIFY(std::abs(run()->thresholds()[0] - run()->thresholdRanges()[0].high * 0.9) < 1);
        QVERIFY(first->value() > first->maximum() * 8 / 10);
        // The line at that value can be seen in the input's pane, too.
        m_canvas->setFocus();
        const auto drawn = [this] {
            const QImage frame = panes()->grabFrame().copy(panes()->paneRect(0).toRect());
            for (int y = 0; y < frame.height(); ++y)
                for (int x = 0; x < frame.width(); ++x)
                    if (frame.pixel(x, y) == qRgb(127, 255, 127)) return true;  // of filaments
            return false;
        };
        QTRY_VERIFY(drawn());
        press(Qt::Key_D, Qt::ShiftModifier);
        QTRY_VERIFY(!sliders->isVisible());
        QTRY_VERIFY(!drawn());
    }
};

QTEST_MAIN(TestWindowDoubt)
#include "tst_window_doubt.moc"
