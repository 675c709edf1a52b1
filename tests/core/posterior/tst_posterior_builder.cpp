#include <QtTest>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/posterior/posterior_builder.h"

using namespace posteria;
using namespace posteria::posterior;

namespace {

constexpr image::Shape kShape{2, 2, 3, 4, 5};  // T, C, Z, Y, X

image::StackInfo example() {
    image::StackInfo input;
    input.path = "/data/cells.tif";
    input.name = "cells";
    input.axes = "TZYX";
    input.type = image::PixelType::UInt16;
    input.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    input.timeIncrementS = 2.5;
    image::ChannelInfo green, magenta;
    green.name = "filaments";
    green.color = 0x00ff00;
    magenta.name = "vesicles";
    return resultInfo(input, kShape, {green, magenta});
}

// Pixel i of plane p holds base + 100 p + i.
std::vector<image::Plane> samplePlanes(float base) {
    std::vector<image::Plane> planes;
    for (int p = 0; p < kShape.planes(); ++p) {
        void* memory = nullptr;
        planes.push_back(
            image::Plane::allocate(image::PixelType::Float32, kShape.x, kShape.y, &memory));
        for (int i = 0; i < kShape.x * kShape.y; ++i) {
            static_cast<float*>(memory)[i] =
                base + 100.0f * static_cast<float>(p) + static_cast<float>(i);
        }
    }
    return planes;
}

std::uint64_t sampleBytes() {
    return 4ull * kShape.planes() * kShape.y * kShape.x;
}

}  // namespace

class TestPosteriorBuilder : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void resultInheritsTheInputsWorld() {
        const auto info = example();
        QCOMPARE(info.type, image::PixelType::Float32);
        QCOMPARE(info.voxelSize->z, 0.3);
        QCOMPARE(*info.timeIncrementS, 2.5);
        QCOMPARE(info.axes, std::string("TCZYX"));
        QCOMPARE(info.channels[1].name, std::string("vesicles"));
        QVERIFY_EXCEPTION_THROWN(resultInfo(info, kShape, {}), Error);
    }

    void snapshotsGrow() {
        PosteriorBuilder builder(example(), {10, 20, 5, 4}, 8, 1u << 20);
        builder.diagnostics().severity = {0.4, 0.6};
        auto snapshot = builder.snapshot();
        QCOMPARE(snapshot->samples, 0);
        QCOMPARE(snapshot->requested, 8);
        QVERIFY(!snapshot->mean && !snapshot->std && snapshot->kept.empty() && !snapshot->partial);

        builder.addSample(samplePlanes(1));
        snapshot = builder.snapshot();
        QCOMPARE(snapshot->samples, 1);
        QVERIFY(snapshot->mean && !snapshot->std);

        builder.addSample(samplePlanes(3));
        snapshot = builder.snapshot();
        QCOMPARE(snapshot->samples, 2);
        QVERIFY((snapshot->region == image::Rect{10, 20, 5, 4}));
        QVERIFY(snapshot->mean->shape() == kShape);
        QCOMPARE(snapshot->mean->info().timeIncrementS.value(), 2.5);
        QCOMPARE(snapshot->mean->info().channels[0].color.value(), 0x00ff00u);
        // Plane (t 1, c 0, z 2) is the ninth in T, C, Z order; pixel (x 3, y 1) the ninth of its
        // plane.
        QCOMPARE(snapshot->mean->readPlane({1, 0, 2}).value(3, 1), 2 + 800 + 8.0);
        QCOMPARE(static_cast<float>(snapshot->std->readPlane({1, 0, 2}).value(3, 1)),
                 std::sqrt(2.0f));
        QVERIFY(!snapshot->stdCalibrated);
        QCOMPARE(snapshot->kept.size(), std::size_t(2));
        QVERIFY((snapshot->diagnostics.severity == std::vector<double>{0.4, 0.6}));
        QVERIFY(std::abs(snapshot->diagnostics.monteCarloError - 1) < 1e-6);  // sqrt(2) / sqrt(2)
        QVERIFY(snapshot->diagnostics.relativeMonteCarloError > 0);
    }

    void publishedSnapshotsStayAsTheyAre() {
        PosteriorBuilder builder(example(), {}, 8, 1u << 20);
        builder.addSample(samplePlanes(1));
        builder.addSample(samplePlanes(3));
        const auto before = builder.snapshot();
        builder.addSample(samplePlanes(500));
        const auto after = builder.snapshot();
        QCOMPARE(before->mean->readPlane({}).value(0, 0), 2.0);
        QCOMPARE(after->mean->readPlane({}).value(0, 0), 168.0);
        QCOMPARE(before->kept.size(), std::size_t(2));
    }

    void nothingIsCopiedWithoutNeed() {
        PosteriorBuilder builder(example(), {}, 8, 1u << 20);
        const auto planes = samplePlanes(1);
        builder.addSample(planes);
        builder.addSample(samplePlanes(2));
        const auto first = builder.snapshot();
        const auto second = builder.snapshot(samplePlanes(std::numeric_limits<float>::quiet_NaN()));
        QCOMPARE(first->kept[0]->readPlane({1, 1, 2}).data(), planes[11].data());
        QCOMPARE(second->mean, first->mean);
        QCOMPARE(second->std, first->std);
        QVERIFY(second->partial && std::isnan(second->partial->readPlane({}).value(0, 0)));
    }

    void keepsSamplesUpToTheBudgetAndStillCountsThem() {
        PosteriorBuilder builder(example(), {}, 8, 2 * sampleBytes());
        for (int k = 0; k < 4; ++k) {
            QCOMPARE(builder.store().full(), k > 2);
            builder.addSample(samplePlanes(static_cast<float>(k)));
        }
        const auto snapshot = builder.snapshot();
        QCOMPARE(snapshot->samples, 4);
        QCOMPARE(snapshot->kept.size(), std::size_t(2));
        QCOMPARE(builder.store().bytes(), 2 * sampleBytes());
        QCOMPARE(snapshot->mean->readPlane({}).value(0, 0), 1.5);
    }

    void calibratesEachPlane() {
        PosteriorBuilder builder(example(), {}, 8, 0);
        QVERIFY_EXCEPTION_THROWN(builder.setCalibration({{2, 0}}), Error);
        std::vector<LinearCalibration> calibration(static_cast<std::size_t>(kShape.planes()));
        calibration[(1 * 2 + 0) * 3 + 1] = {2, 1};  // t 1, c 0, z 1
        calibration[(1 * 2 + 1) * 3 + 1] = {1, -100};
        builder.setCalibration(calibration);
        builder.addSample(samplePlanes(0));
        builder.addSample(samplePlanes(2));
        const auto snapshot = builder.snapshot();
        QVERIFY(snapshot->stdCalibrated);
        QVERIFY(snapshot->kept.empty());
        const double s = std::sqrt(2.0);
        QVERIFY(std::abs(snapshot->std->readPlane({1, 0, 1}).value(2, 2) - (2 * s + 1)) < 1e-5);
        QCOMPARE(snapshot->std->readPlane({1, 1, 1}).value(2, 2), 0.0);
        QCOMPARE(snapshot->std->info().channels[0].name, std::string("filaments (calibrated)"));
        QCOMPARE(snapshot->mean->info().channels[0].name, std::string("filaments"));
    }

    void refusesSamplesOfAnotherShape() {
        PosteriorBuilder builder(example(), {}, 8, 0);
        auto planes = samplePlanes(0);
        planes.pop_back();
        QVERIFY_EXCEPTION_THROWN(builder.addSample(planes), Error);
        void* memory = nullptr;
        planes.push_back(
            image::Plane::allocate(image::PixelType::UInt16, kShape.x, kShape.y, &memory));
        QVERIFY_EXCEPTION_THROWN(builder.addSample(planes), Error);
        QCOMPARE(builder.samples(), 0);
    }
};

QTEST_APPLESS_MAIN(TestPosteriorBuilder)
#include "tst_posterior_builder.moc"
