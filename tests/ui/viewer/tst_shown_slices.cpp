// Slices of planes too large to be read whole.
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <atomic>

#include "ui/viewer/shown_slices.h"

using namespace posteria;
using namespace posteria::ui;
using namespace posteria::ui::viewer;

namespace {

constexpr std::int64_t kSide = 20000;

double pixelAt(std::int64_t x, std::int64_t y) {
    return static_cast<double>((x / 16 + 7 * (y / 16)) % 65536);
}

// Computes what it is asked for and remembers the largest request.
class Endless : public image::PlaneSource {
  public:
    Endless(std::atomic<std::int64_t>* largest, std::atomic<std::int64_t>* total)
        : m_largest(largest), m_total(total) {}

    image::Plane read(const image::PlaneIndex&, int level, const image::Rect& rect) const override {
        void* memory = nullptr;
        auto plane =
            image::Plane::allocate(image::PixelType::UInt16, rect.width, rect.height, &memory);
        auto* pixels = static_cast<std::uint16_t*>(memory);
        const int factor = 1 << level;
        for (std::int64_t y = 0; y < rect.height; ++y) {
            for (std::int64_t x = 0; x < rect.width; ++x) {
                *pixels++ = static_cast<std::uint16_t>(pixelAt((rect.x + x) * factor + factor / 2,
                                                               (rect.y + y) * factor + factor / 2));
            }
        }
        *m_largest = std::max<std::int64_t>(*m_largest, plane.size());
        *m_total += plane.size();
        return plane;
    }

  private:
    std::atomic<std::int64_t>*m_largest, *m_total;
};

}  // namespace

class TestShownSlices : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsWhatTheScreenNeeds_data() {
        QTest::addColumn<int>("levels");
        QTest::addColumn<double>("zoom");
        QTest::newRow("all of it, no pyramid") << 1 << 1.0;
        QTest::newRow("a part, no pyramid") << 1 << 5.0;
        QTest::newRow("pixels, no pyramid") << 1 << 40.0;
        QTest::newRow("all of it, pyramid") << 6 << 1.0;
        QTest::newRow("a part, pyramid") << 6 << 5.0;
        QTest::newRow("pixels, pyramid") << 6 << 40.0;
    }

    void readsWhatTheScreenNeeds() {
        QFETCH(int, levels);
        QFETCH(double, zoom);
        std::atomic<std::int64_t> largest{0}, total{0};
        image::StackInfo info;
        info.reader = "endless";
        info.type = image::PixelType::UInt16;
        info.shape = {1, 1, 1, kSide, kSide};
        for (int level = 0; level < levels; ++level)
            info.levels.push_back({kSide >> level, kSide >> level});
        Layer layer("large", std::make_shared<const image::Stack>(
                                 info, std::make_unique<Endless>(&largest, &total)));
        ViewState state;
        state.setViewport({800, 800});
        state.setImage(info);
        const QPointF point(12345, 6789);
        state.zoomAt(point, zoom);

        ShownSlices slices;
        QSignalSpy arrived(&slices, &ShownSlices::arrived);
        slices.update({{&layer, &state}}, 1);
        QVERIFY(!slices.isComplete());
        QTRY_VERIFY_WITH_TIMEOUT(slices.isComplete(), 60000);
        QVERIFY(arrived.count() <= 2);  // sampled, then means
        // Levels of up to 96 MB are read whole; the full plane has 800 MB.
        QVERIFY2(2 * largest <= 96 << 20, qPrintable(QString::number(largest)));
        if (levels > 1) QVERIFY2(2 * total <= 96 << 20, qPrintable(QString::number(total)));
        // What is shown at the point is a pixel at most one screen pixel away.
        const auto value = slices.value(layer, state, 0, point);
        QVERIFY(value.has_value());
        const double reach = state.scale() * 1.5 + 1;
        bool found = false;
        for (double y = -reach; y <= reach && !found; y += 1) {
            for (double x = -reach; x <= reach && !found; x += 1) {
                found = *value == pixelAt(std::int64_t(point.x() + x), std::int64_t(point.y() + y));
            }
        }
        QVERIFY(found);
    }

    void neighbouringSlicesAreReadAhead() {
        std::atomic<std::int64_t> largest{0}, total{0};
        image::StackInfo info;
        info.reader = "endless";
        info.type = image::PixelType::UInt16;
        info.shape = {1, 1, 5, 64, 64};
        Layer layer("small", std::make_shared<const image::Stack>(
                                 info, std::make_unique<Endless>(&largest, &total)));
        ViewState state;
        state.setImage(info);
        state.setZ(2);
        ShownSlices slices;
        QSignalSpy arrived(&slices, &ShownSlices::arrived);
        slices.update({{&layer, &state}}, 1);
        QTRY_COMPARE(arrived.count(), 1);
        slices.update({{&layer, &state}}, 1);
        QTRY_COMPARE(std::int64_t(total), 3 * 64 * 64);
        QTRY_VERIFY(slices.isIdle());
        for (const int z : {3, 2, 1}) {
            state.setZ(z);
            slices.update({{&layer, &state}}, 1);
            QVERIFY(slices.isComplete());  // at once
            QTRY_VERIFY(slices.isIdle());
        }
        QCOMPARE(arrived.count(), 1);
        QCOMPARE(std::int64_t(total), 5 * 64 * 64);  // every slice once
    }

    // Plane z of bytes holds 10 z … 10 z + 9.
    void continuousContrastFollowsThePlanes() {
        image::StackInfo info;
        info.type = image::PixelType::UInt8;
        info.shape = {1, 1, 5, 40, 40};
        std::vector<image::Plane> planes;
        for (int z = 0; z < 5; ++z) {
            void* memory = nullptr;
            planes.push_back(image::Plane::allocate(info.type, 40, 40, &memory));
            for (int i = 0; i < 1600; ++i)
                static_cast<std::uint8_t*>(memory)[i] = std::uint8_t(10 * z + i % 10);
        }
        Layer layer("bytes", image::makeMemoryStack(info, planes));
        ViewState state;
        state.setImage(info);
        ShownSlices slices;
        const auto show = [&](int z) {
            state.setZ(z);
            slices.update({{&layer, &state}}, 1);
            return layer.channels()[0].limits;
        };
        QCOMPARE(show(2), (Limits{0, 255}));
        layer.resetLimits();  // Auto
        QCOMPARE(show(2), (Limits{20, 29}));
        QCOMPARE(show(3), (Limits{20, 29}));
        auto display = layer.display();
        display.continuous = true;
        layer.setDisplay(display);
        QCOMPARE(show(4), (Limits{40, 49}));
        QCOMPARE(show(1), (Limits{10, 19}));
        layer.setLimits(0, {0, 50});
        QCOMPARE(show(3), (Limits{0, 50}));
        layer.resetLimits();
        QCOMPARE(show(3), (Limits{30, 39}));
    }

    void nothingIsReadAheadWhereItDoesNotFit() {
        std::atomic<std::int64_t> largest{0}, total{0};
        constexpr std::int64_t kPlane = 64 * 64;
        image::StackInfo info;
        info.reader = "endless";
        info.type = image::PixelType::UInt16;
        info.shape = {1, 1, 5, 64, 64};
        Layer layer("small", std::make_shared<const image::Stack>(
                                 info, std::make_unique<Endless>(&largest, &total)));
        ViewState state;
        state.setImage(info);
        state.setZ(2);
        ShownSlices slices;
        slices.setCacheBytes(2 * 2 * kPlane);  // of two slices
        const auto show = [&](int z) {
            state.setZ(z);
            slices.update({{&layer, &state}}, 1);
            QTRY_VERIFY(slices.isIdle());
            slices.update({{&layer, &state}}, 1);
            QTRY_VERIFY(slices.isIdle());
        };
        show(2);
        QCOMPARE(std::int64_t(total), kPlane);
        show(3);
        show(2);
        QCOMPARE(std::int64_t(total), 2 * kPlane);  // both were kept
        slices.setCacheBytes(0);                    // at once: the last one read stays
        show(3);
        QCOMPARE(std::int64_t(total), 3 * kPlane);
    }
};

QTEST_GUILESS_MAIN(TestShownSlices)
#include "tst_shown_slices.moc"
