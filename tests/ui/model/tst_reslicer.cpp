// Side views: right pixels, the newest first, nothing read twice, damaged files told.
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <mutex>

#include "core/base/error.h"
#include "ui/model/reslicer.h"

using namespace posteria;
using namespace posteria::ui;

namespace {

constexpr std::int64_t kWidth = 9, kHeight = 7, kDepth = 5;

// What the pixels of a file would be: read when asked, counted, and held up while the gate is shut.
struct Meter {
    std::atomic<int> reads{0};
    std::atomic<std::int64_t> pixels{0};
    std::mutex mutex;
    std::condition_variable changed;
    bool open = true;
    int damagedSlice = -1;

    void setOpen(bool value) {
        const std::lock_guard<std::mutex> lock(mutex);
        open = value;
        changed.notify_all();
    }
};

class MeteredSource : public image::PlaneSource {
  public:
    explicit MeteredSource(Meter* meter) : m_meter(meter) {}
    image::Plane read(const image::PlaneIndex& plane, int, const image::Rect& r) const override {
        ++m_meter->reads;
        m_meter->pixels += r.width * r.height;
        {
            std::unique_lock<std::mutex> lock(m_meter->mutex);
            m_meter->changed.wait(lock, [this] { return m_meter->open; });
        }
        if (plane.z == m_meter->damagedSlice)
            throw Error(ErrorKind::Input, "The plane is damaged.", "file.tif", "Copy it again.");
        void* memory = nullptr;
        auto result = image::Plane::allocate(image::PixelType::UInt16, r.width, r.height, &memory);
        auto* out = static_cast<std::uint16_t*>(memory);
        for (std::int64_t y = r.y; y < r.y + r.height; ++y)
            for (std::int64_t x = r.x; x < r.x + r.width; ++x)
                *out++ =
                    std::uint16_t(10000 * plane.t + 1000 * plane.c + 100 * plane.z + 10 * y + x);
        return result;
    }

  private:
    Meter* m_meter;
};

image::StackPtr fileStack(Meter* meter) {
    image::StackInfo info;
    info.reader = "metered";
    info.type = image::PixelType::UInt16;
    info.shape = {2, 2, kDepth, kHeight, kWidth};
    info.levels = {{kHeight, kWidth}};
    info.channels.resize(2);
    return std::make_shared<image::Stack>(info, std::make_unique<MeteredSource>(meter));
}

SideRequest at(const image::StackPtr& stack, std::int64_t x, std::int64_t y,
               std::vector<int> channels = {0, 1}) {
    return {stack, 0, x, y, std::move(channels), {0, 1, 2, 3, 4}};
}

// The last complete answer.
struct Answers {
    std::vector<SideViews> all;
    QStringList errors;
    explicit Answers(Reslicer& reslicer) {
        QObject::connect(&reslicer, &Reslicer::sideViewsRead, &reslicer,
                         [this](const SideViews& views) { all.push_back(views); });
        QObject::connect(&reslicer, &Reslicer::failed, &reslicer,
                         [this](const SideRequest&, const QString& e) { errors << e; });
    }
    bool has(const SideRequest& request) const {
        return !all.empty() && all.back().request == request && all.back().isComplete();
    }
};

}  // namespace

class TestReslicer : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cutsWhereItIsTold_data() {
        QTest::addColumn<quint64>("cache");
        QTest::newRow("planes kept") << (quint64(1) << 20);
        QTest::newRow("rows and columns only") << quint64(0);
    }
    void cutsWhereItIsTold() {
        QFETCH(quint64, cache);
        Meter meter;
        Reslicer reslicer;
        reslicer.setCacheBytes(cache);
        Answers answers(reslicer);
        auto request = at(fileStack(&meter), 3, 6, {1});
        request.t = 1;
        request.z[2] = -1;  // the layer has no such slice
        reslicer.request(request);
        QTRY_VERIFY(answers.has(request));
        const auto& views = answers.all.back();
        QCOMPARE(views.xz.size(), 1u);
        QCOMPARE(views.xz[0].width(), kWidth);
        QCOMPARE(views.xz[0].height(), kDepth);
        QCOMPARE(views.yz[0].width(), kDepth);
        QCOMPARE(views.yz[0].height(), kHeight);
        for (std::int64_t z = 0; z < kDepth; ++z) {
            for (std::int64_t x = 0; x < kWidth; ++x) {
                if (z == 2)
                    QVERIFY(std::isnan(views.xz[0].value(x, z)));
                else
                    QCOMPARE(views.xz[0].value(x, z), 11000.0 + 100 * z + 60 + x);
            }
            for (std::int64_t y = 0; y < kHeight; ++y) {
                if (z != 2) QCOMPARE(views.yz[0].value(z, y), 11000.0 + 100 * z + 10 * y + 3);
            }
        }
        const auto whole = (kDepth - 1) * kWidth * kHeight;
        const auto lines = (kDepth - 1) * (kWidth + kHeight);
        QCOMPARE(meter.pixels.load(), cache ? whole : lines);
    }

    void planesAreReadOnce() {
        Meter meter;
        Reslicer reslicer;
        Answers answers(reslicer);
        const auto stack = fileStack(&meter);
        for (int x = 0; x < kWidth; ++x) {
            reslicer.request(at(stack, x, x % kHeight));
            QTRY_VERIFY(answers.has(at(stack, x, x % kHeight)));
        }
        QCOMPARE(meter.reads.load(), int(2 * kDepth));
        reslicer.clear();
        reslicer.request(at(stack, 0, 0));
        QTRY_VERIFY(answers.has(at(stack, 0, 0)) && meter.reads == 4 * kDepth);
    }

    void theNewestIsServedAndTheRestDropped() {
        Meter meter;
        meter.setOpen(false);
        Reslicer reslicer;
        Answers answers(reslicer);
        const auto stack = fileStack(&meter);
        reslicer.request(at(stack, 0, 0));
        QTRY_COMPARE(meter.reads.load(), 1);  // under way
        for (int x = 1; x < kWidth; ++x)
            reslicer.request(at(stack, x, 0));
        meter.setOpen(true);
        QTRY_VERIFY(answers.has(at(stack, kWidth - 1, 0)));
        for (const auto& views : answers.all)
            QVERIFY(views.request.x == 0 || views.request.x == kWidth - 1);
    }

    void aStackNoLongerWantedIsNotReadOn() {
        Meter old, meter;
        old.setOpen(false);
        Reslicer reslicer;
        Answers answers(reslicer);
        reslicer.request(at(fileStack(&old), 0, 0));
        QTRY_COMPARE(old.reads.load(), 1);
        const auto stack = fileStack(&meter);
        reslicer.request(at(stack, 1, 1));
        old.setOpen(true);
        QTRY_VERIFY(answers.has(at(stack, 1, 1)));
        QCOMPARE(old.reads.load(), 1);
        for (const auto& views : answers.all)
            QVERIFY(views.request.stack == stack);
    }

    void clearingLetsGoOfTheStack() {
        Meter meter;
        Reslicer reslicer;
        Answers answers(reslicer);
        auto stack = fileStack(&meter);
        reslicer.request(at(stack, 0, 0));
        QTRY_VERIFY(answers.has(at(stack, 0, 0)));
        answers.all.clear();
        reslicer.clear();
        const std::weak_ptr<const image::Stack> gone = stack;
        stack.reset();
        QTRY_VERIFY(gone.expired());
    }

    void damageIsTold() {
        Meter meter;
        meter.damagedSlice = 3;
        Reslicer reslicer;
        Answers answers(reslicer);
        reslicer.request(at(fileStack(&meter), 0, 0));
        QTRY_COMPARE(answers.errors.size(), 1);
        QVERIFY(answers.errors[0].contains("damaged"));
    }
};

QTEST_GUILESS_MAIN(TestReslicer)
#include "tst_reslicer.moc"
