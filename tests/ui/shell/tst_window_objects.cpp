// Objects in the samples of a run, in the real window with real clicks.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

#include "tests/ui/discs.h"
#include "tests/ui/runs.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/model/object_table_model.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"

using namespace posteria;
using Model = ui::ObjectTableModel;
using ui::viewer::LinkedPanes;

namespace {
constexpr int kSamples = 12;
constexpr double kPixel = 0.1;  // µm
}  // namespace

class TestWindowObjects : public QObject, test::WindowFixture {
    Q_OBJECT

  public:
    static void initMain() { ui::viewer::prepareGraphics(); }
    TestWindowObjects() : WindowFixture({1400, 1000}) {}

  private:
    LinkedPanes* panes() { return m_canvas->panes(); }
    QTableView* table() { return child<QTableView>("objectsTable"); }
    QPushButton* button(const char* name) { return child<QPushButton>(name); }
    static QPointF place(int disc) { return test::discCentre(disc) * kPixel; }
    void click(QWidget* widget) { QTest::mouseClick(widget, Qt::LeftButton); }
    void clickIn(int pane, const QPointF& position) {
        QTest::mouseClick(panes(), Qt::LeftButton, {},
                          panes()->fromPosition(position, pane).toPoint());
    }
    int row(int disc) {  // in the table as it is sorted
        for (int i = 0; i < table()->model()->rowCount(); ++i)
            if (table()->model()->index(i, Model::Number).data().toInt() == disc + 1) return i;
        return -1;
    }
    int selected() {
        const auto rows = table()->selectionModel()->selectedRows();
        return rows.size() == 1 ? rows.front().data().toInt() - 1 : -1;
    }
    void clickRow(int disc) {
        const auto index = table()->model()->index(row(disc), Model::Presence);
        table()->scrollTo(index);
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, {},
                          table()->visualRect(index).center());
    }
    std::vector<ui::LabelsLayer*> labels() {
        std::vector<ui::LabelsLayer*> result;
        for (auto* layer : layers())
            if (auto* found = qobject_cast<ui::LabelsLayer*>(layer)) result.push_back(found);
        return result;
    }
    ui::Run* restore(int samples = kSamples) {
        auto& document = m_window->document();
        auto* run = document.startRun(test::requestFor(document), false);
        run->take(test::discSnapshot(samples));
        return run;
    }
    void find() {
        QTRY_VERIFY(button("objectsFind")->isEnabled());
        click(button("objectsFind"));
        QTRY_VERIFY(table()->model()->rowCount() > 0);
        QTRY_VERIFY(m_window->isIdle());
    }

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        freshWindow();
        add(test::countingStack(test::kDiscSide, 1, "stack"));
        trigger("actionFindObjects");
        QVERIFY(child<QWidget>("dockObjects")->isVisible());
    }
    void cleanup() { closeWindow(); }

    void waitsForARun() {
        QVERIFY(!button("objectsFind")->isEnabled());
        QVERIFY(!button("objectsSave")->isEnabled());
        QVERIFY(!child<QLabel>("objectsState")->text().isEmpty());
        restore(1);
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(!button("objectsFind")->isEnabled());  // one sample says nothing of the others
    }

    void settingsAreTriedOnTheSampleShown() {
        ui::Run* run = restore();
        auto* const selectedBefore = m_window->document().selected();
        click(child<QCheckBox>("objectsTry"));
        QTRY_COMPARE(labels().size(), 1u);
        QCOMPARE(m_window->document().selected(), selectedBefore);
        const auto count = [this] {
            return image::finiteRange(labels()[0]->stack()->readPlane({0, 0, 0}))[1];
        };
        // The last sample has disc 0 alone, the first one all nine.
        run->showSample(kSamples - 1);
        QTRY_COMPARE(count(), 1.0);
        run->showSample(0);
        QTRY_COMPARE(count(), 9.0);
        QVERIFY(labels()[0]->style().outlines);
        // The threshold that was found is told; discs are between 20 and 120.
        auto* threshold = child<QDoubleSpinBox>("objectsThreshold");
        QVERIFY(!threshold->isEnabled());
        QVERIFY(threshold->value() > 40 && threshold->value() < 100);
        auto* area = child<QSpinBox>("objectsMinArea");
        area->setFocus();
        area->selectAll();
        QTest::keyClicks(area, "500");
        QTest::keyClick(area, Qt::Key_Return);
        QTRY_COMPARE(count(), 0.0);
        // Hidden or switched off, the outlines go.
        click(child<QCheckBox>("objectsTry"));
        QTRY_VERIFY(labels().empty());
    }

    void tableAndPanesFollowEachOther() {
        restore();
        find();
        QCOMPARE(table()->model()->rowCount(), 9);
        QCOMPARE(labels().size(), 1u);
        const auto state = child<QLabel>("objectsState")->text();
        QVERIFY2(state.contains("(1–9 in 12 samples)"), qPrintable(state));
        QVERIFY(child<QWidget>("objectsLegend")->isVisible());
        QVERIFY(child<QLabel>("objectsPairs")->text().contains("nuclei: Pearson"));
        // The surest objects stand first and have another colour than the rest.
        QCOMPARE(table()->model()->index(0, Model::Number).data().toInt(), 1);
        const auto& colors = *labels()[0]->colors().each;
        QCOMPARE(colors.size(), std::size_t(9));
        QVERIFY(colors[0] != colors[8]);

        // Row to pane.
        const double scale = view().scale();
        const QPointF before = view().center();
        clickRow(4);
        QCOMPARE(selected(), 4);
        QVERIFY(QLineF(view().center(), place(4)).length() < 0.5 * kPixel);
        QCOMPARE(view().scale(), scale);
        QCOMPARE(labels()[0]->colors().marked, std::uint64_t(5));
        QTRY_VERIFY(child<QAction>("actionUndo")->isEnabled());
        trigger("actionUndo");
        QVERIFY(QLineF(view().center(), before).length() < 1e-6);

        // Pane to row, in whichever pane; the view stays where it is.
        QTRY_VERIFY(m_window->isIdle());
        for (const int pane : {0, 1, 3}) {
            clickIn(pane, place(7 - pane));
            QCOMPARE(selected(), 7 - pane);
        }
        QVERIFY(QLineF(view().center(), before).length() < 1e-6);
        QCOMPARE(labels()[0]->colors().marked, std::uint64_t(5));
        // Beside all objects nothing changes; a drag is no click.
        clickIn(0, {0.2, 0.2});
        QCOMPARE(selected(), 4);
        const auto from = panes()->fromPosition(place(2), 0).toPoint();
        QTest::mousePress(panes(), Qt::LeftButton, {}, from);
        QTest::mouseMove(panes(), from + QPoint(20, 0));
        QTest::mouseRelease(panes(), Qt::LeftButton, {}, from + QPoint(20, 0));
        QCOMPARE(selected(), 4);
    }

    void tableIsSortedByAnyColumn() {
        restore();
        find();
        auto* header = table()->horizontalHeader();
        const auto click = [&](int column) {
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                              {header->sectionViewportPosition(column) + 10, header->height() / 2});
        };
        click(Model::Presence);
        QCOMPARE(table()->model()->index(0, Model::Number).data().toInt(), 9);
        click(Model::Y);
        const auto at = [&](int i) {
            return table()->model()->index(i, Model::Y).data(Model::SortRole).toDouble();
        };
        QVERIFY(at(0) <= at(8));
        clickRow(6);
        QCOMPARE(selected(), 6);
        QVERIFY(QLineF(view().center(), place(6)).length() < 0.5 * kPixel);
    }

    void channelsHaveSettingsAndResultsOfTheirOwn() {
        restore();
        auto* channel = child<QComboBox>("objectsChannel");
        QCOMPARE(channel->count(), 2);
        channel->setFocus();
        QTest::keyClick(channel, Qt::Key_Down);
        QCOMPARE(channel->currentText(), QString("nuclei"));
        auto* area = child<QSpinBox>("objectsMaxArea");
        area->setValue(10);
        QTest::keyClick(channel, Qt::Key_Up);
        QCOMPARE(area->value(), 0);
        find();
        QCOMPARE(table()->model()->rowCount(), 9);
        QTest::keyClick(channel, Qt::Key_Down);
        QCOMPARE(area->value(), 10);
        QCOMPARE(table()->model()->rowCount(), 0);
        QVERIFY(child<QLabel>("objectsState")->text().startsWith("0 objects"));
        QCOMPARE(labels().size(), 1u);
    }

    void searchIsCancelled() {
        restore(400);
        QTRY_VERIFY(button("objectsFind")->isEnabled());
        click(button("objectsFind"));
        QVERIFY(button("objectsCancel")->isEnabled());
        QVERIFY(child<QProgressBar>("objectsProgress")->isVisible());
        QTRY_VERIFY(child<QProgressBar>("objectsProgress")->value() > 0);
        click(button("objectsCancel"));
        QTRY_COMPARE(child<QLabel>("objectsState")->text(), QString("Stopped"));
        QCOMPARE(table()->model()->rowCount(), 0);
        QVERIFY(labels().empty());
        QTRY_VERIFY(button("objectsFind")->isEnabled());
    }

    void resultsAreSavedAsATable() {
        restore();
        find();
        click(button("objectsSave"));
        auto* dialog = child<QFileDialog>("saveDialog");
        dialog->setOption(QFileDialog::DontUseNativeDialog);
        const QString file = path("objects.csv");
        emitSelected(dialog, file);
        QTRY_VERIFY(QFile::exists(file));
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const auto lines = csv.readAll().split('\n');
        QCOMPARE(lines.size(), 1 + 18 + 1);
        QVERIFY(lines[1].startsWith("0,0,0,vesicles,1,1,12,"));
        QVERIFY(lines[18].startsWith("0,0,1,nuclei,9,1,12,"));
    }

    // Another run begins afresh; a removed one takes its objects along.
    void resultsGoWithTheirRun() {
        ui::Run* run = restore();
        find();
        restore();
        QTRY_COMPARE(table()->model()->rowCount(), 0);
        QVERIFY(labels().empty());
        find();
        QCOMPARE(labels().size(), 1u);
        m_window->document().remove(m_window->document().activeRun()->mean());
        QTRY_VERIFY(labels().empty());
        QVERIFY(run);
    }

    void everyControlHasAName() {
        auto* panel = child<QWidget>("objectsPanel");
        int named = 0;
        for (auto* widget : panel->findChildren<QWidget*>()) {
            if (!widget->objectName().startsWith("objects") || widget->inherits("QLabel")) continue;
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                     qPrintable(widget->objectName()));
            ++named;
        }
        QVERIFY(named > 12);
    }

  private:
    static void emitSelected(QFileDialog* dialog, const QString& file) {
        dialog->findChild<QLineEdit*>()->setText(file);
        QTest::keyClick(dialog->findChild<QLineEdit*>(), Qt::Key_Return);
    }
};

QTEST_MAIN(TestWindowObjects)
#include "tst_window_objects.moc"
