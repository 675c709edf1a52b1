#include <QTest>
#include <cmath>

#include "ui/viewer/readout.h"
#include "ui/viewer/scale_bar.h"

using namespace posteria::ui::viewer;

class TestReadout : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void values() {
        QCOMPARE(formatValue(530), QStringLiteral("530"));
        QCOMPARE(formatValue(-3), QStringLiteral("-3"));
        QCOMPARE(formatValue(812.3456), QStringLiteral("812.3"));
        QCOMPARE(formatValue(0.0123456), QStringLiteral("0.01235"));
        QCOMPARE(formatValue(1.2e-7), QStringLiteral("1.20e-07"));
        QCOMPARE(formatValue(std::nan("")), QStringLiteral("–"));
    }

    void deviations() {
        QCOMPARE(formatWithDeviation(812.345, 35.2), QStringLiteral("812 ± 35"));
        QCOMPARE(formatWithDeviation(0.81234, 0.0352), QStringLiteral("0.812 ± 0.035"));
        QCOMPARE(formatWithDeviation(12.3456, 1.234), QStringLiteral("12.3 ± 1.2"));
        QCOMPARE(formatWithDeviation(12, 0), QStringLiteral("12 ± 0"));
        QCOMPARE(formatWithDeviation(12, std::nan("")), QStringLiteral("12"));
    }

    void positions() {
        QCOMPARE(formatPosition({12.345, 5.6}, 0.1, "µm"), QStringLiteral("x 12.35, y 5.60 µm"));
        QCOMPARE(formatPosition({12.4, 5.6}, 1, "px"), QStringLiteral("x 12, y 6 px"));
    }

    void scaleBars_data() {
        QTest::addColumn<double>("scale");
        QTest::addColumn<bool>("calibrated");
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("pixels");
        QTest::newRow("ten") << 0.1 << true << "10 µm" << 100.0;
        QTest::newRow("five") << 0.0667 << true << "5 µm" << 5 / 0.0667;
        QTest::newRow("nanometres") << 0.005 << true << "500 nm" << 100.0;
        QTest::newRow("one micrometre") << 0.01 << true << "1 µm" << 100.0;
        QTest::newRow("millimetres") << 20.0 << true << "2 mm" << 100.0;
        QTest::newRow("pixels") << 2.0 << false << "200 px" << 100.0;
    }

    void scaleBars() {
        QFETCH(double, scale);
        QFETCH(bool, calibrated);
        QFETCH(QString, text);
        QFETCH(double, pixels);
        const ScaleBar bar = chooseScaleBar(scale, calibrated, 130);
        QCOMPARE(bar.text, text);
        QCOMPARE(bar.pixels, pixels);
        QVERIFY(bar.pixels <= 130 && bar.pixels > 52);
    }
};

QTEST_APPLESS_MAIN(TestReadout)
#include "tst_readout.moc"
