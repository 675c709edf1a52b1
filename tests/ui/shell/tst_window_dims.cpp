// Axes and panes in the real window: rolled and thick slices, playing to the end, and panes that
// are linked or not.
#include <QApplication>
#include <QMenu>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include "tests/ui/shell/window_fixture.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"
#include "ui/widgets/axis_slider.h"

using namespace posteria;
using ui::Run;
using ui::viewer::CanvasLayout;
using ui::viewer::LinkedPanes;
using ui::widgets::AxisSlider;

class TestWindowDims : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    static void initMain() { ui::viewer::prepareGraphics(); }
    TestWindowDims() : WindowFixture({1100, 800}) {}

  private:
    LinkedPanes* panes() { return m_canvas->panes(); }
    // A stack whose pixel at (z, y, x) is 100 z + 10 y + x, 4 x 6 x 9.
    static image::StackPtr ramp() {
        image::StackInfo info;
        info.name = "ramp";
        info.type = image::PixelType::UInt16;
        info.shape = {1, 1, 4, 6, 9};
        info.voxelSize = image::VoxelSize{0.1, 0.2, 0.5};
        std::vector<image::Plane> planes;
        for (int z = 0; z < 4; ++z) {
            void* memory = nullptr;
            planes.push_back(image::Plane::allocate(info.type, 9, 6, &memory));
            for (int i = 0; i < 54; ++i)
                static_cast<std::uint16_t*>(memory)[i] =
                    std::uint16_t(100 * z + 10 * (i / 9) + i % 9);
        }
        return image::makeMemoryStack(info, std::move(planes));
    }
    // A finished run on a stack of six slices.
    Run* restored() {
        add(test::countingStack(40, 1, "stack", 6));
        m_window->settings().setModels(test::twoModels());
        m_window->settings().setSamples(3);
        m_window->settings().setWholeStack(false);
        m_window->restore(false);
        Run* run = m_window->document().activeRun();
        const auto done = [run] { return run && run->state() == Run::State::Finished; };
        if (!QTest::qWaitFor(done) || !QTest::qWaitFor([this] { return m_window->isIdle(); }))
            qFatal("the run does not end");
        return run;
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void axesAreRolledAndTransposed() {
        add(ramp());
        view().setZ(3);
        QTRY_VERIFY(m_window->isIdle());
        // In µm along the displayed axes, and what lies there.
        const auto valueAt = [this](double x, double y) { return panes()->value(0, {x, y}); };
        QCOMPARE(valueAt(0.7, 0.4), 327.0);
        trigger("actionTranspose");
        QCOMPARE(valueAt(0.4, 0.7), 327.0);
        trigger("actionTranspose");
        trigger("actionRoll");  // x is stepped through, z runs down
        QCOMPARE(view().shape().z, 9);
        QCOMPARE(view().pixelSize(), QPointF(0.2, 0.5));
        view().setZ(7);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(valueAt(0.4, 1.5), 327.0);
        QVERIFY(child<QWidget>("zSlider")->isVisible());
        child<QAction>("actionUndo")->trigger();  // the slice and the axes, done in one go
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(view().isStraight());
        QCOMPARE(view().z(), 3);
        trigger("actionRoll");
        trigger("actionRoll");  // y is stepped through, x runs down, z along
        view().setZ(2);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(valueAt(1.5, 0.7), 327.0);
        trigger("actionLayoutOrtho");
        QVERIFY(view().isStraight());
        trigger("actionRoll");
        QCOMPARE(m_canvas->layoutMode(), CanvasLayout::Grid);
        trigger("actionRoll");
        trigger("actionRoll");
        QVERIFY(view().isStraight());
        QCOMPARE(view().z(), 3);  // every axis has kept its place
    }

    void restoringTurnsTheAxesBack() {
        add(test::countingStack(40, 1, "stack", 6));
        m_window->settings().setModels(test::twoModels());
        m_window->settings().setWholeStack(false);
        view().setZ(4);
        trigger("actionRoll");
        m_window->restore(false);
        QVERIFY(view().isStraight());
        Run* run = m_window->document().activeRun();
        QVERIFY(run);
        QCOMPARE(run->request().selection.z, std::vector<std::int64_t>{4});
        QTRY_COMPARE(run->state(), Run::State::Finished);
    }

    void slicesAreTakenTogether() {
        add(ramp());
        view().setZ(1);
        child<QSpinBox>("slabThickness")->setValue(3);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(panes()->value(0, {0.7, 0.4}), 127.0);  // mean of 27, 127 and 227
        QCOMPARE(child<QToolButton>("slabButton")->text(), QString("mean of 3 slices"));
        const auto before = layers()[0]->channels()[0].limits;
        child<QAction>("slab_3")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(panes()->value(0, {0.7, 0.4}), 381.0);
        QVERIFY(layers()[0]->channels()[0].limits.high > 2 * before.high);  // follow the data
        child<QAction>("slab_1")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(panes()->value(0, {0.7, 0.4}), 227.0);
        for (int i = 0; i < 3; ++i)  // each choice is a step
            child<QAction>("actionUndo")->trigger();
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(view().slab().thickness, 1);
        QCOMPARE(child<QToolButton>("slabButton")->text(), QString("single slice"));
    }

    void playingEndsAsChosen() {
        add(ramp());
        auto* slider = child<AxisSlider>("zSlider");
        slider->setStepsPerSecond(30);
        slider->setAtEnd(AxisSlider::AtEnd::Stop);
        view().setZ(1);
        slider->setPlaying(true);
        QTRY_VERIFY(!slider->isPlaying());
        QCOMPARE(view().z(), 3);
        slider->setAtEnd(AxisSlider::AtEnd::Back);
        std::vector<std::int64_t> seen;
        connect(&view(), &ui::ViewState::zChanged, this, [&](auto z) { seen.push_back(z); });
        slider->setPlaying(true);
        QTRY_VERIFY(seen.size() >= 7);
        slider->setPlaying(false);
        seen.resize(7);
        QCOMPARE(seen, (std::vector<std::int64_t>{2, 1, 0, 1, 2, 3, 2}));
    }

    void camerasAreLinkedOrNot() {
        restored();
        QCOMPARE(panes()->viewAt(3), panes()->viewAt(0));
        child<QAction>("actionLinkCamera")->setChecked(false);
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(panes()->viewAt(3) != panes()->viewAt(0));
        const double scale = view().scale();
        const auto spot = panes()->paneRect(3).center().toPoint();
        QTest::mouseDClick(panes(), Qt::LeftButton, {}, spot);
        QVERIFY(panes()->viewAt(3)->scale() < scale);
        QCOMPARE(view().scale(), scale);
        QCOMPARE(panes()->viewAt(2)->scale(), scale);
        // A layer that comes leaves the panes' views alone.
        const double own = panes()->viewAt(3)->scale();
        trigger("actionNewShapes");
        QCOMPARE(panes()->viewAt(3)->scale(), own);
        QVERIFY(own < scale);
        // Slices are linked still.
        panes()->viewAt(2)->setZ(5);
        QCOMPARE(view().z(), 5);
        QCOMPARE(panes()->viewAt(3)->z(), 5);
        QTRY_VERIFY(m_window->isIdle());
        child<QAction>("actionLinkCamera")->setChecked(true);
        QCOMPARE(panes()->viewAt(3)->scale(), scale);
        QTRY_VERIFY(m_window->isIdle());
    }

    void slidersMoveThePaneUsedLast() {
        restored();
        const auto z = view().z();
        child<QAction>("actionLinkSlice")->setChecked(false);
        QTest::mouseClick(panes(), Qt::LeftButton, {}, panes()->paneRect(2).center().toPoint());
        QCOMPARE(panes()->activePane(), 2);
        child<QSlider>("zPosition")->setValue(0);
        QCOMPARE(panes()->viewAt(2)->z(), 0);
        QCOMPARE(view().z(), z);
        QTRY_VERIFY(m_window->isIdle());
        const QPointF middle = panes()->viewAt(0)->bounds().center();
        QVERIFY(panes()->value(0, middle));
        QVERIFY(!panes()->value(2, middle));  // only the restored slice has a mean
        child<QAction>("actionLinkAll")->trigger();
        QCOMPARE(panes()->viewAt(2)->z(), z);
        child<QSlider>("zPosition")->setValue(1);
        QCOMPARE(view().z(), 1);
        QTRY_VERIFY(m_window->isIdle());
        // Other layouts have one view.
        child<QAction>("actionLinkSlice")->setChecked(false);
        QTest::mouseClick(panes(), Qt::LeftButton, {}, panes()->paneRect(1).center().toPoint());
        trigger("actionLayoutOrtho");
        child<QSlider>("zPosition")->setValue(2);
        QCOMPARE(view().z(), 2);
        QTRY_VERIFY(m_window->isIdle());
    }

    void cursorsAreLinkedOrNot() {
        restored();
        const auto valuesShown = [this] {
            int count = 0;
            for (int i = 0; i < 4; ++i)
                count += !panes()->paneValueText(i).isEmpty();
            return count;
        };
        QTest::mouseMove(panes(), panes()->paneRect(1).center().toPoint());
        QTRY_COMPARE(valuesShown(), 4);
        child<QAction>("actionLinkCursor")->setChecked(false);
        QTest::mouseMove(panes(), panes()->paneRect(2).center().toPoint());
        QTRY_VERIFY(!panes()->paneValueText(2).isEmpty());
        QCOMPARE(valuesShown(), 1);
    }

    void contrastIsLinkedOrNot() {
        Run* run = restored();
        run->mean()->setLimits(0, {3, 77});
        QCOMPARE(run->sample()->channels()[0].limits, (ui::Limits{3, 77}));
        child<QAction>("actionLinkContrast")->setChecked(false);
        run->mean()->setLimits(0, {5, 55});
        QCOMPARE(run->sample()->channels()[0].limits, (ui::Limits{3, 77}));
        child<QAction>("actionLinkContrast")->setChecked(true);
        QCOMPARE(run->sample()->channels()[0].limits, (ui::Limits{5, 55}));
    }
};

QTEST_MAIN(TestWindowDims)
#include "tst_window_dims.moc"
