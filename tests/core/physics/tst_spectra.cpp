// Spectra by hand: tables, bands, and matrices whose entries are known.
#include <QtTest>
#include <cmath>

#include "core/base/error.h"
#include "core/physics/spectra.h"

using namespace posteria::physics;
using posteria::Error;

namespace {

const Spectrum kFlat{{400, 800}, {1, 1}};

Dye dye(const Spectrum& absorption, const Spectrum& emission) {
    return {absorption, emission, 1, 1};
}

bool near(double a, double b, double tolerance = 1e-6) {
    return std::abs(a - b) < tolerance;
}

}  // namespace

class TestSpectra : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void tablesAreStraightLines() {
        const Spectrum s{{500, 510, 530}, {0.5, 1, 0}};
        QVERIFY(near(s.at(500), 0.5) && near(s.at(505), 0.75) && near(s.at(525), 0.25));
        QVERIFY(s.at(499.9) == 0 && s.at(530.1) == 0 && s.at(530) == 0);
    }

    void bandsAreWhereTheyShouldBe() {
        const Spectrum b = bandpass(525, 50, 0.9);
        QVERIFY(near(b.at(525), 0.9) && near(b.at(500), 0.45) && b.at(499) == 0 && b.at(551) == 0);
        const Spectrum d = dyeBand(520, 40, 0.3);
        QVERIFY(near(d.at(520), 1));
        QVERIFY(d.at(560) > d.at(480) * 2);  // the tail towards the red
        // The width at half height.
        double low = 0, high = 0;
        for (double nm = 440; nm < 640; nm += 0.01) {
            if (d.at(nm) >= 0.5 && low == 0) low = nm;
            if (d.at(nm) >= 0.5) high = nm;
        }
        // ln(1 + 2 b x / w) = ± b at half height: x = w (e^{±b} - 1) / 2 b.
        QVERIFY(near(high - low, 40 * std::sinh(0.3) / 0.3, 0.1));
        const Spectrum symmetric = dyeBand(520, 40, 0);
        QVERIFY(near(symmetric.at(500), 0.5, 1e-3) && near(symmetric.at(540), 0.5, 1e-3));
    }

    // Flat emission over 100 nm, bands of 50 and 25: shares by their widths.
    void matrixByHand() {
        const Dye green = dye(kFlat, {{500, 600}, {2, 2}});  // the unit does not matter
        Dye red = dye({{400, 800}, {0.5, 0.5}}, {{550, 650}, {1, 1}});
        red.extinction = 3;
        red.quantumYield = 0.5;
        DetectionChannel first, second;
        first.lines = {{488, 1}};
        first.filter = bandpass(525, 50);  // half of green, nothing of red but its flank
        second.lines = {{561, 2}};
        second.filter = bandpass(587.5, 25);  // a quarter of either
        second.filter.value[1] = second.filter.value[2] = 0.8;
        const auto m = bleedthroughMatrix({green, red}, {first, second});
        QVERIFY(near(m[0][0], 1) && near(m[1][1], 1));
        // Green ends in the middle of the upper flank, 1/8 nm before the band is through.
        QVERIFY2(near(m[1][0], 24.875 / 25 / (0.5 * 3 * 0.5)),
                 qPrintable(QString::number(m[1][0])));
        // The flank from 549.5 to 550.5, of which red emits in the second half: an area of 1/8 nm
        // of its 100; green begins in the middle of the lower flank and shows 49.875.
        QVERIFY2(near(m[0][1], 0.75 * 0.125 / 49.875),
                 qPrintable(QString::number(m[0][1])));
        // A detector that sees half everywhere changes nothing, one that is blind to the blue end
        // changes what lies there.
        second.detector = {{400, 800}, {0.5, 0.5}};
        QVERIFY(near(bleedthroughMatrix({green, red}, {first, second})[1][0], m[1][0]));
    }

    void twoLinesAddUp() {
        const Dye green = dye(dyeBand(490, 30, 0.1), dyeBand(520, 40, 0.2));
        const Dye red = dye(dyeBand(560, 40, 0.1), dyeBand(590, 45, 0.2));
        DetectionChannel first{{{488, 1}}, bandpass(520, 40), {}};
        DetectionChannel second{{{561, 1}}, bandpass(600, 50), {}};
        const auto apart = bleedthroughMatrix({green, red}, {first, second});
        QVERIFY(apart[0][1] < 0.01 && apart[1][0] < 0.05);
        second.lines.push_back({488, 1});  // both at once: more of green
        const auto together = bleedthroughMatrix({green, red}, {first, second});
        QVERIFY2(together[1][0] > 5 * apart[1][0] && together[1][0] < 0.5,
                 qPrintable(QString("%1 %2").arg(apart[1][0]).arg(together[1][0])));
    }

    void nonsenseIsRefused() {
        const Dye green = dye(kFlat, {{500, 600}, {1, 1}});
        const DetectionChannel channel{{{488, 1}}, bandpass(525, 50), {}};
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({}, {}), Error);
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({green}, {channel, channel}), Error);
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({dye(kFlat, {})}, {channel}), Error);
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({dye(kFlat, {{600, 500}, {1, 1}})}, {channel}),
                                 Error);
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({dye(kFlat, {{500, 600}, {1, -1}})}, {channel}),
                                 Error);
        const DetectionChannel blind{{{488, 1}}, bandpass(700, 50), {}};
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({green}, {blind}), Error);
        const DetectionChannel dark{{}, bandpass(525, 50), {}};
        QVERIFY_EXCEPTION_THROWN(bleedthroughMatrix({green}, {dark}), Error);
    }
};

QTEST_APPLESS_MAIN(TestSpectra)
#include "tst_spectra.moc"
