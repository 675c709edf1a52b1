// Planes, rectangles and stacks in memory.
#include <QtTest>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/image/stack.h"

using namespace posteria;
using namespace posteria::image;

namespace {

template <class T>
Plane planeOf(PixelType type, std::int64_t width, const std::vector<T>& values) {
    void* memory = nullptr;
    Plane plane =
        Plane::allocate(type, width, static_cast<std::int64_t>(values.size()) / width, &memory);
    std::copy(values.begin(), values.end(), static_cast<T*>(memory));
    return plane;
}

StackPtr numbered(Shape shape) {
    StackInfo info;
    info.name = "numbered";
    info.shape = shape;
    info.type = PixelType::UInt16;
    std::vector<Plane> planes;
    for (std::int64_t p = 0; p < shape.planes(); ++p) {
        std::vector<std::uint16_t> values;
        for (std::int64_t i = 0; i < shape.x * shape.y; ++i)
            values.push_back(static_cast<std::uint16_t>(p * 100 + i));
        planes.push_back(planeOf(PixelType::UInt16, shape.x, values));
    }
    return makeMemoryStack(info, planes);
}

}  // namespace

class TestStack : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyTypeHasASizeAndAName() {
        const std::pair<PixelType, std::pair<const char*, std::size_t>> types[] = {
            {PixelType::UInt8, {"uint8", 1}},     {PixelType::Int8, {"int8", 1}},
            {PixelType::UInt16, {"uint16", 2}},   {PixelType::Int16, {"int16", 2}},
            {PixelType::UInt32, {"uint32", 4}},   {PixelType::Int32, {"int32", 4}},
            {PixelType::UInt64, {"uint64", 8}},   {PixelType::Int64, {"int64", 8}},
            {PixelType::Float32, {"float32", 4}}, {PixelType::Float64, {"float64", 8}}};
        for (const auto& [type, expected] : types) {
            QCOMPARE(std::string(pixelTypeName(type)), std::string(expected.first));
            QCOMPARE(bytesPerPixel(type), expected.second);
            void* memory = nullptr;
            const Plane plane = Plane::allocate(type, 3, 2, &memory);
            QCOMPARE(plane.value(2, 1), 0.0);
            const auto size = visit(plane, [](const auto* p) { return sizeof(*p); });
            QCOMPARE(size, expected.second);
        }
    }

    void rectangles() {
        const Rect a{0, 0, 10, 8}, b{7, -2, 6, 5};
        QVERIFY(a.intersected(b) == (Rect{7, 0, 3, 3}));
        QVERIFY(a.intersected(b) == b.intersected(a));
        QVERIFY(a.intersected({10, 0, 2, 2}).empty());
        QVERIFY(a.contains({2, 2, 8, 6}));
        QVERIFY(!a.contains(b));
    }

    void cropAndConvert() {
        const auto plane =
            planeOf<std::int16_t>(PixelType::Int16, 4, {-5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3000});
        QCOMPARE(plane.height(), std::int64_t(3));
        const auto part = plane.cropped({1, 1, 3, 2});
        QCOMPARE(part.value(0, 0), 5.0);
        QCOMPARE(part.value(2, 1), 3000.0);
        const auto real = plane.toFloat();
        QCOMPARE(real.value(0, 0), -5.0);
        QCOMPARE(real.toFloat().data(), real.data());
        QCOMPARE(finiteRange(plane), (std::array<double, 2>{-5, 3000}));
    }

    void rangeLeavesOutWhatIsNoNumber() {
        const float nan = std::nanf(""), infinite = std::numeric_limits<float>::infinity();
        QCOMPARE(finiteRange(planeOf<float>(PixelType::Float32, 4, {nan, -2.5f, infinite, 7})),
                 (std::array<double, 2>{-2.5, 7}));
        QCOMPARE(finiteRange(planeOf<float>(PixelType::Float32, 2, {nan, infinite})),
                 (std::array<double, 2>{0, 0}));
        QCOMPARE(finiteRange(Plane()), (std::array<double, 2>{0, 0}));
    }

    void memoryStackFindsItsPlanes() {
        const auto stack = numbered({2, 3, 4, 5, 6});
        const auto& s = stack->shape();
        for (std::int64_t t = 0; t < s.t; ++t) {
            for (std::int64_t c = 0; c < s.c; ++c) {
                for (std::int64_t z = 0; z < s.z; ++z) {
                    QCOMPARE(stack->readPlane({t, c, z}).value(5, 4),
                             ((t * 3 + c) * 4 + z) * 100.0 + 29);
                }
            }
        }
        QCOMPARE(stack->info().channels.size(), std::size_t(3));
        QCOMPARE(stack->info().levels.size(), std::size_t(1));
        QCOMPARE(stack->info().bytes(), std::uint64_t(2 * 3 * 4 * 5 * 6 * 2));
        QCOMPARE(stack->info().reader, std::string("memory"));
    }

    void readingIsClippedToTheImage() {
        const auto stack = numbered({1, 1, 1, 5, 6});
        const auto part = stack->read({}, 0, {4, 3, 100, 100});
        QCOMPARE(part.width(), std::int64_t(2));
        QCOMPARE(part.height(), std::int64_t(2));
        QCOMPARE(part.value(0, 0), 22.0);
        QVERIFY(stack->read({}, 0, {6, 0, 2, 2}).empty());
        QCOMPARE(stack->readPlane({}).data(), stack->readPlane({}).data());
    }

    void whatDoesNotExistIsRefused() {
        const auto stack = numbered({1, 2, 1, 5, 6});
        QVERIFY_THROWS_EXCEPTION(Error, stack->readPlane({1, 0, 0}));
        QVERIFY_THROWS_EXCEPTION(Error, stack->readPlane({0, 2, 0}));
        QVERIFY_THROWS_EXCEPTION(Error, stack->readPlane({0, 0, -1}));
        QVERIFY_THROWS_EXCEPTION(Error, stack->readPlane({}, 1));
        QVERIFY_THROWS_EXCEPTION(Error, stack->read({}, -1, {0, 0, 1, 1}));
    }

    void planesMustFitTheDescription() {
        StackInfo info;
        info.shape = {1, 1, 2, 2, 2};
        const auto fits = planeOf<std::uint8_t>(PixelType::UInt8, 2, {1, 2, 3, 4});
        const auto wide = planeOf<std::uint8_t>(PixelType::UInt8, 4, {1, 2, 3, 4});
        const auto real = planeOf<float>(PixelType::Float32, 2, {1, 2, 3, 4});
        QVERIFY_THROWS_EXCEPTION(Error, makeMemoryStack(info, {fits}));
        QVERIFY_THROWS_EXCEPTION(Error, makeMemoryStack(info, {fits, wide}));
        QVERIFY_THROWS_EXCEPTION(Error, makeMemoryStack(info, {fits, real}));
        QCOMPARE(makeMemoryStack(info, {fits, fits})->readPlane({0, 0, 1}).value(1, 1), 4.0);
    }

    void borrowedMemoryLivesAsLongAsThePlane() {
        auto owner = std::make_shared<std::vector<float>>(6, 2.5f);
        const std::weak_ptr<std::vector<float>> watch = owner;
        {
            const Plane plane(PixelType::Float32, 3, 2, owner, owner->data());
            owner.reset();
            QVERIFY(!watch.expired());
            QCOMPARE(plane.value(2, 1), 2.5);
        }
        QVERIFY(watch.expired());
    }
};

QTEST_APPLESS_MAIN(TestStack)
#include "tst_stack.moc"
