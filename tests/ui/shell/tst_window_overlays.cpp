// Shapes, points and labels in the real window, drawn with the mouse.
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>

#include "tests/ui/shell/window_fixture.h"
#include "ui/model/marks.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"

using namespace posteria;
using ui::Layer;
using ui::Mark;
using ui::viewer::LinkedPanes;

class TestWindowOverlays : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    static void initMain() { ui::viewer::prepareGraphics(); }
    TestWindowOverlays() : WindowFixture({1100, 800}) {}

  private:
    LinkedPanes* panes() { return m_canvas->panes(); }
    QPoint at(double x, double y) { return panes()->fromPosition({x, y}, 0).toPoint(); }
    void drag(const QPointF& from, const QPointF& to, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mousePress(panes(), Qt::LeftButton, modifiers, at(from.x(), from.y()));
        for (int i = 1; i <= 4; ++i) {
            const QPointF p = from + (to - from) * i / 4;
            QMouseEvent move(QEvent::MouseMove, at(p.x(), p.y()),
                             panes()->mapToGlobal(at(p.x(), p.y())), Qt::NoButton, Qt::LeftButton,
                             modifiers);
            QApplication::sendEvent(panes(), &move);
        }
        QTest::mouseRelease(panes(), Qt::LeftButton, modifiers, at(to.x(), to.y()));
    }
    void click(double x, double y) { QTest::mouseClick(panes(), Qt::LeftButton, {}, at(x, y)); }
    // To the panes, which have the keyboard.
    void key(Qt::Key key) { QTest::keyClick(panes(), key); }
    ui::MarkLayer* marks() { return qobject_cast<ui::MarkLayer*>(m_window->document().selected()); }
    ui::LabelsLayer* labels() {
        return qobject_cast<ui::LabelsLayer*>(m_window->document().selected());
    }
    int labelled(int label, std::int64_t z) {
        const auto plane = labels()->stack()->readPlane({0, 0, z});
        int count = 0;
        for (std::int64_t i = 0; i < plane.size(); ++i)
            count += plane.value(i % plane.width(), i / plane.width()) == label;
        return count;
    }
    static bool near(const QPointF& a, const QPointF& b, double reach) {
        return QLineF(a, b).length() <= reach;
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        freshWindow();
        add(test::countingStack(60, 1, "stack", 6));  // 6 µm wide
    }
    void cleanup() { closeWindow(); }

    void tablesAreOpenedOverTheImage() {
        QFile table(path("spots.csv"));
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("index,axis-0,axis-1,axis-2\n0,2,10,20\n1,3,30,40\n");
        table.close();
        open({path("spots.csv")});
        QVERIFY(marks());
        QCOMPARE(marks()->name(), QString("spots"));
        QCOMPARE(marks()->role(), Layer::Role::Points);
        QCOMPARE(marks()->marks().size(), std::size_t(2));
        QVERIFY(near(marks()->marks()[0].points[0], {2, 1}, 1e-9));  // 0.1 µm pixels
        QCOMPARE(marks()->marks()[1].z, std::int64_t(3));
        QVERIFY(!m_window->lastError());
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("Area,Mean\n1,2\n");
        table.close();
        const auto before = layers().size();
        open({path("spots.csv")});
        QCOMPARE(layers().size(), before);
        QCOMPARE(child<QLabel>("messageText")->text(),
                 QString("spots.csv, line 1: this is no table of points or shapes."));
    }

    void aTableWithoutAnImageIsRefused() {
        freshWindow();
        open({path("spots.csv")});
        QVERIFY(child<QLabel>("messageText")->text().contains("none is open"));
        QVERIFY(layers().empty());
    }

    void shapesAreDrawnSelectedMovedAndRemoved() {
        QVERIFY(!child<QAction>("toolRectangle")->isEnabled());
        trigger("actionNewShapes");
        QVERIFY(marks());
        QVERIFY(child<QWidget>("overlayControls")->isVisible());
        const double pixel = view().scale() * 1.5;  // a click falls on a whole pixel
        drag({1, 1}, {3, 2});
        QCOMPARE(marks()->marks().size(), 1u);
        QVERIFY(near(marks()->marks()[0].points[0], {1, 1}, pixel));
        QVERIFY(near(marks()->marks()[0].points[1], {3, 2}, pixel));
        press(Qt::Key_E);
        drag({1, 3}, {2, 4.5}, Qt::ShiftModifier);
        QCOMPARE(marks()->marks().size(), 2u);
        QCOMPARE(marks()->marks()[1].kind, Mark::Kind::Ellipse);
        const QRectF circle = boundsOf(marks()->marks()[1]);
        QVERIFY(std::abs(circle.width() - circle.height()) < 1e-9);
        press(Qt::Key_L);
        drag({4, 4}, {4.001, 4.001});  // too small to be meant
        QCOMPARE(marks()->marks().size(), 2u);
        press(Qt::Key_P);
        m_canvas->setFocus();
        for (const auto& corner : {QPointF(4, 1), {5, 1}, {5, 2}, {4.5, 2.5}})
            click(corner.x(), corner.y());
        key(Qt::Key_Backspace);
        key(Qt::Key_Return);
        QCOMPARE(marks()->marks().size(), 3u);
        QCOMPARE(marks()->marks()[2].points.size(), 3u);

        press(Qt::Key_S);
        drag({1.5, 1}, {2, 1.5});  // by its line
        QCOMPARE(marks()->selectedMark(), 0);
        QVERIFY(near(marks()->marks()[0].points[0], {1.5, 1.5}, 2 * pixel));
        const QPointF corner = marks()->marks()[0].points[1];
        drag(corner, {5, 5});
        QVERIFY(near(marks()->marks()[0].points[1], {5, 5}, 2 * pixel));
        QVERIFY(child<QLabel>("markMeasures")->text().startsWith("1 of 3: area "));
        key(Qt::Key_Delete);
        QCOMPARE(marks()->marks().size(), 2u);
        QTRY_VERIFY(child<QAction>("actionUndo")->isEnabled());
        trigger("actionUndo");
        QVERIFY(marks()->marks().size() != 2u);
        // A drag beside everything moves the view.
        const QPointF centre = view().center();
        drag({0.3, 5.5}, {0.8, 5.5});
        QVERIFY(view().center() != centre);
    }

    void selectingMarksLeavesThePanes() {
        m_window->settings().setModels(test::twoModels());
        m_window->settings().setSamples(3);
        m_window->settings().setWholeStack(false);
        m_window->restore(false);
        auto* run = m_window->document().activeRun();
        QVERIFY(run);
        QTRY_COMPARE(run->state(), ui::Run::State::Finished);
        trigger("actionNewShapes");
        QCOMPARE(m_window->document().activeRun(), run);
        QCOMPARE(m_window->document().input()->name(), QString("stack"));
        QTRY_VERIFY(m_window->isIdle());
        // They lie over every pane.
        const auto before = m_canvas->grabFrame();
        drag({1, 1}, {4, 4});
        QTRY_VERIFY(m_window->isIdle());
        const auto after = m_canvas->grabFrame();
        for (int i = 0; i < 4; ++i) {
            const QRect rect = panes()->paneRect(i).toRect().adjusted(40, 40, -40, -40);
            QVERIFY2(before.copy(rect) != after.copy(rect), qPrintable(QString::number(i)));
        }
        m_window->document().remove(marks());
        QCOMPARE(m_window->document().activeRun(), run);
    }

    void pointsBelongToTheirSlice() {
        trigger("actionNewPoints");
        view().setZ(2);
        click(1, 1);
        click(2, 2);
        view().setZ(3);
        click(3, 3);
        QCOMPARE(marks()->marks().size(), 3u);
        QCOMPARE(marks()->marks()[1].z, 2);
        QVERIFY(!marks()->isShownAt(marks()->marks()[1], 0, 3));
        press(Qt::Key_S);
        click(1, 1);
        QCOMPARE(marks()->selectedMark(), -1);  // it is not on this slice
        child<QCheckBox>("everySlice")->setChecked(true);
        click(1, 1);
        QCOMPARE(marks()->selectedMark(), 0);
        key(Qt::Key_Backspace);
        QCOMPARE(marks()->marks().size(), 2u);
    }

    void labelsArePaintedFilledErasedAndTakenBack() {
        view().setZ(1);
        trigger("actionNewLabels");
        QVERIFY(labels());
        QCOMPARE(view().tool(), ui::ViewState::Tool::Paint);
        child<QSpinBox>("brushSize")->setValue(6);
        child<QSpinBox>("labelNumber")->setValue(3);
        drag({1, 1}, {4, 1});
        QTRY_VERIFY(m_window->isIdle());
        const int painted = labelled(3, 1);
        QVERIFY2(painted > 150 && painted < 300, qPrintable(QString::number(painted)));
        QCOMPARE(labelled(3, 2), 0);
        m_canvas->setFocus();
        key(Qt::Key_BracketRight);
        QCOMPARE(labels()->brush(), 7);
        press(Qt::Key_4);
        child<QSpinBox>("labelNumber")->setValue(9);
        click(3, 5);
        QTRY_VERIFY(m_window->isIdle());
        QCOMPARE(labelled(9, 1), 3600 - painted);
        press(Qt::Key_L);  // as 5 does
        click(2, 1);
        QCOMPARE(labels()->label(), 3);
        QTest::mouseMove(panes(), at(2, 1));
        QTRY_VERIFY(panes()->valueText().contains("label 3"));
        press(Qt::Key_1);
        drag({2, 1}, {2.2, 1});
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(labelled(3, 1) < painted);
        trigger("actionUndo");
        QCOMPARE(labelled(3, 1), painted);
        trigger("actionUndo");
        QCOMPARE(labelled(9, 1), 0);
        trigger("actionUndo");
        QCOMPARE(labelled(3, 1), 0);
        trigger("actionRedo");
        QCOMPARE(labelled(3, 1), painted);
    }

    void imagesBecomeLabelsAndImagesAgain() {
        trigger("actionConvert");
        QVERIFY(labels());
        QVERIFY(!m_window->lastError());
        trigger("actionConvert");
        QCOMPARE(m_window->document().selected()->role(), Layer::Role::Image);
        add(test::floatStack(60, 1, 1));
        trigger("actionConvert");
        QVERIFY(m_window->lastError());
        QCOMPARE(m_window->document().selected()->role(), Layer::Role::Image);
    }

    void toolsGoWithTheLayer() {
        trigger("actionNewShapes");
        QVERIFY(child<QAction>("toolPolygon")->isEnabled());
        QVERIFY(!child<QAction>("toolPaint")->isEnabled());
        QVERIFY(view().tool() == ui::ViewState::Tool::Rectangle);
        press(Qt::Key_Space);
        QVERIFY(view().tool() == ui::ViewState::Tool::Pan);
        press(Qt::Key_R);
        m_window->document().select(layers()[0]);
        QVERIFY(view().tool() == ui::ViewState::Tool::Pan);
        QVERIFY(child<QWidget>("layerControls")->isVisible());
        press(Qt::Key_R);
        QVERIFY(view().tool() == ui::ViewState::Tool::Pan);
        // Turned axes show no marks and take none.
        m_window->document().select(layers()[1]);
        press(Qt::Key_R);
        trigger("actionRoll");
        drag({1, 0.3}, {2, 0.9});
        QCOMPARE(marks()->marks().size(), 0u);
    }
};

QTEST_MAIN(TestWindowOverlays)
#include "tst_window_overlays.moc"
