// Runs as a whole: they go on from what was drawn, end when the mean is known well enough, are done
// again from their report, and tell what speaks against their result.
#include <QtTest>

#include "core/base/error.h"
#include "core/engine/report.h"
#include "core/engine/restore_files.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "core/nn/input_check.h"
#include "core/package/calibration.h"
#include "tests/core/engine/engine_fixture.h"

using namespace posteria;
using namespace posteria::engine;

class TestRuns : public QObject, EngineFixture {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        makeEngine();
        QVERIFY(m_engine);
    }

    // An input that looks like the training images is restored without a word, another one with a
    // warning; without statistics nothing is claimed.
    void unusualInputsAreTold() {
        auto r = request(160);
        r.samples = 1;
        Recorder recorder;
        QCOMPARE(m_engine->run(r, recorder, {}).inputDistance, -1.0);
        const QTemporaryDir dir;
        r.model = makePackage(dir, "random");
        auto package = package::readPackage(r.model);
        std::vector<at::Tensor> features;
        for (std::uint64_t i = 0; i < 150; ++i) {
            auto generator = tensor::makeGenerator(900, i);
            features.push_back(
                nn::inputFeatures(tensor::normal({64, 64}, generator).abs().to(at::kDouble)));
        }
        const at::Tensor all = at::stack(features);
        package.inputStatistics = nn::fitInputStatistics(all.slice(0, 0, 100), all.slice(0, 100));
        package.inputStatistics.side = 64;
        package::Calibration calibration;
        calibration.channels = {{1, 0, 1, 1.7, 2}, {1, 0, 1, 1.8, 2}};
        calibration.sampler = package.samplers.front();
        package.calibrationJson = package::formatCalibration(calibration);
        package::writePackage(package);
        const auto told = [](const RunReport& report) {
            return std::any_of(report.warnings.begin(), report.warnings.end(), [](const auto& w) {
                return w.find("looks unlike") != std::string::npos;
            });
        };
        const auto usual = m_engine->run(r, recorder, {});
        QVERIFY2(usual.inputDistance > 0.2 && usual.inputDistance < 1,
                 qPrintable(QString::number(usual.inputDistance)));
        QVERIFY(!told(usual));
        QCOMPARE(recorder.last().diagnostics.interval90, (std::vector<double>{1.7, 1.8}));
        r.selection.roi = {0, 0, 48, 40};
        QVERIFY(!told(m_engine->run(r, recorder, {})));
        r.selection.roi = {};
        const at::Tensor smooth = at::avg_pool2d(plane(r.input).view({1, 1, 160, 160}), 5, 1, 2);
        r.input = image::makeMemoryStack(r.input->info(), {tensor::toPlane(smooth[0][0])});
        const auto other = m_engine->run(r, recorder, {});
        QVERIFY2(other.inputDistance > 2, qPrintable(QString::number(other.inputDistance)));
        QVERIFY(told(other));
        QVERIFY(recorder.last().diagnostics.interval90.empty());  // they promise nothing for it
        QCOMPARE(other.intervals.size(), std::size_t(2));
        // A region smaller than the images compared with is mirrored, unless it is less than half.
        r.selection.roi = {0, 0, 48, 40};
        QVERIFY(m_engine->run(r, recorder, {}).inputDistance > 2);
        r.selection.roi = {0, 0, 48, 31};
        QCOMPARE(m_engine->run(r, recorder, {}).inputDistance, -1.0);
    }

    // Already drawn samples are taken over; the others come out as if all had been drawn at once.
    void finishedSamplesAreTakenOver() {
        const auto whole = run(request());
        auto rest = request();
        rest.finished = {whole->kept[0], whole->kept[1]};
        Recorder recorder;
        const auto report = m_engine->run(rest, recorder, {});
        QCOMPARE(report.networkCalls, 6);
        QVERIFY(difference(plane(recorder.last().mean), plane(whole->mean)) == 0);
    }

    // More samples of a finished run: the very bits of having asked for all at once, and nothing is
    // told of fewer samples than there were.
    void aRunGoesOnBitByBit() {
        for (const auto& model : {m_package, m_around}) {
            auto r = request(96, 2);
            r.model = model;
            r.samples = 5;
            const auto whole = run(r);
            auto first = r;
            first.samples = 2;
            const auto begun = run(first);
            auto rest = r;
            rest.finished = begun->kept;
            Recorder recorder;
            m_engine->run(rest, recorder, {});
            for (const auto& snapshot : recorder.snapshots)
                QVERIFY(snapshot->samples >= 2);
            const auto& last = recorder.last();
            QCOMPARE(last.samples, 5);
            const auto same = [](const image::StackPtr& a, const image::StackPtr& b) {
                for (const std::int64_t c : {0, 1}) {
                    for (const std::int64_t z : {0, 1}) {
                        const auto p = a->readPlane({0, c, z}), q = b->readPlane({0, c, z});
                        if (std::memcmp(p.data(), q.data(), std::size_t(p.size()) * sizeof(float)))
                            return false;
                    }
                }
                return true;
            };
            QVERIFY(same(last.mean, whole->mean));
            QVERIFY(same(last.std, whole->std));
            for (std::size_t k = 0; k < 5; ++k)
                QVERIFY(same(last.kept[k], whole->kept[k]));
            QCOMPARE(last.diagnostics.monteCarloError, whole->diagnostics.monteCarloError);
        }
    }

    // What a run chose by itself is in its report; with that it is done again, bit by bit.
    void aRunIsDoneAgainFromItsReport() {
        auto r = request(300);
        r.model = m_around;
        r.samples = 3;
        r.enough.relativeError = 1e-9;
        Recorder recorder;
        const auto report = m_engine->run(r, recorder, {});
        const auto again = definiteRequest(r, report);
        QCOMPARE(again.tile, report.tile);
        QVERIFY(again.precision == Precision::Float32);
        QCOMPARE(again.steps, 3);
        QCOMPARE(again.enough.relativeError, 0.0);
        const auto repeated = run(again);
        const auto& first = recorder.last();
        for (const auto& [a, b] : {std::pair{first.mean, repeated->mean},
                                   {first.std, repeated->std},
                                   {first.kept[2], repeated->kept[2]}})
            for (const std::int64_t c : {0, 1})
                QVERIFY(at::equal(plane(a, c), plane(b, c)));
    }

    // What a report tells of input and result, and what the lights make of it.
    void aReportSaysWhatSpeaksAgainstIt() {
        auto r = request(160);
        r.model = m_around;
        Recorder recorder;
        auto report = m_engine->run(r, recorder, {});
        const auto& trust = report.trust;
        QCOMPARE(trust.samples, 4);
        QCOMPARE(trust.saturated, 0.0);
        QCOMPARE(trust.severity, 0.5);
        QVERIFY(!trust.calibrated);
        QVERIFY(trust.residual >= 0);
        QVERIFY(std::isnan(trust.distance));  // the package does not tell what it was trained on
        // Against the one-shot answer, by hand.
        auto once = r;
        once.sampler = "oneshot";
        const auto answer = run(once);
        double difference = 0, spread = 0;
        for (const std::int64_t c : {0, 1}) {
            difference += (plane(recorder.last().mean, c) - plane(answer->mean, c))
                              .square()
                              .mean()
                              .item<double>();
            spread += plane(recorder.last().std, c).square().mean().item<double>();
        }
        const double expected = std::sqrt(std::max(difference / spread - 1.0 / 4, 0.0));
        QVERIFY2(std::abs(trust.oneShot - expected) < 1e-3 * std::max(expected, 1.0),
                 qPrintable(QString("%1 %2").arg(trust.oneShot).arg(expected)));
        const auto json = QString::fromStdString(reportJson(report, "in.tif", "", ""));
        const auto lights = posterior::trustLights(trust);
        QVERIFY(json.contains(
            QString("\"verdict\": \"%1\"").arg(posterior::trustWord(posterior::verdict(lights)))));
        QVERIFY(json.contains(QString::fromStdString(lights[4].finding)));
        // A clipped image.
        const auto grey = r.input->readPlane({0, 0, 0});
        void* memory = nullptr;
        auto clipped =
            image::Plane::allocate(image::PixelType::UInt16, grey.width(), grey.height(), &memory);
        std::vector<double> values;
        for (std::int64_t i = 0; i < grey.size(); ++i)
            values.push_back(grey.value(i % grey.width(), i / grey.width()));
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        const double base = *low, limit = base + 0.6 * (*high - base),
                     scale = 4000 / (limit - base);
        for (std::size_t i = 0; i < values.size(); ++i)
            static_cast<std::uint16_t*>(memory)[i] =
                std::uint16_t((std::min(values[i], limit) - base) * scale);
        auto info = r.input->info();
        info.type = image::PixelType::UInt16;
        r.input = image::makeMemoryStack(info, {clipped});
        Recorder other;
        const auto clippedTrust = m_engine->run(r, other, {}).trust;
        const auto count = std::count_if(values.begin(), values.end(),
                                         [&](double value) { return value >= limit; });
        QVERIFY(count > 100);
        QVERIFY(std::abs(clippedTrust.saturated - double(count) / double(values.size())) < 1e-4);
        QVERIFY(posterior::verdict(posterior::trustLights(clippedTrust)) == posterior::Trust::Red);
    }

    // The error of the mean in a region, from the samples themselves.
    void samplesEndWhenTheyAreEnough() {
        auto r = request();
        r.samples = 12;
        r.enough.region = {10, 20, 30, 25};
        const auto whole = run(r);
        QCOMPARE(whole->samples, 12);
        QCOMPARE(whole->diagnostics.regionError, -1.0);  // nobody asked
        const auto errorAfter = [&](int n) {
            double most = 0;
            for (const std::int64_t c : {0, 1}) {
                std::vector<at::Tensor> planes;
                for (int k = 0; k < n; ++k)
                    planes.push_back(plane(whole->kept[std::size_t(k)], c)
                                         .slice(0, 20, 45)
                                         .slice(1, 10, 40)
                                         .to(at::kDouble));
                const at::Tensor all = at::stack(planes);
                const double error = std::sqrt(all.var(0, true).mean().item<double>() / double(n));
                most = std::max(most, error / all.mean(0).square().mean().sqrt().item<double>());
            }
            return most;
        };
        // Between what seven and eight samples reach.
        QVERIFY(errorAfter(8) < errorAfter(7));
        r.enough.relativeError = (errorAfter(7) + errorAfter(8)) / 2;
        int first = 4;
        while (errorAfter(first) > r.enough.relativeError)
            ++first;
        Recorder recorder;
        const auto report = m_engine->run(r, recorder, {});
        QCOMPARE(report.samples, first);
        QVERIFY(report.stoppedEarly);
        QCOMPARE(recorder.last().samples, first);
        const double told = recorder.last().diagnostics.regionError;
        QVERIFY2(std::abs(told / errorAfter(first) - 1) < 1e-4, qPrintable(QString::number(told)));
        // The line that does it again asks for as many as were drawn.
        auto again = r;
        again.enough = {};
        again.samples = first;
        QVERIFY(difference(plane(run(again)->mean), plane(recorder.last().mean)) == 0);
        QVERIFY(QString::fromStdString(commandLine(r, report, "out", "mean"))
                    .contains(QString(" --samples %1 ").arg(first)));
        // Two samples that happen to agree are no proof.
        r.enough.relativeError = 1e9;
        Recorder few;
        QCOMPARE(m_engine->run(r, few, {}).samples, 4);
        // A region without a pixel of the result is never good enough.
        r.enough.region = {900, 900, 5, 5};
        r.samples = 5;
        Recorder none;
        QCOMPARE(m_engine->run(r, none, {}).samples, 5);
    }

    // The report of a run that was stopped leaves out of its command what is not known.
    void theCommandHoldsWhatIsKnown() {
        auto r = request();
        RunReport report;
        report.sampler = "cfm-euler";
        report.steps = 3;
        report.samples = 2;
        report.device = "cpu";
        report.overlap = -1;
        report.severity = {0.25, 0.75};
        const auto stopped = commandLine(r, report, "out", "mean");
        QVERIFY2(stopped.find("--tile") == std::string::npos, stopped.c_str());
        QVERIFY2(stopped.find("--overlap") == std::string::npos, stopped.c_str());
        QVERIFY2(stopped.find("--precision") == std::string::npos, stopped.c_str());
        report.tile = 128;
        report.overlap = 0;
        report.precision = "fp32";
        const auto whole = commandLine(r, report, "out", "mean");
        QVERIFY2(
            whole.find("--tile 128 --overlap 0 --device cpu --precision fp32") != std::string::npos,
            whole.c_str());
        QCOMPARE(provenance(report, "a.tif", whole).at("posteria.severity"),
                 std::string("0.25, 0.75"));
    }

    // restore on files: stopped after two samples, resumed, and equal to a run in one go.
    void stoppedFilesGoOn() {
        QTemporaryDir out;
        const auto input = out.filePath("cell.tif").toStdString();
        io::writeOmeTiff(input, {makeInput(64)});
        RestoreJob job;
        job.inputs = {input};
        job.settings = request(64);
        job.save = {"mean", "std", "samples", "q05", "q95", "residual"};
        job.outputFolder = out.filePath("whole").toStdString();
        restoreFiles(*m_engine, job, [](auto&, auto&) {}, {});
        job.outputFolder = out.filePath("halves").toStdString();
        CancelToken stop;
        const auto stopLate = [&](const std::string&, const Progress& p) {
            if (p.sample == 3) stop.cancel();
        };
        QVERIFY_EXCEPTION_THROWN(restoreFiles(*m_engine, job, stopLate, stop), Error);
        QVERIFY(!QFile::exists(out.filePath("halves/cell.mean.ome.tif")));
        job.resume = true;
        int drawn = 0;
        restoreFiles(*m_engine, job,
                     [&](auto&, const Progress& p) { drawn = drawn ? drawn : p.sample; }, {});
        QVERIFY(QFile::exists(out.filePath("halves/cell.report.json")));
        for (const char* name : {"mean", "std", "q05", "q95", "residual"}) {
            const auto file = QString("cell.%1.ome.tif").arg(name);
            const auto a = io::open(out.filePath("whole/" + file).toStdString());
            const auto b = io::open(out.filePath("halves/" + file).toStdString());
            QVERIFY2(difference(plane(a), plane(b)) < 1e-4, name);
            QVERIFY(a->info().annotations.count("posteria.model.sha256") == 1);
        }
        QCOMPARE(io::openAll(out.filePath("halves/cell.samples.ome.tif").toStdString()).size(),
                 std::size_t(4));
        QVERIFY(QDir(out.filePath("halves"))
                    .entryList({".*"}, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
                    .isEmpty());
        QVERIFY(restoreFiles(*m_engine, job, [](auto&, auto&) {}, {}).front().skipped);
    }
};

QTEST_APPLESS_MAIN(TestRuns)
#include "tst_runs.moc"
