// posteria-cli info and convert as they are run: reports, exit codes, bad input, a full disk.
#include <sys/resource.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>

#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/io/oracle.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

namespace {

struct Result {
    int code = -1;
    QByteArray out, error;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

void configure(QProcess& process, const QStringList& arguments) {
    process.setProgram(QString(POSTERIA_BIN_DIR) + "/posteria-cli");
    process.setArguments(arguments);
}

Result finish(QProcess& process) {
    if (!process.waitForFinished(60000)) return {-1, {}, "did not finish"};
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

Result run(const QStringList& arguments) {
    QProcess process;
    configure(process, arguments);
    process.start();
    return finish(process);
}

}  // namespace

class TestCliIo : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const auto pixels = stacks::make(image::PixelType::UInt16, {2, 2, 3, 40, 50}, "cells");
        auto info = pixels->info();
        info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
        info.channels = {{"DNA", 0x0000ff, 405.0, 461.0, {}}, {"actin", {}, {}, {}, {}}};
        io::OmeTiffWriter writer(path("cells.ome.tif").toStdString(), {info});
        for (int i = 0; i < 12; ++i)
            writer.writePlane(*pixels, {i / 6, i / 3 % 2, i % 3});
        writer.finish();
    }

    void versionAndHelp() {
        QVERIFY(run({"--version"}).out.startsWith("posteria-cli "));
        QCOMPARE(run({"--help"}).code, 0);
        for (const char* command : {"info", "convert"}) {
            const auto help = run({command, "--help"});
            QCOMPARE(help.code, 0);
            for (const char* option : {"--json", "--verbose", "--quiet", "--log"})
                QVERIFY2(help.out.contains(option), option);
        }
    }

    void infoJson() {
        const auto result = run({"info", path("cells.ome.tif"), "--json", "--checksum"});
        QCOMPARE(result.code, 0);
        const auto report = result.json();
        QCOMPARE(report["path"].toString(), path("cells.ome.tif"));
        QCOMPARE(report["reader"].toString(), QString("tiff"));
        QVERIFY(report["warnings"].isArray());
        QCOMPARE(report["series"].toArray().size(), 1);
        const auto series = report["series"].toArray()[0].toObject();
        QCOMPARE(series["name"].toString(), QString("cells"));
        QCOMPARE(series["axes"].toString(), QString("TCZYX"));
        QCOMPARE(series["shape"].toObject(),
                 (QJsonObject{{"T", 2}, {"C", 2}, {"Z", 3}, {"Y", 40}, {"X", 50}}));
        QCOMPARE(series["pixel_type"].toString(), QString("uint16"));
        QCOMPARE(series["voxel_size"].toObject(),
                 (QJsonObject{{"x", 0.1}, {"y", 0.1}, {"z", 0.3}, {"unit", "um"}}));
        QVERIFY(series["time_increment_s"].isNull());
        const auto channels = series["channels"].toArray();
        QCOMPARE(channels[0].toObject(), (QJsonObject{{"name", "DNA"},
                                                      {"color", "#0000ff"},
                                                      {"excitation_nm", 405},
                                                      {"emission_nm", 461}}));
        QVERIFY(channels[1].toObject()["color"].isNull());
        QCOMPARE(series["levels"].toArray(), (QJsonArray{QJsonArray{40, 50}}));
        QCOMPARE(series["compression"].toString(), QString("deflate"));
        QVERIFY(!series["tiled"].toBool());
        QCOMPARE(series["bytes"].toInt(), 2 * 2 * 3 * 40 * 50 * 2);
        QCOMPARE(series["min"].toInt(), 0);
        QCOMPARE(series["max"].toInt(), 119 * 500);
        const auto sums = series["plane_sums"].toArray();
        QCOMPARE(sums.size(), 12);
        double expected = 0;
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 50; ++x)
                expected += stacks::expectedValue(image::PixelType::UInt16, 0, 1, 2, y, x);
        }
        QCOMPARE(sums[5].toDouble(), expected);
    }

    void infoForPeople() {
        const auto result = run({"info", path("cells.ome.tif")});
        QCOMPARE(result.code, 0);
        QVERIFY(result.out.contains("0.1 x 0.1 x 0.3 um"));
        QVERIFY(result.out.contains("actin"));
    }

    void convertKeepsPixelsAndMeaning_data() {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("plain") << QStringList{};
        QTest::newRow("none") << QStringList{"--compression", "none"};
        QTest::newRow("lzw tiles") << QStringList{"--compression", "lzw", "--tile", "16"};
        QTest::newRow("zstd bigtiff") << QStringList{"--compression", "zstd", "--bigtiff", "yes"};
        QTest::newRow("pyramid") << QStringList{"--pyramid"};
        QTest::newRow("series") << QStringList{"--series", "0"};
    }
    void convertKeepsPixelsAndMeaning() {
        QFETCH(QStringList, options);
        const auto result =
            run(QStringList{"convert", path("cells.ome.tif"), path("out.ome.tif")} + options);
        QVERIFY2(result.code == 0, result.error.constData());
        const auto before = io::open(path("cells.ome.tif").toStdString()),
                   after = io::open(path("out.ome.tif").toStdString());
        QCOMPARE(stacks::difference(*before, *after), std::string());
        QCOMPARE(after->info().channels[0].name, std::string("DNA"));
        QCOMPARE(after->info().voxelSize->z, 0.3);
        QVERIFY(result.out.isEmpty());
        QVERIFY(result.error.contains("12/12 planes"));
    }

    // What the file says of its pixels is passed on, to whatever kind of file is written.
    void convertKeepsTheDescription() {
        const auto pixels =
            stacks::make(image::PixelType::Float32, {3, 2, 2, 300, 310}, "Zelle \xC3\xA4");
        auto info = pixels->info();
        info.voxelSize = image::VoxelSize{0.108, 0.109, 0.3};
        info.timeIncrementS = 12.5;
        info.channels = {{"\xCE\xB1-tubulin", 0x00ff00, 488.0, 525.0, {}},
                         {"actin", 0xff00ff, {}, 670.5, {}}};
        info.annotations = {{"model.sha256", "abc"}, {"command", "posteria-cli restore 'a b.tif'"}};
        {
            io::OmeTiffWriter writer(path("in.ome.tif").toStdString(), {info});
            for (int i = 0; i < 12; ++i)
                writer.writePlane(*pixels, {i / 4, i / 2 % 2, i % 2});
            writer.finish();
        }
        for (const auto& options :
             {QStringList{}, QStringList{"--pyramid", "--compression", "zstd"},
              QStringList{"--tile", "64", "--bigtiff", "yes", "--series", "0"}}) {
            const auto result = run(
                QStringList{"convert", path("in.ome.tif"), path("out.ome.tif"), "-q"} + options);
            QVERIFY2(result.code == 0, result.error.constData());
            const auto read = io::open(path("out.ome.tif").toStdString());
            const auto& after = read->info();
            QCOMPARE(stacks::difference(*pixels, *read), std::string());
            QCOMPARE(after.name, info.name);
            QVERIFY(after.voxelSize->x == 0.108 && after.voxelSize->y == 0.109 &&
                    after.voxelSize->z == 0.3);
            QCOMPARE(*after.timeIncrementS, 12.5);
            for (std::size_t c = 0; c < 2; ++c) {
                QCOMPARE(after.channels[c].name, info.channels[c].name);
                QVERIFY(after.channels[c].color == info.channels[c].color);
                QVERIFY(after.channels[c].excitationNm == info.channels[c].excitationNm);
                QVERIFY(after.channels[c].emissionNm == info.channels[c].emissionNm);
            }
            QVERIFY(after.annotations == info.annotations);
            QCOMPARE(after.levels.size(), std::size_t(options.contains("--pyramid") ? 2 : 1));
            QCOMPARE(after.tiled, !options.isEmpty());
            QFile file(path("out.ome.tif"));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(static_cast<int>(file.read(3).back()),
                     options.contains("--bigtiff") ? 43 : 42);
        }
    }

    void convertsThroughPlugins() {
        const auto zarr = path("cells.ome.zarr");
        auto result = run({"convert", path("cells.ome.tif"), zarr, "--pyramid"});
        QVERIFY2(result.code == 0, result.error.constData());
        QVERIFY(result.error.contains("12/12 planes"));
        const auto report = run({"info", zarr, "--json", "--checksum"}).json();
        QCOMPARE(report["reader"].toString(), QString("posteria.ome-zarr"));
        const auto after = report["series"].toArray()[0].toObject();
        const auto before = run({"info", path("cells.ome.tif"), "--json", "--checksum"})
                                .json()["series"]
                                .toArray()[0]
                                .toObject();
        for (const char* key : {"shape", "pixel_type", "voxel_size", "plane_sums", "min", "max",
                                "name", "axes", "time_increment_s"})
            QVERIFY2(before[key] == after[key], key);
        QCOMPARE(after["channels"].toArray()[0].toObject()["color"].toString(), QString("#0000ff"));
        // And back.
        QCOMPARE(run({"convert", zarr, path("back.ome.tif"), "-q"}).code, 0);
        const auto first = io::open(path("cells.ome.tif").toStdString()),
                   last = io::open(path("back.ome.tif").toStdString());
        QCOMPARE(stacks::difference(*first, *last), std::string());
        // A folder that exists is not replaced.
        result = run({"convert", path("cells.ome.tif"), zarr, "-q"});
        QCOMPARE(result.code, 1);
        QVERIFY(result.error.contains("not replaced"));
        QCOMPARE(result.error.count('\n'), 1);
        // A damaged chunk is one sentence.
        write("cells.ome.zarr/0/0/0/0/0/0", "short");
        result = run({"info", zarr});
        QCOMPARE(result.code, 3);
        QVERIFY(result.error.contains("damaged or cut short") && result.error.count('\n') == 1);
    }

    void listsPlugins() {
        QVERIFY(QDir().mkpath(path("plugins")));
        write("plugins/broken.so", "not a library");
        QProcess process;
        configure(process, {"plugins", "--json"});
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("POSTERIA_PLUGINS", path("plugins"));
        process.setProcessEnvironment(environment);
        process.start();
        const auto result = finish(process);
        QCOMPARE(result.code, 0);
        QCOMPARE(result.json()["folders"].toArray()[0].toString(), path("plugins"));
        const auto plugins = result.json()["plugins"].toArray();
        const auto broken = plugins[0].toObject();
        QVERIFY(!broken["ready"].toBool());
        QVERIFY(broken["problem"].toString().contains("not a complete shared library"));
        QStringList ready;
        for (const auto& entry : plugins) {
            if (entry.toObject()["ready"].toBool()) ready << entry.toObject()["id"].toString();
        }
        QVERIFY(ready.contains("posteria.ome-zarr") && ready.contains("posteria.gaussian-blur"));
        QVERIFY(run({"plugins"}).out.contains("posteria.ome-zarr-writer"));
    }

    void convertSpeaksJson() {
        const auto result =
            run({"convert", path("cells.ome.tif"), path("out.ome.tif"), "--json", "-q"});
        QCOMPARE(result.code, 0);
        QVERIFY(result.error.isEmpty());
        QCOMPARE(result.json()["output"].toString(), path("out.ome.tif"));
    }

    void convertARealHyperstack() {
        const QString real =
            QString::fromStdString(oracle::folder()) + "/real/tiny_5d_t4z10c2_u16.tif";
        if (!QFile::exists(real)) QSKIP("the shared data are absent");
        QCOMPARE(run({"convert", real, path("real.ome.tif"), "--compression", "zstd"}).code, 0);
        const auto before =
            run({"info", real, "--json", "--checksum"}).json()["series"].toArray()[0].toObject();
        const auto after = run({"info", path("real.ome.tif"), "--json", "--checksum"})
                               .json()["series"]
                               .toArray()[0]
                               .toObject();
        for (const char* key :
             {"shape", "pixel_type", "voxel_size", "plane_sums", "min", "max", "name"}) {
            QVERIFY2(before[key] == after[key], key);
        }
    }

    void badInput_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("word");
        QTest::newRow("missing") << "nothing.tif"
                                 << "no such file";
        QTest::newRow("empty") << "empty.tif"
                               << "empty";
        QTest::newRow("cut short") << "cut.tif"
                                   << "cut short";
        QTest::newRow("no image") << "text.tif"
                                  << "not an image";
        QTest::newRow("folder") << "."
                                << "folder";
    }
    void badInput() {
        QFETCH(QString, name);
        QFETCH(QString, word);
        QFile whole(path("cells.ome.tif"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        write("empty.tif", {});
        write("cut.tif", whole.readAll().left(3000));
        write("text.tif", "Dear diary, today I looked at cells.");
        for (const auto& arguments : {QStringList{"info", path(name), "--json"},
                                      QStringList{"convert", path(name), path("out.ome.tif")}}) {
            const auto result = run(arguments);
            QCOMPARE(result.code, 3);
            QVERIFY(result.out.isEmpty());
            QVERIFY2(result.error.contains(word.toUtf8()), result.error.constData());
            QCOMPARE(result.error.count('\n'), 1);
            QVERIFY(result.error.contains(path(name).toUtf8()));
            QVERIFY(!QFile::exists(path("out.ome.tif")));
        }
    }

    void wrongUsage_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("unknown command") << QStringList{"transmogrify"};
        QTest::newRow("no file") << QStringList{"info"};
        QTest::newRow("unknown option") << QStringList{"info", "a.tif", "--fast"};
        QTest::newRow("unknown codec")
            << QStringList{"convert", "a.tif", "b.tif", "--compression", "rar"};
        QTest::newRow("odd tile") << QStringList{"convert", "a.tif", "b.tif", "--tile", "100"};
        QTest::newRow("negative series")
            << QStringList{"convert", "a.tif", "b.tif", "--series", "-1"};
    }
    void wrongUsage() {
        QFETCH(QStringList, arguments);
        const auto result = run(arguments);
        QCOMPARE(result.code, 2);
        QVERIFY(!result.error.isEmpty());
    }

    void noSuchSeries() {
        QCOMPARE(run({"convert", path("cells.ome.tif"), path("o.tif"), "--series", "1"}).code, 3);
    }

    void unwritableFolder() {
        const auto result = run({"convert", path("cells.ome.tif"), path("none/out.ome.tif")});
        QCOMPARE(result.code, 1);
        QVERIFY(result.error.contains("cannot be written"));
        // A file where a folder is needed fails for every user, root included.
        QCOMPARE(run({"convert", path("cells.ome.tif"), path("cells.ome.tif/out.tif")}).code, 1);
    }

    void fullDiskLeavesNothing() {
        // A limit on the file size stands in for a full disk: write() fails in the same place.
        QProcess process;
        configure(process, {"convert", path("cells.ome.tif"), path("out.ome.tif"), "--compression",
                            "none", "-q"});
        process.setChildProcessModifier([] {
            const rlimit small{16 << 10, 16 << 10};
            setrlimit(RLIMIT_FSIZE, &small);
        });
        process.start();
        const auto result = finish(process);
        QCOMPARE(result.code, 1);
        QVERIFY2(result.error.contains("cannot be written"), result.error.constData());
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden),
                 QStringList("cells.ome.tif"));
    }

    void reportOnAFullDeviceFails() {
        QProcess process;
        configure(process, {"info", path("cells.ome.tif"), "--json"});
        process.setStandardOutputFile("/dev/full");
        process.start();
        QCOMPARE(finish(process).code, 1);
    }

    void stopsOnSignal() {
        // Incompressible and large enough to be stopped in the middle.
        io::OmeTiffOptions options;
        options.compression = io::Compression::None;
        io::writeOmeTiff(path("large.ome.tif").toStdString(),
                         {stacks::make(image::PixelType::Float64, {1, 1, 64, 512, 512})}, options);
        QProcess process;
        configure(process, {"convert", path("large.ome.tif"), path("out.ome.tif")});
        process.setReadChannel(QProcess::StandardError);
        process.start();
        // Its first progress line says that it is at work.
        QVERIFY(process.waitForReadyRead(30000));
        process.terminate();
        const auto result = finish(process);
        QCOMPARE(result.code, 130);
        QVERIFY(!QFile::exists(path("out.ome.tif")));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 2);
    }

    void logFile() {
        QCOMPARE(run({"info", path("none.tif"), "--log", path("run.log")}).code, 3);
        QFile log(path("run.log"));
        QVERIFY(log.open(QIODevice::ReadOnly));
        const auto text = log.readAll();
        QVERIFY(text.contains("none.tif") && text.contains("no such file"));
    }

  private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestCliIo)
#include "tst_cli_io.moc"
