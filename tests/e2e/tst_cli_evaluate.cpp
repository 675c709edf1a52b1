#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/image/stack.h"
#include "core/io/ome_tiff_writer.h"

using namespace posteria;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t kSide = 64;
constexpr int kSamples = 20;
constexpr double kSpread = 30;

// Two channels by z = 2: pixels from f(plane, pixel).
template <class F>
image::StackPtr makeStack(int channels, F&& f) {
    image::StackInfo info;
    info.shape = {1, channels, 2, kSide, kSide};
    info.type = image::PixelType::Float32;
    info.channels.resize(static_cast<std::size_t>(channels));
    info.channels[0].name = "filaments";
    std::vector<image::Plane> planes;
    for (int p = 0; p < info.shape.planes(); ++p) {
        void* memory = nullptr;
        planes.push_back(image::Plane::allocate(info.type, kSide, kSide, &memory));
        for (int i = 0; i < kSide * kSide; ++i)
            static_cast<float*>(memory)[i] = static_cast<float>(f(p, i));
    }
    return image::makeMemoryStack(info, planes);
}

double pixel(const image::StackPtr& stack, int plane, int i) {
    return stack->readPlane({0, plane / 2, plane % 2}).as<float>()[i];
}

double structure(int plane, int i) {
    return 500 + 300 * std::sin(0.3 * (i % kSide) + plane) *
                     std::cos(0.2 * static_cast<double>(i / kSide));
}

struct Outcome {
    int exitCode;
    QByteArray out, err;
};

}  // namespace

class TestCliEvaluate : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // An ideal posterior: the truth and the samples scatter alike about a centre.
    void initTestCase() {
        std::mt19937 random(23);
        std::normal_distribution<double> normal(0, kSpread);
        const auto around = [&](int p, int i) { return structure(p, i) + normal(random); };
        write("truth", {makeStack(2, around)});
        std::vector<image::StackPtr> samples;
        for (int k = 0; k < kSamples; ++k)
            samples.push_back(makeStack(2, around));
        write("samples", samples);
        const auto mean = makeStack(2, [&](int p, int i) {
            double sum = 0;
            for (const auto& sample : samples)
                sum += pixel(sample, p, i);
            return sum / kSamples;
        });
        write("mean", {mean});
        write("std", {makeStack(2, [&](int p, int i) {
                  double sum = 0;
                  for (const auto& sample : samples)
                      sum += std::pow(pixel(sample, p, i) - pixel(mean, p, i), 2);
                  return std::sqrt(sum / (kSamples - 1));
              })});
        write("baseline", {makeStack(1, [](int, int) { return 500.0; })});
    }

    void saysWhatTheContractPromises() {
        const Outcome run =
            evaluate({"--estimate", file("mean"), "--truth", file("truth"), "--std", file("std"),
                      "--samples", file("samples"), "--baseline", file("baseline"), "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Json report = Json::parse(run.out.toStdString());
        for (const char* key :
             {"psnr", "ri_psnr", "nrmse", "ssim", "ms_ssim", "micro_ssim", "micro_ms3im", "dice"}) {
            for (const Json& part : {report, report["single_sample"], report["baseline"]}) {
                QVERIFY2(part[key].is_number(), key);
                QCOMPARE(part["per_channel"].size(), std::size_t(2));
                QVERIFY2(part["per_channel"][1][key].is_number(), key);
            }
        }
        QCOMPARE(report["per_channel"][0]["name"].get<std::string>(), std::string("filaments"));
        QCOMPARE(report["psd_ratio"].size(), report["psd_frequency"].size());

        // 16384 pixels: four standard errors of a share are 0.015, of the decibels of k samples
        // 0.1.
        const Json& calibration = report["calibration"];
        QVERIFY(std::abs(calibration["coverage_68"].get<double>() - 0.6827) < 0.015);
        QVERIFY(std::abs(calibration["coverage_90"].get<double>() - 0.90) < 0.015);
        QVERIFY(std::abs(calibration["spread_skill"].get<double>() - 1) < 0.03);
        QCOMPARE(calibration["samples"].get<int>(), kSamples);
        QVERIFY(calibration["slope"].is_number() && calibration["offset"].is_number());
        std::int64_t count = 0;
        for (const Json& bin : calibration["bins"]) {
            QVERIFY(bin["rmv"].get<double>() > 0 && bin["rmse"].get<double>() > 0);
            count += bin["count"].get<std::int64_t>();
        }
        QCOMPARE(count, 4 * kSide * kSide);
        const Json& curve = report["psnr_vs_k"];
        QCOMPARE(curve.size(), std::size_t(kSamples));
        QCOMPARE(curve[0].get<double>(), report["single_sample"]["psnr"].get<double>());
        const double gain = curve[kSamples - 1].get<double>() - curve[0].get<double>();
        QVERIFY(std::abs(gain - 10 * std::log10(2 / (1 + 1.0 / kSamples))) < 0.1);
        QCOMPARE(report["rank_histogram"].size(), std::size_t(kSamples + 1));
    }

    // Our own result files say how many samples they rest on.
    void readsTheNumberOfSamplesFromTheFile() {
        const auto sigma = makeStack(2, [](int, int) { return kSpread; });
        auto info = sigma->info();
        info.annotations = {{"posteria.samples", "4"}};
        std::vector<image::Plane> planes;
        for (int p = 0; p < 4; ++p)
            planes.push_back(sigma->readPlane({0, p / 2, p % 2}));
        write("sigma", {sigma});
        write("sigma4", {image::makeMemoryStack(info, planes)});
        const auto spread = [&](const char* name) {
            const Outcome run = evaluate({"--estimate", file("mean"), "--truth", file("truth"),
                                          "--std", file(name), "--json"});
            return Json::parse(run.out.toStdString())["calibration"];
        };
        const Json unknown = spread("sigma"), known = spread("sigma4");
        QVERIFY(unknown["samples"].is_null());
        QCOMPARE(known["samples"].get<int>(), 4);
        QCOMPARE(known["coverage_68_from"].get<std::string>(), std::string("gaussian"));
        QVERIFY(
            std::abs(known["spread_skill"].get<double>() / unknown["spread_skill"].get<double>() -
                     std::sqrt(1.25)) < 1e-9);
    }

    void figuresThatDoNotExistAreNull() {
        const Outcome run =
            evaluate({"--estimate", file("truth"), "--truth", file("truth"), "--json"});
        QCOMPARE(run.exitCode, 0);
        const Json report = Json::parse(run.out.toStdString());
        QVERIFY(report["psnr"].is_null());
        QCOMPARE(report["ssim"].get<double>(), 1.0);
        QVERIFY(!report.contains("calibration") && !report.contains("baseline"));
    }

    void printsATable() {
        const Outcome run =
            evaluate({"--estimate", file("mean"), "--truth", file("truth"), "--std", file("std")});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.contains("PSNR (dB)") && run.out.contains("channel filaments"));
        QVERIFY(run.out.contains("68 % interval"));
    }

    void refusesBadInput_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
        const QString truth = file("truth");
        QTest::newRow("no truth") << QStringList{"--estimate", truth} << 2 << "--truth";
        QTest::newRow("absent") << QStringList{"--estimate", file("none"), "--truth", truth} << 3
                                << "none";
        QTest::newRow("other shape")
            << QStringList{"--estimate", file("baseline"), "--truth", truth} << 3
            << "T1 C1 Z2 Y64 X64, but the truth has T1 C2 Z2 Y64 X64";
        QTest::newRow("std of other shape")
            << QStringList{"--estimate", truth, "--truth", truth, "--std", file("baseline")} << 3
            << "standard deviation";
    }

    void refusesBadInput() {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, exitCode);
        QFETCH(const QString, says);
        const Outcome run = evaluate(arguments + QStringList{"--json"});
        QCOMPARE(run.exitCode, exitCode);
        QVERIFY2(QString::fromUtf8(run.err).contains(says), run.err.constData());
        QVERIFY(run.out.isEmpty());
    }

  private:
    QString file(const QString& name) const { return m_dir.filePath(name + ".ome.tif"); }
    void write(const QString& name, const std::vector<image::StackPtr>& series) {
        io::writeOmeTiff(file(name).toStdString(), series);
    }
    static Outcome evaluate(const QStringList& arguments) {
        QProcess process;
        process.start(POSTERIA_BIN_DIR "/posteria-cli", QStringList{"evaluate"} + arguments);
        if (!process.waitForFinished(60000)) return {-1, {}, process.errorString().toUtf8()};
        return {process.exitCode(), process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(TestCliEvaluate)
#include "tst_cli_evaluate.moc"
