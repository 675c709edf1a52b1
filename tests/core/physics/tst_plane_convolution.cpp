// Convolution of planes against the sum written out.
#include <torch/torch.h>

#include <QtTest>

#include "core/base/error.h"
#include "core/physics/plane_convolution.h"

using posteria::physics::PlaneConvolution;

class TestPlaneConvolution : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void equalsTheSumWrittenOut_data();
    void equalsTheSumWrittenOut();
    void nothingWrapsAround();
    void refusesAnEvenSide();
};

void TestPlaneConvolution::equalsTheSumWrittenOut_data() {
    QTest::addColumn<std::int64_t>("side");
    for (std::int64_t side : {1, 5, 41}) {  // the last one is larger than the volume
        QTest::addRow("%d", int(side)) << side;
    }
}

void TestPlaneConvolution::equalsTheSumWrittenOut() {
    QFETCH(std::int64_t, side);
    constexpr std::int64_t kPlanes = 3, kHeight = 17, kWidth = 22;
    auto generator = at::detail::createCPUGenerator(3);
    const auto volume = torch::rand({kPlanes, kHeight, kWidth}, generator, torch::kFloat);
    // Without any symmetry, so that a correlation would not pass for a convolution.
    const auto kernels = torch::rand({kPlanes, side, side}, generator, torch::kFloat);
    const auto v = volume.accessor<float, 3>(), k = kernels.accessor<float, 3>();
    auto expected = torch::zeros({kHeight, kWidth}, torch::kDouble);
    auto out = expected.accessor<double, 2>();
    const auto radius = side / 2;
    for (std::int64_t z = 0; z < kPlanes; ++z)
        for (std::int64_t y = 0; y < kHeight; ++y)
            for (std::int64_t x = 0; x < kWidth; ++x)
                for (std::int64_t fromY = 0; fromY < kHeight; ++fromY)
                    for (std::int64_t fromX = 0; fromX < kWidth; ++fromX) {
                        const auto dy = y - fromY + radius, dx = x - fromX + radius;
                        if (dy >= 0 && dy < side && dx >= 0 && dx < side)
                            out[y][x] += double(v[z][fromY][fromX]) * k[z][dy][dx];
                    }
    const PlaneConvolution convolution(volume, side);
    const auto image = convolution.sum(kernels);
    QCOMPARE(image.sizes(), expected.sizes());
    const double worst = ((image - expected).abs().max() / expected.max()).item<double>();
    qInfo("largest deviation: %.2g", worst);
    QVERIFY(worst < 2e-6);
}

void TestPlaneConvolution::nothingWrapsAround() {
    auto volume = torch::zeros({1, 30, 30});
    volume[0][29][29] = 1;
    const auto kernel = torch::ones({1, 21, 21});
    const PlaneConvolution convolution(volume, 21);
    const auto image = convolution.sum(kernel);
    QVERIFY(std::abs(image[19][19].item<double>() - 1) < 1e-5);
    QVERIFY(image.slice(0, 0, 19).abs().max().item<double>() < 1e-5);
    QVERIFY(image.slice(1, 0, 19).abs().max().item<double>() < 1e-5);
}

void TestPlaneConvolution::refusesAnEvenSide() {
    QVERIFY_EXCEPTION_THROWN(PlaneConvolution(torch::zeros({1, 8, 8}), 4), posteria::Error);
}

QTEST_APPLESS_MAIN(TestPlaneConvolution)
#include "tst_plane_convolution.moc"
