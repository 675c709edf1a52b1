// What the lights say of figures on either side of their limits.
#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/posterior/trust.h"

using namespace posteria::posterior;

namespace {

// Of a run about which there is nothing to complain.
TrustFacts fine() {
    TrustFacts f;
    f.distance = 0.6;
    f.bright = 200;
    f.leastBright = 40;
    f.mostBright = 800;
    f.noiseRatio = 1.1;
    f.contrast = 6;
    f.pixelUm = 0.13;
    f.trainedPixelUm = 0.13;
    f.saturated = 0;
    f.severity = 0.5;
    f.leastSeverity = 0.1;
    f.mostSeverity = 0.9;
    f.samples = 16;
    f.residual = 0.15;
    f.oneShot = 0.1;
    f.meanError = 0.02;
    f.seams = 1.0;
    f.calibrated = true;
    f.spreadSkill = 0.93;
    return f;
}

TrustLight lightOf(const TrustFacts& facts, const std::string& id) {
    for (const auto& light : trustLights(facts))
        if (light.id == id) return light;
    return {};
}

}  // namespace

class TestTrust : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void nothingSpeaksAgainstAnOrdinaryRun() {
        const auto lights = trustLights(fine());
        QCOMPARE(lights.size(), 12u);
        for (const auto& light : lights) {
            QVERIFY2(light.state == Trust::Green, light.id.c_str());
            QVERIFY(light.advice.empty());
            QVERIFY(!light.finding.empty() && !light.title.empty());
        }
        QVERIFY(verdict(lights) == Trust::Green);
        // Of a run of which nothing is known only that can be said.
        for (const auto& light : trustLights({}))
            QVERIFY2(
                light.state == Trust::Unknown || light.id == "samples" || light.id == "calibration",
                light.id.c_str());
        QVERIFY(verdict({}) == Trust::Unknown);
    }

    void eachLightFires_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<double>("amber");
        QTest::addColumn<double>("red");
        QTest::newRow("unlike") << "kind" << 1.2 << 3.0;
        QTest::newRow("dim") << "brightness" << 20.0 << 5.0;
        QTest::newRow("glaring") << "brightness" << 1500.0 << 9000.0;
        QTest::newRow("noisy") << "noise" << 1.4 << 4.0;
        QTest::newRow("smoothed") << "noise" << 0.7 << 0.2;
        QTest::newRow("empty") << "content" << 1.5 << 1.02;
        QTest::newRow("coarse") << "pixel" << 0.16 << 0.26;
        QTest::newRow("fine") << "pixel" << 0.105 << 0.065;
        QTest::newRow("saturated") << "saturation" << 1e-3 << 0.05;
        QTest::newRow("residual") << "residual" << 0.6 << 1.1;
        QTest::newRow("one-shot") << "oneshot" << 1.0 << 2.0;
        QTest::newRow("few") << "samples" << 0.2 << 0.5;
        QTest::newRow("seams") << "seams" << 1.2 << 2.0;
    }
    void eachLightFires() {
        QFETCH(QString, id);
        QFETCH(double, amber);
        QFETCH(double, red);
        const auto with = [&](double value) {
            auto f = fine();
            (id == "kind"         ? f.distance
             : id == "brightness" ? f.bright
             : id == "noise"      ? f.noiseRatio
             : id == "content"    ? f.contrast
             : id == "pixel"      ? f.pixelUm
             : id == "saturation" ? f.saturated
             : id == "residual"   ? f.residual
             : id == "oneshot"    ? f.oneShot
             : id == "samples"    ? f.meanError
                                  : f.seams) = value;
            return f;
        };
        for (const auto& [value, state] :
             {std::pair{amber, Trust::Amber}, std::pair{red, Trust::Red}}) {
            const auto facts = with(value);
            const auto light = lightOf(facts, id.toStdString());
            QVERIFY2(light.state == state, light.finding.c_str());
            QVERIFY(!light.advice.empty());  // what to do
            QVERIFY(verdict(trustLights(facts)) == state);
            // Only that one.
            for (const auto& other : trustLights(facts))
                QVERIFY(other.id == light.id || other.state == Trust::Green);
        }
    }

    void whatIsNotToldIsAskedFor() {
        auto f = fine();
        f.pixelUm = TrustFacts::kUnknown;
        QVERIFY(lightOf(f, "pixel").state == Trust::Amber);
        f = fine();
        f.severityAssumed = true;
        QVERIFY(lightOf(f, "severity").state == Trust::Amber);
        f.severity = 0.95;
        QVERIFY(lightOf(f, "severity").state == Trust::Red);
        f.severityAssumed = false;
        f.severityEstimated = true;  // which errs
        QVERIFY(lightOf(f, "severity").state == Trust::Green);
        f.severity = 0.97;
        QVERIFY(lightOf(f, "severity").state == Trust::Red);
        f.severityError = 0.08;  // as much as the model says
        QVERIFY(lightOf(f, "severity").state == Trust::Green);
        f.severity = 0.99;
        QVERIFY(lightOf(f, "severity").state == Trust::Red);
        f.severityEstimated = false;  // told by the user
        f.severity = 0.91;
        QVERIFY(lightOf(f, "severity").state == Trust::Red);
        f = fine();
        f.calibrated = false;
        f.calibratedFor = "cfm-heun with 5 steps";
        const auto light = lightOf(f, "calibration");
        QVERIFY(light.state == Trust::Amber);
        QVERIFY(light.advice.find("cfm-heun with 5 steps") != std::string::npos);
        f = fine();
        f.spreadSkill = 0.5;
        QVERIFY(lightOf(f, "calibration").state == Trust::Amber);
        f = fine();
        f.samples = 1;
        QVERIFY(lightOf(f, "samples").state == Trust::Amber);
        f = fine();
        f.distance = 2;
        f.unusual = "3 times the usual power in waves of 2 to 3 pixels";
        QVERIFY(lightOf(f, "kind").finding.find(f.unusual) != std::string::npos);
        QCOMPARE(std::string(trustWord(Trust::Red)), std::string("red"));
    }
};

QTEST_APPLESS_MAIN(TestTrust)
#include "tst_trust.moc"
