#include <QTest>
#include <cmath>
#include <optional>

#include "ui/model/colormaps.h"
#include "ui/model/display_settings.h"

using namespace posteria;

namespace {

// CIE lightness of an sRGB colour.
double lightness(QRgb color) {
    const auto linear = [](int v) {
        const double s = v / 255.0;
        return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    const double y = 0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color)) +
                     0.0722 * linear(qBlue(color));
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

}  // namespace

class TestColormaps : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void offersTheExpectedNames() {
        for (const char* name :
             {"gray", "green", "magenta", "cyan", "yellow", "red", "blue", "magma", "viridis"}) {
            QVERIFY2(ui::isColormap(name), name);
        }
        QVERIFY(!ui::isColormap("no such map"));
        QCOMPARE(ui::colormap("no such map")[200], qRgb(200, 200, 200));
    }

    void rampsRunFromBlack() {
        QCOMPARE(ui::colormap("magenta")[0], qRgb(0, 0, 0));
        QCOMPARE(ui::colormap("magenta")[255], qRgb(255, 0, 255));
        QCOMPARE(ui::colormap("magenta")[128], qRgb(128, 0, 128));
        QCOMPARE(ui::colorRamp(0x804000)[255], qRgb(0x80, 0x40, 0));
    }

    void channelsStartInTheirOwnColours() {
        const auto maps = [](std::vector<std::optional<std::uint32_t>> colors) {
            image::StackInfo info;
            info.shape.c = static_cast<std::int64_t>(colors.size());
            for (const auto& color : colors) {
                info.channels.emplace_back();
                info.channels.back().color = color;
            }
            QStringList names;
            for (const auto& display : ui::defaultDisplays(info))
                names.append(display.colormap);
            return names.join(' ');
        };
        QCOMPARE(maps({0x00ff00, 0xff00ff}), QString("green magenta"));
        QCOMPARE(maps({std::nullopt, std::nullopt}), QString("magenta green"));
        QCOMPARE(maps({0x00ff00, 0x00ff00}), QString("magenta green"));
        QCOMPARE(maps({0x00ff00, 0x123456}), QString("magenta green"));
        QCOMPARE(maps({0xff0000}), QString("gray"));
        QCOMPARE(maps({std::nullopt, std::nullopt, std::nullopt}), QString("cyan magenta yellow"));
    }

    void publishedColoursAreMet() {
        QCOMPARE(ui::colormap("viridis")[0], qRgb(0x44, 0x01, 0x54));
        QCOMPARE(ui::colormap("viridis")[255], qRgb(0xfd, 0xe7, 0x25));
        QCOMPARE(ui::colormap("magma")[0], qRgb(0, 0, 4));
        QCOMPARE(ui::colormap("magma")[255], qRgb(0xfc, 0xfd, 0xbf));
    }

    void lightnessRisesEvenly_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"magma", "viridis", "inferno"})
            QTest::newRow(name) << QString(name);
    }

    void lightnessRisesEvenly() {
        QFETCH(QString, name);
        const auto& table = ui::colormap(name);
        const double first = lightness(table[0]), last = lightness(table[255]);
        double worst = 0;
        for (int i = 1; i < 256; ++i) {
            QVERIFY2(lightness(table[i]) > lightness(table[i - 1]) - 0.3,
                     qPrintable(QString::number(i)));
            worst =
                std::max(worst, std::abs(lightness(table[i]) - (first + (last - first) * i / 255)));
        }
        QVERIFY2(worst < 8, qPrintable(QString::number(worst)));  // of 100
    }
};

QTEST_APPLESS_MAIN(TestColormaps)
#include "tst_colormaps.moc"
