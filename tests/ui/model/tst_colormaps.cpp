#include <QTest>
#include <algorithm>
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

    // Of matplotlib 3.11 and of ImageJ's LutLoader, at entries 30, 64, 128, 192 and 230.
    void publishedColoursAreMet_data() {
        QTest::addColumn<QList<QRgb>>("expected");
        QTest::addColumn<int>("tolerance");
        const auto row = [](const char* name, const QList<QRgb>& expected, int tolerance) {
            QTest::newRow(name) << expected << tolerance;
        };
        row("viridis", {0x472a7a, 0x3b528b, 0x21918c, 0x5ec962, 0xbddf26}, 4);
        row("plasma", {0x4903a0, 0x7e03a8, 0xcc4778, 0xf89540, 0xfcce25}, 6);
        row("turbo", {0x4666dd, 0x28bceb, 0xa4fc3c, 0xfb7e21, 0xc32503}, 4);
        row("hsv", {0xffb100, 0x84ff00, 0x00fff6, 0x7200ff, 0xff00ac}, 6);
        row("twilight", {0x99b8c8, 0x6275ba, 0x301437, 0xb35953, 0xd1b4a0}, 6);
        row("twilight_shifted", {0x58278b, 0x6277bb, 0xe2d9e1, 0xb15452, 0x61184b}, 6);
        row("gist_earth", {0x143478, 0x2b737e, 0x5ea04b, 0xbdab62, 0xe1bfb0}, 5);
        row("PiYG", {0xc92b86, 0xe897c4, 0xf7f7f6, 0x9acd61, 0x4c9121}, 2);
        row("fire", {0x2b009c, 0x9200d2, 0xf04f00, 0xffcd00, 0xffff90}, 5);
        row("ice", {0x00bca9, 0x32abea, 0xd95cf5, 0xfa407b, 0xfb0445}, 5);
        row("magma", {0x1a1042, 0x51127c, 0xb73779, 0xfc8961, 0xfecf92}, 6);
        row("inferno", {0x1e0c45, 0x57106e, 0xbc3754, 0xf98e09, 0xf6d746}, 5);
    }

    void publishedColoursAreMet() {
        QFETCH(QList<QRgb>, expected);
        QFETCH(int, tolerance);
        const auto& table = ui::colormap(QTest::currentDataTag());
        const std::size_t entries[] = {30, 64, 128, 192, 230};
        for (int i = 0; i < 5; ++i) {
            const QColor shown(table[entries[i]]), published(expected[i]);
            const int off = std::max({std::abs(shown.red() - published.red()),
                                      std::abs(shown.green() - published.green()),
                                      std::abs(shown.blue() - published.blue())});
            QVERIFY2(off <= tolerance, qPrintable(QString("%1: %2 instead of %3")
                                                      .arg(entries[i])
                                                      .arg(shown.name(), published.name())));
        }
    }

    void everyMapIsInOneGroup() {
        QStringList grouped;
        for (const auto& group : ui::colormapGroups())
            grouped += group;
        QCOMPARE(grouped, ui::colormapNames());
        QCOMPARE(grouped.removeDuplicates(), 0);
        for (const char* name :
             {"gray",       "red",        "green",   "blue",       "cyan",
              "magenta",    "yellow",     "viridis", "magma",      "inferno",
              "plasma",     "turbo",      "hsv",     "twilight",   "twilight_shifted",
              "gist_earth", "PiYG",       "fire",    "ice",        "bop blue",
              "bop orange", "bop purple", "I Blue",  "I Bordeaux", "I Forest",
              "I Orange",   "I Purple",   "gray_r",  "HiLo",       "nan"})
            QVERIFY2(grouped.contains(name), name);
    }

    void invertedRampsRunFromWhite() {
        QCOMPARE(ui::colormap("gray_r")[0], qRgb(255, 255, 255));
        QCOMPARE(ui::colormap("gray_r")[255], qRgb(0, 0, 0));
        QCOMPARE(ui::colormap("gray_r")[55], qRgb(200, 200, 200));
        QCOMPARE(ui::colormap("I Forest")[0], qRgb(255, 255, 255));
        QCOMPARE(ui::colormap("I Forest")[255], qRgb(0, 0x99, 0));
        QCOMPARE(ui::colormap("bop orange")[255], qRgb(237, 165, 30));
    }

    void endsAndGapsAreMarked() {
        QCOMPARE(ui::colormap("HiLo")[0], qRgb(0, 0, 255));
        QCOMPARE(ui::colormap("HiLo")[100], qRgb(100, 100, 100));
        QCOMPARE(ui::colormap("HiLo")[255], qRgb(255, 0, 0));
        QCOMPARE(ui::colorOfNothing("nan"), qRgb(255, 0, 0));
        QCOMPARE(qAlpha(ui::colorOfNothing("gray")), 0);
    }

    void lightnessRisesEvenly_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"magma", "viridis", "inferno", "plasma"})
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
