// Thick slices and turned stacks against what their definitions give, pixel by pixel.
#include <QtTest>
#include <cmath>
#include <limits>

#include "core/image/permuted_stack.h"
#include "core/image/slab_stack.h"

using namespace posteria::image;

namespace {

constexpr Shape kShape{2, 2, 5, 3, 4};

double valueAt(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y, std::int64_t x) {
    return double(t * 10000 + c * 1000 + (z * 37 % 5) * 100 + y * 10 + x);
}

template <class T>
StackPtr makeStack(PixelType type) {
    StackInfo info;
    info.type = type;
    info.shape = kShape;
    info.voxelSize = VoxelSize{0.1, 0.2, 0.5};
    std::vector<Plane> planes;
    for (std::int64_t p = 0; p < kShape.planes(); ++p) {
        void* memory = nullptr;
        planes.push_back(Plane::allocate(type, kShape.x, kShape.y, &memory));
        for (std::int64_t i = 0; i < kShape.x * kShape.y; ++i)
            static_cast<T*>(memory)[i] =
                T(valueAt(p / 10, p / 5 % 2, p % 5, i / kShape.x, i % kShape.x));
    }
    return makeMemoryStack(info, std::move(planes));
}

}  // namespace

class TestViewStacks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void thickSlices_data() {
        QTest::addColumn<int>("projection");
        QTest::addColumn<int>("thickness");
        for (const int thickness : {2, 3, 4, 99})
            for (const auto projection :
                 {Projection::Mean, Projection::Maximum, Projection::Minimum, Projection::Sum})
                QTest::addRow("projection %d of %d planes", int(projection), thickness)
                    << int(projection) << thickness;
    }
    void thickSlices() {
        QFETCH(int, projection);
        QFETCH(int, thickness);
        const auto stack = makeStack<std::uint16_t>(PixelType::UInt16);
        const auto slab = makeSlab(stack, {thickness, Projection(projection)});
        QCOMPARE(slab->shape(), stack->shape());
        for (std::int64_t z = 0; z < kShape.z; ++z) {
            const Plane plane = slab->read({1, 1, z}, 0, {1, 1, 2, 2});
            QCOMPARE(plane.width(), 2);
            for (std::int64_t y = 0; y < 2; ++y) {
                for (std::int64_t x = 0; x < 2; ++x) {
                    double sum = 0, low = 1e9, high = 0;
                    int count = 0;
                    for (auto k = z - (thickness - 1) / 2; k <= z + thickness / 2; ++k) {
                        if (k < 0 || k >= kShape.z) continue;
                        const double v = valueAt(1, 1, k, y + 1, x + 1);
                        sum += v, ++count;
                        low = std::min(low, v), high = std::max(high, v);
                    }
                    const double wanted[] = {sum / count, high, low, sum};
                    QVERIFY(std::abs(plane.value(x, y) - wanted[projection]) <
                            1e-6 * wanted[projection]);
                }
            }
        }
    }

    void missingPixelsCountForNothing() {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        StackInfo info;
        info.type = PixelType::Float32;
        info.shape = {1, 1, 2, 1, 3};
        std::vector<Plane> planes;
        const float values[2][3] = {{nan, nan, 4}, {nan, 2, 8}};
        for (const auto& row : values) {
            void* memory = nullptr;
            planes.push_back(Plane::allocate(info.type, 3, 1, &memory));
            std::copy(std::begin(row), std::end(row), static_cast<float*>(memory));
        }
        const auto stack = makeMemoryStack(info, std::move(planes));
        const double wanted[4][2] = {{2, 6}, {2, 8}, {2, 4}, {2, 12}};
        for (int k = 0; k < 4; ++k) {
            const auto plane = makeSlab(stack, {2, Projection(k)})->readPlane({0, 0, 0});
            QVERIFY(std::isnan(plane.value(0, 0)));
            QCOMPARE(plane.value(1, 0), wanted[k][0]);
            QCOMPARE(plane.value(2, 0), wanted[k][1]);
        }
    }

    void aSingleSliceIsLeftAlone() {
        const auto stack = makeStack<std::uint8_t>(PixelType::UInt8);
        QCOMPARE(makeSlab(stack, {1, Projection::Sum}), stack);
        QCOMPARE(makePermuted(stack, kStraight), stack);
    }

    void turnedStacks_data() {
        QTest::addColumn<AxisOrder>("order");
        AxisOrder order = kStraight;
        for (int i = 0; i < 3; ++i, order = rolled(order)) {
            QTest::addRow("rolled %d times", i) << order;
            QTest::addRow("rolled %d times, transposed", i) << transposed(order);
        }
        QCOMPARE(order, kStraight);
    }
    void turnedStacks() {
        QFETCH(AxisOrder, order);
        const auto stack = makeStack<float>(PixelType::Float32);
        const auto turned = makePermuted(stack, order);
        const std::int64_t sizes[] = {kShape.z, kShape.y, kShape.x};
        const double steps[] = {0.5, 0.2, 0.1};
        QCOMPARE(turned->shape().z, sizes[int(order[0])]);
        QCOMPARE(turned->shape().y, sizes[int(order[1])]);
        QCOMPARE(turned->shape().x, sizes[int(order[2])]);
        QCOMPARE(turned->info().voxelSize->z, steps[int(order[0])]);
        QCOMPARE(turned->info().voxelSize->y, steps[int(order[1])]);
        QCOMPARE(turned->info().voxelSize->x, steps[int(order[2])]);
        const auto& shape = turned->shape();
        const Rect rect{1, 1, shape.x - 1, shape.y - 1};
        for (std::int64_t z = 0; z < shape.z; ++z) {
            const Plane plane = turned->read({1, 0, z}, 0, rect);
            for (std::int64_t y = 0; y < rect.height; ++y) {
                for (std::int64_t x = 0; x < rect.width; ++x) {
                    std::int64_t at[3];
                    at[int(order[0])] = z, at[int(order[1])] = y + 1, at[int(order[2])] = x + 1;
                    QCOMPARE(plane.value(x, y), valueAt(1, 0, at[0], at[1], at[2]));
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestViewStacks)
#include "tst_view_stacks.moc"
