#include <QSignalSpy>
#include <QTest>

#include "core/base/error.h"
#include "tests/ui/models.h"
#include "tests/ui/stacks.h"
#include "ui/model/restore_settings.h"

using namespace posteria;
using ui::RestoreSettings;

class TestRestoreSettings : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aModelBringsItsDefaults() {
        RestoreSettings settings;
        QVERIFY(settings.model() == nullptr);
        settings.setModels(test::twoModels());
        QCOMPARE(settings.sampler(), QString("cfm-heun"));
        QCOMPARE(settings.steps(), 8);
        QCOMPARE(settings.samples(), 4);
        settings.setSampler("oneshot");
        QCOMPARE(settings.steps(), 1);
        QCOMPARE(settings.samples(), 1);
        settings.setSampler("of another model");
        QCOMPARE(settings.sampler(), QString("oneshot"));
    }

    void severityStaysInTheTrainedRange() {
        RestoreSettings settings;
        settings.setModels(test::twoModels());
        QVERIFY(!settings.severity());
        settings.setSeverity(0.99);
        QCOMPARE(*settings.severity(), 0.9);
        settings.selectModel("dehaze");
        QCOMPARE(*settings.severity(), 0.5);
    }

    void anUnknownModelNamesTheKnownOnes() {
        RestoreSettings settings;
        settings.setModels(test::twoModels());
        try {
            settings.selectModel("nothing");
            QFAIL("no error");
        } catch (const Error& e) {
            QVERIFY(e.kind() == ErrorKind::Model);
            QVERIFY(QString::fromStdString(e.hint()).contains("split"));
        }
    }

    void aNewListKeepsTheModelInUse() {
        RestoreSettings settings;
        settings.setModels(test::twoModels());
        settings.selectModel("dehaze");
        settings.setSteps(17);
        auto models = test::twoModels();
        std::swap(models[0], models[1]);
        settings.setModels(models);
        QCOMPARE(settings.model()->name, std::string("dehaze"));
        QCOMPARE(settings.steps(), 17);
    }

    void aModelCanBePreferredBeforeItIsListed() {
        RestoreSettings settings;
        settings.preferModel("dehaze");
        QVERIFY(!settings.model());
        settings.setModels(test::twoModels());
        QCOMPARE(settings.model()->name, std::string("dehaze"));
        // What the user chose stays.
        const auto other =
            QString::fromStdString(settings.models()[settings.modelIndex() == 0 ? 1 : 0].name);
        settings.selectModel(other);
        settings.setModels(test::twoModels());
        QCOMPARE(QString::fromStdString(settings.model()->name), other);
        settings.preferModel("nobody");
        QCOMPARE(QString::fromStdString(settings.model()->name), other);
        settings.preferModel("dehaze");
        QCOMPARE(settings.model()->name, std::string("dehaze"));
    }

    void aPreviewIsTheVisibleRegionOfThePlane() {
        RestoreSettings settings;
        settings.setModels(test::twoModels());
        settings.setSeed(7);
        settings.setDevice("cuda:0 NVIDIA H100");
        ui::RestoreTarget target;
        target.input = test::countingStack(64, 3, "cells", 5);
        target.plane = {0, 2, 3};
        target.viewport = {40, -10, 100, 30};
        const auto preview = settings.request(target, true);
        QCOMPARE(preview.selection.roi, (image::Rect{40, 0, 24, 20}));
        QCOMPARE(preview.selection.z, std::vector<std::int64_t>{3});
        QCOMPARE(preview.selection.c, std::vector<std::int64_t>{2});
        QCOMPARE(preview.seed, 7u);
        QCOMPARE(preview.device, std::string("cuda:0"));

        const auto whole = settings.request(target, false);
        QVERIFY(whole.selection.roi.empty() && whole.selection.z.empty());
        QCOMPARE(whole.selection.c, std::vector<std::int64_t>{2});  // the network reads one channel
        QCOMPARE(whole.viewportPlane, target.plane);
        QCOMPARE(whole.viewport, target.viewport);

        settings.setWholeStack(false);
        const auto plane = settings.request(target, false);
        QCOMPARE(plane.selection.z, std::vector<std::int64_t>{3});
        QVERIFY(plane.selection.roi.empty());
    }
};

QTEST_GUILESS_MAIN(TestRestoreSettings)
#include "tst_restore_settings.moc"
