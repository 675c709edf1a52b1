#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>

#include "tests/ui/models.h"
#include "ui/widgets/restore_panel.h"

using namespace posteria;
using ui::RestoreSettings;
using ui::widgets::RestorePanel;

class TestRestorePanel : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void showsTheModelAndFollowsTheSettings() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        auto* model = panel.findChild<QComboBox*>("modelCombo");
        QCOMPARE(model->count(), 0);
        settings.setModels(test::twoModels());
        QCOMPARE(model->count(), 2);
        QVERIFY(panel.findChild<QLabel*>("modelDescription")->text().startsWith("Separates"));
        auto* steps = panel.findChild<QSpinBox*>("stepsSpin");
        QCOMPARE(steps->value(), 8);
        settings.setSteps(12);
        QCOMPARE(steps->value(), 12);
        steps->setValue(3);
        QCOMPARE(settings.steps(), 3);
        model->setCurrentIndex(1);
        QCOMPARE(settings.model()->name, std::string("dehaze"));
        QCOMPARE(steps->value(), 10);
        model->setCurrentIndex(0);
        // One shot draws no samples: there is nothing to choose.
        panel.findChild<QComboBox*>("samplerCombo")->setCurrentIndex(1);
        QCOMPARE(settings.sampler(), QString("oneshot"));
        QVERIFY(!panel.findChild<QSpinBox*>("samplesSpin")->isEnabled());
    }

    void severityIsEstimatedOrGiven() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        settings.setModels(test::twoModels());
        auto* estimate = panel.findChild<QCheckBox*>("autoSeverity");
        auto* slider = panel.findChild<QSlider*>("severitySlider");
        QVERIFY(estimate->isChecked() && !slider->isEnabled());
        QVERIFY(!settings.severity());
        QTest::mouseClick(estimate, Qt::LeftButton, {}, QPoint(8, estimate->height() / 2));
        QVERIFY(slider->isEnabled());
        QCOMPARE(*settings.severity(), 0.5);
        slider->setValue(70);
        QCOMPARE(*settings.severity(), 0.7);
        QCOMPARE(slider->maximum(), 90);  // the trained range
        QCOMPARE(panel.findChild<QLabel*>("severityValue")->text(), QString("0.70"));
    }

    void noiseHasNoSeverity() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        auto models = test::twoModels();
        models[1].task = "denoise";
        models[1].samplers = {{"hdn", 1, 8}};
        settings.setModels(models);
        auto* slider = panel.findChild<QSlider*>("severitySlider");
        QVERIFY(!slider->isHidden());
        panel.findChild<QComboBox*>("modelCombo")->setCurrentIndex(1);
        QVERIFY(slider->isHidden());
        QCOMPARE(panel.findChild<QComboBox*>("samplerCombo")->currentText(),
                 QString("ladder VAE (HDN)"));
        panel.findChild<QComboBox*>("modelCombo")->setCurrentIndex(0);
        QVERIFY(!slider->isHidden());
    }

    void buttonsFollowInputAndJob() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        settings.setModels(test::twoModels());
        auto* run = panel.findChild<QPushButton*>("runButton");
        auto* cancel = panel.findChild<QPushButton*>("cancelButton");
        QVERIFY(!run->isEnabled() && !cancel->isEnabled());
        panel.setInput("cells", true);
        QVERIFY(run->isEnabled());
        QVERIFY(!panel.findChild<QComboBox*>("scopeCombo")->isHidden());
        QSignalSpy asked(&panel, &RestorePanel::runRequested);
        QSignalSpy touched(&panel, &RestorePanel::touched);
        QTest::mouseClick(run, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        QVERIFY(touched.size() >= 1);

        panel.setBusy(true);
        QVERIFY(!run->isEnabled() && cancel->isEnabled());
        engine::Progress progress;
        progress.fraction = 0.5;
        progress.secondsLeft = 75;
        progress.sample = 3;
        progress.samples = 8;
        panel.showProgress(progress);
        QCOMPARE(panel.findChild<QProgressBar*>("runProgress")->value(), 500);
        QCOMPARE(panel.findChild<QLabel*>("runState")->text(), QString("sample 3 of 8"));
        QCOMPARE(panel.findChild<QLabel*>("runTimeLeft")->text(), QString("1 min 15 s left"));
        QSignalSpy stop(&panel, &RestorePanel::cancelRequested);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QCOMPARE(stop.size(), 1);
        QVERIFY(!cancel->isEnabled());
        panel.setBusy(false);
        QVERIFY(run->isEnabled());
    }

    void uncalibratedUncertaintyIsNotCalledAnError() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        posterior::Snapshot snapshot;
        snapshot.samples = 4;
        snapshot.diagnostics.relativeMonteCarloError = 0.021;
        snapshot.diagnostics.severity = {0.4, 0.6};
        snapshot.diagnostics.severityEstimated = true;
        snapshot.diagnostics.warnings = {"Some pixels are saturated."};
        panel.showResult(snapshot);
        const auto text = panel.findChild<QLabel*>("runQuality")->text();
        QVERIFY(text.contains("Monte-Carlo error 2.1 %"));
        QVERIFY(text.contains("Severity estimated: 0.40, 0.60"));
        image::StackInfo info;
        info.shape = {1, 2, 1, 8, 8};
        info.channels = {{"filaments"}, {"vesicles"}};
        void* pixels = nullptr;
        snapshot.mean = image::makeMemoryStack(
            info, std::vector<image::Plane>(2, image::Plane::allocate(info.type, 8, 8, &pixels)));
        panel.showResult(snapshot);
        QVERIFY(panel.findChild<QLabel*>("runQuality")
                    ->text()
                    .contains("Severity estimated: filaments 0.40, vesicles 0.60"));
        QCOMPARE(panel.findChild<QLabel*>("runWarnings")->text(),
                 QString("Some pixels are saturated."));
    }

    // What was said of one image's result is not said of another image.
    void anotherImageHasNoResultYet() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        const auto* quality = panel.findChild<QLabel*>("runQuality");
        const auto* warnings = panel.findChild<QLabel*>("runWarnings");
        posterior::Snapshot snapshot;
        snapshot.diagnostics.severity = {0.4};
        snapshot.diagnostics.warnings = {"Some pixels are saturated."};
        panel.setInput("one.tif", false);
        panel.showResult(snapshot);
        panel.showState("Done");
        panel.setInput("one.tif", true);  // another of its layers
        QVERIFY(!quality->text().isEmpty() && !warnings->text().isEmpty());
        panel.setBusy(true);
        panel.showResult(snapshot);
        panel.setInput("two.tif", false);  // while the first is being restored
        QVERIFY(!quality->text().isEmpty());
        panel.setBusy(false);
        panel.setInput("one.tif", false);
        QVERIFY(quality->text().isEmpty() && warnings->text().isEmpty());
        QVERIFY(panel.findChild<QLabel*>("runState")->text().isEmpty());
    }

    void calibratedUncertaintySaysHowOftenItHolds() {
        RestoreSettings settings;
        RestorePanel panel(&settings);
        posterior::Snapshot snapshot;
        snapshot.samples = 4;
        snapshot.diagnostics.interval90 = {1.62, 1.88};
        panel.showResult(snapshot);
        const auto* quality = panel.findChild<QLabel*>("runQuality");
        QVERIFY(!quality->text().contains("90 %"));
        snapshot.stdCalibrated = true;
        panel.showResult(snapshot);
        QVERIFY2(quality->text().contains(
                     "90 % of the truth within mean ± std times 1.6, 1.9, in images like"),
                 qPrintable(quality->text()));
    }
};

QTEST_MAIN(TestRestorePanel)
#include "tst_restore_panel.moc"
