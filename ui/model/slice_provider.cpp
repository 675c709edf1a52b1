#include "ui/model/slice_provider.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <algorithm>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/base/error.h"
#include "core/image/read_watch.h"
#include "core/image/reduced_plane.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

namespace {

constexpr std::uint64_t kDefaultCacheBytes = 256ull << 20;
constexpr int kReaders = 2;
constexpr int kProgressMs = 100;

std::uint64_t bytesOf(const image::Plane& plane) {
    return static_cast<std::uint64_t>(plane.size()) * image::bytesPerPixel(plane.type());
}

bool isInMemory(const SliceKey& key) {
    return key.stride == 1 && key.stack->info().reader == "memory" &&
           key.rect == key.stack->bounds(key.level);
}

}  // namespace

// One turn of a reading thread.
struct SliceProvider::Read {
    SliceKey key;    // of the first of the planes
    SliceKey asked;  // with the stride that was asked for
    CancelToken token;
    std::vector<image::Plane> planes;  // the first, and with a stride the levels above it
    QString error;
};

struct SliceProvider::Private {
    // Shared with the readers.
    std::mutex mutex;
    std::vector<Read> waiting;  // the newest last

    // GUI thread only.
    struct Wanted {
        Read read;
        bool claimed = true;  // since beginRequests
        bool again = false;   // asked for after it was stopped
    };
    std::vector<Wanted> wanted;                          // of waiting and running reads
    std::list<std::pair<SliceKey, image::Plane>> cache;  // most recently used first
    std::uint64_t cacheBytes = 0, cacheLimit = kDefaultCacheBytes;
    int running = 0, slow = 0;

    StandingPool pool{kReaders};  // last: its destructor waits for the readers

    auto find(const SliceKey& key) {
        return std::find_if(cache.begin(), cache.end(),
                            [&](const auto& entry) { return entry.first == key; });
    }
    auto wantedOf(const SliceKey& key) {
        return std::find_if(wanted.begin(), wanted.end(),
                            [&](const Wanted& each) { return each.read.key == key; });
    }
    void trim() {
        // The newest entry stays whatever its size: it is on the screen.
        while (cacheBytes > cacheLimit && cache.size() > 1) {
            cacheBytes -= bytesOf(cache.back().second);
            cache.pop_back();
        }
    }
};

SliceProvider::SliceProvider(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}

SliceProvider::~SliceProvider() {
    cancel();
    d->pool.waitForDone();
}

void SliceProvider::beginRequests() {
    const std::lock_guard<std::mutex> lock(d->mutex);
    for (const auto& read : d->waiting)
        if (const auto found = d->wantedOf(read.key); found != d->wanted.end())
            d->wanted.erase(found);
    d->waiting.clear();
    for (auto& wanted : d->wanted)
        wanted.claimed = wanted.again = false;
}

void SliceProvider::endRequests() {
    for (auto& wanted : d->wanted)
        if (!wanted.claimed) wanted.read.token.cancel();
}

void SliceProvider::cancel() {
    beginRequests();
    endRequests();
}

int SliceProvider::wholePlaneStride(const image::Stack& stack, int level) const {
    const auto all = stack.bounds(level);
    int stride = 1;
    // All levels together take a third more.
    while (static_cast<std::uint64_t>(all.width / stride * (all.height / stride)) *
               image::bytesPerPixel(stack.info().type) * 8 >
           d->cacheLimit)
        stride *= 2;
    return stride;
}

// A pass over the whole plane serves all strides from the finest that may be kept.
SliceKey SliceProvider::passOf(SliceKey key) const {
    if (key.stride > 1 && key.rect == key.stack->bounds(key.level))
        key.stride = std::min(key.stride, std::max(wholePlaneStride(*key.stack, key.level), 2));
    return key;
}

image::Plane SliceProvider::request(const SliceKey& key) {
    if (!key.stack) return {};
    if (isInMemory(key)) return key.stack->read(key.plane, key.level, key.rect);
    const auto found = d->find(key);
    if (found != d->cache.end()) {
        d->cache.splice(d->cache.begin(), d->cache, found);
        return found->second;
    }
    const SliceKey pass = passOf(key);
    if (const auto known = d->wantedOf(pass); known != d->wanted.end()) {
        known->claimed = true;
        known->again = known->read.token.cancelled();
        return {};
    }
    Read read;
    read.key = pass;
    read.asked = key;
    d->wanted.push_back({read});
    start(std::move(read));
    return {};
}

void SliceProvider::start(Read read) {
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        d->waiting.push_back(std::move(read));
    }
    ++d->running;
    d->pool.start([this] { readNewest(); });
}

image::Plane SliceProvider::cached(const SliceKey& key) const {
    if (!key.stack) return {};
    if (isInMemory(key)) return key.stack->read(key.plane, key.level, key.rect);
    const auto found = d->find(key);
    return found != d->cache.end() ? found->second : image::Plane();
}

void SliceProvider::readNewest() {
    Read read;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        if (!d->waiting.empty()) {
            read = std::move(d->waiting.back());
            d->waiting.pop_back();
        }
    }
    if (read.key.stack) {
        QElapsedTimer clock;
        clock.start();
        bool told = false;
        const image::ReadWatch watch(read.token, [&](std::int64_t done, std::int64_t all) {
            if (clock.elapsed() < kProgressMs) return;
            clock.restart();
            const bool first = !std::exchange(told, true);
            QMetaObject::invokeMethod(
                this,
                [this, first, fraction = double(done) / double(all)] {
                    d->slow += first;
                    Q_EMIT progress(fraction);
                },
                Qt::QueuedConnection);
        });
        try {
            if (read.key.stride > 1)
                readReduced(read);
            else
                read.planes = {read.key.stack->read(read.key.plane, read.key.level, read.key.rect)};
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Cancelled) read.error = QString::fromStdString(e.what());
        } catch (const std::exception& e) {
            read.error = QString::fromLocal8Bit(e.what());
        }
        if (told)
            QMetaObject::invokeMethod(
                this,
                [this] {
                    if (--d->slow == 0) Q_EMIT progress(-1);
                },
                Qt::QueuedConnection);
    }
    QMetaObject::invokeMethod(
        this, [this, read] { deliver(read); }, Qt::QueuedConnection);
}

void SliceProvider::readReduced(Read& read) {
    const auto& [stack, plane, level, rect, stride] = read.key;
    if (!stack->info().tiled && stack->info().compression == "none") {
        const auto sampled = image::readSampled(*stack, plane, level, rect, read.asked.stride);
        QMetaObject::invokeMethod(
            this, [this, key = read.asked, sampled] { Q_EMIT slicePreview(key, sampled); },
            Qt::QueuedConnection);
    }
    read.planes.push_back(image::readReduced(*stack, plane, level, rect, stride));
    if (!(rect == stack->bounds(level))) return;
    while (read.planes.back().size() > 1)
        read.planes.push_back(image::halved(read.planes.back()));
}

void SliceProvider::deliver(const Read& read) {
    --d->running;
    if (!read.key.stack) return;
    if (const auto known = d->wantedOf(read.key); known != d->wanted.end()) {
        if (read.planes.empty() && read.error.isEmpty() && known->again) {
            known->read.token = CancelToken();
            known->again = false;
            start(known->read);
            return;
        }
        d->wanted.erase(known);
    }
    if (!read.error.isEmpty()) {
        Q_EMIT sliceFailed(read.asked, read.error);
        return;
    }
    SliceKey key = read.key;
    for (const auto& plane : read.planes) {
        keep(key, plane);
        key.stride *= 2;
    }
    key = read.key;
    for (const auto& plane : read.planes) {
        Q_EMIT sliceReady(key, plane);
        key.stride *= 2;
    }
}

void SliceProvider::keep(const SliceKey& key, const image::Plane& plane) {
    if (const auto known = d->find(key); known != d->cache.end()) {
        d->cacheBytes -= bytesOf(known->second);
        d->cache.erase(known);
    }
    d->cache.emplace_front(key, plane);
    d->cacheBytes += bytesOf(plane);
    d->trim();
}

void SliceProvider::keepOnly(const std::vector<image::StackPtr>& stacks) {
    for (auto entry = d->cache.begin(); entry != d->cache.end();) {
        if (std::find(stacks.begin(), stacks.end(), entry->first.stack) == stacks.end()) {
            d->cacheBytes -= bytesOf(entry->second);
            entry = d->cache.erase(entry);
        } else {
            ++entry;
        }
    }
}

void SliceProvider::setCacheBytes(std::uint64_t bytes) {
    d->cacheLimit = bytes;
    d->trim();
}

std::uint64_t SliceProvider::cacheLimit() const {
    return d->cacheLimit;
}

std::uint64_t SliceProvider::cachedBytes() const {
    return d->cacheBytes;
}

bool SliceProvider::isIdle() const {
    return d->running == 0;
}

}  // namespace posteria::ui
