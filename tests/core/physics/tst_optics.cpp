// The PSF against its formulae, and images made with it against direct sums.
#include <torch/torch.h>

#include <QtTest>
#include <cmath>

#include "core/base/error.h"
#include "core/physics/optics.h"

using posteria::physics::Optics;

class TestOptics : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void widefieldPlanesSumToOne();
    void widthFollowsTheFormula_data();
    void widthFollowsTheFormula();
    void aPixelHoldsItsIntegral();
    void confocalSectionsAndNarrows();
    void anOpenPinholeIsTheExcitationBeam();
    void imageEqualsTheDirectSum();
    void nothingWrapsAround();
    void stackAgreesWithPlanes();
    void refusesNonsense();
};

namespace {

// Full width at half maximum of the middle row, by linear interpolation, in pixels.
double fwhm(const at::Tensor& plane) {
    const auto middle = plane.size(0) / 2;
    const auto row = plane[middle];
    const double half = 0.5 * row[middle].item<double>();
    for (std::int64_t i = middle; i + 1 < row.size(0); ++i) {
        const double here = row[i].item<double>(), next = row[i + 1].item<double>();
        if (next < half)
            return 2 * (static_cast<double>(i - middle) + (here - half) / (here - next));
    }
    return -1;
}

}  // namespace

void TestOptics::widefieldPlanesSumToOne() {
    const auto sums = posteria::physics::psf(Optics{}, 9, 65).sum({1, 2});
    for (std::int64_t z = 0; z < 9; ++z)
        QVERIFY(std::abs(sums[z].item<double>() - 1) < 1e-5);
}

void TestOptics::widthFollowsTheFormula_data() {
    QTest::addColumn<double>("defocusUm");
    QTest::newRow("in focus") << 0.0;
    QTest::newRow("half a micrometre") << 0.5;
    QTest::newRow("two micrometres") << -2.0;
}

void TestOptics::widthFollowsTheFormula() {
    QFETCH(double, defocusUm);
    Optics optics;
    optics.pixelUm = 0.01;  // fine enough for the pixel's own width not to matter
    const double range = optics.refractiveIndex * 0.52 / (1.4 * 1.4);
    const double sigma =
        0.225 * 0.52 / 1.4 * std::sqrt(1 + defocusUm * defocusUm / (range * range));
    const auto side = 2 * posteria::physics::psfRadius(optics, defocusUm) + 1;
    const auto plane = posteria::physics::psfAt(optics, {defocusUm}, side)[0];
    const double expected = 2 * std::sqrt(2 * std::log(2.0)) * sigma;
    QVERIFY2(std::abs(fwhm(plane) * optics.pixelUm / expected - 1) < 0.005,
             qPrintable(QString("%1 against %2").arg(fwhm(plane) * optics.pixelUm).arg(expected)));
}

void TestOptics::aPixelHoldsItsIntegral() {
    // At 0.13 um the in-focus PSF is 0.64 pixels wide: sampling its centre would be 5 % off.
    Optics optics;
    const double sigma = 0.225 * 0.52 / 1.4 / optics.pixelUm;
    const double share = std::erf(0.5 / (sigma * std::sqrt(2.0)));
    const auto plane = posteria::physics::psfAt(optics, {0.0}, 33)[0];
    QVERIFY(std::abs(plane[16][16].item<double>() - share * share) < 1e-5);
}

void TestOptics::confocalSectionsAndNarrows() {
    Optics confocal;
    confocal.kind = Optics::Kind::Confocal;
    const auto planes = posteria::physics::psfAt(confocal, {0.0, 0.5, 1.0, 2.0}, 101);
    const auto sums = planes.sum({1, 2});
    QVERIFY(std::abs(sums[0].item<double>() - 1) < 1e-3);
    QVERIFY(sums[1].item<double>() < 0.75);
    QVERIFY(sums[2].item<double>() < 0.5 * sums[1].item<double>());
    QVERIFY(sums[3].item<double>() < 0.5 * sums[2].item<double>());
    confocal.pixelUm = 0.02;
    Optics widefield = confocal;
    widefield.kind = Optics::Kind::Widefield;
    QVERIFY(fwhm(posteria::physics::psfAt(confocal, {0.0}, 101)[0]) <
            fwhm(posteria::physics::psfAt(widefield, {0.0}, 101)[0]));
}

void TestOptics::anOpenPinholeIsTheExcitationBeam() {
    Optics optics;
    optics.kind = Optics::Kind::Confocal;
    optics.pixelUm = 0.02;
    optics.pinholeAiry = 40;
    const auto open = posteria::physics::psfAt(optics, {0.0}, 51)[0];
    Optics beam = optics;
    beam.kind = Optics::Kind::Widefield;
    beam.emissionNm = optics.excitationNm;
    const auto expected = posteria::physics::psfAt(beam, {0.0}, 51)[0];
    QVERIFY((open - expected).abs().max().item<double>() < 0.01 * expected.max().item<double>());
}

void TestOptics::imageEqualsTheDirectSum() {
    Optics optics;
    auto generator = at::detail::createCPUGenerator(7);
    const auto volume = torch::rand({3, 20, 23}, generator, torch::kFloat);
    const double focus = 0.7;
    const auto image = posteria::physics::imagePlane(volume, optics, focus);
    const auto radius = posteria::physics::psfRadius(optics, 1.3 * optics.zStepUm);
    auto direct = torch::zeros({1, 1, 20, 23});
    for (int z = 0; z < 3; ++z) {
        const auto kernel =
            posteria::physics::psfAt(optics, {(focus - z) * optics.zStepUm}, 2 * radius + 1);
        direct += torch::conv2d(volume[z].view({1, 1, 20, 23}), kernel.unsqueeze(0), {}, 1, radius);
    }
    QVERIFY((image - direct.view({20, 23})).abs().max().item<double>() < 1e-5);
}

void TestOptics::nothingWrapsAround() {
    auto volume = torch::zeros({1, 32, 32});
    volume[0][0][0] = 1;
    const auto image = posteria::physics::imagePlane(volume, Optics{}, 0);
    QVERIFY(image[0][0].item<double>() > 0.2);
    QVERIFY(image.slice(0, 16).abs().max().item<double>() < 1e-6);
    QVERIFY(image.slice(1, 16).abs().max().item<double>() < 1e-6);
}

void TestOptics::stackAgreesWithPlanes() {
    auto generator = at::detail::createCPUGenerator(8);
    const auto volume = torch::rand({4, 24, 24}, generator, torch::kFloat);
    const auto stack = posteria::physics::imageStack(volume, Optics{}, {1, 2.5});
    for (int i = 0; i < 2; ++i) {
        const auto plane = posteria::physics::imagePlane(volume, Optics{}, i == 0 ? 1 : 2.5);
        QVERIFY((stack[i] - plane).abs().max().item<double>() < 1e-5);
    }
}

void TestOptics::refusesNonsense() {
    QVERIFY_EXCEPTION_THROWN(posteria::physics::psfAt(Optics{}, {}, 9), posteria::Error);
    QVERIFY_EXCEPTION_THROWN(posteria::physics::psfAt(Optics{}, {0.0}, 0), posteria::Error);
    QVERIFY_EXCEPTION_THROWN(posteria::physics::imagePlane(torch::zeros({4, 4}), Optics{}, 0),
                             posteria::Error);
}

QTEST_APPLESS_MAIN(TestOptics)
#include "tst_optics.moc"
