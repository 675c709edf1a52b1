#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <mutex>

#include "core/base/error.h"
#include "core/image/read_watch.h"
#include "ui/model/slice_provider.h"

using namespace posteria;
using ui::SliceKey;
using ui::SliceProvider;

namespace {

constexpr std::int64_t kSide = 16;

// Every read waits for a permit, as a slow disk would; pixels carry the plane's z.
class SlowSource : public image::PlaneSource {
  public:
    struct Journal {
        QSemaphore permits;
        std::mutex mutex;
        std::vector<std::int64_t> order;  // in which reads began
        std::atomic<int> started{0};
        std::atomic<bool> guiThread{false};
        int steps = 1;  // of a read, each with a permit, after which it can be stopped
        QThread* gui = QThread::currentThread();
    };
    explicit SlowSource(Journal* journal) : m_journal(journal) {}

    image::Plane read(const image::PlaneIndex& plane, int, const image::Rect& rect) const override {
        if (QThread::currentThread() == m_journal->gui) m_journal->guiThread = true;
        {
            const std::lock_guard<std::mutex> lock(m_journal->mutex);
            m_journal->order.push_back(plane.z);
        }
        ++m_journal->started;
        for (int step = 0; step < m_journal->steps; ++step) {
            m_journal->permits.acquire();
            image::ReadWatch::step(step, m_journal->steps);
        }
        if (plane.z == 13) throw Error(ErrorKind::Input, "The file is damaged.", "plane 13");
        void* memory = nullptr;
        auto result =
            image::Plane::allocate(image::PixelType::UInt8, rect.width, rect.height, &memory);
        std::fill_n(static_cast<std::uint8_t*>(memory), result.size(),
                    static_cast<std::uint8_t>(plane.z));
        return result;
    }

  private:
    Journal* m_journal;
};

image::StackPtr slowStack(SlowSource::Journal* journal) {
    image::StackInfo info;
    info.reader = "slow";
    info.type = image::PixelType::UInt8;
    info.shape = {1, 1, 20, kSide, kSide};
    return std::make_shared<const image::Stack>(info, std::make_unique<SlowSource>(journal));
}

SliceKey key(const image::StackPtr& stack, std::int64_t z) {
    return {stack, {0, 0, z}, 0, stack->bounds()};
}

}  // namespace

class TestSliceProvider : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void memoryIsSharedAtOnce() {
        image::StackInfo info;
        info.type = image::PixelType::Float32;
        info.shape = {1, 1, 1, kSide, kSide};
        void* memory = nullptr;
        auto plane = image::Plane::allocate(info.type, kSide, kSide, &memory);
        const auto stack = image::makeMemoryStack(info, {plane});
        SliceProvider provider;
        QCOMPARE(provider.request(key(stack, 0)).data(), static_cast<const void*>(memory));
        QVERIFY(provider.isIdle());
    }

    void readsElsewhereAndKeepsTheResult() {
        SlowSource::Journal journal;
        const auto stack = slowStack(&journal);
        SliceProvider provider;
        QSignalSpy ready(&provider, &SliceProvider::sliceReady);
        QVERIFY(provider.request(key(stack, 4)).empty());
        QVERIFY(provider.request(key(stack, 4)).empty());  // asked twice, read once
        journal.permits.release(10);
        QTRY_COMPARE(ready.count(), 1);
        QTRY_VERIFY(provider.isIdle());
        QCOMPARE(ready.count(), 1);
        QVERIFY(!journal.guiThread);
        QCOMPARE(provider.request(key(stack, 4)).value(3, 3), 4.0);
        QCOMPARE(provider.cached(key(stack, 4)).value(3, 3), 4.0);
        QCOMPARE(int(journal.started), 1);
    }

    void newestComesFirst() {
        SlowSource::Journal journal;
        const auto stack = slowStack(&journal);
        SliceProvider provider;
        provider.request(key(stack, 0));
        provider.request(key(stack, 1));
        QTRY_COMPARE(int(journal.started), 2);  // all readers are busy
        for (int z = 5; z < 8; ++z)
            provider.request(key(stack, z));
        journal.permits.release(1);
        QTRY_COMPARE(int(journal.started), 3);
        QCOMPARE(journal.order[2], 7);
        journal.permits.release(10);
        QTRY_VERIFY(provider.isIdle());
        QCOMPARE(journal.order.size(), std::size_t{5});
    }

    void staleRequestsAreDropped() {
        SlowSource::Journal journal;
        const auto stack = slowStack(&journal);
        SliceProvider provider;
        QSignalSpy ready(&provider, &SliceProvider::sliceReady);
        provider.request(key(stack, 0));
        provider.request(key(stack, 1));
        QTRY_COMPARE(int(journal.started), 2);
        provider.request(key(stack, 2));
        provider.request(key(stack, 3));
        provider.beginRequests();
        provider.request(key(stack, 3));
        provider.request(key(stack, 8));
        journal.permits.release(10);
        QTRY_VERIFY(provider.isIdle());
        QCOMPARE(ready.count(), 4);
        std::sort(journal.order.begin(), journal.order.end());
        QCOMPARE(journal.order, (std::vector<std::int64_t>{0, 1, 3, 8}));
    }

    void whatIsNoLongerWantedStopsAndTheNewestWins() {
        SlowSource::Journal journal;
        journal.steps = 10;
        const auto stack = slowStack(&journal);
        SliceProvider provider;
        QSignalSpy ready(&provider, &SliceProvider::sliceReady);
        for (const int z : {1, 2}) {
            provider.beginRequests();
            provider.request(key(stack, z));
            provider.endRequests();
            QTRY_COMPARE(int(journal.started), z);  // both readers are busy in the end
        }
        provider.beginRequests();
        provider.request(key(stack, 5));
        provider.endRequests();
        journal.permits.release(2);  // the two under way stop at their next step
        QTRY_COMPARE(int(journal.started), 3);
        QCOMPARE(journal.order[2], std::int64_t(5));
        journal.permits.release(10);
        QTRY_COMPARE(ready.count(), 1);
        QCOMPARE(ready[0][1].value<image::Plane>().value(0, 0), 5.0);
        QTRY_VERIFY(provider.isIdle());
    }

    void whatIsAskedForAgainWhileItStopsIsReadAfterAll() {
        SlowSource::Journal journal;
        journal.steps = 10;
        const auto stack = slowStack(&journal);
        SliceProvider provider;
        QSignalSpy ready(&provider, &SliceProvider::sliceReady);
        provider.request(key(stack, 1));
        QTRY_COMPARE(int(journal.started), 1);
        provider.cancel();
        provider.beginRequests();
        provider.request(key(stack, 1));
        provider.endRequests();
        journal.permits.release(1);
        QTRY_COMPARE(int(journal.started), 2);
        journal.permits.release(10);
        QTRY_COMPARE(ready.count(), 1);
        QTRY_VERIFY(provider.isIdle());
    }

    void aLongReadTellsHowFarItIs() {
        SlowSource::Journal journal;
        journal.steps = 4;
        const auto stack = slowStack(&journal);
        SliceProvider provider;
        QSignalSpy progress(&provider, &SliceProvider::progress);
        provider.request(key(stack, 1));
        QTest::qWait(150);
        journal.permits.release(1);
        QTest::qWait(150);
        journal.permits.release(1);
        QTRY_COMPARE(progress.count(), 2);
        QCOMPARE(progress[1][0].toDouble(), 0.25);
        journal.permits.release(2);
        QTRY_VERIFY(provider.isIdle());
        QCOMPARE(progress.last()[0].toDouble(), -1.0);
    }

    // One pass over a plane gives all coarse pictures of it; a sampled one comes before.
    void largePlanesGetAPyramidOnce() {
        image::StackInfo info;
        info.reader = "counting";
        info.type = image::PixelType::UInt8;
        info.shape = {1, 1, 1, 1000, 1200};
        std::atomic<std::int64_t> pixels{0};
        class Rows : public image::PlaneSource {
          public:
            explicit Rows(std::atomic<std::int64_t>* pixels) : m_pixels(pixels) {}
            image::Plane read(const image::PlaneIndex&, int, const image::Rect& r) const override {
                *m_pixels += r.width * r.height;
                void* memory = nullptr;
                auto plane =
                    image::Plane::allocate(image::PixelType::UInt8, r.width, r.height, &memory);
                for (std::int64_t i = 0; i < plane.size(); ++i)
                    static_cast<std::uint8_t*>(memory)[i] = (r.y + i / r.width) % 2 ? 200 : 100;
                return plane;
            }

          private:
            std::atomic<std::int64_t>* m_pixels;
        };
        const auto stack =
            std::make_shared<const image::Stack>(info, std::make_unique<Rows>(&pixels));
        SliceProvider provider;
        provider.setCacheBytes(8 * 300 * 250);  // holds a quarter of the size, times eight
        QCOMPARE(provider.wholePlaneStride(*stack, 0), 4);
        QSignalSpy ready(&provider, &SliceProvider::sliceReady);
        QSignalSpy preview(&provider, &SliceProvider::slicePreview);
        SliceKey coarse{stack, {}, 0, stack->bounds(), 8};
        QVERIFY(provider.request(coarse).empty());
        QTRY_VERIFY(provider.isIdle());
        QCOMPARE(preview.count(), 1);
        QCOMPARE(preview[0][1].value<image::Plane>().value(3, 3), 100.0);  // one row of eight
        const auto plane = provider.cached(coarse);
        QCOMPARE(plane.width(), std::int64_t(150));
        QCOMPARE(plane.value(3, 3), 150.0);  // the mean of all
        QCOMPARE(std::int64_t(pixels), std::int64_t(1200 * 1000 + 1200 * 125));
        for (const int stride : {4, 16, 32, 512}) {
            coarse.stride = stride;
            QCOMPARE(provider.request(coarse).value(0, 0), 150.0);  // at hand
        }
        QVERIFY(provider.cachedBytes() <= provider.cacheLimit());
        QCOMPARE(std::int64_t(pixels), std::int64_t(1200 * 1000 + 1200 * 125));
    }

    void cacheKeepsItsCap() {
        SlowSource::Journal journal;
        const auto stack = slowStack(&journal);
        journal.permits.release(100);
        SliceProvider provider;
        provider.setCacheBytes(3 * kSide * kSide);
        for (int z = 0; z < 6; ++z) {
            provider.request(key(stack, z));
            QTRY_VERIFY(provider.isIdle());
        }
        QCOMPARE(provider.cachedBytes(), std::uint64_t{3 * kSide * kSide});
        QVERIFY(provider.cached(key(stack, 2)).empty());
        QVERIFY(!provider.cached(key(stack, 5)).empty());
        provider.keepOnly({});
        QCOMPARE(provider.cachedBytes(), std::uint64_t{0});
    }

    void failuresAreTold() {
        SlowSource::Journal journal;
        const auto stack = slowStack(&journal);
        journal.permits.release(100);
        SliceProvider provider;
        QSignalSpy failed(&provider, &SliceProvider::sliceFailed);
        provider.request(key(stack, 13));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][1].toString().contains("damaged"));
    }

    void goesAwayWhileReading() {
        SlowSource::Journal journal;
        const auto stack = slowStack(&journal);
        auto provider = std::make_unique<SliceProvider>();
        for (int z = 0; z < 8; ++z)
            provider->request(key(stack, z));
        QTRY_COMPARE(int(journal.started), 2);
        journal.permits.release(100);
        provider.reset();  // waits for the reads under way
        const int reads = journal.started;
        QVERIFY(reads <= 8);
        QCOMPARE(journal.permits.available(), 100 - reads);  // each of them has ended
    }
};

QTEST_GUILESS_MAIN(TestSliceProvider)
#include "tst_slice_provider.moc"
