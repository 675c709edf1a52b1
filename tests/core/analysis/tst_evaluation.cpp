#include <QtTest>
#include <cmath>
#include <limits>

#include "core/analysis/evaluation.h"
#include "core/analysis/power_spectrum.h"
#include "core/analysis/structural_similarity.h"
#include "core/base/error.h"
#include "tests/core/analysis/planes.h"

using namespace posteria;
using namespace posteria::analysis;
using fixture::makeImages;

class TestEvaluation : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void channelFiguresPoolItsPlanes() {
        Planes estimate, truth;
        for (int plane = 0; plane < 2; ++plane) {
            const auto images = makeImages(64, 64, plane);
            estimate.push_back(images.estimate);
            truth.push_back(images.truth);
        }
        const Figures figures = evaluateChannel(estimate, truth);
        const auto [low, high] = valueRange(truth);
        QCOMPARE(figures.psnr, psnr(estimate, truth));
        QCOMPARE(figures.riPsnr, rangeInvariantPsnr(estimate, truth));
        QCOMPARE(figures.nrmse, nrmse(estimate, truth));
        QCOMPARE(figures.ssim, 0.5 * (ssim(estimate[0], truth[0], high - low) +
                                      ssim(estimate[1], truth[1], high - low)));
        QCOMPARE(figures.microSsim, microSsim(estimate, truth).value);
        QCOMPARE(figures.microMs3im, microSsim(estimate, truth).multiScale);
        QVERIFY(figures.psdRatio == powerRatio(estimate, truth));
    }

    void wholeIsTheMeanOfTheChannels() {
        Figures a, b;
        a.psnr = 20, b.psnr = 30;
        a.psdRatio = {1, 2}, b.psdRatio = {3, 2};
        const Figures mean = meanFigures({a, b});
        QCOMPARE(mean.psnr, 25.0);
        QVERIFY((mean.psdRatio == std::vector<double>{2, 2}));
        QVERIFY(meanFigures({}).psdRatio.empty());
    }

    void readsAChannelOfAStack() {
        image::StackInfo info;
        info.shape = {2, 2, 2, 3, 4};
        info.type = image::PixelType::UInt16;
        std::vector<image::Plane> planes;
        for (int p = 0; p < 8; ++p) {
            void* memory = nullptr;
            planes.push_back(image::Plane::allocate(image::PixelType::UInt16, 4, 3, &memory));
            static_cast<std::uint16_t*>(memory)[0] = static_cast<std::uint16_t>(p);
        }
        const auto read = readChannel(*image::makeMemoryStack(info, planes), 1);
        QCOMPARE(read.size(), std::size_t(4));
        const double first[] = {2, 3, 6, 7};  // T, C, Z order
        for (std::size_t i = 0; i < 4; ++i)
            QCOMPARE(read[i].value(0, 0), first[i]);
    }

    void refusesUnfinishedResults() {
        image::StackInfo info;
        info.path = "half.tif";
        info.shape = {1, 1, 1, 8, 8};
        info.type = image::PixelType::Float32;
        const auto plane = fixture::makePlane(8, 8, [](auto x, auto y) {
            return x == 3 && y == 4 ? std::numeric_limits<float>::quiet_NaN() : 1.0f;
        });
        try {
            readChannel(*image::makeMemoryStack(info, {plane}), 0);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Input);
            QCOMPARE(error.where(), std::string("half.tif"));
        }
    }
};

QTEST_APPLESS_MAIN(TestEvaluation)
#include "tst_evaluation.moc"
