#include <QTest>
#include <array>
#include <cmath>

#include "ui/viewer/compositor.h"

using namespace posteria;
using namespace posteria::ui::viewer;
using image::PixelType;
using ui::Blending;

namespace {

using Pixel = std::array<int, 4>;

template <class T>
ComposedChannel channel(PixelType type, const std::vector<T>& values, int width, const char* map,
                        double low, double high) {
    void* memory = nullptr;
    ComposedChannel result;
    result.pixels = image::Plane::allocate(
        type, width, static_cast<std::int64_t>(values.size()) / width, &memory);
    std::copy(values.begin(), values.end(), static_cast<T*>(memory));
    result.table = &ui::colormap(map);
    result.limits = {low, high};
    return result;
}

ComposedLayer layer(std::vector<ComposedChannel> channels) {
    ComposedLayer result;
    result.channels = std::move(channels);
    return result;
}

std::vector<Pixel> compose(const std::vector<ComposedLayer>& layers, int width, int height,
                           bool blueFirst = false) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(width * height * 4), 77);
    Compositor(layers, width, blueFirst).compose(0, height, bytes.data());
    std::vector<Pixel> pixels;
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        pixels.push_back({bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]});
    }
    return pixels;
}

const float kNaN = std::nanf("");

}  // namespace

class TestCompositor : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // A ramp stays a ramp, the nearest pixel's value is met at its centre, edges go on as they are.
    void interpolatesBetweenMagnifiedPixels() {
        const std::vector<float> ramp{0, 50, 100, 150, 200, 250};
        for (const auto how : {ui::Interpolation::Linear, ui::Interpolation::Cubic}) {
            auto source = channel<float>(PixelType::Float32, ramp, 6, "gray", 0, 255);
            source.sampling = {0, 0, 0.25, 0.25};
            auto one = layer({source});
            one.interpolation = how;
            const auto row = compose({one}, 22, 1);
            for (int i = 4; i <= 16; ++i)  // between the second and the fifth pixel
                QVERIFY2(std::abs(row[i][0] - 12.5 * i) <= 1,
                         qPrintable(QString("%1: %2").arg(i).arg(row[i][0])));
            QCOMPARE(row[20][0], 250);
            if (how == ui::Interpolation::Linear) QCOMPARE(row[21][0], 250);
        }
    }

    void nothingHasAColourWhereTheMapGivesItOne() {
        auto marked = channel<float>(PixelType::Float32, {0, kNaN, 10}, 3, "nan", 0, 10);
        marked.nothing = ui::colorOfNothing("nan");
        const std::vector<Pixel> expected{{0, 0, 0, 255}, {255, 0, 0, 255}, {255, 255, 255, 255}};
        QCOMPARE(compose({layer({marked})}, 3, 1), expected);
        auto largest = layer({marked, marked});
        largest.largestChannel = true;
        largest.channels[1] = channel<float>(PixelType::Float32, {0, 10, 0}, 3, "nan", 0, 10);
        QCOMPARE(compose({largest}, 3, 1)[1], (Pixel{255, 255, 255, 255}));
    }

    // Labels beyond the given colours are not drawn; the marked one is white, given or not.
    void labelsTakeTheColoursThatAreGiven() {
        const std::vector<std::uint32_t> labels{0, 1, 2, 3, 1};
        auto one = layer({channel<std::uint32_t>(PixelType::UInt32, labels, 5, "gray", 0, 1)});
        one.labels = true;
        const auto own = compose({one}, 5, 1);
        QCOMPARE(own[0], (Pixel{0, 0, 0, 255}));
        QVERIFY(own[1] != own[2] && own[3] != own[0]);
        QCOMPARE(own[4], own[1]);
        one.labelColors.each = std::make_shared<const std::vector<QRgb>>(
            std::vector<QRgb>{qRgb(255, 0, 0), qRgb(0, 0, 200)});
        auto row = compose({one}, 5, 1);
        QCOMPARE(row[1], (Pixel{255, 0, 0, 255}));
        QCOMPARE(row[2], (Pixel{0, 0, 200, 255}));
        QCOMPARE(row[3], (Pixel{0, 0, 0, 255}));
        one.labelColors.marked = 2;
        row = compose({one}, 5, 1);
        QCOMPARE(row[1], (Pixel{255, 0, 0, 255}));
        QCOMPARE(row[2], (Pixel{255, 255, 255, 255}));
        one.labelColors.each.reset();
        row = compose({one}, 5, 1);
        QCOMPARE(row[2], (Pixel{255, 255, 255, 255}));
        QCOMPARE(row[1], own[1]);
    }

    void interpolatesRowsAsColumns() {
        const std::vector<float> step{0, 0, 200, 200};
        for (const auto how : {ui::Interpolation::Linear, ui::Interpolation::Cubic}) {
            auto along = channel<float>(PixelType::Float32, step, 4, "gray", 0, 255);
            auto down = channel<float>(PixelType::Float32, step, 1, "gray", 0, 255);
            along.sampling = down.sampling = {0, 0, 0.1, 0.1};
            auto one = layer({along}), two = layer({down});
            one.interpolation = two.interpolation = how;
            const auto row = compose({one}, 31, 1), column = compose({two}, 1, 31);
            for (int i = 0; i < 31; ++i)
                QCOMPARE(row[i], column[i]);
            QCOMPARE(row[15][0], 100);
            if (how == ui::Interpolation::Linear)
                QCOMPARE(row[12][0], 40);
            else
                QVERIFY(row[12][0] < 40);  // steeper in the middle
        }
    }

    void hasNoValueBesideAPixelWithoutOne() {
        auto source = channel<float>(PixelType::Float32, {100, kNaN, 100, 100}, 4, "gray", 0, 255);
        source.sampling = {0, 0, 0.5, 0.5};
        auto one = layer({source});
        one.interpolation = ui::Interpolation::Linear;
        const auto row = compose({one}, 7, 1);
        QCOMPARE(row[1][0], 0);
        QCOMPARE(row[2][0], 0);
        QCOMPARE(row[3][0], 0);
        QCOMPARE(row[5][0], 100);
    }

    void smallPixelsAreNotInterpolated() {
        auto source = channel<float>(PixelType::Float32, {0, 200, 0, 200}, 4, "gray", 0, 255);
        source.sampling = {0.5, 0, 2, 2};
        auto one = layer({source});
        one.interpolation = ui::Interpolation::Linear;
        QCOMPARE(compose({one}, 2, 1)[0][0], 200);
    }

    void mapsLimitsToTheColormapsEnds() {
        const auto pixels =
            compose({layer({channel<std::uint16_t>(PixelType::UInt16, {50, 100, 125, 200, 900}, 5,
                                                   "gray", 100, 200)})},
                    5, 1);
        const std::array<int, 5> expected = {0, 0, 64, 255, 255};
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(pixels[i][0], expected[i]);
            QCOMPARE(pixels[i][1], pixels[i][0]);
            QCOMPARE(pixels[i][3], 255);
        }
    }

    void everyPixelType() {
        const auto check = [](PixelType type, auto low, auto high) {
            using T = decltype(low);
            const auto p = compose(
                {layer({channel<T>(type, {low, high}, 2, "gray", double(low), double(high))})}, 2,
                1);
            return p[0][0] == 0 && p[1][0] == 255;
        };
        QVERIFY(check(PixelType::UInt8, std::uint8_t{3}, std::uint8_t{250}));
        QVERIFY(check(PixelType::Int8, std::int8_t{-100}, std::int8_t{100}));
        QVERIFY(check(PixelType::UInt16, std::uint16_t{3}, std::uint16_t{65535}));
        QVERIFY(check(PixelType::Int16, std::int16_t{-32768}, std::int16_t{5}));
        QVERIFY(check(PixelType::UInt32, std::uint32_t{4000000000u}, std::uint32_t{4000000010u}));
        QVERIFY(check(PixelType::Int32, std::int32_t{-2000000000}, std::int32_t{-1999999990}));
        QVERIFY(check(PixelType::UInt64, std::uint64_t{1} << 40, (std::uint64_t{1} << 40) + 9));
        QVERIFY(check(PixelType::Int64, -(std::int64_t{1} << 40), std::int64_t{7}));
        QVERIFY(check(PixelType::Float32, 0.25f, 0.5f));
        QVERIFY(check(PixelType::Float64, 1e-12, 2e-12));
    }

    void channelsAddUpAndSaturate() {
        const auto magenta = channel<float>(PixelType::Float32, {1, 0, 1}, 3, "magenta", 0, 1);
        const auto green = channel<float>(PixelType::Float32, {0, 1, 1}, 3, "green", 0, 1);
        const auto red = channel<float>(PixelType::Float32, {1, 0, 0}, 3, "red", 0, 1);
        const auto pixels = compose({layer({magenta, green, red})}, 3, 1);
        QVERIFY((pixels[0] == Pixel{255, 0, 255, 255}));  // 255 + 255 saturates
        QVERIFY((pixels[1] == Pixel{0, 255, 0, 255}));
        QVERIFY((pixels[2] == Pixel{255, 255, 255, 255}));
    }

    void layersAreBlended() {
        const auto below =
            layer({channel<std::uint8_t>(PixelType::UInt8, {200}, 1, "gray", 0, 255)});
        auto above = layer({channel<std::uint8_t>(PixelType::UInt8, {100}, 1, "red", 0, 255)});
        QVERIFY((compose({below, above}, 1, 1)[0] == Pixel{100, 0, 0, 255}));
        above.opacity = 0.5;
        QVERIFY((compose({below, above}, 1, 1)[0] == Pixel{150, 100, 100, 255}));
        above.opacity = 1;
        above.blending = Blending::Additive;
        QVERIFY((compose({below, above}, 1, 1)[0] == Pixel{255, 200, 200, 255}));
        above.blending = Blending::Minimum;
        QVERIFY((compose({below, above}, 1, 1)[0] == Pixel{100, 0, 0, 255}));
        QVERIFY((compose({above, below}, 1, 1)[0] == Pixel{200, 200, 200, 255}));
        auto darker = below;
        darker.blending = Blending::Minimum;
        QVERIFY((compose({above, darker}, 1, 1)[0] == Pixel{100, 0, 0, 255}));
        darker.opacity = 0.5;
        QVERIFY((compose({above, darker}, 1, 1)[0] == Pixel{100, 0, 0, 255}));
        above.blending = Blending::Opaque;
        above.opacity = 0.2;
        QVERIFY((compose({below, above}, 1, 1)[0] == Pixel{100, 0, 0, 255}));
    }

    void pixelsNotDrawnYetLetTheLayerBelowShow() {
        const auto below =
            layer({channel<std::uint8_t>(PixelType::UInt8, {90, 90}, 2, "gray", 0, 255)});
        const auto above = layer({channel<float>(PixelType::Float32, {kNaN, 1}, 2, "green", 0, 1)});
        const auto pixels = compose({below, above}, 2, 1);
        QVERIFY((pixels[0] == Pixel{90, 90, 90, 255}));
        QVERIFY((pixels[1] == Pixel{0, 255, 0, 255}));
        QVERIFY((compose({above}, 2, 1)[0] == Pixel{0, 0, 0, 255}));
    }

    void deviationsShowTheLargestChannel() {
        auto std = layer({channel<float>(PixelType::Float32, {4, 10, kNaN}, 3, "magma", 0, 10),
                          channel<float>(PixelType::Float32, {10, 2, kNaN}, 3, "magma", 0, 10)});
        std.largestChannel = true;
        const auto pixels = compose({std}, 3, 1);
        const QRgb top = ui::colormap("magma")[255];
        const Pixel brightest{qRed(top), qGreen(top), qBlue(top), 255};
        QVERIFY(pixels[0] == brightest);
        QVERIFY(pixels[1] == brightest);
        QVERIFY((pixels[2] == Pixel{0, 0, 0, 255}));
    }

    void samplesTheNearestPixel() {
        auto source = channel<std::uint8_t>(PixelType::UInt8, {10, 20, 30, 40}, 2, "gray", 0, 255);
        source.sampling = {-1.0, 0.0, 0.5,
                           0.5};  // two screen pixels a pixel, one pixel to the left
        const auto pixels = compose({layer({source})}, 6, 4);
        const auto row = [&](int y) {
            std::vector<int> values;
            for (int x = 0; x < 6; ++x)
                values.push_back(pixels[y * 6 + x][0]);
            return values;
        };
        QCOMPARE(row(0), (std::vector<int>{0, 10, 10, 20, 20, 0}));
        QCOMPARE(row(1), (std::vector<int>{0, 30, 30, 40, 40, 0}));
        QCOMPARE(row(2), row(1));
        QCOMPARE(row(3), (std::vector<int>{0, 0, 0, 0, 0, 0}));
    }

    void gammaBrightensTheMiddle() {
        auto source = channel<float>(PixelType::Float32, {0, 0.25f, 1}, 3, "gray", 0, 1);
        source.gamma = 0.5;
        const auto pixels = compose({layer({source})}, 3, 1);
        QCOMPARE(pixels[0][0], 0);
        QVERIFY(std::abs(pixels[1][0] - 127.5) < 1.6);
        QCOMPARE(pixels[2][0], 255);
    }

    void swapsBytesForQt() {
        const auto source = channel<std::uint8_t>(PixelType::UInt8, {255}, 1, "red", 0, 255);
        QVERIFY((compose({layer({source})}, 1, 1, true)[0] == Pixel{0, 0, 255, 255}));
    }
};

QTEST_APPLESS_MAIN(TestCompositor)
#include "tst_compositor.moc"
