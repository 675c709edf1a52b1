// posteria-cli simulate, restore and models as they are run, with the model that ships: a real file
// goes in, mean, deviation and report come out; the report's own command does it again; bad input
// ends in one sentence and the contract's exit code, with nothing half-written.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <csignal>
#include <numeric>

#include "core/analysis/evaluation.h"
#include "core/analysis/seam_score.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "core/package/calibration.h"
#include "tests/core/io/python.h"
#include "tests/core/io/stacks.h"
#include "tests/e2e/cli_engine/program.h"
#include "tests/e2e/imagej.h"

using namespace posteria;

namespace {

const char* kModel = "split-filaments-vesicles";
const QString kReal =
    QString(POSTERIA_SHARED_DATA) + "/real/cell_dna_microtubules_actin_3ch_u16.tif";

std::vector<float> pixels(const QString& file, std::int64_t channel = 0, int series = 0) {
    const auto plane = io::open(file.toStdString(), series)->readPlane({0, channel, 0}).toFloat();
    return {plane.as<float>(), plane.as<float>() + plane.size()};
}

QJsonObject report(const QString& file) {
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(f.readAll()).object()
                                       : QJsonObject();
}

double rootMeanSquare(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::pow(static_cast<double>(a[i]) - b[i], 2);
    return std::sqrt(sum / static_cast<double>(a.size()));
}

}  // namespace

class TestCliRestore : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    QString path(const QString& name) const { return m_folder->filePath(name); }
    QStringList restore(const QString& input, const QStringList& more = {}) const {
        return QStringList{"restore", input, "--model", kModel, "-o", path("out"), "-q"} + more;
    }
    void simulate(const char* size = "128", const char* photons = "300") const {
        const auto r = run({"simulate", "--task", "split", "--size", size, "--photons", photons,
                            "--seed", "4", "-o", path("sim"), "-q"});
        QVERIFY2(r.code == 0, r.error);
    }

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    // Their figures, too, and each with its recipe, log and a sample image.
    void theModelsAreWhole() {
        const QDir models(POSTERIA_SOURCE_DIR "/resources/models"),
            samples(POSTERIA_SOURCE_DIR "/resources/samples");
        const auto packages = models.entryList({"*.posteria"}, QDir::Dirs);
        QVERIFY(packages.size() >= 5);
        const auto suited = report(samples.filePath("samples.json"));
        for (const auto& package : packages) {
            const auto r = run({"models", "check", models.filePath(package), "--json"});
            QVERIFY2(r.code == 0, r.error);
            const auto name = package.section('.', 0, 0);
            for (const char* beside : {".recipe.json", ".training.log"})
                QVERIFY2(models.exists(name + beside), qPrintable(name + beside));
            const auto sample = suited.keys().filter(".ome.tif");
            QVERIFY2(std::any_of(sample.begin(), sample.end(),
                                 [&](const QString& file) {
                                     return suited[file].toString() == name && samples.exists(file);
                                 }),
                     qPrintable(name));
        }
    }

    void realFileGoesThrough() {
        if (!QFile::exists(kReal)) QSKIP("the shared microscopy files are not here");
        const auto r = run(restore(
            kReal, {"--channel", "1", "--roi", "100,80,96,112", "--steps", "3", "--samples", "3",
                    "--seed", "9", "--save", "mean,std,samples,q05,q95,residual", "--json"}));
        QVERIFY2(r.code == 0, r.error);
        const QString stem = path("out/cell_dna_microtubules_actin_3ch_u16");
        const auto mean = io::open((stem + ".mean.ome.tif").toStdString());
        QCOMPARE(mean->shape(), (image::Shape{1, 2, 1, 112, 96}));
        QCOMPARE(mean->info().channels[0].name, std::string("filaments"));
        QCOMPARE(pixels(stem + ".std.ome.tif").size(), std::size_t(96 * 112));
        QCOMPARE(io::openAll((stem + ".samples.ome.tif").toStdString()).size(), std::size_t(3));
        const auto json = report(stem + ".report.json");
        QCOMPARE(r.json().value("files").toArray().first().toObject().value("command"),
                 json.value("command"));
        for (const char* key : {"app_version",
                                "libtorch_version",
                                "model",
                                "sampler",
                                "steps",
                                "samples",
                                "seed",
                                "severity",
                                "device",
                                "precision",
                                "tile",
                                "overlap",
                                "network_calls",
                                "seconds_network",
                                "seconds_total",
                                "peak_memory_bytes",
                                "input",
                                "seam_score",
                                "monte_carlo_error",
                                "residual_structure",
                                "calibration",
                                "warnings",
                                "command"}) {
            QVERIFY2(json.contains(key), key);
        }
        // Heun's three steps take five calls, the first of them known; and one for the mean.
        QCOMPARE(json.value("network_calls").toInt(), 3 * 4 + 1);
        QCOMPARE(json.value("model").toObject().value("sha256").toString().size(), 64);
        // The exact line that does it again does it again, bit for bit.
        const auto before = pixels(stem + ".mean.ome.tif");
        QStringList again =
            QProcess::splitCommand(json.value("command").toString().replace('\'', '"'));
        again.removeFirst();
        again.replace(again.indexOf("-o") + 1, path("again"));
        QVERIFY2(run(again).code == 0, "the report's command failed");
        QVERIFY(pixels(path("again/cell_dna_microtubules_actin_3ch_u16.mean.ome.tif")) == before);
    }

    // The result as tifffile and ImageJ see it: axes, voxel size, names, and how it came about.
    void othersOpenTheResult() {
        const auto made = stacks::make(image::PixelType::UInt16, {2, 1, 3, 64, 80}, "cells");
        auto info = made->info();
        info.voxelSize = image::VoxelSize{0.108, 0.108, 0.3};
        info.timeIncrementS = 30;
        io::OmeTiffWriter writer(path("cells.ome.tif").toStdString(), {info});
        for (int i = 0; i < 6; ++i)
            writer.writePlane(*made, {i / 3, 0, i % 3});
        writer.finish();
        const auto r = run(restore(path("cells.ome.tif"), {"--steps", "2", "--samples", "2"}));
        QVERIFY2(r.code == 0, r.error);
        for (const char* part : {"mean", "std"}) {
            const auto file = path(QString("out/cells.%1.ome.tif").arg(part));
            if (python::run("import tifffile").first == 0) {
                const auto [code, output] = python::run(R"(
import sys, tifffile, xml.etree.ElementTree as E
with tifffile.TiffFile(sys.argv[1]) as f:
    s = f.series[0]
    assert s.axes == 'TCZYX' and s.shape == (2, 2, 3, 64, 80) and s.dtype == 'float32', (s.axes, s.shape)
    assert s.asarray().std() > 0
    root = E.fromstring(f.ome_metadata)
    p = root.find('.//{*}Pixels')
    assert [float(p.get('PhysicalSize' + a)) for a in 'XYZ'] == [0.108, 0.108, 0.3], p.attrib
    assert float(p.get('TimeIncrement')) == 30
    assert [c.get('Name').startswith(n) for c, n in zip(p.findall('{*}Channel'), ('filaments', 'vesicles'))] == [True, True]
    facts = {m.get('K'): m.text for m in root.iter() if m.tag.endswith('}M')}
    assert 'split-filaments-vesicles' in facts.values() and any(len(v) == 64 for v in facts.values()), facts
)",
                                                        {file.toStdString()});
                QVERIFY2(code == 0, output.constData());
            }
            if (!imagej::isInstalled()) continue;
            const auto seen = io::open(file.toStdString());
            const auto lines = imagej::look(file, 2, 3, 2, 70, 50);
            QVERIFY2(lines.size() == 13, qPrintable(lines.join('\n')));
            QCOMPARE(lines[0], QString("80 64 12 32 0.108000 0.108000 um"));
            for (int i = 0; i < 12; ++i) {
                const double ours = seen->readPlane({i / 6, i / 3 % 2, i % 3}).value(70, 50);
                QVERIFY(std::abs(lines[i + 1].toDouble() - ours) <= 1e-3 + 1e-6 * std::abs(ours));
            }
        }
    }

    // A folder of OME-Zarr is an input like any other.
    void omeZarrGoesThrough() {
        simulate("96");
        const QString tiff = path("sim/input_000.ome.tif"), zarr = path("sim/input.ome.zarr");
        QCOMPARE(run({"convert", tiff, zarr, "--tile", "64", "-q"}).code, 0);
        const QStringList quick{"--steps", "1", "--samples", "2", "--seed", "3"};
        for (const auto& input : {tiff, zarr + "/"}) {
            const auto r = run(restore(input, quick));
            QVERIFY2(r.code == 0, r.error);
        }
        QVERIFY(pixels(path("out/input.mean.ome.tif")) ==
                pixels(path("out/input_000.mean.ome.tif")));
        const auto input = report(path("out/input.report.json")).value("input").toObject();
        QCOMPARE(input.value("sha256").toString().size(), 64);
        const auto mean = io::open(path("out/input.mean.ome.tif").toStdString());
        QCOMPARE(mean->info().voxelSize->x, io::open(tiff.toStdString())->info().voxelSize->x);
    }

    // The two channels come closer to the truth than half the input does.
    void restoringBeatsDoingNothing() {
        simulate("128", "500");
        const auto r =
            run(restore(path("sim/input_000.ome.tif"), {"--samples", "4", "--severity", "0.5"}));
        QVERIFY2(r.code == 0, r.error);
        const auto input = pixels(path("sim/input_000.ome.tif"));
        for (int c = 0; c < 2; ++c) {
            const auto truth = pixels(path("sim/truth_000.ome.tif"), c);
            std::vector<float> half;
            for (float y : input)
                half.push_back((y - 100) / 2);
            const double restored =
                rootMeanSquare(pixels(path("out/input_000.mean.ome.tif"), c), truth);
            const double trivial = rootMeanSquare(half, truth);
            QVERIFY2(
                restored < 0.7 * trivial,
                qPrintable(QString("channel %1: %2 against %3").arg(c).arg(restored).arg(trivial)));
        }
    }

    // Cut into tiles or not: means differ by no more than their own Monte-Carlo error, and no
    // border shows.
    void tilesDoNotShow() {
        simulate("384");
        const QString input = path("sim/input_000.ome.tif");
        const QStringList common{"--samples",  "4",   "--steps", "4",
                                 "--severity", "0.5", "--save",  "mean,std,samples"};
        QVERIFY(
            run(restore(input, common + QStringList{"--tile", "192", "--overlap", "64"})).code ==
            0);
        const auto tiled = pixels(path("out/input_000.mean.ome.tif")),
                   std = pixels(path("out/input_000.std.ome.tif"));
        const double seam =
            report(path("out/input_000.report.json")).value("seam_score").toDouble();
        QVERIFY2(seam < 1.1, qPrintable(QString("borders are %1 as steep as centres").arg(seam)));
        QVERIFY(QDir(path("out")).removeRecursively());
        QVERIFY(run(restore(input, common + QStringList{"--tile", "1024"})).code == 0);
        double error = 0;
        for (float s : std)
            error += static_cast<double>(s) * s / 4;
        error = std::sqrt(error / static_cast<double>(std.size()));
        const double difference = rootMeanSquare(pixels(path("out/input_000.mean.ome.tif")), tiled);
        QVERIFY2(difference < error,
                 qPrintable(QString("%1 against %2").arg(difference).arg(error)));
    }

    // Of other settings than the model's first, where these are named.
    void calibrationHoldsForTheSettingsGiven() {
        auto r = run({"simulate", "--task", "split", "--size", "64", "--count", "1", "--seed", "9",
                      "-o", path("sim"), "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto own = path("own.posteria");
        r = run({"calibrate", "--model", kModel, "--pairs", path("sim"), "-o", own, "--steps", "2",
                 "--samples", "3", "--json"});
        QVERIFY2(r.code == 0, r.error);
        const auto sampler = r.json()["sampler"].toObject();
        QCOMPARE(sampler["steps"].toInt(), 2);
        QCOMPARE(sampler["samples"].toInt(), 3);
        r = run({"restore", path("sim/input_000.ome.tif"), "--model", own, "-o", path("out"),
                 "--steps", "2", "--samples", "2", "-q"});
        QVERIFY2(r.code == 0, r.error);
        QCOMPARE(report(path("out/input_000.report.json"))["calibration"].toString(),
                 QString("calibrated"));
        r = run({"calibrate", "--model", kModel, "--pairs", path("sim"), "-o", own, "--sampler",
                 "none", "-q"});
        QCOMPARE(r.code, 2);
        QVERIFY(r.error.contains("no sampler of this name"));
        // What lies where the model would go is not thrown away.
        r = run({"calibrate", "--model", kModel, "--pairs", path("sim"), "-o", path("sim"),
                 "--steps", "1", "--samples", "2", "-q"});
        QCOMPARE(r.code, 2);
        QVERIFY(QFile::exists(path("sim/input_000.ome.tif")));
    }

    void aPageTellsOfAllFiles() {
        auto r = run({"simulate", "--task", "split", "--size", "64", "--count", "2", "--seed", "9",
                      "-o", path("sim"), "-q"});
        QVERIFY2(r.code == 0, r.error);
        const QStringList inputs{path("sim/input_000.ome.tif"), path("sim/input_001.ome.tif")};
        const auto page = path("out/page.html");
        r = run(QStringList{"restore"} + inputs +
                QStringList{"--model", kModel, "-o", path("out"), "--samples", "2", "--steps", "2",
                            "--summary", page, "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto text = [&] {
            QFile file(page);
            return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
        };
        QVERIFY(text().contains("<b>2</b> restored"));
        QCOMPARE(text().count("data:image/png;base64,"), 6);
        QVERIFY(text().contains("--summary " + page));
        // A file that fails ends the run; the page still tells of what was finished.
        QVERIFY(QFile::remove(path("out/input_001.report.json")));
        QVERIFY(QDir().mkpath(path("out/input_001.report.json/in the way")));
        r = run(QStringList{"restore"} + inputs +
                QStringList{"--model", kModel, "-o", path("out"), "--samples", "2", "--steps", "2",
                            "--summary", page, "-q"});
        QCOMPARE(r.code, 1);
        QVERIFY(text().contains("<b>1</b> restored") && text().contains("<b>1</b> failed"));
    }

    void calibrationIsFittedKeptAndUsed() {
        auto r = run({"simulate", "--task", "split", "--size", "96", "--count", "2", "--seed", "9",
                      "-o", path("sim"), "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto own = path("own.posteria");
        r = run({"calibrate", "--model", kModel, "--pairs", path("sim"), "-o", own, "--json"});
        QVERIFY2(r.code == 0, r.error);
        QCOMPARE(r.json()["pairs"].toInt(), 2);
        const auto channels = r.json()["channels"].toArray();
        QCOMPARE(channels.size(), 2);
        for (const auto& c : channels) {
            QVERIFY(c.toObject()["scale"].toDouble() > 0);
            const double interval68 = c.toObject()["interval_68"].toDouble();
            QVERIFY(interval68 > 0 && interval68 < c.toObject()["interval_90"].toDouble());
            QVERIFY(c.toObject()["conformal_90"].isNull());  // two images promise nothing
            // Every pixel of both images is in a bin, by growing prediction. How much the intervals
            // hold of two images as small as these is chance; tst_calibration_pool counts it.
            const auto told = c.toObject()["reliability"].toObject();
            const auto bins = told["bins"].toArray();
            QCOMPARE(bins.size(), 15);
            double pixels = 0, last = 0;
            for (const auto& bin : bins) {
                QVERIFY(bin.toArray()[0].toDouble() > last);
                last = bin.toArray()[0].toDouble();
                pixels += bin.toArray()[2].toDouble();
            }
            QCOMPARE(pixels, 2.0 * 96 * 96);
            for (const QString kind : {"drawn", "held"}) {
                const double inside68 = told[kind + "_68"].toDouble();
                const double inside90 = told[kind + "_90"].toDouble();
                QVERIFY(inside68 > 0 && inside68 < inside90 && inside90 <= 1);
            }
        }
        QCOMPARE(run({"models", "check", own, "-q"}).code, 0);

        // What was measured with the model's former calibration holds no more.
        QVERIFY(package::findPackage(kModel).qualityJson.find("\"calibrated\"") !=
                std::string::npos);
        QVERIFY(package::readPackage(own.toStdString()).qualityJson.find("\"calibrated\"") ==
                std::string::npos);

        // The same samples with a model that is calibrated and one that is not: the deviation is
        // what the line makes of it.
        const auto input = path("sim/input_000.ome.tif");
        auto plain = package::readPackage(own.toStdString());
        plain.folder = path("plain.posteria").toStdString();
        plain.calibrationJson.clear();
        QVERIFY(QDir().mkpath(path("plain.posteria")));
        for (const auto& n : plain.networks)
            QVERIFY(
                QFile::copy(own + "/" + n.file.c_str(), path("plain.posteria/") + n.file.c_str()));
        package::writePackage(plain);
        for (const QString name : {"own", "plain"}) {
            r = run({"restore", input, "--model", path(name + ".posteria"), "-o", path(name),
                     "--samples", "2", "-q"});
            QVERIFY2(r.code == 0, r.error);
        }
        QCOMPARE(report(path("own/input_000.report.json"))["calibration"].toString(),
                 QString("calibrated"));
        QCOMPARE(report(path("plain/input_000.report.json"))["calibration"].toString(),
                 QString("uncalibrated"));
        const auto intervals = report(path("own/input_000.report.json"))["intervals"].toArray();
        QCOMPARE(intervals.size(), 2);
        QCOMPARE(intervals[1].toObject()["interval_90"], channels[1].toObject()["interval_90"]);
        QVERIFY(!report(path("plain/input_000.report.json")).contains("intervals"));
        const auto file = path("own/input_000.std.ome.tif");
        QVERIFY(QString::fromStdString(io::open(file.toStdString())->info().channels[0].name)
                    .endsWith("(calibrated)"));
        const auto y = pixels(input);
        const double mean = std::accumulate(y.begin(), y.end(), 0.0) / double(y.size());
        double square = 0;
        for (const float v : y)
            square += (v - mean) * (v - mean);
        const double unit = std::sqrt(square / double(y.size()));
        for (int c = 0; c < 2; ++c) {
            const auto line = channels[c].toObject();
            const auto before = pixels(path("plain/input_000.std.ome.tif"), c),
                       after = pixels(file, c);
            for (std::size_t i = 0; i < before.size(); i += 97) {
                const double expected = std::max(
                    0.0, line["scale"].toDouble() * before[i] + line["offset"].toDouble() * unit);
                QVERIFY(std::abs(after[i] - expected) < 1e-3 * (1 + expected));
            }
        }

        // It holds for the sampler's own steps alone.
        r = run({"restore", input, "--model", own, "-o", path("other"), "--samples", "2", "--steps",
                 "3", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto other = report(path("other/input_000.report.json"));
        QCOMPARE(other["calibration"].toString(), QString("uncalibrated"));
        QVERIFY(QJsonDocument(other).toJson().contains("calibration holds"));

        QVERIFY(QFile::remove(path("sim/truth_001.ome.tif")));
        r = run(
            {"calibrate", "--model", kModel, "--pairs", path("sim"), "-o", path("no.posteria")});
        QCOMPARE(r.code, 3);
        QVERIFY2(r.error.contains("input_001.ome.tif"), r.error);
        QVERIFY(!QFile::exists(path("no.posteria")));
    }

    void stoppingKeepsSamples() {
        simulate();
        QProcess process;
        process.start(kProgram, {"restore", path("sim/input_000.ome.tif"), "--model", kModel, "-o",
                                 path("out"), "--samples", "400"});
        QTRY_VERIFY_WITH_TIMEOUT(
            QFile::exists(path("out/.input_000.partial/part_0.sample_1.ome.tif")), 120000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(!QFile::exists(path("out/input_000.mean.ome.tif")));
        const auto r =
            run(restore(path("sim/input_000.ome.tif"), {"--samples", "3", "--resume", "--json"}));
        QVERIFY2(r.code == 0, r.error);
        // One sample of eight calls was missing at most, and the mean.
        QVERIFY(report(path("out/input_000.report.json")).value("network_calls").toInt() <= 8 + 1);
        QVERIFY(!QFile::exists(path("out/.input_000.partial")));
    }

    // A disk that is full in the middle, and then is not: samples that were whole are not drawn
    // again.
    void fullDiskThenResumed() {
        simulate("96");
        const QString script =
            "mkdir disk && mount -t tmpfs -o size=400k tmpfs disk || exit 77; \"$@\"; echo $?; "
            "ls disk; ls -A disk/.input_000.partial; mount -o remount,size=40m disk; \"$@\"; "
            "code=$?; ls -A disk; exit $code";
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        process.start("unshare",
                      QStringList{"-rm", "sh", "-c", script, "sh", kProgram} +
                          QStringList{"restore", path("sim/input_000.ome.tif"), "--model", kModel,
                                      "-o", "disk", "--steps", "1", "--samples", "8", "--save",
                                      "mean,std", "--resume", "-q"});
        QVERIFY(process.waitForFinished(120000));
        if (process.error() == QProcess::FailedToStart || process.exitCode() == 77)
            QSKIP("no file system can be mounted here");
        const auto said = process.readAllStandardError();
        QVERIFY2(said.contains("The disk is full.") && said.count('\n') == 1, said.constData());
        const auto lines = QString(process.readAllStandardOutput()).trimmed().split('\n');
        QCOMPARE(lines.first(), QString("1"));
        QVERIFY2(lines.contains("part_0.sample_0.ome.tif"), qPrintable(lines.join(' ')));
        QCOMPARE(lines.mid(lines.size() - 3),
                 QStringList(
                     {"input_000.mean.ome.tif", "input_000.report.json", "input_000.std.ome.tif"}));
        QCOMPARE(process.exitCode(), 0);
    }

    // A name as long as a file's may be, in bytes of UTF-8, leaves no room for those of results.
    void longNames() {
        simulate("64");
        const QString name = QString(123, QChar(0xB5)) + "n.ome.tif";
        QVERIFY(QFile::copy(path("sim/input_000.ome.tif"), path(name)));
        const auto r = run(restore(path(name), {"--steps", "1", "--samples", "2"}));
        QVERIFY2(r.code == 0, r.error);
        const auto stem = QString(119, QChar(0xB5));
        for (const char* ending : {".mean.ome.tif", ".std.ome.tif", ".report.json"})
            QVERIFY2(QFile::exists(path("out/" + stem + ending)), ending);
    }

    void badInputIsOneSentence_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        const QString good =
            QString(POSTERIA_SOURCE_DIR) + "/resources/samples/filaments-vesicles.ome.tif";
        const auto line = [](const QString& input, const QString& model, const QString& out,
                             const QStringList& more = {}) {
            return QStringList{"restore", input, "--model", model, "-o", out} + more;
        };
        QTest::newRow("missing file") << line("nowhere.tif", kModel, "@/out") << 3;
        QTest::newRow("empty file") << line("@/empty.tif", kModel, "@/out") << 3;
        QTest::newRow("not an image") << line("@/text.tif", kModel, "@/out") << 3;
        QTest::newRow("unknown model") << line(good, "no-such-model", "@/out") << 4;
        QTest::newRow("broken model") << line(good, "@/broken.posteria", "@/out") << 4;
        QTest::newRow("unwritable folder") << line(good, kModel, "@/text.tif/out") << 1;
        QTest::newRow("unknown sampler")
            << line(good, kModel, "@/out", {"--sampler", "magic"}) << 2;
        QTest::newRow("channel that is not there")
            << line(good, kModel, "@/out", {"--channel", "7"}) << 2;
        QTest::newRow("region outside")
            << line(good, kModel, "@/out", {"--roi", "9000,9000,10,10"}) << 2;
        QTest::newRow("strange severity") << line(good, kModel, "@/out", {"--severity", "2"}) << 2;
        QTest::newRow("no model") << QStringList{"restore", good, "-o", "@/out"} << 2;
    }
    void badInputIsOneSentence() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const auto write = [&](const QString& name, const QByteArray& bytes) {
            QFile f(path(name));
            QVERIFY(f.open(QIODevice::WriteOnly));
            f.write(bytes);
        };
        write("empty.tif", {});
        write("text.tif", "This is no image.");
        QDir(m_folder->path()).mkdir("broken.posteria");
        write("broken.posteria/model.json", "{\"schema\": 1");
        for (auto& a : arguments)
            a.replace("@", m_folder->path());
        const auto r = run(arguments);
        QCOMPARE(r.code, code);
        QVERIFY2(!r.error.trimmed().isEmpty() && r.error.size() < 600, r.error);
        const auto left =
            QDir(path("out")).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        QVERIFY2(left.isEmpty(), qPrintable(left.join(' ')));
    }
};

QTEST_GUILESS_MAIN(TestCliRestore)
#include "tst_cli_restore.moc"
