// Point spread functions from diffraction: against the textbook's zeros and widths where the
// aperture is low, against sums over plane waves (make_diffraction_fixture.py) where it is high.
#include <torch/torch.h>

#include <QtTest>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "core/base/error.h"
#include "core/physics/diffraction.h"
#include "core/physics/optics.h"
#include "core/physics/plane_cache.h"
#include "core/physics/quadrature.h"
#include "core/physics/radial_profile.h"
#include "diffraction_fixture.h"

using posteria::physics::Layers;
using posteria::physics::Lens;
using posteria::physics::Optics;
using posteria::physics::PlaneCache;
using posteria::physics::psfAt;
using posteria::physics::radialIntensity;
using posteria::physics::RadialProfile;

class TestDiffraction : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void quadratureIsExactForPolynomials();
    void firstZeroIsThatOfAiry();
    void widthIsThatOfAiry();
    void axialZeroIsTheParaxialOne();
    void lowApertureNeedsNoVectors();
    void highApertureNeedsVectors();
    void planeWavesSayTheSame_data();
    void planeWavesSayTheSame();
    void energyIsConserved();
    void depthMakesTheAxisAsymmetric();
    void pixelsHoldTheirIntegrals();
    void pinholeTakesItsDisc();
    void confocalIsTheProduct();
    void confocalPlanesFadeOutOfFocus();
    void widefieldPlanesSumToOne_data();
    void widefieldPlanesSumToOne();
    void supportHoldsTheLight_data();
    void supportHoldsTheLight();
    void everyParameterMatters();
    void imageEqualsTheDirectSum();
    void nothingWrapsAround();
    void refusesNonsense();
};

namespace {

constexpr double kPi = 3.14159265358979323846;

// Air, no layers to speak of.
Lens dryLens(bool vectorial, double na) {
    Lens lens{vectorial, na, 500, 1.0, {}};
    lens.layers.coverslipIndex = lens.layers.sampleIndex = 1.0;
    return lens;
}

// Radius at which the profile falls to that share of its first value, in steps.
double radiusAt(const at::Tensor& profile, double share) {
    const double level = share * profile[0].item<double>();
    for (std::int64_t i = 0; i + 1 < profile.size(0); ++i) {
        const double here = profile[i].item<double>(), next = profile[i + 1].item<double>();
        if (next < level) return static_cast<double>(i) + (here - level) / (here - next);
    }
    return -1;
}

double onAxis(const Lens& lens, double defocusUm) {
    return radialIntensity(lens, defocusUm, 0.01, 1).item<double>();
}

Optics optics(Optics::Kind kind, Optics::Model model) {
    Optics result;
    result.kind = kind;
    result.model = model;
    return result;
}

// Largest deviation in parts of the largest value.
double deviation(const at::Tensor& values, const at::Tensor& expected) {
    return ((values - expected).abs().max() / expected.max()).item<double>();
}

void report(const char* what, double value) {
    qInfo("%s: %.3g", what, value);
}

}  // namespace

void TestDiffraction::quadratureIsExactForPolynomials() {
    const auto rule = posteria::physics::gaussLegendre(7);
    double area = 0, twelfth = 0, fourteenth = 0;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        area += rule.weights[i];
        twelfth += rule.weights[i] * std::pow(rule.nodes[i], 12);
        fourteenth += rule.weights[i] * std::pow(rule.nodes[i], 14);
    }
    QVERIFY(std::abs(area - 2) < 1e-14);
    QVERIFY(std::abs(twelfth - 2.0 / 13) < 1e-14);
    QVERIFY(std::abs(fourteenth - 2.0 / 15) > 1e-6);  // one degree more than seven nodes can do
}

void TestDiffraction::firstZeroIsThatOfAiry() {
    const auto profile = radialIntensity(dryLens(false, 0.2), 0, 0.001, 2000);
    std::int64_t i = 1;
    while (profile[i + 1].item<double>() < profile[i].item<double>())
        ++i;
    const double ratio = static_cast<double>(i) * 0.001 / (0.61 * 0.5 / 0.2);
    report("first zero over 0.61 lambda / NA", ratio);
    QVERIFY(std::abs(ratio - 1) < 0.01);
    QVERIFY((profile[i] / profile[0]).item<double>() < 1e-5);
}

void TestDiffraction::widthIsThatOfAiry() {
    // (2 J1(v) / v)^2 is a half at v = 1.61634: a FWHM of 0.5145 lambda / NA.
    const auto profile = radialIntensity(dryLens(false, 0.2), 0, 0.001, 2000);
    const double ratio = 2 * radiusAt(profile, 0.5) * 0.001 / (1.61634 / kPi * 0.5 / 0.2);
    report("FWHM over 0.5145 lambda / NA", ratio);
    QVERIFY(std::abs(ratio - 1) < 0.01);
}

void TestDiffraction::axialZeroIsTheParaxialOne() {
    const auto lens = dryLens(false, 0.2);
    const double expected = 2 * 0.5 / (0.2 * 0.2), step = 0.002 * expected;
    double z = 0.5 * expected;
    while (onAxis(lens, z + step) < onAxis(lens, z))
        z += step;
    report("axial zero over 2 n lambda / NA^2", z / expected);
    QVERIFY(std::abs(z / expected - 1) < 0.02);
    QVERIFY(onAxis(lens, z) < 1e-3 * onAxis(lens, 0));
}

void TestDiffraction::lowApertureNeedsNoVectors() {
    for (double defocus : {0.0, 100.0}) {
        const auto scalar = radialIntensity(dryLens(false, 0.05), defocus, 0.1, 200);
        const auto vectorial = radialIntensity(dryLens(true, 0.05), defocus, 0.1, 200);
        report("vectorial against scalar at NA 0.05", deviation(vectorial, scalar));
        QVERIFY(deviation(vectorial, scalar) < 0.002);
    }
}

void TestDiffraction::highApertureNeedsVectors() {
    Lens lens;
    lens.layers.sampleIndex = 1.515;
    const double vectorial = radiusAt(radialIntensity(lens, 0, 0.001, 500), 0.5);
    lens.vectorial = false;
    const double scalar = radiusAt(radialIntensity(lens, 0, 0.001, 500), 0.5);
    report("FWHM vectorial over scalar at NA 1.4", vectorial / scalar);
    QVERIFY(vectorial > 1.02 * scalar);
}

void TestDiffraction::planeWavesSayTheSame_data() {
    QTest::addColumn<bool>("vectorial");
    QTest::addColumn<double>("na");
    QTest::addColumn<double>("sampleIndex");
    QTest::addColumn<double>("coverslipIndex");
    QTest::addColumn<double>("depthUm");
    QTest::addColumn<double>("coverslipErrorUm");
    QTest::addColumn<double>("immersionIndexError");
    QTest::addColumn<std::vector<double>>("defocusUm");
    QTest::addColumn<std::vector<double>>("expected");
    const auto all = [](const auto& array) {
        return std::vector<double>(std::begin(array), std::end(array));
    };
    using Planes = std::vector<double>;
    QTest::newRow("scalar, aberrated") << false << 1.4 << 1.47 << 1.525 << 5.0 << 10.0 << -0.002
                                       << Planes{0, 0.8} << all(fixture::kScalarAberrated);
    QTest::newRow("vectorial, shallow") << true << 1.4 << 1.47 << 1.515 << 0.0 << 0.0 << 0.0
                                        << Planes{0, 0.8} << all(fixture::kVectorialShallow);
    QTest::newRow("vectorial, deep") << true << 1.4 << 1.47 << 1.515 << 10.0 << 0.0 << 0.0
                                     << Planes{-1, 1} << all(fixture::kVectorialDeep);
    QTest::newRow("vectorial, evanescent") << true << 1.49 << 1.33 << 1.515 << 0.2 << 0.0 << 0.0
                                           << Planes{0, 0.5} << all(fixture::kVectorialEvanescent);
}

void TestDiffraction::planeWavesSayTheSame() {
    QFETCH(bool, vectorial);
    QFETCH(double, na);
    QFETCH(double, sampleIndex);
    QFETCH(double, coverslipIndex);
    QFETCH(double, depthUm);
    QFETCH(double, coverslipErrorUm);
    QFETCH(double, immersionIndexError);
    QFETCH(std::vector<double>, defocusUm);
    QFETCH(std::vector<double>, expected);
    Lens lens{vectorial, na, 520, 1.515, {}};
    lens.layers.sampleIndex = sampleIndex;
    lens.layers.coverslipIndex = coverslipIndex;
    lens.layers.depthUm = depthUm;
    lens.layers.coverslipErrorUm = coverslipErrorUm;
    lens.layers.immersionIndexError = immersionIndexError;
    std::vector<at::Tensor> planes;
    for (double z : defocusUm) {
        const auto profile = radialIntensity(lens, z, 0.05, 31);
        for (double r : fixture::kRadiiUm)
            planes.push_back(profile[static_cast<std::int64_t>(std::lround(r / 0.05))]);
    }
    const double worst =
        deviation(torch::stack(planes), torch::tensor(expected, torch::dtype(torch::kDouble)));
    report("largest deviation from plane waves", worst);
    QVERIFY(worst < 1e-5);
}

void TestDiffraction::energyIsConserved() {
    // Beyond the radius r lies J0(v)^2 + J1(v)^2 of an Airy pattern, 2 / (pi v) far out.
    // The sum over radii errs by step^2 / 12 of the integrand's slope on the axis: 5e-5.
    constexpr double kStep = 0.002, kReach = 20;
    const auto count = static_cast<std::int64_t>(kReach / kStep);
    const auto r = torch::arange(count, torch::kDouble) * kStep;
    Lens lens;
    lens.vectorial = false;
    const auto inside = [&](double defocusUm) {
        return (radialIntensity(lens, defocusUm, kStep, count) * r).sum().item<double>() * 2 * kPi *
               kStep;
    };
    const double v = 2e3 * kPi / lens.wavelengthNm * lens.na * kReach;
    report("energy missing in focus beyond the Airy tail", 1 - inside(0) - 2 / (kPi * v));
    QVERIFY(std::abs(1 - inside(0) - 2 / (kPi * v)) < 1e-4);
    lens.vectorial = true;
    lens.layers.depthUm = 3;
    report("energy within 20 um, vectorial, 2 um out of focus", inside(2));
    QVERIFY(inside(2) > 0.99 && inside(2) < 1);
}

void TestDiffraction::depthMakesTheAxisAsymmetric() {
    Lens lens;
    lens.layers.sampleIndex = lens.immersionIndex;
    for (bool vectorial : {false, true}) {
        lens.vectorial = vectorial;
        lens.layers.sampleIndex = lens.immersionIndex;
        for (double depth : {0.0, 20.0}) {
            lens.layers.depthUm = depth;  // which a matched sample does not notice
            QVERIFY(std::abs(onAxis(lens, 0.7) / onAxis(lens, -0.7) - 1) < 1e-9);
        }
        lens.layers.sampleIndex = 1.33;
        lens.layers.depthUm = 10;
        const double ratio = onAxis(lens, 1.5) / onAxis(lens, -1.5);
        report("intensity on the axis 1.5 um before over behind the focus, 10 um deep", ratio);
        QVERIFY(std::max(ratio, 1 / ratio) > 2);
    }
}

void TestDiffraction::pixelsHoldTheirIntegrals() {
    const double step = 0.52 / 1.4 / 48;
    const auto count = RadialProfile::countFor(1.2, step);
    const RadialProfile profile{step, radialIntensity(Lens{}, 0, step, count)};
    const auto plane = posteria::physics::pixelIntegrals(profile, 10, 0.13);
    const std::int64_t at[4][2] = {{0, 0}, {1, 0}, {1, 1}, {3, 2}};
    double worst = 0;
    for (int i = 0; i < 4; ++i)
        for (const auto& [y, x] : {std::pair{at[i][0], at[i][1]}, {-at[i][1], at[i][0]}})
            worst = std::max(
                worst, std::abs(plane[5 + y][5 + x].item<double>() - fixture::kPixelShares[i]));
    report("largest deviation of a pixel's share", worst);
    QVERIFY(worst < 1e-5 * fixture::kPixelShares[0]);
}

void TestDiffraction::pinholeTakesItsDisc() {
    const double disc = 0.61 * 0.52 / 1.4, step = 0.005;
    double worst = 0;
    for (int z = 0; z < 3; ++z) {
        const RadialProfile emission{step, radialIntensity(Lens{}, 0.5 * z, step, 200)};
        const auto passed = posteria::physics::throughDisc(emission, disc, 100).values;
        for (int i = 0; i < 3; ++i) {
            const std::int64_t at = i == 0 ? 0 : i == 1 ? 20 : 60;
            worst = std::max(worst,
                             std::abs(passed[at].item<double>() - fixture::kDetection[3 * z + i]));
        }
    }
    report("largest deviation of what passes the pinhole", worst);
    QVERIFY(worst < 5e-4);
}

void TestDiffraction::confocalIsTheProduct() {
    auto confocal = optics(Optics::Kind::Confocal, Optics::Model::Vectorial);
    confocal.pixelUm = 0.005;
    const auto planes = psfAt(confocal, {0.0, 0.5, 1.0}, 125);
    const auto values =
        torch::stack({planes.select(1, 62).select(1, 62), planes.select(1, 62).select(1, 82),
                      planes.select(1, 62).select(1, 122)},
                     1) /
        planes[0][62][62];
    const auto expected =
        torch::from_blob(const_cast<double*>(fixture::kConfocal), {3, 3}, torch::kDouble);
    report("largest deviation of the confocal PSF", deviation(values, expected));
    QVERIFY(deviation(values, expected) < 1e-3);
}

void TestDiffraction::confocalPlanesFadeOutOfFocus() {
    auto confocal = optics(Optics::Kind::Confocal, Optics::Model::Vectorial);
    confocal.pixelUm = 0.04;
    const auto sums = psfAt(confocal, {0.0, 0.5, 1.0, 2.0}, 201).sum({1, 2});
    report("sum of the plane in focus", sums[0].item<double>());
    QVERIFY(std::abs(sums[0].item<double>() - 1) < 1e-3);
    for (int z = 1; z < 3; ++z) {
        const double ratio = (sums[z] / sums[0]).item<double>() / fixture::kConfocalSums[z];
        report("sum out of focus over that of plane waves", ratio);
        QVERIFY(std::abs(ratio - 1) < 2e-3);
    }
    QVERIFY((sums[3] / sums[2]).item<double>() < 0.5);
}

void TestDiffraction::widefieldPlanesSumToOne_data() {
    QTest::addColumn<int>("model");
    QTest::newRow("scalar") << static_cast<int>(Optics::Model::GibsonLanni);
    QTest::newRow("vectorial") << static_cast<int>(Optics::Model::Vectorial);
}

void TestDiffraction::widefieldPlanesSumToOne() {
    QFETCH(int, model);
    const auto wide = optics(Optics::Kind::Widefield, static_cast<Optics::Model>(model));
    for (std::int64_t side : {64, 65}) {
        const auto planes = posteria::physics::psf(wide, 9, side);
        QCOMPARE(planes.sizes(), (at::IntArrayRef{9, side, side}));
        QCOMPARE(planes[4].argmax().item<std::int64_t>(), side / 2 * side + side / 2);
        const auto sums = planes.to(torch::kDouble).sum({1, 2});
        QVERIFY((sums - 1).abs().max().item<double>() < 1e-6);
        QVERIFY(planes.min().item<double>() >= 0);
        // Light out of focus is spread: what the middle loses the others gain.
        QVERIFY((planes[8].max() / planes[4].max()).item<double>() < 0.2);
    }
}

void TestDiffraction::supportHoldsTheLight_data() {
    QTest::addColumn<double>("defocusUm");
    QTest::addColumn<double>("depthUm");
    QTest::newRow("in focus") << 0.0 << 0.0;
    QTest::newRow("out of focus") << 3.0 << 0.0;
    QTest::newRow("deep") << -1.0 << 10.0;
}

void TestDiffraction::supportHoldsTheLight() {
    QFETCH(double, defocusUm);
    QFETCH(double, depthUm);
    auto wide = optics(Optics::Kind::Widefield, Optics::Model::Vectorial);
    wide.layers.depthUm = depthUm;
    const auto radius = posteria::physics::psfRadius(wide, defocusUm);
    const double step = 0.52 / 1.4 / 48;
    Lens lens;
    lens.layers = wide.layers;
    const double corner = (static_cast<double>(radius) + 0.5) * wide.pixelUm * std::sqrt(2.0);
    const auto count = RadialProfile::countFor(corner, step);
    const RadialProfile profile{step, radialIntensity(lens, defocusUm, step, count)};
    const double held = posteria::physics::pixelIntegrals(profile, 2 * radius + 1, wide.pixelUm)
                            .sum()
                            .item<double>();
    report("radius in pixels", static_cast<double>(radius));
    report("energy left out", 1 - held);
    QVERIFY(1 - held < 0.03 && held < 1);  // what optics.h promises
    wide.pixelUm = 0.02;
    QCOMPARE(posteria::physics::psfRadius(wide, defocusUm), std::int64_t{128});
}

void TestDiffraction::everyParameterMatters() {
    // Planes are kept by the value of all parameters: none may be mistaken for another.
    auto base = optics(Optics::Kind::Confocal, Optics::Model::Vectorial);
    base.layers.depthUm = 2;
    base.layers.coverslipIndex = 1.525;  // else its thickness is as good as immersion
    base.layers.coverslipErrorUm = 3;
    base.layers.immersionIndexError = 0.001;
    std::vector<Optics> variants{base};
    for (double Optics::*member :
         {&Optics::na, &Optics::emissionNm, &Optics::excitationNm, &Optics::refractiveIndex,
          &Optics::pinholeAiry, &Optics::pixelUm}) {
        variants.push_back(base);
        variants.back().*member *= 1.02;
    }
    for (double Layers::*member :
         {&Layers::coverslipIndex, &Layers::sampleIndex, &Layers::depthUm,
          &Layers::coverslipErrorUm, &Layers::workingDistanceUm, &Layers::immersionIndexError}) {
        variants.push_back(base);
        variants.back().layers.*member *= 1.02;
    }
    variants.push_back(base);
    variants.back().model = Optics::Model::GibsonLanni;
    variants.push_back(base);
    variants.back().kind = Optics::Kind::Widefield;
    PlaneCache cache(1 << 20);
    std::vector<at::Tensor> planes;
    for (const auto& variant : variants)
        planes.push_back(psfAt(variant, {0.3}, 21, &cache));
    for (std::size_t i = 1; i < planes.size(); ++i)
        QVERIFY2(!torch::equal(planes[i], planes[0]), qPrintable(QString::number(i)));
    QVERIFY(!torch::equal(psfAt(base, {-0.3}, 21, &cache), planes[0]));
    for (std::size_t i = 0; i < planes.size(); ++i)  // found, and unharmed
        QVERIFY(torch::equal(psfAt(variants[i], {0.3}, 21, &cache), planes[i]));
}

void TestDiffraction::imageEqualsTheDirectSum() {
    auto wide = optics(Optics::Kind::Widefield, Optics::Model::Vectorial);
    wide.layers.depthUm = 4;
    auto generator = at::detail::createCPUGenerator(7);
    const auto volume = torch::rand({3, 20, 23}, generator, torch::kFloat);
    const double focus = 0.7;
    const auto image = posteria::physics::imagePlane(volume, wide, focus);
    const auto radius = posteria::physics::psfRadius(wide, 1.3 * wide.zStepUm);
    auto direct = torch::zeros({1, 1, 20, 23}, torch::kDouble);
    for (int z = 0; z < 3; ++z) {
        const auto kernel = psfAt(wide, {(focus - z) * wide.zStepUm}, 2 * radius + 1);
        direct += torch::conv2d(volume[z].view({1, 1, 20, 23}).to(torch::kDouble),
                                kernel.unsqueeze(0).to(torch::kDouble), {}, 1, radius);
    }
    report("image against the direct sum", deviation(image, direct.view({20, 23})));
    QVERIFY(deviation(image, direct.view({20, 23})) < 1e-5);
}

void TestDiffraction::nothingWrapsAround() {
    const auto wide = optics(Optics::Kind::Widefield, Optics::Model::GibsonLanni);
    const auto radius = posteria::physics::psfRadius(wide, 0);
    auto volume = torch::zeros({1, 2 * radius, 2 * radius});
    volume[0][0][0] = 1;
    const auto image = posteria::physics::imagePlane(volume, wide, 0);
    QVERIFY(image[0][0].item<double>() > 0.1);
    QVERIFY(image.slice(0, radius + 1).abs().max().item<double>() < 1e-7);
    QVERIFY(image.slice(1, radius + 1).abs().max().item<double>() < 1e-7);
}

void TestDiffraction::refusesNonsense() {
    Lens dry;
    dry.immersionIndex = 1.33;  // below the aperture
    QVERIFY_EXCEPTION_THROWN(radialIntensity(dry, 0, 0.1, 2), posteria::Error);
    Lens above;
    above.layers.depthUm = -1;
    QVERIFY_EXCEPTION_THROWN(radialIntensity(above, 0, 0.1, 2), posteria::Error);
    auto dark = optics(Optics::Kind::Widefield, Optics::Model::Vectorial);
    dark.emissionNm = 0;
    QVERIFY_EXCEPTION_THROWN(psfAt(dark, {0.0}, 9), posteria::Error);
    auto closed = optics(Optics::Kind::Confocal, Optics::Model::Vectorial);
    closed.pinholeAiry = 0;
    QVERIFY_EXCEPTION_THROWN(psfAt(closed, {0.0}, 9), posteria::Error);
    auto flat = optics(Optics::Kind::Widefield, Optics::Model::Vectorial);
    flat.pixelUm = 0;
    QVERIFY_EXCEPTION_THROWN(posteria::physics::psfRadius(flat, 0), posteria::Error);
}

QTEST_APPLESS_MAIN(TestDiffraction)
#include "tst_diffraction.moc"
