// The page about many files: whole in itself, with every file's state, pictures that can be opened,
// figures of its report, and the command that does the same.
#include <QFile>
#include <QImage>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/batch_summary.h"
#include "core/engine/report.h"
#include "core/io/ome_tiff_writer.h"
#include "tests/ui/stacks.h"

using namespace posteria;
using namespace posteria::engine;

class TestBatchSummary : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RestoreJob m_job;

    std::string path(const char* name) const {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }
    QString page(const std::vector<SummaryFile>& files) const {
        writeBatchSummary(path("out/summary.html"), m_job, files, {});
        QFile file(QString::fromStdString(path("out/summary.html")));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    SummaryFile restored(const char* name) const {
        SummaryFile file;
        file.input = path(name);
        file.state = SummaryFile::State::Done;
        const auto base = path("out/") + resultStem(file.input);
        file.report = base + ".report.json";
        io::writeOmeTiff(file.input, {test::countingStack(64)});
        io::writeOmeTiff(base + ".mean.ome.tif", {test::countingStack(64, 2)});
        io::writeOmeTiff(base + ".std.ome.tif", {test::floatStack(64, 2, 3.f)});
        RunReport report;
        report.samples = 8;
        report.severity = {0.31, 0.69};
        report.severityEstimated = true;
        report.secondsTotal = 75;
        report.calibrated = true;
        report.warnings = {"Pixels are saturated: <5 %."};
        writeTextFile(file.report, reportJson(report, file.input, "abc", "command"));
        return file;
    }

  private Q_SLOTS:
    void initTestCase() {
        ensureFolder(path("out"));
        m_job.outputFolder = path("out");
        m_job.settings.model =
            POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria";
        m_job.settings.seed = 3;
    }

    void everyFileIsToldOf() {
        SummaryFile bad, late;
        bad.input = path("a & <b>.tif");
        bad.state = SummaryFile::State::Failed;
        bad.problem = "The file ends too early.";
        bad.hint = "Copy it again.";
        late.input = path("late.tif");
        m_job.inputs = {path("good.tif"), bad.input, late.input};
        const auto html = page({restored("good.tif"), bad, late});
        QVERIFY(html.contains("<b>1</b> restored") && html.contains("<b>1</b> failed") &&
                html.contains("<b>1</b> not begun"));
        QVERIFY(html.contains("The file ends too early.") && html.contains("Copy it again."));
        QVERIFY(html.contains("a &amp; &lt;b&gt;.tif") && !html.contains("<b>.tif"));
        QVERIFY(html.contains("0.31, 0.69 (estimated)"));
        QVERIFY(html.contains("1 min 15 s") && html.contains("calibrated"));
        QVERIFY(html.contains("Pixels are saturated: &lt;5 %."));
        // The defaults that were used are named: the model's sampler, steps and samples.
        QVERIFY(html.contains("cfm-heun") && html.contains(">Samples</span>16<"));
        // Nothing is fetched from anywhere.
        QVERIFY(!html.contains(QRegularExpression("(src|href)=\"(?!data:)")));
    }

    void picturesAreInside() {
        const auto html = page({restored("good.tif")});
        auto found =
            QRegularExpression("data:image/png;base64,([A-Za-z0-9+/=]+)\"").globalMatch(html);
        QList<QImage> images;
        while (found.hasNext())
            images << QImage::fromData(QByteArray::fromBase64(found.next().captured(1).toLatin1()),
                                       "PNG");
        QCOMPARE(images.size(), 3);  // input, mean, uncertainty
        for (const auto& image : images)
            QCOMPARE(image.size(), QSize(64, 64));
        QVERIFY(images[0].pixelColor(32, 2).value() < images[0].pixelColor(32, 61).value());
    }

    void resultsThatAreGoneAreSaidToBe() {
        auto file = restored("good.tif");
        QFile::remove(QString::fromStdString(file.input));
        QFile::remove(QString::fromStdString(file.report));
        const auto html = page({file});
        QVERIFY(html.contains("input: "));  // and why it cannot be shown
        QVERIFY(html.contains("class=\"bad\">"));
    }

    void theCommandDoesTheSame() {
        m_job.inputs = {"/data/one cell.tif", "/data/two.tif"};
        m_job.oneAcquisition = true;
        m_job.resume = true;
        const auto line = QString::fromStdString(batchCommand(m_job, "/out/summary.html"));
        QVERIFY2(
            line.startsWith("posteria-cli restore '/data/one cell.tif' /data/two.tif --model "),
            qPrintable(line));
        QVERIFY(line.contains(" --sampler cfm-heun --steps 5 --samples 16 --seed 3 "));
        QVERIFY(
            line.contains(" --save mean,std --one-acquisition --resume --summary "
                          "/out/summary.html"));
        // An estimate over all files is not what the user gave.
        m_job.settings.severity = 0.4;
        m_job.settings.severityEstimated = true;
        QVERIFY(!QString::fromStdString(batchCommand(m_job, {})).contains("--severity"));
        m_job.settings.severityEstimated = false;
        const auto given = QString::fromStdString(batchCommand(m_job, {}));
        QVERIFY(given.contains("--severity 0.4") && !given.contains("--one-acquisition"));
    }
};

QTEST_APPLESS_MAIN(TestBatchSummary)
#include "tst_batch_summary.moc"
