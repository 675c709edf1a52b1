// Coarse pictures of planes against their definition, and watched reads.
#include <QtTest>
#include <cmath>

#include "core/base/error.h"
#include "core/image/permuted_stack.h"
#include "core/image/read_watch.h"
#include "core/image/reduced_plane.h"
#include "core/image/slab_stack.h"

using namespace posteria;
using namespace posteria::image;

namespace {

double valueAt(std::int64_t z, std::int64_t y, std::int64_t x) {
    return double((x * x + 3 * y * y + 5 * x * y + 1000 * z) % 997);
}

// Computes what it is asked for, and counts.
class Counted : public PlaneSource {
  public:
    Counted(int* reads, std::int64_t* pixels) : m_reads(reads), m_pixels(pixels) {}
    Plane read(const PlaneIndex& plane, int, const Rect& rect) const override {
        ++*m_reads;
        *m_pixels += rect.width * rect.height;
        void* memory = nullptr;
        Plane result = Plane::allocate(PixelType::Float32, rect.width, rect.height, &memory);
        auto* out = static_cast<float*>(memory);
        for (std::int64_t y = 0; y < rect.height; ++y)
            for (std::int64_t x = 0; x < rect.width; ++x)
                *out++ = float(valueAt(plane.z, rect.y + y, rect.x + x));
        return result;
    }

  private:
    int* m_reads;
    std::int64_t* m_pixels;
};

struct Scene {
    int reads = 0;
    std::int64_t pixels = 0;
    StackPtr stack;
    Scene(std::int64_t z, std::int64_t y, std::int64_t x) {
        StackInfo info;
        info.type = PixelType::Float32;
        info.shape = {1, 1, z, y, x};
        stack = std::make_shared<const Stack>(info, std::make_unique<Counted>(&reads, &pixels));
    }
};

}  // namespace

class TestReducedPlane : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void meansAreThoseOfTheirBlocks() {
        Scene scene(1, 530, 70);
        const Rect rect{6, 3, 61, 527};  // no multiple of the stride
        const Plane plane = readReduced(*scene.stack, {}, 0, rect, 4);
        QCOMPARE(plane.width(), 16);
        QCOMPARE(plane.height(), 132);
        for (const auto& [x, y] : {std::pair{0, 0}, {7, 31}, {14, 64}, {3, 130}}) {
            double sum = 0;
            for (int dy = 0; dy < 4; ++dy)
                for (int dx = 0; dx < 4; ++dx)
                    sum += valueAt(0, rect.y + 4 * y + dy, rect.x + 4 * x + dx);
            QVERIFY(std::abs(plane.value(x, y) - sum / 16) < 1e-3);
        }
        QCOMPARE(scene.pixels, rect.width * rect.height);  // each once
        // A pass of a coarser stride is the finer one halved.
        const Plane coarse = readReduced(*scene.stack, {}, 0, rect, 8), half = halved(plane);
        QCOMPARE(coarse.width(), half.width());
        for (std::int64_t y = 0; y < coarse.height(); ++y)
            for (std::int64_t x = 0; x < coarse.width(); ++x)
                QVERIFY(std::abs(coarse.value(x, y) - half.value(x, y)) < 1e-3);
    }

    void samplesAreRowsAndColumns() {
        Scene scene(1, 100, 90);
        const Plane plane = readSampled(*scene.stack, {}, 0, {0, 0, 90, 100}, 8);
        QCOMPARE(plane.width(), 12);
        QCOMPARE(plane.height(), 13);
        QCOMPARE(plane.value(3, 5), valueAt(0, 44, 28));
        QCOMPARE(plane.value(11, 12), valueAt(0, 99, 89));
        QCOMPARE(scene.pixels, std::int64_t(13 * 90));  // only the rows that are shown
    }

    void aReadAcrossAllPlanesGoesOnWhereItWasStopped() {
        Scene scene(50, 40, 30);
        const auto turned = makePermuted(scene.stack, rolled(kStraight));
        CancelToken token;
        int told = 0;
        bool stopped = false;
        try {
            const ReadWatch watch(token, [&](std::int64_t done, std::int64_t all) {
                QCOMPARE(all, std::int64_t(50));
                QCOMPARE(done, std::int64_t(told));
                if (++told == 20) token.cancel();
            });
            turned->readPlane({0, 0, 7});
        } catch (const Error& e) {
            stopped = e.kind() == ErrorKind::Cancelled;
        }
        QVERIFY(stopped);
        QCOMPARE(scene.reads, 20);
        const Plane plane = turned->readPlane({0, 0, 7});  // nobody watches any more
        QCOMPARE(scene.reads, 50);
        QCOMPARE(told, 20);
        for (std::int64_t y = 0; y < plane.height(); ++y)
            for (std::int64_t x = 0; x < plane.width(); ++x)
                QCOMPARE(plane.value(x, y), valueAt(y, x, 7));
    }

    void thickSlicesStop() {
        for (const auto projection : {Projection::Mean, Projection::Maximum}) {
            Scene scene(50, 40, 30);
            const auto slab = makeSlab(scene.stack, {31, projection});
            CancelToken token;
            token.cancel();
            const ReadWatch watch(token, {});
            QVERIFY_EXCEPTION_THROWN(slab->readPlane({0, 0, 25}), Error);
            QCOMPARE(scene.reads, 0);
        }
    }
};

QTEST_APPLESS_MAIN(TestReducedPlane)
#include "tst_reduced_plane.moc"
