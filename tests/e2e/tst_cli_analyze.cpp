#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"

using namespace posteria;
using Json = nlohmann::json;

namespace {

constexpr int kSide = 80, kSamples = 6;

// Two channels by two slices. Slice z has squares of 8 x 8 pixels, 100 bright, on a grid; square i
// of channel c is there in sample k (and in the truth, k < 0) where `there` says so.
template <class F>
image::StackPtr squares(F&& there, int k) {
    image::StackInfo info;
    info.shape = {1, 2, 2, kSide, kSide};
    info.type = image::PixelType::Float32;
    info.voxelSize = image::VoxelSize{0.5, 0.5, 1};
    info.channels.resize(2);
    info.channels[0].name = "vesicles, \"bright\"";
    info.channels[1].name = "nuclei";
    std::vector<image::Plane> planes;
    for (int p = 0; p < 4; ++p) {
        void* memory = nullptr;
        planes.push_back(image::Plane::allocate(info.type, kSide, kSide, &memory));
        auto* out = static_cast<float*>(memory);
        std::mt19937 random(static_cast<unsigned>(100 * p + k + 1));
        std::normal_distribution<float> noise(10, 2);
        for (int i = 0; i < kSide * kSide; ++i)
            out[i] = noise(random);
        for (int i = 0; i < 9; ++i) {
            if (!there(p / 2, i, k)) continue;
            for (int y = 0; y < 8; ++y) {
                for (int x = 0; x < 8; ++x)
                    out[(10 + 25 * (i / 3) + y) * kSide + 10 + 25 * (i % 3) + x] += 100;
            }
        }
    }
    return image::makeMemoryStack(info, planes);
}

struct Outcome {
    int exitCode;
    QByteArray out, err;
};

}  // namespace

class TestCliAnalyze : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // Square i of the first channel is in the first i + 1 samples, the last four in all, those of
    // the second channel are in all. The truth has those that are in half of the samples or more.
    void initTestCase() {
        const auto there = [](int channel, int i, int k) {
            return channel == 1 || (k < 0 ? i >= 2 : k <= i);
        };
        std::vector<image::StackPtr> samples;
        for (int k = 0; k < kSamples; ++k)
            samples.push_back(squares(there, k));
        write("field.samples", samples);
        write("one", {samples[0]});
        write("truth", {squares(there, -1)});
        auto info = samples[0]->info();
        info.shape.z = 1;
        write("flat", {image::makeMemoryStack(info, {samples[0]->readPlane({0, 0, 0}),
                                                     samples[0]->readPlane({0, 1, 0})})});
    }

    void writesWhatTheContractPromises() {
        const Outcome run = analyze({file("field.samples"), "-o", out("all"), "--truth",
                                     file("truth"), "--min-area", "20", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Json report = Json::parse(run.out.toStdString());
        QCOMPARE(Json::parse(text("all/summary.json").toStdString()), report);
        QCOMPARE(report["samples"].get<int>(), kSamples);
        QCOMPARE(report["interval"].get<double>(), 0.9);
        // Six draws hold five sevenths of what there may be.
        QVERIFY(std::abs(report["interval_promises"].get<double>() - 5 / 7.0) < 1e-12);
        QCOMPARE(report["planes"].size(), std::size_t(2));
        QCOMPARE(report["settings"][1]["threshold"].get<std::string>(), std::string("otsu"));
        for (const auto& plane : report["planes"]) {
            const auto& first = plane["channels"][0];
            QCOMPARE(first["name"].get<std::string>(), std::string("vesicles, \"bright\""));
            const std::vector<double> counts{9, 8, 7, 6, 5, 4};
            QCOMPARE(first["count"]["samples"].get<std::vector<double>>(), counts);
            QCOMPARE(first["count"]["median"].get<double>(), 6.5);
            QCOMPARE(first["count"]["low"].get<double>(), 4.0);
            QCOMPARE(first["count"]["high"].get<double>(), 9.0);
            QCOMPARE(first["objects"].get<int>(), 9);
            QCOMPARE(first["truth"]["count"].get<double>(), 7.0);
            QVERIFY(first["truth"]["count_inside"].get<bool>());
            QVERIFY(first["count_of_mean"].get<int>() < 9);
            const auto& pair = plane["pairs"][0];
            QVERIFY(pair["pearson"]["samples"][0].get<double>() > 0.9);
            QVERIFY(pair["pearson"]["samples"][5].get<double>() < 0.8);
            QVERIFY(pair["manders_1"]["low"].get<double>() > 0.95);
            QVERIFY(std::abs(pair["manders_2"]["samples"][5].get<double>() - 4 / 9.0) < 0.05);
        }
    }

    void tablesAndPicturesAgree() {
        const auto lines = text("all/objects.csv").split('\n');
        const auto names = lines[0].split(',');
        // Two planes of 9 objects of both channels, and the end of the last line.
        QCOMPARE(lines.size(), 1 + 2 * 18 + 1);
        const auto labels = io::open(out("all/labels.ome.tif").toStdString());
        const auto presence = io::open(out("all/presence.ome.tif").toStdString());
        QCOMPARE(labels->info().type, image::PixelType::UInt32);
        QVERIFY(labels->shape() == presence->shape());
        QVERIFY(labels->shape() == io::open(file("field.samples").toStdString(), 0)->shape());
        QCOMPARE(labels->info().voxelSize->x, 0.5);
        std::vector<int> sure;
        for (int i = 1; i + 1 < lines.size(); ++i) {
            QString line = QString::fromUtf8(lines[i]);
            line.replace("\"vesicles, \"\"bright\"\"\"", "vesicles");
            const auto cells = line.split(',');
            QCOMPARE(cells.size(), names.size());
            const auto value = [&](const char* name) {
                return cells[names.indexOf(name)].toDouble();
            };
            const image::PlaneIndex plane{0, std::int64_t(value("channel")),
                                          std::int64_t(value("z"))};
            const auto x = std::int64_t(std::lround(value("x"))),
                       y = std::int64_t(std::lround(value("y")));
            QCOMPARE(labels->readPlane(plane).value(x, y), value("object"));
            QVERIFY(std::abs(presence->readPlane(plane).value(x, y) - value("presence")) < 1e-6);
            QVERIFY(std::abs(value("presence") - value("samples") / kSamples) < 1e-6);
            QVERIFY(std::abs(value("area") - 64) < 20);
            QVERIFY(value("area_low") <= value("area") && value("area") <= value("area_high"));
            QVERIFY(std::abs(value("area_um2") - value("area") / 4) < 1e-3);
            QVERIFY(std::abs(value("x_um") - value("x") / 2) < 1e-3);
            QVERIFY(std::abs(value("intensity") - 105) < 12);
            if (plane.c == 0 && plane.z == 0) sure.push_back(int(value("samples")));
        }
        QCOMPARE(sure, (std::vector<int>{6, 6, 6, 6, 5, 4, 3, 2, 1}));
    }

    void takesWhatIsAskedFor() {
        const Outcome run =
            analyze({file("field.samples"), "-o", out("part"), "--channel", "1", "--z", "1",
                     "--threshold", "60", "--smoothing", "0", "--max-area", "63", "--no-split"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY2(run.out.contains("channel nuclei: 0 objects"), run.out.constData());
        const Json report = Json::parse(text("part/summary.json").toStdString());
        QCOMPARE(report["planes"].size(), std::size_t(1));
        QCOMPARE(report["planes"][0]["z"].get<int>(), 1);
        QCOMPARE(report["settings"][0]["manual_threshold"].get<double>(), 60.0);
        QCOMPARE(report["settings"][0]["split"].get<bool>(), false);
        QVERIFY(report["planes"][0]["pairs"].empty());
        const auto labels = io::open(out("part/labels.ome.tif").toStdString());
        QCOMPARE(labels->shape().z, std::int64_t(1));
        QCOMPARE(labels->info().channels[0].name, std::string("nuclei"));
    }

    void refusesBadInput_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
        const QString samples = file("field.samples");
        QTest::newRow("no output") << QStringList{samples} << 2 << "--output";
        QTest::newRow("absent") << QStringList{file("none"), "-o", out("bad")} << 3 << "none";
        QTest::newRow("one image")
            << QStringList{file("one"), "-o", out("bad")} << 3 << "--save samples";
        QTest::newRow("other truth")
            << QStringList{samples, "-o", out("bad"), "--truth", file("flat")} << 3
            << "differs from the samples in size";
        QTest::newRow("no such channel")
            << QStringList{samples, "-o", out("bad"), "--channel", "2"} << 2 << "--channel";
        QTest::newRow("no such rule")
            << QStringList{samples, "-o", out("bad"), "--threshold", "best"} << 2
            << "otsu, li, triangle";
        QTest::newRow("too many thresholds")
            << QStringList{samples, "-o", out("bad"), "--threshold", "1,2,3"} << 2
            << "3 thresholds for 2 channels";
        QTest::newRow("areas") << QStringList{samples, "-o",         out("bad"), "--min-area",
                                              "9",     "--max-area", "8"}
                               << 2 << "largest area";
        QTest::newRow("overlap") << QStringList{samples, "-o", out("bad"), "--min-overlap", "0"}
                                 << 2 << "overlap";
    }

    void refusesBadInput() {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, exitCode);
        QFETCH(const QString, says);
        const Outcome run = analyze(arguments);
        QCOMPARE(run.exitCode, exitCode);
        QVERIFY2(QString::fromUtf8(run.err).contains(says), run.err.constData());
        QVERIFY(!QDir(out("bad")).exists());
    }

    // Stopped while it works: nothing half-written is left.
    void stopsCleanly() {
        QProcess process;
        process.start(POSTERIA_BIN_DIR "/posteria-cli",
                      {"analyze", largeSamples(), "-o", out("stopped")});
        QVERIFY(process.waitForStarted());
        // The first line of progress says that it is at work.
        process.setReadChannel(QProcess::StandardError);
        QVERIFY(process.waitForReadyRead(30000));
        process.terminate();
        QVERIFY(process.waitForFinished(30000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(!QDir(out("stopped")).exists() || QDir(out("stopped")).isEmpty());
    }

  private:
    QString file(const QString& name) const { return m_dir.filePath(name + ".ome.tif"); }
    QString out(const QString& name) const { return m_dir.filePath(name); }
    QByteArray text(const QString& name) const {
        QFile file(out(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QString& name, const std::vector<image::StackPtr>& series) {
        io::writeOmeTiff(file(name).toStdString(), series);
    }
    QString largeSamples() {
        image::StackInfo info;
        info.shape = {1, 1, 1, 1024, 1024};
        info.type = image::PixelType::Float32;
        std::mt19937 random(3);
        std::vector<image::StackPtr> samples;
        for (int k = 0; k < 24; ++k) {
            void* memory = nullptr;
            const auto plane = image::Plane::allocate(info.type, 1024, 1024, &memory);
            for (std::int64_t i = 0; i < plane.size(); ++i)
                static_cast<float*>(memory)[i] = static_cast<float>(random() % 100);
            samples.push_back(image::makeMemoryStack(info, {plane}));
        }
        write("large", samples);
        return file("large");
    }
    static Outcome analyze(const QStringList& arguments) {
        QProcess process;
        process.start(POSTERIA_BIN_DIR "/posteria-cli", QStringList{"analyze"} + arguments);
        if (!process.waitForFinished(60000)) return {-1, {}, process.errorString().toUtf8()};
        return {process.exitCode(), process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(TestCliAnalyze)
#include "tst_cli_analyze.moc"
