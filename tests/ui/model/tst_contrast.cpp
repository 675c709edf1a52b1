#include <QTest>
#include <cmath>
#include <limits>
#include <numeric>

#include "ui/model/contrast.h"
#include "ui/model/layer.h"

using namespace posteria;
using image::PixelType;
using ui::Layer;

namespace {

template <class T>
image::Plane plane(PixelType type, const std::vector<T>& values, std::int64_t width) {
    void* memory = nullptr;
    auto result = image::Plane::allocate(type, width,
                                         static_cast<std::int64_t>(values.size()) / width, &memory);
    std::copy(values.begin(), values.end(), static_cast<T*>(memory));
    return result;
}

image::StackPtr floats(const std::vector<std::vector<float>>& channels, std::int64_t width) {
    image::StackInfo info;
    info.type = PixelType::Float32;
    info.shape = {1, static_cast<std::int64_t>(channels.size()), 1,
                  static_cast<std::int64_t>(channels[0].size()) / width, width};
    std::vector<image::Plane> planes;
    for (const auto& values : channels)
        planes.push_back(plane(PixelType::Float32, values, width));
    return image::makeMemoryStack(info, std::move(planes));
}

std::vector<float> ramp(int count, float first, float step) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        values[static_cast<std::size_t>(i)] = first + step * i;
    return values;
}

}  // namespace

class TestContrast : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void saturatesHalfAtEachEnd() {
        std::vector<std::uint16_t> values(10000);
        std::iota(values.begin(), values.end(), std::uint16_t{0});
        const auto limits = ui::autoLimits(plane(PixelType::UInt16, values, 100));
        QVERIFY(limits.has_value());
        QCOMPARE(limits->low, 17.0);  // 0.175 % of 10000
        QCOMPARE(limits->high, 9982.0);
    }

    void ignoresHotPixelsAndNaN() {
        std::vector<float> values(10000);
        for (int i = 0; i < 10000; ++i)
            values[i] = i % 100;
        const auto clean = ui::autoLimits(plane(PixelType::Float32, values, 100));
        for (int i = 0; i < 5; ++i)
            values[i * 1000] = 60000;
        for (int i = 1; i < 2000; i += 2)
            values[i] = std::numeric_limits<float>::quiet_NaN();
        values[3] = std::numeric_limits<float>::infinity();
        const auto dirty = ui::autoLimits(plane(PixelType::Float32, values, 100));
        QCOMPARE(dirty->high, clean->high);
        QVERIFY(
            !ui::autoLimits(plane(PixelType::Float32, std::vector<float>(100, std::nanf("")), 10)));
    }

    void constantPlanesStayDrawable() {
        for (const float value : {0.0f, 7.0f, 0.25f, -1e6f}) {
            const auto limits =
                ui::autoLimits(plane(PixelType::Float32, std::vector<float>(16, value), 4));
            QVERIFY(limits->low < limits->high);
            QCOMPARE(limits->low, double(value));
        }
    }

    void bytesStartAtTheirWholeRange() {
        const auto bytes = plane(PixelType::UInt8, std::vector<std::uint8_t>(100, 9), 10);
        QCOMPARE(*ui::startLimits(bytes), (ui::Limits{0, 255}));
        QCOMPARE(ui::fullLimits(bytes), (ui::Limits{9, 10}));
    }

    void samplesLargePlanes() {
        std::vector<std::uint16_t> values(3000 * 2000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = (i * 2654435761u >> 8) % 50000;
        const auto limits = ui::autoLimits(plane(PixelType::UInt16, values, 3000));
        QVERIFY2(std::abs(limits->low - 87.5) < 40, qPrintable(QString::number(limits->low)));
        QVERIFY2(std::abs(limits->high - 49912) < 40, qPrintable(QString::number(limits->high)));
    }

    void layersFollowTheirPixelsUntilTheUserSetsLimits() {
        const auto first = floats({ramp(1000, 0, 1)}, 100),
                   second = floats({ramp(1000, 0, 2)}, 100);
        Layer layer("mean", first, Layer::Role::Mean);
        QVERIFY(layer.needsLimits(0));
        layer.takeLimits(0, first->readPlane({}));
        QVERIFY(!layer.needsLimits(0));
        const double high = layer.channels()[0].limits.high;
        layer.setStack(second);
        QVERIFY(layer.needsLimits(0));
        layer.takeLimits(0, second->readPlane({}));
        QCOMPARE(layer.channels()[0].limits.high, 2 * high);
        layer.setLimits(0, {5, 6});
        layer.setStack(first);
        QVERIFY(!layer.needsLimits(0));
        QCOMPARE(layer.channels()[0].limits, (ui::Limits{5, 6}));
        layer.resetLimits();
        QVERIFY(layer.needsLimits(0));
    }

    void deviationsShareOneRangeFromZero() {
        const auto stack = floats({ramp(1000, 50, 0.01f), ramp(1000, 90, 0.01f)}, 100);
        Layer layer("std", stack, Layer::Role::Uncertainty);
        for (int c = 0; c < 2; ++c)
            layer.takeLimits(c, stack->readPlane({0, c, 0}));
        QCOMPARE(layer.channels()[0].colormap, QStringLiteral("magma"));
        QCOMPARE(layer.channels()[0].limits, layer.channels()[1].limits);
        QCOMPARE(layer.channels()[0].limits.low, 0.0);
        QVERIFY(layer.channels()[0].limits.high > 99);
    }

    void samplesFollowTheirMean() {
        const auto stack = floats({ramp(1000, 0, 1)}, 100);
        Layer mean("mean", stack, Layer::Role::Mean), sample("sample", stack, Layer::Role::Sample);
        Layer awaited("mean", nullptr, Layer::Role::Mean);
        sample.setDisplaySource(&awaited);
        QVERIFY(sample.needsLimits(0));  // the first sample comes before the first mean
        awaited.setStack(stack);
        QVERIFY(!sample.needsLimits(0));
        sample.setDisplaySource(&mean);
        mean.setLimits(0, {3, 4});
        QCOMPARE(sample.channels()[0].limits, (ui::Limits{3, 4}));
        QVERIFY(!sample.needsLimits(0));
        sample.setDisplaySource(nullptr);
        mean.setLimits(0, {1, 2});
        QCOMPARE(sample.channels()[0].limits, (ui::Limits{3, 4}));
    }

    void resultsOfAPartKeepTheirPlace() {
        const auto stack = floats({ramp(100, 0, 1)}, 10);
        Layer layer("mean", stack);
        QVERIFY(layer.planeAt(4, 7, 0).has_value());  // one plane is shown everywhere
        layer.setPlacement({5, 6, {}, {3}});
        QVERIFY(!layer.planeAt(0, 7, 0));
        QCOMPARE(layer.planeAt(0, 3, 0)->z, 0);
        QVERIFY(!layer.planeAt(0, 3, 1));
    }
};

QTEST_APPLESS_MAIN(TestContrast)
#include "tst_contrast.moc"
