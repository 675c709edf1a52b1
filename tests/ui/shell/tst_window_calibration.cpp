// Layers ▸ Filter ▸ Calibrate Model… in the real window: pairs are added, the plot fills, and what
// was found is kept with a copy of the model, which is then in use.
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

#include "core/io/ome_tiff_writer.h"
#include "core/package/calibration.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/shell/calibration_window.h"
#include "ui/viewer/reliability_chart.h"

using namespace posteria;
using ui::shell::CalibrationWindow;

class TestWindowCalibration : public QObject, test::WindowFixture {
    Q_OBJECT

    CalibrationWindow* m_calibration = nullptr;
    QString m_data;

    void makePairs(int count) const {
        QDir().mkpath(m_data);
        for (int k = 0; k < count; ++k) {
            io::writeOmeTiff((m_data + QString("/input_%1.tif").arg(k)).toStdString(),
                             {test::countingStack(16)});
            io::writeOmeTiff((m_data + QString("/truth_%1.tif").arg(k)).toStdString(),
                             {test::countingStack(16, 2)});
        }
    }
    template <class W>
    W* part(const char* name) const {
        return test::child<W>(*m_calibration, name);
    }
    void click(const char* name) const {
        auto* button = part<QPushButton>(name);
        QVERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QString message() const { return part<QLabel>("calibrationMessage")->text(); }
    ui::viewer::ReliabilityChart* chart() const {
        return part<ui::viewer::ReliabilityChart>("reliabilityChart");
    }

  public:
    TestWindowCalibration() : WindowFixture({1100, 800}) {}

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() {
        services.models = [] {
            return std::vector<package::ModelPackage>{package::readPackage(
                POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria")};
        };
        m_data = path(QLatin1String(QTest::currentTestFunction()));
        qputenv("XDG_DATA_HOME", (m_data + "/home").toUtf8());
        freshWindow();
        QTRY_VERIFY(m_window->modelsListed());
        child<QAction>("actionCalibrate")->trigger();
        m_calibration = child<CalibrationWindow>("calibrationWindow");
        QVERIFY(QTest::qWaitForWindowExposed(m_calibration));
    }
    void cleanup() { closeWindow(); }

    void whatTheModelHasIsToldBeforehand() {
        QVERIFY(
            part<QLabel>("calibrationHolds")->text().contains("flow matching, Heun with 5 steps"));
        QVERIFY(chart()->isBlank());  // it came without its plot
        QVERIFY(!part<QPushButton>("calibrationStart")->isEnabled());
    }

    void pairsAreDroppedFittedAndKept() {
        makePairs(3);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(m_data)});
        QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_calibration, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_calibration, &drop);
        QTRY_COMPARE(part<QTableView>("calibrationTable")->model()->rowCount(), 3);
        part<QSpinBox>("calibrationSteps")->setValue(3);
        click("calibrationStart");
        QVERIFY(!m_window->isIdle());
        QTRY_VERIFY(!chart()->isBlank());  // with the first pair
        QTRY_VERIFY(m_calibration->run().state() == ui::CalibrationRun::State::Ready);
        QVERIFY(part<QLabel>("calibrationHolds")->text().contains("3 steps, fitted on 3 pairs"));
        const auto coverage = part<QLabel>("calibrationCoverage")->text();
        QVERIFY(coverage.contains("50.0 %") && coverage.contains("91.0 %"));
        const auto folder =
            m_data + "/home/posteria/models/split-filaments-vesicles-calibrated.posteria";
        QTRY_VERIFY2(message().contains(folder), qPrintable(message()));
        QVERIFY(m_calibration->savePlot(path("plot.csv")) &&
                m_calibration->savePlot(path("plot.svg")));

        click("calibrationKeep");
        QTRY_COMPARE(message(), "Kept in " + folder);
        const auto copy = package::readPackage(folder.toStdString());
        QCOMPARE(package::readCalibration(copy)->sampler.steps, 3);
        // It is the model in use.
        QTRY_COMPARE(QString::fromStdString(m_window->settings().model()->folder), folder);
        QCOMPARE(m_window->settings().models().size(), std::size_t(2));
    }

    void otherSettingsTakeTheResultBack() {
        makePairs(2);
        m_calibration->addFolders({m_data});
        QTRY_COMPARE(m_calibration->pairs().rowCount(), 2);
        click("calibrationStart");
        QTRY_VERIFY(part<QPushButton>("calibrationKeep")->isEnabled());
        part<QSpinBox>("calibrationSteps")->setValue(2);
        QVERIFY(!part<QPushButton>("calibrationKeep")->isEnabled());
        QVERIFY(chart()->isBlank());
    }

    void cancelledThereIsNothingToKeep() {
        makePairs(3);
        m_calibration->addFolders({m_data});
        QTRY_COMPARE(m_calibration->pairs().rowCount(), 3);
        click("calibrationStart");
        QTRY_VERIFY(m_calibration->pairs().count(ui::CalibrationPairs::State::Done) > 0);
        click("calibrationCancel");
        QTRY_VERIFY(m_window->isIdle());
        QVERIFY(chart()->isBlank() && !part<QPushButton>("calibrationKeep")->isEnabled());
    }

    void aFolderWithoutPairsIsSaidToBe() {
        QDir().mkpath(m_data);
        m_calibration->addFolders({m_data});
        QTRY_VERIFY(message().contains("no pairs of images"));
    }
};

QTEST_MAIN(TestWindowCalibration)
#include "tst_window_calibration.moc"
