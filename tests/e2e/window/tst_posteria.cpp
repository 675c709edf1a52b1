// The program posteria as it is started: options, exit codes, what it loads and when.
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/ome_tiff_writer.h"
#include "tests/ui/stacks.h"

using namespace posteria;

namespace {

const auto kProgram = QStringLiteral(POSTERIA_BIN_DIR "/posteria");
const auto kSample =
    QStringLiteral(POSTERIA_SOURCE_DIR "/resources/samples/filaments-vesicles.ome.tif");
const auto kModel =
    QStringLiteral(POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria");
const auto kEngine = QStringLiteral(POSTERIA_LIB_DIR "/libposteria-engine.so");

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestPosteria : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString in(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QStringList withSettings(QStringList arguments) const {
        return arguments << "--settings" << in("settings.ini");
    }

    int run(const QStringList& arguments, int seconds = 60) {
        QProcess program;
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        program.start(kProgram, withSettings(arguments));
        if (!program.waitForFinished(seconds * 1000)) {
            program.kill();
            program.waitForFinished();
            return -1;
        }
        return program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -2;
    }

  private Q_SLOTS:
    void initTestCase() { QVERIFY2(QFile::exists(kProgram), qPrintable(kProgram)); }

    void wrongUsage_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown option") << QStringList{"--bogus"};
        QTest::newRow("layout of a later version") << QStringList{"--layout", "tesseract"};
    }
    void wrongUsage() {
        QFETCH(QStringList, arguments);
        QCOMPARE(run(arguments), 2);
    }

    void badInputHasTheContractsExitCode() {
        QCOMPARE(run({in("nothing.tif"), "--exit"}), 3);
        QFile text(in("text.tif"));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("no picture") > 0);
        text.close();
        QCOMPARE(run({in("text.tif"), "--exit"}), 3);
        QCOMPARE(run({"--model", in("nothing.posteria"), "--exit"}), 4);
        QCOMPARE(run({"--screenshot", in("no/such/folder.png"), "--exit"}), 1);
    }

    void savesAPictureOfTheWholeWindow() {
        QCOMPARE(run({kSample, "--screenshot", in("window.png"), "--exit"}), 0);
        const QImage picture(in("window.png"));
        QVERIFY(picture.width() >= 800 && picture.height() >= 600);
        // The image is in the middle: many different grey values, opaque.
        QSet<QRgb> values;
        for (int x = picture.width() / 3; x < picture.width() * 2 / 3; x += 3)
            values.insert(picture.pixel(x, picture.height() / 2));
        QVERIFY2(values.size() > 20, qPrintable(QString::number(values.size())));
        QCOMPARE(qAlpha(picture.pixel(picture.width() / 2, picture.height() / 2)), 255);
    }

    void lookingLoadsNoLibTorchAndLittleMemory() {
        QProcess program;
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(kProgram,
                      withSettings({kSample, "--screenshot", in("looking.png"), "--verbose"}));
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += program.readAll()).contains("Window painted"), 20000);
        // The picture is taken once the image is on the screen; the window then stays.
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(in("looking.png")), 20000);
        const auto process = QStringLiteral("/proc/%1/").arg(program.processId());
        const auto maps = contentOf(process + "maps");
        const auto status = contentOf(process + "status");
        program.kill();
        program.waitForFinished();
        if (maps.isEmpty()) QSKIP("this system has no /proc");
        QVERIFY(maps.contains("libvtk"));
        QVERIFY(!maps.contains("libtorch"));
        const auto line = status.mid(status.indexOf("VmRSS:") + 6);
        const double megabytes = line.left(line.indexOf("kB")).trimmed().toDouble() / 1024;
        qInfo("resident with an image and no model: %.0f MB", megabytes);
        QVERIFY(megabytes > 0 && megabytes < 200);
    }

    void restoresByItself() {
        if (!QFile::exists(kEngine)) QSKIP("the engine was not built");
        if (!QFile::exists(kModel)) QSKIP("no model is bundled");
        io::writeOmeTiff(in("small.ome.tif").toStdString(), {test::countingStack(96)});
        QCOMPARE(run({in("small.ome.tif"), "--model", kModel, "--restore", "--screenshot",
                      in("done.png"), "--exit"},
                     300),
                 0);
        QVERIFY(!QImage(in("done.png")).isNull());
    }
};

QTEST_GUILESS_MAIN(TestPosteria)
#include "tst_posteria.moc"
