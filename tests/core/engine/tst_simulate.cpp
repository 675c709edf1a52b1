// The simulate job end to end: its files are read back and compared with what the contract
// promises.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/engine/simulate.h"
#include "core/io/open.h"

using posteria::CancelToken;
using posteria::Error;
using posteria::ErrorKind;
using posteria::engine::SimulationRequest;

class TestSimulate : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void splitWritesInputAndTwoTruths();
    void inputIsTheMixtureSeenByTheCamera();
    void sameSeedSameBytes();
    void tasksHaveTheirFiles_data();
    void tasksHaveTheirFiles();
    void configurationIsTakenAndShown();
    void opticsModelIsASetting();
    void neuronComesFromAFile();
    void badRequestsWriteNothing_data();
    void badRequestsWriteNothing();
    void cancelStopsBetweenFields();
};

namespace {

SimulationRequest small(const QTemporaryDir& folder, const std::string& task = "split") {
    SimulationRequest request;
    request.task = task;
    request.height = 72;
    request.width = 96;
    request.seed = 7;
    request.outputFolder = folder.path().toStdString() + "/out";
    return request;
}

void run(const SimulationRequest& request) {
    posteria::engine::simulate(request, nullptr, CancelToken());
}

QJsonObject report(const SimulationRequest& request) {
    QFile file(QString::fromStdString(request.outputFolder + "/simulation.json"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

QByteArray contents(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

void TestSimulate::splitWritesInputAndTwoTruths() {
    QTemporaryDir folder;
    auto request = small(folder);
    request.count = 2;
    request.planes = 3;
    int calls = 0;
    posteria::engine::simulate(
        request,
        [&](int done, int count) {
            QCOMPARE(done, ++calls);
            QCOMPARE(count, 2);
        },
        CancelToken());
    QCOMPARE(calls, 2);
    for (const std::string k : {"000", "001"}) {
        const auto input =
            posteria::io::open(request.outputFolder + "/input_" + k + ".ome.tif")->info();
        QCOMPARE(input.type, posteria::image::PixelType::UInt16);
        QVERIFY((input.shape == posteria::image::Shape{1, 1, 3, 72, 96}));
        QVERIFY(input.voxelSize.has_value());
        QCOMPARE(input.voxelSize->x, 0.13);
        QCOMPARE(input.voxelSize->z, 0.25);
        const auto truth =
            posteria::io::open(request.outputFolder + "/truth_" + k + ".ome.tif")->info();
        QCOMPARE(truth.type, posteria::image::PixelType::Float32);
        QVERIFY((truth.shape == posteria::image::Shape{1, 2, 3, 72, 96}));
        QCOMPARE(truth.channels.at(0).name, std::string("filaments"));
        QCOMPARE(truth.channels.at(1).name, std::string("vesicles"));
    }
    const auto json = report(request);
    QCOMPARE(json["task"].toString(), QString("split"));
    QCOMPARE(json["severity"].toDouble(), 0.5);
    QCOMPARE(json["fields"].toArray().size(), 2);
    QVERIFY(json["fields"][0]["seed"].toDouble() != json["fields"][1]["seed"].toDouble());
}

// The residual input - offset - mixture of truths is camera noise: mean zero, and its variance is
// the one of Poisson photons and read noise.
void TestSimulate::inputIsTheMixtureSeenByTheCamera() {
    QTemporaryDir folder;
    auto request = small(folder);
    request.height = request.width = 256;
    request.severity = 0.3;
    request.photons = 400;
    run(request);
    const auto input =
        posteria::io::open(request.outputFolder + "/input_000.ome.tif")->readPlane({});
    const auto truth = posteria::io::open(request.outputFolder + "/truth_000.ome.tif");
    const auto first = truth->readPlane({0, 0, 0}), second = truth->readPlane({0, 1, 0});
    const auto camera = report(request)["camera"].toObject();
    const double offset = camera["offset"].toDouble(), gain = camera["gain"].toDouble();
    const double readNoise = camera["read_noise"].toDouble();
    std::vector<double> mixture;
    double sum = 0, squares = 0;
    for (std::int64_t i = 0; i < input.size(); ++i) {
        const double expected = 0.7 * first.as<float>()[i] + 0.3 * second.as<float>()[i];
        const double variance = gain * expected + gain * gain * readNoise * readNoise + 1.0 / 12;
        const double z = (input.as<std::uint16_t>()[i] - offset - expected) / std::sqrt(variance);
        sum += z;
        squares += z * z;
        mixture.push_back(expected);
    }
    const double n = static_cast<double>(input.size());
    QVERIFY2(std::abs(sum / n) < 4 / std::sqrt(n), qPrintable(QString::number(sum / n)));
    QVERIFY2(std::abs(squares / n - 1) < 4 * std::sqrt(3 / n),
             qPrintable(QString::number(squares / n)));
    // 400 photons at the 99.9th percentile, in grey values.
    std::sort(mixture.begin(), mixture.end());
    const double bright = mixture[static_cast<std::size_t>(std::ceil(0.999 * n)) - 1];
    QVERIFY(std::abs(bright / (400 * gain * camera["quantum_efficiency"].toDouble()) - 1) < 1e-3);
}

void TestSimulate::sameSeedSameBytes() {
    QTemporaryDir one, two, three;
    auto request = small(one), again = small(two), other = small(three);
    other.seed = 8;
    run(request);
    run(again);
    run(other);
    for (const char* name : {"/input_000.ome.tif", "/truth_000.ome.tif", "/simulation.json"}) {
        const auto bytes = contents(request.outputFolder + name);
        QVERIFY(!bytes.isEmpty());
        QVERIFY2(bytes == contents(again.outputFolder + name), name);
        QVERIFY2(bytes != contents(other.outputFolder + name), name);
    }
}

void TestSimulate::tasksHaveTheirFiles_data() {
    QTest::addColumn<QString>("task");
    QTest::addColumn<int>("channels");
    QTest::newRow("bleedthrough") << "bleedthrough" << 2;
    QTest::newRow("dehaze") << "dehaze" << 1;
    QTest::newRow("denoise") << "denoise" << 1;
}

void TestSimulate::tasksHaveTheirFiles() {
    QFETCH(QString, task);
    QFETCH(int, channels);
    QTemporaryDir folder;
    const auto request = small(folder, task.toStdString());
    run(request);
    const auto input = posteria::io::open(request.outputFolder + "/input_000.ome.tif");
    const auto truth = posteria::io::open(request.outputFolder + "/truth_000.ome.tif");
    QCOMPARE(truth->shape().c, static_cast<std::int64_t>(channels));
    const auto range = posteria::image::finiteRange(truth->readPlane({}));
    QVERIFY(range[0] >= 0 && range[1] > 10 * (range[0] + 0.1));
    if (task == "bleedthrough") QCOMPARE(report(request)["severity"].toDouble(), 0.15);
    if (task == "denoise") QVERIFY(report(request)["severity"].isNull());
}

void TestSimulate::configurationIsTakenAndShown() {
    QTemporaryDir folder;
    auto request = small(folder);
    request.scenes = {"nuclei", "mitochondria"};
    request.configJson = R"({"optics": {"pixel_um": 0.2, "emission_spread": 0},
                             "camera": {"kind": "EMCCD", "offset": 400, "bits": 14}})";
    run(request);
    const auto json = report(request);
    QCOMPARE(json["optics"]["pixel_um"].toDouble(), 0.2);
    QCOMPARE(json["camera"]["kind"].toString(), QString("EMCCD"));
    QCOMPARE(json["camera"]["bits"].toInt(), 14);
    QCOMPARE(json["fields"][0]["emission_nm"].toDouble(), json["optics"]["emission_nm"].toDouble());
    const auto input = posteria::io::open(request.outputFolder + "/input_000.ome.tif");
    QCOMPARE(input->info().voxelSize->x, 0.2);
    QVERIFY(posteria::image::finiteRange(input->readPlane({}))[1] <= 16383);
}

// Three models: recorded, and no two images alike.
void TestSimulate::opticsModelIsASetting() {
    std::vector<posteria::image::Plane> truths;
    for (const QString name : {"gaussian", "gibson-lanni", "vectorial"}) {
        QTemporaryDir folder;
        auto request = small(folder);
        request.configJson =
            QString(R"({"optics": {"model": "%1", "depth_um": 3}})").arg(name).toStdString();
        run(request);
        const auto json = report(request);
        QCOMPARE(json["optics"]["model"].toString(), name);
        QCOMPARE(json["optics"]["depth_um"].toDouble(), 3.0);
        const auto truth = posteria::io::open(request.outputFolder + "/truth_000.ome.tif");
        truths.push_back(truth->readPlane({}));
        const auto range = posteria::image::finiteRange(truths.back());
        QVERIFY(range[0] >= 0 && range[1] > 10 * (range[0] + 0.1));
    }
    for (int i = 0; i < 3; ++i) {
        const auto &a = truths[i], &b = truths[(i + 1) % 3];
        QVERIFY(!std::equal(a.as<float>(), a.as<float>() + a.size(), b.as<float>()));
    }
}

void TestSimulate::neuronComesFromAFile() {
    QTemporaryDir folder;
    const QString path = folder.filePath("cell.swc");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("1 1 0 0 0 5 -1\n2 3 40 0 0 0.8 1\n3 3 0 60 0 0.5 1\n");
    file.close();
    auto grown = small(folder, "denoise"), given = grown;
    grown.scenes = given.scenes = {"neurons"};
    given.outputFolder += "_given";
    given.configJson = R"({"scene": {"swc": ")" + path.toStdString() + R"("}})";
    run(grown);
    run(given);
    const auto plain = report(grown), named = report(given);
    QCOMPARE(plain["scene"]["swc"].toString(), QString());
    QVERIFY(!plain.contains("swc_sha256"));
    QCOMPARE(named["scene"]["swc"].toString(), path);
    QCOMPARE(named["swc_sha256"].toString().size(), 64);
    QVERIFY(contents(given.outputFolder + "/truth_000.ome.tif") !=
            contents(grown.outputFolder + "/truth_000.ome.tif"));
    const auto truth = posteria::io::open(given.outputFolder + "/truth_000.ome.tif");
    const auto range = posteria::image::finiteRange(truth->readPlane({}));
    QVERIFY(range[0] >= 0 && range[1] > 3 * range[0]);

    given.scenes = {"actin"};  // shows no neuron
    try {
        run(given);
        QFAIL("an SWC file without a scene for it was accepted");
    } catch (const Error& error) {
        QCOMPARE(error.kind(), ErrorKind::Usage);
    }
}

void TestSimulate::badRequestsWriteNothing_data() {
    QTest::addColumn<QString>("task");
    QTest::addColumn<QString>("scene");
    QTest::addColumn<double>("severity");
    QTest::addColumn<QString>("config");
    QTest::addColumn<bool>("input");
    QTest::newRow("task") << "sharpen"
                          << "" << 0.5 << "" << false;
    QTest::newRow("scene") << "dehaze"
                           << "clouds" << 0.5 << "" << false;
    QTest::newRow("one scene to split") << "split"
                                        << "nuclei" << 0.5 << "" << false;
    QTest::newRow("severity") << "split"
                              << "" << 1.5 << "" << false;
    QTest::newRow("severity of denoise") << "denoise"
                                         << "" << 0.5 << "" << false;
    QTest::newRow("no JSON") << "split"
                             << "" << 0.5 << "{\"optics\":" << true;
    QTest::newRow("no object") << "split"
                               << "" << 0.5 << "[1, 2]" << true;
    QTest::newRow("unknown part") << "split"
                                  << "" << 0.5 << "{\"laser\": {}}" << true;
    QTest::newRow("unknown key") << "split"
                                 << "" << 0.5 << "{\"optics\": {\"NA\": 1}}" << true;
    QTest::newRow("text") << "split"
                          << "" << 0.5 << "{\"optics\": {\"na\": \"1\"}}" << true;
    QTest::newRow("range") << "split"
                           << "" << 0.5 << "{\"camera\": {\"gain\": -1}}" << true;
    QTest::newRow("fraction") << "split"
                              << "" << 0.5 << "{\"camera\": {\"bits\": 12.5}}" << true;
    QTest::newRow("optics model") << "split"
                                  << "" << 0.5 << "{\"optics\": {\"model\": \"magic\"}}" << true;
    QTest::newRow("no coverslip") << "split"
                                  << "" << 0.5
                                  << "{\"optics\": {\"coverslip_um\": 50, "
                                     "\"coverslip_error_um\": -50}}"
                                  << true;
    QTest::newRow("SWC number") << "denoise"
                                << "neurons" << -1.0 << "{\"scene\": {\"swc\": 1}}" << true;
    QTest::newRow("SWC missing") << "denoise"
                                 << "neurons" << -1.0 << "{\"scene\": {\"swc\": \"/no.swc\"}}"
                                 << true;
    QTest::newRow("aperture") << "split"
                              << "" << 0.5
                              << "{\"optics\": {\"na\": 1.4, \"refractive_index\": 1.3}}" << true;
}

void TestSimulate::badRequestsWriteNothing() {
    QFETCH(QString, task);
    QFETCH(QString, scene);
    QFETCH(double, severity);
    QFETCH(QString, config);
    QFETCH(bool, input);
    QTemporaryDir folder;
    auto request = small(folder, task.toStdString());
    if (!scene.isEmpty()) request.scenes = {scene.toStdString()};
    if (severity >= 0) request.severity = severity;
    request.configJson = config.toStdString();
    try {
        run(request);
        QFAIL("a bad request was accepted");
    } catch (const Error& error) {
        QCOMPARE(error.kind(), input ? ErrorKind::Input : ErrorKind::Usage);
        QVERIFY(!error.message().empty());
    }
    QVERIFY(!QFile::exists(QString::fromStdString(request.outputFolder)));
}

void TestSimulate::cancelStopsBetweenFields() {
    QTemporaryDir folder;
    auto request = small(folder);
    request.count = 3;
    const CancelToken token;
    try {
        posteria::engine::simulate(
            request, [&](int, int) { token.cancel(); }, token);
        QFAIL("the job was not stopped");
    } catch (const Error& error) {
        QCOMPARE(error.kind(), ErrorKind::Cancelled);
    }
    // What was finished is kept and whole; nothing else is there.
    const auto names =
        QDir(QString::fromStdString(request.outputFolder)).entryList(QDir::Files, QDir::Name);
    QCOMPARE(names, QStringList({"input_000.ome.tif", "truth_000.ome.tif"}));
}

QTEST_APPLESS_MAIN(TestSimulate)
#include "tst_simulate.moc"
