#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/package/calibration.h"
#include "core/package/model_package.h"

namespace fs = std::filesystem;
using namespace posteria;
using namespace posteria::package;
using Json = nlohmann::json;

namespace {

ModelPackage example(const std::string& folder, const std::string& name = "split-test") {
    ModelPackage package;
    package.folder = folder;
    package.name = name;
    package.title = "Filaments and vesicles";
    package.description = "Grün & magenta";
    package.task = "split";
    package.outputs = {"filaments", "vesicles"};
    package.colors = {0x00ff00, 0xff00ff};
    package.targetMean = {1.5, 2.25};
    package.targetStd = {0.5, 0.75};
    package.severityScale = std::vector<double>(kSeverityNodes, 0.875);
    const std::vector<double> gain(kGainNodes, 1.5), slope(kGainNodes, -0.25);
    package.residualGain = {{-2, -5, 1, gain, slope}, {0, 0, 0, gain, gain}};
    package.meanGain = {std::vector<double>(kGainNodes, 1), std::vector<double>(kGainNodes, 0.5)};
    package.inputStatistics.side = 128;
    package.inputStatistics.limit = 1.75;
    constexpr int kFeatures = 33;
    for (int i = 0; i < kFeatures; ++i) {
        package.inputStatistics.mean.push_back(0.5 * i);
        package.inputStatistics.precision.emplace_back(kFeatures, 1.0 / (1 + i));
    }
    package.severityCurve = {{0.1, 0.05}, {0.5, 0.5}, {0.8, 0.95}};
    package.residualVariance = {{0.25, 0.125, 0}, {0.5, 1, 2}};
    for (int j = 0; j < kSpectrumNodes; ++j)
        package.residualSpectrum.push_back({1.0 + j, 0, -0.5, 2.5});
    NetworkSpec oneshot;
    oneshot.role = "oneshot";
    oneshot.file = "oneshot.safetensors";
    oneshot.widths = {16, 32, 64, 96, 128};
    oneshot.outChannels = 2;
    NetworkSpec velocity = oneshot;
    velocity.role = "velocity";
    velocity.file = "velocity.safetensors";
    velocity.inChannels = 3;
    velocity.conditions = 2;
    velocity.fold = 4;
    NetworkSpec hdn = oneshot;
    hdn.role = "hdn";
    hdn.architecture = "ladder";
    hdn.file = "hdn.safetensors";
    hdn.widths = {32, 32, 32};
    hdn.latents = 12;
    hdn.blocks = 2;
    hdn.outChannels = 1;
    hdn.conditions = 0;
    package.networks = {oneshot, velocity, hdn};
    package.camera = {100, 2.5, 0.75};
    package.optics = {"vectorial", 1.25, 600, 550, 1.5, 0.5};
    package.matrix = {{1, 0.25}, {0.125, 1}, {0, 0.5}};
    package.samplers = {{"cfm-heun", 8, 16}, {"oneshot", 1, 1}};
    package.defaultSeverity = 0.4;
    package.minSeverity = 0.1;
    package.maxSeverity = 0.9;
    package.voxelSizeUm = 0.1;
    package.normalisation = "zero mean, unit deviation";
    package.severityLaw = "c_t = (1 - t) c_0 + t c_1";
    package.licence = "CC0-1.0";
    package.cite = "none";
    package.trainingJson = R"({"steps": 1000})";
    package.qualityJson = R"({"psnr": 31.5})";
    package.calibrationJson = R"({"scale": [1.1, 0.9]})";
    return package;
}

// A list of so many times the same.
QByteArray repeated(int times, const QByteArray& row) {
    return "[" + (row + ", ").repeated(times - 1) + row + "]";
}

std::string makePackage(const QTemporaryDir& dir, const std::string& name = "split-test") {
    const std::string folder =
        dir.filePath(QString::fromStdString(name + ".posteria")).toStdString();
    fs::create_directories(folder);
    writeTextFile(folder + "/oneshot.safetensors", "weights one");
    writeTextFile(folder + "/velocity.safetensors", "weights two");
    writeTextFile(folder + "/hdn.safetensors", "weights three");
    writePackage(example(folder, name));
    return folder;
}

// The error's text, or "no error"; every refusal must be of the kind that ends with exit code 4.
std::string refusal(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind() == ErrorKind::Model ? error.what()
                                                : std::string("wrong kind: ") + error.what();
    }
    return "no error";
}

}  // namespace

class TestModelPackage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        qunsetenv("POSTERIA_MODELS");
        qputenv("XDG_DATA_HOME", m_empty.path().toUtf8());
    }

    void calibrationSurvivesWriting() {
        ModelPackage package = example("nowhere");
        package.calibrationJson.clear();
        QVERIFY(!readCalibration(package));
        Calibration fitted;
        fitted.channels = {{1.25, -0.5, 0.875, 1.75, 1.875}, {0.75, 0.125, 1, 1.5}};
        fitted.sampler = {"cfm-heun", 8, 16};
        fitted.pairs = 12;
        auto& told = fitted.channels[1].reliability;
        told.bins = {{0.25, 0.5, 1000}, {0.75, 1.5, 70000000000}};
        told.drawn68 = 0.4375;
        told.held90 = 0.890625;
        package.calibrationJson = formatCalibration(fitted);
        const auto read = readCalibration(package);
        QVERIFY(read);
        QCOMPARE(read->pairs, 12);
        QCOMPARE(read->channels[1].scale, 0.75);
        QCOMPARE(read->channels[0].offset, -0.5);
        QCOMPARE(read->channels[0].interval68, 0.875);
        QCOMPARE(read->channels[1].interval90, 1.5);
        QCOMPARE(read->channels[0].conformal90, 1.875);
        QCOMPARE(read->channels[1].conformal90, 0.0);  // too few images to promise any
        QVERIFY(read->channels[0].reliability.bins.empty());
        const auto& reliability = read->channels[1].reliability;
        QCOMPARE(reliability.bins.size(), std::size_t(2));
        QCOMPARE(reliability.bins[1].predicted, 0.75);
        QCOMPARE(reliability.bins[0].observed, 0.5);
        QCOMPARE(reliability.bins[1].pixels, std::int64_t(70000000000));
        QCOMPARE(reliability.drawn68, 0.4375);
        QCOMPARE(reliability.held90, 0.890625);
        QCOMPARE(reliability.held68, 0.0);  // not known
        QVERIFY(read->holdsFor(fitted.sampler));
        QVERIFY(read->holdsFor({"cfm-heun", 8, 50}));
        QVERIFY(!read->holdsFor({"cfm-heun", 7, 16}));
        QVERIFY(!read->holdsFor({"cfm-euler", 8, 16}));
    }

    void brokenCalibrationIsRefused_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("one channel") << "{\"scale\":0.75,\"offset\":0.125}"
                                     << "";
        QTest::newRow("negative") << "0.75"
                                  << "-0.75";
        QTest::newRow("no number") << "0.75"
                                   << "null";
        QTest::newRow("no sampler") << "sampler"
                                    << "smapler";
    }
    void brokenCalibrationIsRefused() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        ModelPackage package = example("nowhere");
        QString text =
            R"({"sampler":{"name":"cfm-heun","steps":8,"samples":4},"pairs":3,"channels":[{"scale":1,"offset":0},{"scale":0.75,"offset":0.125}]})";
        QVERIFY(text.contains(from));
        text.replace(from, to).replace(",]", "]");
        package.calibrationJson = text.toStdString();
        const auto told = refusal([&] { readCalibration(package); });
        QVERIFY2(told.find("calibration cannot be used") != std::string::npos, told.c_str());
    }

    void survivesWriting() {
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        const ModelPackage read = readPackage(folder), expected = example(folder);
        QCOMPARE(read.name, expected.name);
        QCOMPARE(read.title, expected.title);
        QCOMPARE(read.description, expected.description);
        QCOMPARE(read.task, expected.task);
        QVERIFY(read.outputs == expected.outputs);
        QVERIFY(read.colors == expected.colors);
        QVERIFY(read.targetMean == expected.targetMean);
        QVERIFY(read.targetStd == expected.targetStd);
        QVERIFY(read.severityScale == expected.severityScale);
        QVERIFY(read.meanGain == expected.meanGain);
        QVERIFY(read.residualGain == expected.residualGain);
        QCOMPARE(read.inputStatistics.side, 128);
        QCOMPARE(read.inputStatistics.limit, 1.75);
        QVERIFY(read.inputStatistics.mean == expected.inputStatistics.mean);
        QVERIFY(read.inputStatistics.precision == expected.inputStatistics.precision);
        QVERIFY(read.severityCurve == expected.severityCurve);
        QVERIFY(read.residualVariance == expected.residualVariance);
        QVERIFY(read.residualSpectrum == expected.residualSpectrum);
        QCOMPARE(read.camera.offset, 100.0);
        QCOMPARE(read.camera.variance, 2.5);
        QCOMPARE(read.camera.gain, 0.75);
        QCOMPARE(read.optics.model, std::string("vectorial"));
        QCOMPARE(read.optics.na, 1.25);
        QCOMPARE(read.optics.emissionNm, 600.0);
        QCOMPARE(read.optics.excitationNm, 550.0);
        QCOMPARE(read.optics.refractiveIndex, 1.5);
        QCOMPARE(read.optics.pinholeAiry, 0.5);
        QVERIFY(read.matrix == expected.matrix);
        QCOMPARE(read.networks.size(), std::size_t(3));
        QCOMPARE(read.network("hdn")->architecture, std::string("ladder"));
        QCOMPARE(read.network("hdn")->latents, 12);
        QCOMPARE(read.network("hdn")->blocks, 2);
        QCOMPARE(read.network("oneshot")->latents, 0);
        const NetworkSpec* velocity = read.network("velocity");
        QVERIFY(velocity);
        QVERIFY(velocity->widths == expected.networks[1].widths);
        QCOMPARE(velocity->fold, 4);
        QCOMPARE(velocity->inChannels, 3);
        QCOMPARE(velocity->outChannels, 2);
        QCOMPARE(velocity->conditions, 2);
        QCOMPARE(velocity->sha256, sha256OfBytes("weights two", 11));
        QVERIFY(!read.network("indi"));
        QCOMPARE(read.samplers.front().name, std::string("cfm-heun"));
        QCOMPARE(read.sampler("cfm-heun")->steps, 8);
        QCOMPARE(read.sampler("cfm-heun")->samples, 16);
        QVERIFY(!read.sampler("hdn"));
        QCOMPARE(read.defaultSeverity, 0.4);
        QCOMPARE(read.minSeverity, 0.1);
        QCOMPARE(read.maxSeverity, 0.9);
        QCOMPARE(read.voxelSizeUm, 0.1);
        QCOMPARE(read.normalisation, expected.normalisation);
        QCOMPARE(read.severityLaw, expected.severityLaw);
        QCOMPARE(read.licence, expected.licence);
        QVERIFY(Json::parse(read.trainingJson) == Json::parse(expected.trainingJson));
        QCOMPARE(read.qualityJson, expected.qualityJson);
        QCOMPARE(read.calibrationJson, expected.calibrationJson);
        checkPackage(read);
        QCOMPARE(packageSha256(read), sha256OfFile(folder + "/model.json"));
    }

    void rewritingDropsWhatIsNoLongerThere() {
        const QTemporaryDir dir;
        ModelPackage package = readPackage(makePackage(dir));
        package.calibrationJson.clear();
        writePackage(package);
        QVERIFY(!fs::exists(package.folder + "/calibration.json"));
        checkPackage(readPackage(package.folder));
    }

    void refusesBadDescriptions_data() {
        QTest::addColumn<QString>("says");
        QTest::addColumn<QByteArray>("place");  // JSON pointer
        QTest::addColumn<QByteArray>("value");  // empty: the entry is removed
        const auto row = [](const char* name, const char* says, const char* place,
                            const QByteArray& value) {
            QTest::newRow(name) << QString(says) << QByteArray(place) << value;
        };
        row("newer schema", "newer version", "/schema", "2");
        row("no schema", "\"schema\" is missing", "/schema", "");
        row("schema text", "not a whole number", "/schema", "\"1\"");
        row("no name", "\"name\" is missing", "/name", "");
        row("name with slash", "\"name\" is not made of", "/name", "\"../x\"");
        row("unknown task", "no known task", "/task", "\"paint\"");
        row("no networks", "1 to 16 entries", "/networks", "[]");
        row("networks no list", "is not a list", "/networks", "3");
        row("network no object", "networks[0] is not an object", "/networks/0", "3");
        row("unknown architecture", "architecture this version does not know",
            "/networks/0/architecture", "\"vit\"");
        row("ladder of two widths", "are not all equal", "/networks/2/widths", "[16, 32]");
        row("ladder without latents", "\"latents\" of networks[2] is missing",
            "/networks/2/latents", "");
        row("ladder of many blocks", "not between 1 and 8", "/networks/2/blocks", "100000");
        row("camera without noise", "\"variance\" of camera is not between", "/camera/variance",
            "0");
        row("camera that shrinks", "\"gain\" of camera is not between", "/camera/gain", "-1");
        row("optics of no kind", "no known model", "/optics/model", "\"geometric\"");
        row("optics without an aperture", "\"na\" of optics is missing", "/optics/na", "");
        row("matrix of one output", "not 2 numbers", "/matrix", "[[1], [0.5]]");
        row("width not a multiple", "no multiple of 16", "/networks/0/widths", "[24]");
        row("width zero", "not between 16 and 512", "/networks/0/widths", "[0]");
        row("width too large", "not between 16 and 512", "/networks/0/widths", "[528]");
        row("width huge", "not between 16 and 512", "/networks/0/widths", "[18446744073709551615]");
        row("width fraction", "not a whole number", "/networks/0/widths", "[16.5]");
        row("no widths", "1 to 6 entries", "/networks/0/widths", "[]");
        row("seven levels", "1 to 6 entries", "/networks/0/widths", "[16, 16, 16, 16, 16, 16, 16]");
        row("fold three", "not 1, 2 or 4", "/networks/0/fold", "3");
        row("fold eight", "not between 1 and 4", "/networks/0/fold", "8");
        row("channels in", "not between 1 and 64", "/networks/0/in_channels", "65");
        row("channels out", "not between 1 and 64", "/networks/0/out_channels", "0");
        row("conditions", "not between 0 and 64", "/networks/0/conditions", "-1");
        row("file with folder", "leaves the package's folder", "/networks/0/file",
            "\"sub/x.safetensors\"");
        row("file with dots", "leaves the package's folder", "/networks/0/file",
            "\"a..safetensors\"");
        row("file absolute", "leaves the package's folder", "/networks/0/file", "\"/etc/passwd\"");
        row("file backslash", "leaves the package's folder", "/networks/0/file", "\"a\\\\b\"");
        row("file empty", "leaves the package's folder", "/networks/0/file", "\"\"");
        row("file without fingerprint", "has no sha256", "/files/oneshot.safetensors", "");
        row("two of one role", "Two networks", "/networks/1/role", "\"oneshot\"");
        row("fingerprint malformed", "not a sha256", "/files/quality.json", "\"abc\"");
        row("fingerprint outside", "outside the package", "/files/..~1secret", "\"abc\"");
        row("no outputs", "1 to 64 entries", "/outputs", "[]");
        const QByteArray ones = repeated(kGainNodes, "1");
        row("gain of one output", "needs 2 entries", "/mean_gain", "[" + ones + "]");
        row("gain too short", "not 24 numbers", "/mean_gain", "[[1], [1]]");
        row("gain negative", "not between 0 and 4", "/mean_gain",
            "[" + repeated(kGainNodes, "-0.1") + ", " + ones + "]");
        row("gain huge", "not between 0 and 4", "/mean_gain",
            "[" + ones + ", " + repeated(kGainNodes, "4.1") + "]");
        row("residual gain of one output", "needs 2 entries", "/residual_gain", "[{}]");
        row("residual gain without gains", "of residual_gain[0] is missing", "/residual_gain",
            "[{}, {}]");
        row("residual gain too short", "not 24 numbers", "/residual_gain/1/gain_and_slope",
            "[[1], [1]]");
        row("residual gain huge", "not between 0 and 4", "/residual_gain/1/gain_and_slope",
            "[" + repeated(kGainNodes, "4.1") + ", " + ones + "]");
        row("residual gain out of order", "is not between", "/residual_gain/0/low", "3");
        row("dark level of two outputs", "needs a camera and one output", "/from_dark", "true");
        row("dark level of words", "neither true nor false", "/from_dark", "\"yes\"");
        row("severity scale too short", "not 41 numbers", "/severity_scale", "[[1, 1]]");
        row("severity scale of nothing", "numbers above 0", "/severity_scale",
            "[" + repeated(kSeverityNodes, "0") + "]");
        row("variance of one output", "needs 2 entries", "/residual_variance", "[[1, 0, 0]]");
        row("variance too short", "not 3 numbers", "/residual_variance", "[[1, 0], [1, 0]]");
        row("variance zero", "not above 0", "/residual_variance", "[[0, 1, 0], [1, 0, 0]]");
        row("variance negative", "not above 0", "/residual_variance", "[[1, -1, 0], [1, 0, 0]]");
        row("spectrum too short", "needs 31 entries", "/residual_spectrum", "[[1, 0, 0, 1]]");
        row("spectrum of one output", "not 4 numbers", "/residual_spectrum",
            repeated(kSpectrumNodes, "[1]"));
        row("spectrum of words", "no number", "/residual_spectrum",
            repeated(kSpectrumNodes, "[1, 0, \"loud\", 1]"));
        row("usual inputs of no size", "is missing", "/input_statistics/side", "");
        row("usual inputs too short", "not 33 numbers", "/input_statistics/mean", "[[1, 2]]");
        row("usual inputs without rows", "needs", "/input_statistics/precision", "[]");
        row("usual inputs of too few rows", "not 1 numbers", "/input_statistics/precision",
            "[[1]]");
        row("bad color", "#rrggbb", "/outputs/0/color", "\"#00gg00\"");
        row("target std zero", "\"std\" of outputs[0] is not between", "/outputs/0/std", "0");
        row("no samplers", "entries", "/samplers", "[]");
        row("unknown sampler", "no known sampler", "/samplers/0/name", "\"magic\"");
        row("sampler twice", "listed twice", "/samplers/1/name", "\"cfm-heun\"");
        row("sampler steps", "between 1 and 1000", "/samplers/0/steps", "0");
        row("curve of one point", "2 to 1000 entries", "/severity/curve", "[[0.5, 0.5]]");
        row("curve not rising", "not made of rising severities", "/severity/curve",
            "[[0.5, 0.5], [0.5, 0.6]]");
        row("curve turns back", "not made of rising severities", "/severity/curve",
            "[[0.5, 0.5], [0.6, 0.4]]");
        row("curve beyond 1", "not made of rising severities", "/severity/curve",
            "[[0.5, 0.5], [0.6, 1.1]]");
        row("severity outside", "is not between 0 and 1", "/severity/max", "1.5");
        row("severity default", "is not between 0.1 and 0.9", "/severity/default", "0.95");
        row("severity crossed", "is larger than", "/severity", "{\"min\": 0.8, \"max\": 0.2}");
        row("severity text", "is not a number", "/severity/min", "\"0\"");
        row("voxel size", "voxel_size_um", "/voxel_size_um", "-0.1");
        row("tile", "\"tile\" is not between", "/tile", "1048576");
        row("overlap", "\"overlap\" is not between", "/overlap", "200");
        row("training", "\"training\" is not an object", "/training", "\"long\"");
    }

    void refusesBadDescriptions() {
        QFETCH(const QString, says);
        QFETCH(const QByteArray, place);
        QFETCH(const QByteArray, value);
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        Json change = {{"op", value.isEmpty() ? "remove" : "add"}, {"path", place.toStdString()}};
        if (!value.isEmpty()) change["value"] = Json::parse(value.toStdString());
        const Json json =
            Json::parse(readTextFile(folder + "/model.json")).patch(Json::array({change}));
        writeTextFile(folder + "/model.json", json.dump());
        const auto message = QString::fromStdString(refusal([&] { readPackage(folder); }));
        QVERIFY2(message.contains(says), qPrintable(message));
        QVERIFY2(message.contains(QString::fromStdString(folder)), qPrintable(message));
    }

    void refusesTextsThatAreTooLong() {
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        Json json = Json::parse(readTextFile(folder + "/model.json"));
        json["cite"] = std::string(70000, 'x');
        writeTextFile(folder + "/model.json", json.dump());
        const std::string message = refusal([&] { readPackage(folder); });
        QVERIFY2(message.find("too long") != std::string::npos, message.c_str());
    }

    void refusesMissingWeights() {
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        fs::remove(folder + "/velocity.safetensors");
        const std::string message = refusal([&] { readPackage(folder); });
        QVERIFY2(message.find("velocity.safetensors: The model's weight file is missing") !=
                     std::string::npos,
                 message.c_str());
    }

    void refusesBadText_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "not valid JSON";
        QTest::newRow("truncated") << QByteArray("{\"schema\": 1,") << "not valid JSON";
        QTest::newRow("binary") << QByteArray("\xff\xfe\x00\x01", 4) << "not valid JSON";
        QTest::newRow("number overflow") << QByteArray("{\"schema\": 1e999}") << "not valid JSON";
        QTest::newRow("list") << QByteArray("[]") << "is not an object";
        QTest::newRow("deep") << QByteArray(500000, '[') << "too deeply";
        QTest::newRow("large") << QByteArray(1100000, ' ') << "too large";
    }

    void refusesBadText() {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, says);
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        writeTextFile(folder + "/model.json", text.toStdString());
        const auto message = QString::fromStdString(refusal([&] { readPackage(folder); }));
        QVERIFY2(message.contains(says), qPrintable(message));
        const auto side = QString::fromStdString(refusal([&] {
            writePackage(example(folder));
            writeTextFile(folder + "/quality.json", text.toStdString());
            readPackage(folder);
        }));
        QVERIFY2(side.contains("quality.json"), qPrintable(side));
    }

    void ignoresUnknownKeys() {
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        Json json = Json::parse(readTextFile(folder + "/model.json"));
        json["mood"] = "sunny";
        json["networks"][0]["dropout"] = 0.05;
        writeTextFile(folder + "/model.json", json.dump());
        QCOMPARE(readPackage(folder).name, std::string("split-test"));
    }

    void refusesPlacesThatAreNoPackage() {
        const QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        QVERIFY(refusal([&] {
                    readPackage(base + "/none.posteria");
                }).find("no model package here") != std::string::npos);
        QVERIFY(refusal([&] { readPackage(base); }).find("model.json is missing") !=
                std::string::npos);
        writeTextFile(base + "/zipped.posteria", "PK");
        QVERIFY(refusal([&] { readPackage(base + "/zipped.posteria"); }).find("unpack it") !=
                std::string::npos);
    }

    void refusesWeightsThatAreTooLarge() {
        const QTemporaryDir dir;
        const std::string folder = makePackage(dir);
        fs::resize_file(folder + "/velocity.safetensors", (64u << 20) + 1);  // sparse
        const std::string message = refusal([&] { readPackage(folder); });
        QVERIFY2(message.find("larger than 64 MB") != std::string::npos, message.c_str());
    }

    void noticesChangedFiles() {
        const QTemporaryDir dir;
        for (const char* file : {"velocity.safetensors", "quality.json", "calibration.json"}) {
            const std::string folder = makePackage(dir);
            writeTextFile(folder + "/" + file, "{}");
            const std::string message = refusal([&] { checkPackage(readPackage(folder)); });
            QVERIFY2(message.find(file) != std::string::npos &&
                         message.find("sha256") != std::string::npos,
                     message.c_str());
        }
        ModelPackage bare = readPackage(makePackage(dir));
        bare.qualityJson.clear();
        writePackage(bare);
        writeTextFile(bare.folder + "/quality.json", "{}");
        const std::string message = refusal([&] { checkPackage(readPackage(bare.folder)); });
        QVERIFY2(message.find("not listed") != std::string::npos, message.c_str());
    }

    void neverWritesWhatItWouldNotRead() {
        const QTemporaryDir dir;
        ModelPackage package = readPackage(makePackage(dir));
        const std::string before = packageSha256(package);
        package.networks[0].widths = {20};
        try {
            writePackage(package);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Failed);
        }
        package = example(package.folder);
        package.title = "\xff";
        QVERIFY_EXCEPTION_THROWN(writePackage(package), Error);
        package = example(package.folder);
        package.networks[0].file = "absent.safetensors";
        QVERIFY_EXCEPTION_THROWN(writePackage(package), Error);
        QCOMPARE(packageSha256(package), before);
    }

    void findsPackages() {
        const QTemporaryDir first, second;
        const std::string a = makePackage(first, "alpha");
        const std::string b = makePackage(second, "beta");
        makePackage(second, "alpha");  // hidden by the first folder's
        fs::create_directories(second.filePath("broken.posteria").toStdString());
        qputenv("POSTERIA_MODELS", (first.path() + "::" + second.path()).toUtf8());
        QCOMPARE(modelFolders()[0], first.path().toStdString());
        QCOMPARE(modelFolders()[1], second.path().toStdString());
        QCOMPARE(modelFolders()[2], m_empty.path().toStdString() + "/posteria/models");

        std::map<std::string, std::string> found;
        for (const auto& package : listPackages())
            QVERIFY(found.emplace(package.name, package.folder).second);
        QCOMPARE(found["alpha"], a);
        QCOMPARE(found["beta"], b);
        QCOMPARE(findPackage("beta").folder, b);
        QCOMPARE(findPackage(b + "/").folder, b);
        const std::string unknown = refusal([] { findPackage("gamma"); });
        QVERIFY2(unknown.find("alpha, beta") != std::string::npos, unknown.c_str());
        const std::string broken = refusal([] { findPackage("broken"); });
        QVERIFY2(broken.find("model.json is missing") != std::string::npos, broken.c_str());

        fs::rename(b, second.filePath("renamed.posteria").toStdString());
        QCOMPARE(findPackage("beta").name, std::string("beta"));
    }

  private:
    QTemporaryDir m_empty;
};

QTEST_APPLESS_MAIN(TestModelPackage)
#include "tst_model_package.moc"
