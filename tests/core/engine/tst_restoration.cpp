// The engine on a small model with random weights: what is promised of samples holds whatever the
// network says. Sample k depends on (input, model, settings, seed, k) alone; cancelling takes one
// network call.
#include <QtTest>

#include "core/base/error.h"
#include "core/engine/restore_files.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/engine/engine_fixture.h"

using namespace posteria;
using namespace posteria::engine;

class TestRestoration : public QObject, EngineFixture {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(!posteria_create_engine(kEngineInterface + 1));
        makeEngine();
        QVERIFY(m_engine);
    }

    // The way of a restoration step by step: it starts at the input and ends at what is returned,
    // asking for it changes nothing, and tiles do not show in it.
    void traceFollowsTheSteps_data() {
        QTest::addColumn<QString>("sampler");
        for (const char* name : {"cold-improved", "cold-naive", "cold-unconditional", "blend"})
            QTest::newRow(name) << name;
    }
    void traceFollowsTheSteps() {
        QFETCH(QString, sampler);
        auto r = request(96, 2);
        r.model = makePackage(m_dir, "dehazing");
        r.sampler = sampler.toStdString();
        r.severity.reset();
        const auto plain = run(r);
        QVERIFY(plain->trace.empty());
        r.trace = true;
        const auto traced = run(r);
        QCOMPARE(traced->trace.size(), std::size_t(3));
        for (std::int64_t z = 0; z < 2; ++z) {
            QCOMPARE(difference(plane(plain->mean, 0, z), plane(traced->mean, 0, z)), 0.0);
            QVERIFY(difference(plane(traced->trace.front(), 0, z), plane(r.input, 0, z)) < 1e-3);
            const double last =
                difference(plane(traced->trace.back(), 1, z), plane(traced->mean, 0, z));
            if (sampler == "cold-improved")
                QVERIFY(last > 1e-3);  // x_t less what D makes of x0, plus x0
            else
                QVERIFY2(last < 1e-3, qPrintable(QString::number(last)));
        }
        QCOMPARE(traced->trace[1]->info().name, std::string("step 2, t = 0.667"));
        QCOMPARE(traced->trace[1]->info().channels[0].name, std::string("clean x_t"));
        QCOMPARE(traced->trace[1]->info().channels[1].name, std::string("clean x0"));
        // Written and read back, a series a step.
        RestoreJob job;
        job.inputs = {m_dir.filePath("hazy.ome.tif").toStdString()};
        io::writeOmeTiff(job.inputs.front(), {r.input});
        job.outputFolder = m_dir.filePath("trace-" + sampler).toStdString();
        job.settings = r;
        job.save = {"mean", "trace"};
        restoreFiles(*m_engine, job, [](const std::string&, const Progress&) {}, {});
        const auto written = io::open(job.outputFolder + "/hazy.trace.ome.tif", 1);
        QCOMPARE(written->info().name, std::string("step 2, t = 0.667"));
        QCOMPARE(difference(plane(written, 1, 1), plane(traced->trace[1], 1, 1)), 0.0);
    }

    void flowsHaveNoTrace() {
        auto r = request();
        r.trace = true;
        try {
            run(r);
            QFAIL("a trace of a flow was drawn");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Usage);
        }
    }

    void samplesStreamIn() {
        Recorder recorder;
        const auto report = m_engine->run(request(), recorder, {});
        int samples = 0;
        for (const auto& s : recorder.snapshots) {
            if (s->partial) continue;
            QCOMPARE(s->samples, ++samples);
            QCOMPARE(static_cast<int>(s->kept.size()), samples);
            QVERIFY(s->mean);
            QCOMPARE(s->std != nullptr, samples > 1);
        }
        QCOMPARE(samples, 4);
        QCOMPARE(recorder.last().mean->shape(), (image::Shape{1, 2, 1, 96, 96}));
        QCOMPARE(recorder.last().mean->info().channels[1].name, std::string("second"));
        QCOMPARE(recorder.last().mean->info().voxelSize->x, 0.1);
        QCOMPARE(report.networkCalls, 12);
        QVERIFY(report.secondsNetwork > 0 && report.secondsNetwork <= report.secondsTotal);
        at::Tensor mean = at::zeros({96, 96});
        for (const auto& k : recorder.last().kept)
            mean = mean + plane(k, 1) / 4;
        QVERIFY(difference(mean, plane(recorder.last().mean, 1)) < 1e-3);
        QVERIFY(plane(recorder.last().std).min().item<float>() > 0);
    }

    void sampleKIsItsOwn() {
        const auto four = run(request());
        auto two = request();
        two.samples = 2;
        const auto fewer = run(two);
        QVERIFY(difference(plane(four->kept[1]), plane(fewer->kept[1])) == 0);
        QVERIFY(difference(plane(four->kept[0]), plane(four->kept[1])) > 0.1);
        auto other = request();
        other.seed = 6;
        QVERIFY(difference(plane(run(other)->kept[0]), plane(four->kept[0])) > 0.1);
    }

    // Samples around the mean: one more call a plane, one less a sample, as the first step is
    // known; and with a velocity of nothing but its own scaling the samples scatter around the
    // one-shot result by residualVariance.
    void samplesScatterAroundTheMean() {
        auto r = request(96, 2);
        r.model = m_around;
        Recorder recorder;
        const auto report = m_engine->run(r, recorder, {});
        QCOMPARE(report.networkCalls, 2 * (4 * 2 + 1));
        auto once = r;
        once.sampler = "oneshot";
        const at::Tensor mean = plane(run(once)->mean), first = plane(recorder.last().kept[0]);
        const at::Tensor y = plane(r.input);
        const double scale = y.std(false).item<double>() * 0.3;
        const double spread = (first - mean).std().item<double>() / scale;
        QVERIFY2(spread > 0.1 && spread < 10, qPrintable(QString::number(spread)));
        auto rest = r;
        rest.finished = {recorder.last().kept[0], recorder.last().kept[1]};
        QVERIFY(difference(plane(run(rest)->kept[3]), plane(recorder.last().kept[3])) == 0);
    }

    // The network's reach is smaller than the rim of a tile: tiles change nothing but rounding.
    void tilesChangeNothing() {
        auto tiled = request(480);
        tiled.sampler = "oneshot";
        tiled.tile = 320;
        tiled.overlap = 160;
        auto whole = tiled;
        whole.tile = 1024;
        const auto a = run(tiled), b = run(whole);
        const double scale = plane(b->mean).std().item<double>();
        QVERIFY2(
            difference(plane(a->kept[0]), plane(b->kept[0])) < 1e-3 * scale,
            qPrintable(QString::number(difference(plane(a->kept[0]), plane(b->kept[0])) / scale)));
    }

    void aPartIsThePartOfTheWhole() {
        auto part = request(160);
        part.selection.roi = {60, 40, 80, 96};
        const auto whole = run(request(160)), piece = run(part);
        const at::Tensor expected = plane(whole->kept[2]).slice(0, 40, 136).slice(1, 60, 140);
        // Near its border a part sees reflections where the whole sees its neighbours.
        const at::Tensor d =
            (plane(piece->kept[2]) - expected).abs().slice(0, 32, 64).slice(1, 32, 48);
        QVERIFY2(d.max().item<double>() < 0.05,
                 qPrintable(QString::number(d.max().item<double>())));
    }

    void planesShareOneNoiseUnlessAsked() {
        auto r = request(64, 2);
        // Two equal planes: with one noise field a sample they come out equal.
        const auto p = makeInput(64)->readPlane({0, 0, 0});
        r.input = image::makeMemoryStack(r.input->info(), {p, p});
        const auto shared = run(r);
        QVERIFY(difference(plane(shared->kept[0], 0, 0), plane(shared->kept[0], 0, 1)) == 0);
        r.independentNoise = true;
        const auto own = run(r);
        QVERIFY(difference(plane(own->kept[0], 0, 0), plane(own->kept[0], 0, 1)) > 0.1);
    }

    void visibleRegionIsPublishedFirst_data() {
        QTest::addColumn<bool>("aroundMean");
        QTest::newRow("alone") << false;
        QTest::newRow("around the mean") << true;
    }
    void visibleRegionIsPublishedFirst() {
        QFETCH(bool, aroundMean);
        auto r = request(600);
        if (aroundMean) r.model = m_around;
        r.tile = 128;
        r.samples = 1;
        r.viewport = {500, 500, 50, 50};
        Recorder recorder;
        int callsBefore = 0;
        recorder.progress = [&](const Progress&) { callsBefore += recorder.snapshots.empty(); };
        const auto report = m_engine->run(r, recorder, {});
        QVERIFY2(callsBefore < report.networkCalls / 4, qPrintable(QString::number(callsBefore)));
        QVERIFY(recorder.snapshots.size() > 1);
        const auto first = plane(recorder.snapshots.front()->partial);
        QVERIFY(first.isnan().any().item<bool>());
        QVERIFY(first.slice(0, 500, 550).slice(1, 500, 550).isfinite().any().item<bool>());
    }

    void cancellingTakesOneCall() {
        Recorder recorder;
        CancelToken token;
        int after = 0;
        recorder.progress = [&](const Progress& p) {
            if (token.cancelled()) ++after;
            if (p.sample == 2) token.cancel();
        };
        try {
            m_engine->run(request(), recorder, token);
            QFAIL("the run was not stopped");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Cancelled);
        }
        QVERIFY2(after <= 1, qPrintable(QString::number(after)));
        QCOMPARE(recorder.last().samples, 1);
    }

    void residualIsWhatTheModelLeaves() {
        const auto s = run(request());
        QVERIFY(s->residual);
        const at::Tensor expected =
            plane(request().input) - 0.5 * (plane(s->mean, 0) + plane(s->mean, 1));
        QVERIFY(difference(plane(s->residual), expected - expected.median()) < 1e-2);
    }

    // A ladder's samples: one call each, grey values above the camera's offset, of latents that are
    // the sample's own; a dark camera's offset moves the answer by as much.
    void laddersAreDecoded() {
        auto r = request(96);
        r.model = makePackage(m_dir, "denoising");
        r.severity.reset();
        Recorder recorder;
        const auto report = m_engine->run(r, recorder, {});
        QCOMPARE(report.sampler, std::string("hdn"));
        QCOMPARE(report.networkCalls, 3);
        const auto& kept = recorder.last().kept;
        QVERIFY(difference(plane(kept[0]), plane(kept[1])) > 0.1);
        auto fewer = r;
        fewer.samples = 2;
        QVERIFY(difference(plane(run(fewer)->kept[1]), plane(kept[1])) == 0);
        auto darker = r;
        darker.cameraOffset = 80;  // the package says 90
        QVERIFY(difference(plane(run(darker)->kept[2]), plane(kept[2]) + 10) < 1e-3);
        // A part that begins at whole squares of the ladder's rests on the whole's latents.
        auto whole = r;
        whole.input = makeInput(192);
        auto part = whole;
        part.selection.roi = {16, 32, 176, 160};
        const at::Tensor expected = plane(run(whole)->kept[1]).slice(0, 32).slice(1, 16);
        const at::Tensor d = (plane(run(part)->kept[1]) - expected).abs();
        const double inside = d.slice(0, 80).slice(1, 80).max().item<double>();
        QVERIFY2(inside < 1e-3 && d.max().item<double>() > 1e-3,
                 qPrintable(QString::number(inside)));
    }

    void tilesOfALadderAgree() {
        auto tiled = request(480);
        tiled.model = makePackage(m_dir, "denoising");
        tiled.severity.reset();
        tiled.samples = 1;
        tiled.tile = 320;
        tiled.overlap = 160;
        auto whole = tiled;
        whole.tile = 1024;
        const auto a = run(tiled), b = run(whole);
        const double scale = plane(b->mean).std().item<double>();
        const double off = difference(plane(a->kept[0]), plane(b->kept[0])) / scale;
        QVERIFY2(off < 1e-3, qPrintable(QString::number(off)));
    }

    // A prior restores by as many calls as steps; told a blur, it restores another image; where the
    // noise is another than the model's camera's, it says so.
    void priorsRestore() {
        auto r = request(96);
        r.model = makePackage(m_dir, "denoising");
        r.sampler = "ddrm";
        r.severity.reset();
        auto generator = tensor::makeGenerator(8, 1);
        // As the package's camera sees it: 200 grey values above its offset.
        const at::Tensor usual =
            290 + std::sqrt(4 + 0.5 * 200) * tensor::normal({96, 96}, generator);
        r.input = image::makeMemoryStack(r.input->info(), {tensor::toPlane(usual)});
        Recorder recorder;
        const auto report = m_engine->run(r, recorder, {});
        QCOMPARE(report.networkCalls, 2 * 4);
        const auto told = [](const RunReport& report) {
            return std::any_of(report.warnings.begin(), report.warnings.end(), [](const auto& w) {
                return w.find("The image's noise is") != std::string::npos;
            });
        };
        QVERIFY(!told(report));
        const at::Tensor plain = plane(recorder.last().kept[0]);
        QVERIFY(plain.isfinite().all().item<bool>());
        image::StackInfo point;
        point.shape.y = point.shape.x = 5;
        point.type = image::PixelType::Float32;
        r.psf = image::makeMemoryStack(point, {tensor::toPlane(at::full({5, 5}, 7.0))});
        QVERIFY(difference(plane(run(r)->kept[0]), plain) > 0.1);
        auto quiet = r;
        quiet.input =
            image::makeMemoryStack(r.input->info(), {tensor::toPlane(290 + 0.2 * (usual - 290))});
        QVERIFY(told(m_engine->run(quiet, recorder, {})));
        auto even = r;
        point.shape.x = 4;
        even.psf = image::makeMemoryStack(point, {tensor::toPlane(at::ones({5, 4}))});
        QVERIFY_EXCEPTION_THROWN(run(even), Error);
        even.psf = r.psf;
        even.sampler = "hdn";
        QVERIFY_EXCEPTION_THROWN(run(even), Error);
    }

    // Without a network: one answer, in grey values above the camera's offset. A flat image has
    // nothing to restore; what blurs it must be known.
    void classicalSamplersRestore() {
        auto r = request(96);
        r.model = makePackage(m_dir, "denoising");
        r.sampler = "wiener";
        r.severity.reset();
        r.samples = 5;
        auto generator = tensor::makeGenerator(8, 2);
        const at::Tensor flat = 290 + std::sqrt(104.0) * tensor::normal({96, 96}, generator);
        r.input = image::makeMemoryStack(r.input->info(), {tensor::toPlane(flat)});
        Recorder recorder;
        const auto report = m_engine->run(r, recorder, {});
        QCOMPARE(report.networkCalls, 0);
        QCOMPARE(report.samples, 1);
        const at::Tensor x = plane(recorder.last().mean);
        QVERIFY(std::abs(x.mean().item<double>() - 200) < 1);
        QVERIFY2(x.std().item<double>() < 5, qPrintable(QString::number(x.std().item<double>())));
        r.sampler = "richardson-lucy";
        try {
            run(r);
            QFAIL("it deconvolved without knowing the blur");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Model);
        }
        image::StackInfo point;
        point.shape.y = point.shape.x = 5;
        point.type = image::PixelType::Float32;
        r.psf = image::makeMemoryStack(point, {tensor::toPlane(at::ones({5, 5}))});
        const double few = plane(run(r)->mean).std().item<double>();
        r.steps = 40;
        QVERIFY(plane(run(r)->mean).std().item<double>() > 1.5 * few);  // it sharpens noise, too
        r.steps = 0;
        // A dehazing model knows its optics.
        auto package = package::readPackage(makePackage(m_dir, "dehazing"));
        package.samplers = {{"richardson-lucy", 3, 1}};
        package.camera = {90, 4, 0.5};
        package.optics = {"gaussian", 1.4, 520, 488, 1.515, 0.5};
        package::writePackage(package);
        r.model = package.folder;
        r.psf.reset();
        const at::Tensor hazy = plane(run(r)->mean);
        QVERIFY2(
            hazy.min().item<double>() >= -1e-3 && hazy.std().item<double>() > 0.1,
            qPrintable(
                QString("%1 %2").arg(hazy.min().item<double>()).arg(hazy.std().item<double>())));
        r.severity = 0.0;  // a narrower pinhole, another blur
        QVERIFY(difference(plane(run(r)->mean), hazy) > 0.1);
    }

    // Three detection channels of two structures, restored together.
    void channelsAreUnmixed() {
        auto r = request(32);
        r.model = makePackage(m_dir, "unmixing");
        r.severity.reset();
        auto info = r.input->info();
        info.shape.c = 3;
        info.channels.resize(3);
        auto generator = tensor::makeGenerator(8, 3);
        const at::Tensor a = 50 * tensor::normal({32, 32}, generator).abs(),
                         b = 50 * tensor::normal({32, 32}, generator).abs();
        r.input = image::makeMemoryStack(
            info, {tensor::toPlane(10 + a + 0.25 * b), tensor::toPlane(10 + 0.5 * a + b),
                   tensor::toPlane(10 + 0.25 * a + 0.25 * b)});
        const auto s = run(r);
        QCOMPARE(s->mean->shape(), (image::Shape{1, 2, 1, 32, 32}));
        QVERIFY(!s->residual);
        QVERIFY2(difference(plane(s->mean, 0), a) < 0.1,
                 qPrintable(QString::number(difference(plane(s->mean, 0), a))));
        QVERIFY(difference(plane(s->mean, 1), b) < 0.1);
        r.selection.c = {0, 2};
        QVERIFY_EXCEPTION_THROWN(run(r), Error);
    }

    void badRequestsAreErrors_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("kind");
        QTest::newRow("model") << "model" << static_cast<int>(ErrorKind::Model);
        QTest::newRow("sampler") << "sampler" << static_cast<int>(ErrorKind::Usage);
        QTest::newRow("channel") << "channel" << static_cast<int>(ErrorKind::Usage);
        QTest::newRow("roi") << "roi" << static_cast<int>(ErrorKind::Usage);
        QTest::newRow("device") << "device" << static_cast<int>(ErrorKind::Usage);
    }
    void badRequestsAreErrors() {
        QFETCH(QString, what);
        QFETCH(int, kind);
        auto r = request();
        if (what == "model") r.model = "no-such-model";
        if (what == "sampler") r.sampler = "ddrm";
        if (what == "channel") r.selection.c = {3};
        if (what == "roi") r.selection.roi = {500, 500, 10, 10};
        if (what == "device") r.device = "toaster";
        Recorder recorder;
        try {
            m_engine->run(r, recorder, {});
            QFAIL("it ran");
        } catch (const Error& error) {
            QCOMPARE(static_cast<int>(error.kind()), kind);
            QVERIFY(!error.message().empty());
        }
    }
};

QTEST_APPLESS_MAIN(TestRestoration)
#include "tst_restoration.moc"
