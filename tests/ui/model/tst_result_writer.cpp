#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/open.h"
#include "tests/ui/runs.h"
#include "ui/model/result_writer.h"

using namespace posteria;
using Result = ui::ResultWriter::Result;
using ui::Run;

class TestResultWriter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // What is seen is saved, under a name of its own and with where it comes from.
    void theMapShownIsSaved() {
        ui::Document document;
        document.addImage(test::countingStack(32, 1, "cells"));
        Run* run = document.startRun(test::requestFor(document), false);
        QVERIFY(ui::ResultWriter::file(*run, Result::Uncertainty, "x").series.empty());
        run->take(test::snapshotOf(4, 4));
        const auto name = [run](Result result) { return ui::ResultWriter::fileName(*run, result); };
        QCOMPARE(name(Result::Uncertainty), QString("cells.std.ome.tif"));
        run->setSpread(Run::Spread::Relative);
        QCOMPARE(name(Result::Uncertainty), QString("cells.relative.ome.tif"));
        run->setSpread(Run::Spread::Interval);
        QCOMPARE(name(Result::Uncertainty), QString("cells.width.ome.tif"));
        QCOMPARE(name(Result::Deviation), QString("cells.std.ome.tif"));
        run->setSpread(Run::Spread::Exceedance);
        QCOMPARE(name(Result::Uncertainty), QString("cells.probability.ome.tif"));

        QTemporaryDir folder;
        const auto path = folder.filePath("cells.probability.ome.tif");
        ui::ResultWriter writer;
        QSignalSpy written(&writer, &ui::ResultWriter::written);
        writer.write({ui::ResultWriter::file(*run, Result::Uncertainty, path)});
        QVERIFY(written.wait());
        const auto series = io::open(path.toStdString());
        const auto shown = run->uncertainty()->stack()->readPlane({0, 1, 0});
        QCOMPARE(series->readPlane({0, 1, 0}).value(5, 5), shown.value(5, 5));
        QCOMPARE(QString::fromStdString(series->info().channels[1].name).section(" (", 1),
                 QString("P(x > 10.5), uncalibrated)"));
        QVERIFY(!series->info().annotations.empty());
    }

    void theStandardDeviationSaysWhetherItIsCalibrated() {
        ui::Document document;
        document.addImage(test::countingStack(32));
        Run* run = document.startRun(test::requestFor(document), false);
        auto snapshot = std::make_shared<posterior::Snapshot>(*test::snapshotOf(4, 4));
        run->take(snapshot);
        const auto channel = [run] {
            const auto file = ui::ResultWriter::file(*run, Result::Uncertainty, "x");
            return QString::fromStdString(file.series.at(0)->info().channels.at(0).name);
        };
        QVERIFY(!channel().contains("calibrated"));
        snapshot->stdCalibrated = true;
        QVERIFY(channel().endsWith(" (calibrated)"));
    }
};

QTEST_GUILESS_MAIN(TestResultWriter)
#include "tst_result_writer.moc"
