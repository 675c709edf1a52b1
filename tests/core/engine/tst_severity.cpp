// The severity that is estimated when none is given: tiles, empty tiles, the median and the curve,
// against the network asked by hand.
#include <QtTest>

#include "core/analysis/monotone_curve.h"
#include "core/base/error.h"
#include "core/engine/engine.h"
#include "tests/core/engine/random_package.h"

using namespace posteria;
using namespace posteria::engine;

namespace {

class LastSnapshot : public RunObserver {
  public:
    posterior::SnapshotPtr snapshot;
    void onProgress(const Progress&) override {}
    void onSnapshot(const posterior::SnapshotPtr& s) override { snapshot = s; }
};

constexpr std::int64_t kTile = 128;            // as the package says
constexpr std::int64_t kSide = 2 * kTile + 5;  // what is left over at the end is no tile

}  // namespace

class TestSeverity : public QObject {
    Q_OBJECT

  private:
    QTemporaryDir m_dir;
    std::unique_ptr<Engine> m_engine;
    std::string m_package;

    // Three of four tiles hold structure of different contrast, the last one next to nothing.
    static at::Tensor grey(std::uint64_t seed) {
        auto generator = tensor::makeGenerator(seed, 0);
        at::Tensor image = 100 + 20 * tensor::normal({kSide, kSide}, generator).abs();
        image.slice(0, 0, kTile).slice(1, 0, kTile).mul_(1.5);
        image.slice(0, kTile, 2 * kTile).slice(1, kTile, 2 * kTile).fill_(100);
        // Another look at the end of the plane, which would move the median.
        image.slice(0, 2 * kTile).mul_(1.5);
        image.slice(1, 2 * kTile).mul_(1.5);
        return image;
    }

  private Q_SLOTS:
    void initTestCase() {
        m_package = makePackage(m_dir, "estimating");
        m_engine.reset(posteria_create_engine(kEngineInterface));
    }

    void medianOfFullTilesGoesThroughTheCurve() {
        image::StackInfo info;
        info.shape = {1, 1, 2, kSide, kSide};
        info.type = image::PixelType::Float32;
        info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
        const auto package = package::readPackage(m_package);
        const auto model = nn::Model::load(package);
        std::vector<image::Plane> planes;
        std::vector<double> estimates;
        for (const std::uint64_t seed : {21, 22}) {
            const at::Tensor image = grey(seed);
            planes.push_back(tensor::toPlane(image));
            const at::Tensor y = nn::Normalisation::of(image, package).input(image);
            for (const auto& [row, column] : {std::pair{0, 0}, {0, 1}, {1, 0}}) {
                const at::Tensor tile = y.slice(0, row * kTile, (row + 1) * kTile)
                                            .slice(1, column * kTile, (column + 1) * kTile);
                estimates.push_back(model->severity(tile.unsqueeze(0).unsqueeze(0)).item<double>());
            }
        }
        qInfo("estimates: %g to %g", *std::min_element(estimates.begin(), estimates.end()),
              *std::max_element(estimates.begin(), estimates.end()));
        std::sort(estimates.begin(), estimates.end());
        QVERIFY(estimates.back() - estimates.front() > 1e-4);  // else the median says nothing
        analysis::MonotoneCurve curve{{0, 0.4, 0.6, 1}, {0.05, 0.2, 0.7, 0.9}};
        const double expected = curve.at(estimates[3]);

        RestorationRequest request;
        request.input = image::makeMemoryStack(info, planes);
        request.model = m_package;
        request.sampler = "oneshot";
        request.device = "cpu";
        LastSnapshot observer;
        auto report = m_engine->run(request, observer, {});
        QVERIFY(report.severityEstimated);
        QCOMPARE(report.severity.size(), std::size_t(2));
        QVERIFY2(std::abs(report.severity[0] - expected) < 1e-5,
                 qPrintable(QString("%1 %2").arg(report.severity[0]).arg(expected)));
        QVERIFY(std::abs(report.severity[1] - (1 - expected)) < 1e-5);
        for (const auto& warning : report.warnings)
            QVERIFY2(warning.find("equal parts") == std::string::npos, warning.c_str());

        // The same planes as two images of one acquisition.
        std::vector<RestorationRequest> acquisition(2, request);
        info.shape.z = 1;
        for (std::size_t i = 0; i < 2; ++i)
            acquisition[i].input = image::makeMemoryStack(info, {planes[i]});
        const auto together = m_engine->estimateSeverity(acquisition, {});
        QVERIFY(together && std::abs(*together - expected) < 1e-5);
        const auto first = m_engine->estimateSeverity({acquisition[0]}, {}),
                   second = m_engine->estimateSeverity({acquisition[1]}, {});
        QVERIFY(first && second && std::abs(*first - *second) > 1e-5);
        acquisition[0].severity = together;
        acquisition[0].severityEstimated = true;
        report = m_engine->run(acquisition[0], observer, {});
        QVERIFY(report.severityEstimated && std::abs(report.severity[0] - expected) < 1e-5);
    }

    void channelsAreNoOneAcquisition() {
        image::StackInfo info;
        info.shape = {1, 2, 1, kTile, kTile};
        info.type = image::PixelType::Float32;
        RestorationRequest request;
        const auto plane = tensor::toPlane(grey(3).slice(0, 0, kTile).slice(1, 0, kTile));
        request.input = image::makeMemoryStack(info, {plane, plane});
        request.model = m_package;
        request.device = "cpu";
        request.selection.c = {0, 1};
        QVERIFY_EXCEPTION_THROWN(m_engine->estimateSeverity({request}, {}), Error);
        request.selection.c = {1};
        QVERIFY(m_engine->estimateSeverity({request}, {}));
    }

    // A plane of one value has no full tile: it is asked all the same.
    void anEmptyPlaneHasASeverityToo() {
        image::StackInfo info;
        info.shape = {1, 1, 1, 200, 180};
        info.type = image::PixelType::Float32;
        RestorationRequest request;
        request.input = image::makeMemoryStack(info, {tensor::toPlane(at::full({200, 180}, 7.0f))});
        request.model = m_package;
        request.sampler = "oneshot";
        request.device = "cpu";
        LastSnapshot observer;
        const auto report = m_engine->run(request, observer, {});
        QVERIFY(report.severityEstimated && report.severity[0] >= 0 && report.severity[0] <= 1);
    }
};

QTEST_APPLESS_MAIN(TestSeverity)
#include "tst_severity.moc"
