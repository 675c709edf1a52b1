// Several stacks as one: every plane comes from its part, few parts are open at a time, and what
// does not fit is refused by name.
#include <QtTest>
#include <atomic>
#include <thread>

#include "core/base/error.h"
#include "core/image/concatenated_stack.h"

using namespace posteria;
using namespace posteria::image;

namespace {

StackInfo infoOf(const std::string& name, Shape shape, PixelType type = PixelType::UInt16) {
    StackInfo info;
    info.path = "/images/" + name;
    info.name = name;
    info.shape = shape;
    info.type = type;
    info.levels = {{shape.y, shape.x}};
    return info;
}

// The pixel at (x, y) of plane (t, c, z) is first + 1000 t + 100 c + 10 z + y * width + x.
StackPtr numbered(const StackInfo& info, int first) {
    std::vector<Plane> planes;
    const auto& s = info.shape;
    for (std::int64_t t = 0; t < s.t; ++t)
        for (std::int64_t c = 0; c < s.c; ++c)
            for (std::int64_t z = 0; z < s.z; ++z) {
                void* memory = nullptr;
                planes.push_back(Plane::allocate(info.type, s.x, s.y, &memory));
                for (std::int64_t i = 0; i < s.x * s.y; ++i)
                    static_cast<std::uint16_t*>(memory)[i] =
                        static_cast<std::uint16_t>(first + 1000 * t + 100 * c + 10 * z + i);
            }
    return makeMemoryStack(info, std::move(planes));
}

std::string refusal(const std::vector<StackInfo>& parts) {
    Concatenation all;
    try {
        for (const auto& part : parts)
            all.add(part);
    } catch (const Error& e) {
        return e.kind() == ErrorKind::Input ? e.message() : "of another kind";
    }
    return {};
}

}  // namespace

class TestConcatenatedStack : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void singleSlicesBecomeAStackAlongZ() {
        Concatenation all;
        std::vector<StackPtr> parts;
        for (int i = 0; i < 5; ++i) {
            auto info = infoOf("p" + std::to_string(i) + ".tif", {2, 3, 1, 2, 3});
            info.voxelSize = VoxelSize{0.1, 0.1, 0.5};
            info.annotations["from"] = "one file";
            info.warnings = {"The same for all."};
            all.add(info);
            parts.push_back(numbered(info, 10000 + 5000 * i));
        }
        QCOMPARE(all.size(), std::size_t(5));
        int opened = 0;
        const auto stack = all.finish("five", [&](std::size_t i) {
            ++opened;
            return parts.at(i);
        });
        QCOMPARE(opened, 0);  // nothing before a pixel is asked for
        QVERIFY(stack->shape() == (Shape{2, 3, 5, 2, 3}));
        QCOMPARE(stack->info().axes, std::string("TCZYX"));
        QCOMPARE(stack->info().name, std::string("five"));
        QVERIFY(stack->info().path.empty() && stack->info().annotations.empty());
        QCOMPARE(stack->info().voxelSize->z, 0.5);
        QCOMPARE(stack->info().warnings.size(), std::size_t(1));
        QCOMPARE(stack->info().channels.size(), std::size_t(3));
        for (int z = 0; z < 5; ++z) {
            QCOMPARE(stack->readPlane({0, 0, z}).value(2, 1), 10000.0 + 5000 * z + 5);
            QCOMPARE(stack->readPlane({1, 2, z}).value(0, 0), 10000.0 + 5000 * z + 1200);
        }
        QCOMPARE(opened, 5);
        const auto part = stack->read({0, 0, 3}, 0, {1, 1, 2, 1});
        QCOMPARE(part.width(), std::int64_t(2));
        QCOMPARE(part.value(0, 0), 25000.0 + 4);
    }

    // Parts with slices may be of different lengths in time.
    void stacksOfSlicesFollowInTime() {
        Concatenation all;
        std::vector<StackPtr> parts;
        for (int i = 0; i < 3; ++i) {
            const auto info = infoOf("movie", {i + 1, 1, 4, 2, 3});
            all.add(info);
            parts.push_back(numbered(info, 10000 * i));
        }
        const auto stack = all.finish("movie", [&](std::size_t i) { return parts.at(i); });
        QVERIFY(stack->shape() == (Shape{6, 1, 4, 2, 3}));
        QCOMPARE(stack->info().axes, std::string("TZYX"));
        const int firsts[] = {0, 10000, 11000, 20000, 21000, 22000};
        for (int t = 0; t < 6; ++t)
            QCOMPARE(stack->readPlane({t, 0, 2}).value(1, 0), firsts[t] + 21.0);
    }

    void whatDoesNotFitIsNamed() {
        const auto a = infoOf("a.tif", {1, 2, 1, 64, 32});
        const auto with = [&](auto change) {
            auto b = a;
            b.path = "/images/b.tif";
            change(b);
            auto c = b;
            c.path = "/images/c.tif";
            return refusal({a, a, b, c});  // the first one that differs
        };
        QCOMPARE(refusal({a, a, a}), std::string());
        QCOMPARE(with([](StackInfo& i) { i.shape.x = 33; }),
                 std::string("b.tif has 33 × 64 pixels, the files before it 32 × 64 pixels."));
        QCOMPARE(with([](StackInfo& i) { i.type = PixelType::UInt8; }),
                 std::string("b.tif has uint8 pixels, the files before it uint16 pixels."));
        QCOMPARE(with([](StackInfo& i) { i.shape.c = 1; }),
                 std::string("b.tif has 1 channel, the files before it 2 channels."));
        QCOMPARE(with([](StackInfo& i) { i.shape.z = 7; }),
                 std::string("b.tif has 7 slices, the files before it 1 slice."));
        QCOMPARE(with([](StackInfo& i) { i.shape.t = 3; }),
                 std::string("b.tif has 3 time points, the files before it 1 time point."));
        QVERIFY_THROWS_EXCEPTION(Error, Concatenation().finish("none", {}));
    }

    void pyramidsGoAsFarAsAllHaveThem() {
        auto a = infoOf("a.tif", {1, 1, 1, 64, 64}), b = a;
        a.levels = {{64, 64}, {32, 32}, {16, 16}};
        b.levels = {{64, 64}, {32, 32}, {21, 21}};
        Concatenation all;
        all.add(a);
        all.add(b);
        QCOMPARE(all.finish("two", {})->info().levels.size(), std::size_t(2));
    }

    void onlyTheLastFewPartsStayOpen() {
        constexpr int kParts = 400;
        Concatenation all;
        const auto info = infoOf("p.tif", {1, 1, 1, 2, 3});
        for (int i = 0; i < kParts; ++i)
            all.add(info);
        std::vector<std::weak_ptr<const Stack>> alive;
        const auto stack = all.finish("many", [&](std::size_t i) {
            auto part = numbered(info, static_cast<int>(i));
            alive.push_back(part);
            return part;
        });
        for (int z = 0; z < kParts; ++z)
            QCOMPARE(stack->readPlane({0, 0, z}).value(0, 0), double(z));
        const auto open = std::count_if(alive.begin(), alive.end(),
                                        [](const auto& part) { return !part.expired(); });
        QVERIFY2(open > 1 && open < kParts / 2, qPrintable(QString::number(open)));
        // The last ones are not opened again.
        stack->readPlane({0, 0, kParts - 2});
        QCOMPARE(alive.size(), std::size_t(kParts));
    }

    void aPartThatHasChangedIsTold() {
        Concatenation all;
        const auto info = infoOf("p.tif", {1, 1, 1, 2, 3});
        all.add(info);
        all.add(info);
        const auto other = infoOf("p.tif", {1, 1, 1, 3, 3});
        const auto stack =
            all.finish("two", [&](std::size_t i) { return numbered(i == 0 ? info : other, 0); });
        QCOMPARE(stack->readPlane({0, 0, 0}).value(1, 1), 4.0);
        QVERIFY_THROWS_EXCEPTION(Error, stack->readPlane({0, 0, 1}));
    }

    void threadsMayReadAtOnce() {
        constexpr int kParts = 100;
        Concatenation all;
        const auto info = infoOf("p.tif", {1, 1, 1, 2, 3});
        for (int i = 0; i < kParts; ++i)
            all.add(info);
        const auto stack = all.finish(
            "many", [&](std::size_t i) { return numbered(info, static_cast<int>(i) * 100); });
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 400; ++i) {
                    const int z = (i * (thread + 3)) % kParts;
                    if (stack->readPlane({0, 0, z}).value(0, 0) != z * 100.0) ++wrong;
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }
};

QTEST_APPLESS_MAIN(TestConcatenatedStack)
#include "tst_concatenated_stack.moc"
