// Painting and filling labels, and taking it back.
#include <QtTest>

#include "core/base/error.h"
#include "core/image/edited_stack.h"

using namespace posteria;
using namespace posteria::image;

namespace {

StackInfo labels(std::int64_t side, std::int64_t slices = 1) {
    StackInfo info;
    info.type = PixelType::UInt16;
    info.shape = {1, 1, slices, side, side};
    return info;
}

int count(const Stack& stack, std::int64_t z, double value) {
    const auto plane = stack.readPlane({0, 0, z});
    int n = 0;
    for (std::int64_t y = 0; y < plane.height(); ++y)
        for (std::int64_t x = 0; x < plane.width(); ++x)
            n += plane.value(x, y) == value;
    return n;
}

}  // namespace

class TestEditedStack : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aBlankStackSharesItsMemory() {
        const auto stack = makeBlankStack(labels(16, 1000));
        QCOMPARE(stack->readPlane({0, 0, 0}).data(), stack->readPlane({0, 0, 999}).data());
        QCOMPARE(count(*stack, 500, 0), 256);
    }

    void aStrokeIsADiscAlongAPath() {
        const auto stack = makeBlankStack(labels(20, 3));
        const auto dot = strokePatch(*stack, {0, 0, 1}, {{10, 10}}, 2, 7);
        const auto one = patched(stack, dot);
        QCOMPARE(count(*one, 1, 7), 13);  // the pixels no farther than 2
        QCOMPARE(count(*one, 0, 7), 0);
        QCOMPARE(count(*stack, 1, 7), 0);  // what was published stays as it was
        const auto line = strokePatch(*one, {0, 0, 1}, {{2, 3}, {12, 3}, {12, 9}}, 0, 9);
        const auto two = patched(one, line);
        QCOMPARE(count(*two, 1, 9), 11 + 6);
        QCOMPARE(count(*patched(two, line, true), 1, 9), 0);
        QCOMPARE(count(*patched(patched(two, line, true), dot, true), 1, 7), 0);
        QCOMPARE(two->readPlane({0, 0, 2}).data(), stack->readPlane({0, 0, 2}).data());
    }

    void strokesEndAtTheEdge() {
        const auto stack = makeBlankStack(labels(8));
        const auto corner = patched(stack, strokePatch(*stack, {0, 0, 0}, {{-3, -3}}, 5, 4));
        QVERIFY(count(*corner, 0, 4) > 0);
        QVERIFY(strokePatch(*stack, {0, 0, 0}, {{-30, 4}}, 5, 4).empty());
        QVERIFY(strokePatch(*stack, {0, 0, 0}, {{3, 3}}, 1, 0).empty());  // nothing would change
    }

    void fillsWhatHangsTogether() {
        const auto stack = makeBlankStack(labels(10));
        // A ring of 1 around four pixels.
        auto ring = patched(
            stack, strokePatch(*stack, {0, 0, 0}, {{3, 3}, {6, 3}, {6, 6}, {3, 6}, {3, 3}}, 0, 1));
        QCOMPARE(count(*ring, 0, 1), 12);
        const auto inside = fillPatch(*ring, {0, 0, 0}, 4, 4, 5);
        QCOMPARE(inside.rect, (Rect{4, 4, 2, 2}));
        const auto filled = patched(ring, inside);
        QCOMPARE(count(*filled, 0, 5), 4);
        const auto outside = patched(filled, fillPatch(*filled, {0, 0, 0}, 0, 9, 6));
        QCOMPARE(count(*outside, 0, 6), 100 - 16);
        QCOMPARE(count(*outside, 0, 0), 0);
        QVERIFY(fillPatch(*outside, {0, 0, 0}, 0, 9, 6).empty());
        QVERIFY(fillPatch(*outside, {0, 0, 0}, 10, 0, 6).empty());
    }

    // A snake that a fill has to follow back and forth.
    void fillsAroundCorners() {
        const auto stack = makeBlankStack(labels(31));
        StackPtr maze = stack;
        for (int y = 1; y < 31; y += 2) {
            const bool left = y % 4 == 1;
            maze = patched(
                maze, strokePatch(*maze, {0, 0, 0},
                                  {{left ? 0.0 : 1.0, double(y)}, {left ? 29.0 : 30.0, double(y)}},
                                  0, 1));
        }
        const int walls = count(*maze, 0, 1);
        const auto filled = patched(maze, fillPatch(*maze, {0, 0, 0}, 0, 0, 3));
        QCOMPARE(count(*filled, 0, 3), 31 * 31 - walls);
    }

    void labelsAreWholeNumbersInTheirRange() {
        auto info = labels(4);
        info.type = PixelType::UInt8;
        const auto bytes = makeBlankStack(info);
        QCOMPARE(count(*patched(bytes, fillPatch(*bytes, {0, 0, 0}, 0, 0, 300)), 0, 255), 16);
        info.type = PixelType::Float32;
        const auto floats = makeBlankStack(info);
        QVERIFY_EXCEPTION_THROWN(fillPatch(*floats, {0, 0, 0}, 0, 0, 1), Error);
    }
};

QTEST_APPLESS_MAIN(TestEditedStack)
#include "tst_edited_stack.moc"
