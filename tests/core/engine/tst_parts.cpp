// Results larger than memory: drawn part by part they are what they would be at once, the process
// stays within what it is allowed, and what was finished survives any end of the program.
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>
#include <csignal>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "core/engine/restore_files.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "core/sampling/noise_field.h"
#include "tests/core/engine/random_package.h"

using namespace posteria;
using namespace posteria::engine;

namespace {

const QString kProgram = QString(POSTERIA_BIN_DIR) + "/posteria-cli";

class Last : public RunObserver {
  public:
    posterior::SnapshotPtr snapshot;
    void onProgress(const Progress&) override {}
    void onSnapshot(const posterior::SnapshotPtr& s) override { snapshot = s; }
};

// Puts the parts of mean and std together again, [T, C, Z, Y, X].
class Assembler : public PartReceiver {
  public:
    at::Tensor mean, std, covered;
    int parts = 0, samples = 0;

    void onProgress(const Progress&) override {}
    bool onPart(const ResultPart& part, std::vector<image::StackPtr>&) override {
        const auto& w = part.whole;
        if (!mean.defined()) {
            mean = at::zeros({w.t, w.c, w.z, w.y, w.x});
            std = mean.clone();
            covered = mean.clone();
        }
        return ++parts > 0;
    }
    void onSample(int, const image::StackPtr&) override { ++samples; }
    void onResult(const ResultPart& part, const posterior::Snapshot& result) override {
        put(part, *result.mean, mean);
        if (result.std) put(part, *result.std, std);
        place(part, covered).add_(1);
    }

  private:
    static at::Tensor place(const ResultPart& p, const at::Tensor& whole) {
        const auto& r = p.region;
        return whole.slice(0, p.firstT, p.firstT + p.frames)
            .slice(2, p.firstZ, p.firstZ + p.slices)
            .slice(3, r.y, r.y + r.height)
            .slice(4, r.x, r.x + r.width);
    }
    static void put(const ResultPart& p, const image::Stack& stack, const at::Tensor& whole) {
        const auto& s = stack.shape();
        std::vector<at::Tensor> planes;
        for (const auto& plane : image::readPlanes(stack))
            planes.push_back(tensor::fromPlane(plane));
        place(p, whole).copy_(at::stack(planes).view({s.t, s.c, s.z, s.y, s.x}));
    }
};

at::Tensor tensorOf(const image::Stack& stack) {
    const auto& s = stack.shape();
    std::vector<at::Tensor> planes;
    for (const auto& plane : image::readPlanes(stack))
        planes.push_back(tensor::fromPlane(plane));
    return at::stack(planes).view({s.t, s.c, s.z, s.y, s.x});
}

double difference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

image::StackPtr makeHyperstack(const image::Shape& shape) {
    auto generator = tensor::makeGenerator(12, 0);
    image::StackInfo info;
    info.name = "input";
    info.shape = shape;
    info.type = image::PixelType::Float32;
    info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    std::vector<image::Plane> planes;
    for (std::int64_t i = 0; i < shape.planes(); ++i) {
        planes.push_back(
            tensor::toPlane(100 + 20 * tensor::normal({shape.y, shape.x}, generator).abs()));
    }
    return image::makeMemoryStack(info, planes);
}

}  // namespace

class TestParts : public QObject {
    Q_OBJECT

  private:
    QTemporaryDir m_dir;
    std::unique_ptr<Engine> m_engine;

    RestorationRequest request(const image::Shape& shape, const char* model = "random") {
        RestorationRequest r;
        r.input = makeHyperstack(shape);
        r.model = makePackage(m_dir, model);
        r.severity = 0.5;
        r.seed = 5;
        r.samples = 2;
        r.device = "cpu";
        return r;
    }
    // A package whose samples are filtered by what the whole plane tells.
    std::string withGains() {
        auto p = package::readPackage(makePackage(m_dir, "around"));
        package::ResidualGain gain;
        gain.level = -8, gain.low = -12, gain.high = 2;
        gain.gain.assign(package::kGainNodes, 0.8);
        gain.slope.assign(package::kGainNodes, 0.05);
        gain.gain[0] = 1, gain.slope[0] = 0;
        p.residualGain = {gain, gain};
        package::writePackage(p);
        return p.folder;
    }

  private Q_SLOTS:
    void initTestCase() { m_engine.reset(posteria_create_engine(kEngineInterface)); }

    // Planes at a time: the same to the last bit, whichever they are.
    void planesAtATime_data() {
        QTest::addColumn<int>("planes");
        QTest::addColumn<int>("parts");
        QTest::newRow("one") << 1 << 6;
        QTest::newRow("two slices of three") << 2 << 4;
        QTest::newRow("a frame") << 4 << 2;
        QTest::newRow("all") << 100 << 1;
    }
    void planesAtATime() {
        QFETCH(int, planes);
        QFETCH(int, parts);
        auto r = request({2, 2, 3, 70, 90});
        r.selection.c = {0, 1};
        r.independentNoise = true;
        Last whole;
        const auto report = m_engine->run(r, whole, {});
        r.partSize.planes = planes;
        Assembler assembled;
        const auto inParts = m_engine->runInParts(r, assembled, {});
        QCOMPARE(assembled.parts, parts);
        QCOMPARE(assembled.samples, 2 * parts);
        QCOMPARE(difference(assembled.mean, tensorOf(*whole.snapshot->mean)), 0.0);
        QCOMPARE(difference(assembled.std, tensorOf(*whole.snapshot->std)), 0.0);
        QCOMPARE(inParts.networkCalls, report.networkCalls);
        QVERIFY(std::abs(inParts.monteCarloError - report.monteCarloError) <
                1e-3 * report.monteCarloError);
    }

    // Squares of a plane: every pixel once, and the same but for rounding, though a border of a
    // part runs through the middle of tiles.
    void regionsAtATime_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("side");
        for (const char* model : {"random", "around", "gains", "denoising", "dehazing"}) {
            for (const int side : {128, 192})
                QTest::addRow("%s %d", model, side) << model << side;
        }
    }
    void regionsAtATime() {
        QFETCH(QString, model);
        QFETCH(int, side);
        auto r = request({1, 1, 1, 300, 340}, model == "gains" ? "around" : qPrintable(model));
        if (model == "gains") r.model = withGains();
        r.tile = 128;
        r.overlap = 64;
        r.selection.roi = {20, 10, 310, 280};
        if (model == "denoising" || model == "dehazing") r.severity.reset();
        Last whole;
        m_engine->run(r, whole, {});
        r.partSize = {1, side};
        Assembler assembled;
        m_engine->runInParts(r, assembled, {});
        QCOMPARE(assembled.parts, side == 128 ? 3 * 3 : 2 * 2);
        QVERIFY((assembled.covered == 1).all().item<bool>());
        const auto verify = [](const image::StackPtr& expected, const at::Tensor& assembled) {
            const at::Tensor whole = tensorOf(*expected);
            const double off = difference(whole, assembled) / whole.std().item<double>();
            QVERIFY2(off < 1e-3, qPrintable(QString::number(off)));
        };
        verify(whole.snapshot->mean, assembled.mean);
        QCOMPARE(whole.snapshot->std != nullptr, model != "dehazing");  // one answer
        if (whole.snapshot->std) verify(whole.snapshot->std, assembled.std);
    }

    // Noise of a frame beyond 4096 x 4096 values is made in blocks; parts of it agree.
    void noiseOfLargeFrames() {
        const std::int64_t side = 6000;
        const auto field = [&](const image::Rect& region) {
            return sampling::NoiseField(3, 1, 2, side, side, region).field(0);
        };
        const at::Tensor a = field({900, 1900, 400, 300}), b = field({1000, 2000, 200, 100});
        QVERIFY(at::equal(a.slice(1, 100, 200).slice(2, 100, 300), b));
        QVERIFY(std::abs(a.mean().item<double>()) < 0.01);  // of 240 000 values: 5 deviations
        QVERIFY(std::abs(a.std().item<double>() - 1) < 0.01);
        // Neighbouring blocks, channels and samples have nothing in common.
        const auto correlation = [](const at::Tensor& x, const at::Tensor& y) {
            return std::abs((x * y).mean().item<double>());
        };
        QVERIFY(correlation(field({0, 0, 200, 200})[0], field({1024, 0, 200, 200})[0]) < 0.03);
        QVERIFY(correlation(a[0], a[1]) < 0.02);
        const at::Tensor other =
            sampling::NoiseField(3, 2, 2, side, side, {900, 1900, 400, 300}).field(0);
        QVERIFY(correlation(a, other) < 0.02);
    }

    // The parts are as large as the memory allows: a stack of which the samples, moments and
    // results would take several times as much.
    void memoryIsKept_data() {
        QTest::addColumn<int>("planes");
        QTest::addColumn<int>("side");
        QTest::newRow("many planes") << 300 << 256;
        QTest::newRow("a large plane") << 1 << 4200;
    }
    void memoryIsKept() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers take memory of their own");
#endif
        QFETCH(int, planes);
        QFETCH(int, side);
        QTemporaryDir out;
        const auto input = out.filePath("cells.tif");
        {
            image::StackInfo info;
            info.shape = {1, 1, planes, side, side};
            info.type = image::PixelType::UInt16;
            io::OmeTiffOptions options;
            options.compression = io::Compression::None;
            io::OmeTiffWriter writer(input.toStdString(), {info}, options);
            void* memory = nullptr;
            const auto plane = image::Plane::allocate(info.type, side, side, &memory);
            auto* pixels = static_cast<std::uint16_t*>(memory);
            for (std::int64_t i = 0; i < plane.size(); ++i)
                pixels[i] = static_cast<std::uint16_t>(100 + i * 2654435761u % 400);
            for (int z = 0; z < planes; ++z)
                writer.writePlane(plane);
            writer.finish();
        }
        const double most = 0.9e9;
        QProcess process;
        process.start(kProgram, {"restore", input, "--model",
                                 QString::fromStdString(makePackage(m_dir, "random")), "-o",
                                 out.filePath("out"), "--sampler", "oneshot", "--severity", "0.5",
                                 "--max-memory", QString::number(most / 1e9), "--json", "-q"});
        QVERIFY(process.waitForFinished(500000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto report = QJsonDocument::fromJson(process.readAllStandardOutput())["files"][0];
        const double peak = report["peak_memory_bytes"].toDouble();
        qInfo("peak %.0f MB of %.0f", peak / 1e6, most / 1e6);
        QVERIFY2(peak < 1.1 * most, qPrintable(QString::number(peak)));
        const auto mean = io::open(out.filePath("out/cells.mean.ome.tif").toStdString());
        QCOMPARE(mean->shape(), (image::Shape{1, 2, planes, side, side}));
        QCOMPARE(mean->info().levels.size() > 1, side > 4096);
    }

    void tooLittleMemoryIsOneSentence() {
        auto r = request({1, 1, 1, 64, 64});
        r.maxMemoryBytes = 50 << 20;
        Assembler assembled;
        try {
            m_engine->runInParts(r, assembled, {});
            QFAIL("it ran");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Usage);
            QVERIFY2(QString::fromStdString(error.hint()).startsWith("Allow "),
                     error.hint().c_str());
        }
    }

    // Killed again and again, at any moment, and resumed: in the end the same files as from a run
    // in one go, and nothing else.
    void killedAndResumed() {
        QTemporaryDir out;
        io::writeOmeTiff(out.filePath("cells.tif").toStdString(),
                         {makeHyperstack({1, 1, 16, 256, 256})});
        RestoreJob job;
        job.inputs = {out.filePath("cells.tif").toStdString()};
        job.settings = request({1, 1, 1, 64, 64});
        job.settings.samples = 3;
        job.save = {"mean", "std", "q95"};
        job.settings.partSize.planes = 4;
        job.outputFolder = out.filePath("whole").toStdString();
        restoreFiles(*m_engine, job, [](auto&, auto&) {}, {});
        const QStringList arguments{"restore",    QString::fromStdString(job.inputs[0]),
                                    "--model",    QString::fromStdString(job.settings.model),
                                    "-o",         out.filePath("killed"),
                                    "--severity", "0.5",
                                    "--seed",     "5",
                                    "--samples",  "3",
                                    "--device",   "cpu",
                                    "--save",     "mean,std,q95",
                                    "--resume",   "-q"};
        // Its parts are those of a run before it.
        job.outputFolder = out.filePath("killed").toStdString();
        CancelToken stop;
        const auto stopInPart = [&](const std::string&, const Progress& p) {
            if (p.stage.find("Part 2") == 0) stop.cancel();
        };
        QVERIFY_EXCEPTION_THROWN(restoreFiles(*m_engine, job, stopInPart, stop), Error);
        QVERIFY(QFile::exists(out.filePath("killed/.cells.partial/parts.jsonl")));
        int kills = 0;
        for (int attempt = 0;; ++attempt) {
            QProcess process;
            process.start(kProgram, arguments);
            QVERIFY(process.waitForStarted());
            // Another moment each time: from loading to writing the results. Later and later, so
            // that a busy machine gets on as well.
            if (!process.waitForFinished(900 + 237 * attempt)) {
                process.kill();
                QVERIFY(process.waitForFinished());
                ++kills;
                for (const auto& name : QDir(out.filePath("killed")).entryList(QDir::Files))
                    io::open(out.filePath("killed/" + name).toStdString())->readPlane({});
                QVERIFY(attempt < 100);
                continue;
            }
            QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
            break;
        }
        qInfo("killed %d times", kills);
        QVERIFY(kills > 0);
        for (const char* name : {"mean", "std", "q95"}) {
            const auto file = QString("/cells.%1.ome.tif").arg(name);
            const auto a = io::open(out.filePath("whole" + file).toStdString());
            const auto b = io::open(out.filePath("killed" + file).toStdString());
            QCOMPARE(difference(tensorOf(*a), tensorOf(*b)), 0.0);
        }
        QCOMPARE(QDir(out.filePath("killed"))
                     .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList({"cells.mean.ome.tif", "cells.q95.ome.tif", "cells.report.json",
                              "cells.std.ome.tif"}));
    }

    // Two programs, one image, one folder: the second is told so.
    void oneProgramAtATime() {
        QTemporaryDir out;
        RestoreJob job;
        job.inputs = {out.filePath("cells.tif").toStdString()};
        job.settings = request({1, 1, 1, 128, 128});
        job.outputFolder = out.path().toStdString();
        io::writeOmeTiff(job.inputs[0], {job.settings.input});
        std::string told;
        restoreFiles(
            *m_engine, job,
            [&](const std::string&, const Progress& progress) {
                if (progress.sample == 0 || !told.empty()) return;
                const std::unique_ptr<Engine> other(posteria_create_engine(kEngineInterface));
                try {
                    restoreFiles(*other, job, [](auto&, auto&) {}, {});
                    told = "both ran";
                } catch (const Error& error) {
                    told = error.message();
                }
            },
            {});
        QCOMPARE(told, std::string("Another program is restoring this image into this folder."));
        QVERIFY(QFile::exists(out.filePath("cells.report.json")));
    }
};

QTEST_GUILESS_MAIN(TestParts)
#include "tst_parts.moc"
