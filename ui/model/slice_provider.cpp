#include "ui/model/slice_provider.h"

#include <QMetaObject>
#include <QThreadPool>
#include <algorithm>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace posteria::ui {

namespace {

constexpr std::uint64_t kDefaultCacheBytes = 256ull << 20;
constexpr int kReaders = 2;

std::uint64_t bytesOf(const image::Plane& plane) {
    return static_cast<std::uint64_t>(plane.size()) * image::bytesPerPixel(plane.type());
}

bool isInMemory(const SliceKey& key) {
    return key.stack->info().reader == "memory" && key.rect == key.stack->bounds(key.level);
}

}  // namespace

struct SliceProvider::Private {
    // Shared with the readers.
    std::mutex mutex;
    std::vector<SliceKey> waiting;  // the newest last

    // GUI thread only.
    std::vector<SliceKey> wanted;                        // of waiting and running reads
    std::list<std::pair<SliceKey, image::Plane>> cache;  // most recently used first
    std::uint64_t cacheBytes = 0, cacheLimit = kDefaultCacheBytes;
    int running = 0;

    QThreadPool pool;  // last: its destructor waits for the readers

    auto find(const SliceKey& key) {
        return std::find_if(cache.begin(), cache.end(),
                            [&](const auto& entry) { return entry.first == key; });
    }
    void trim() {
        // The newest entry stays whatever its size: it is on the screen.
        while (cacheBytes > cacheLimit && cache.size() > 1) {
            cacheBytes -= bytesOf(cache.back().second);
            cache.pop_back();
        }
    }
};

SliceProvider::SliceProvider(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->pool.setMaxThreadCount(kReaders);
}

SliceProvider::~SliceProvider() {
    beginRequests();
    d->pool.waitForDone();
}

void SliceProvider::beginRequests() {
    const std::lock_guard<std::mutex> lock(d->mutex);
    for (const auto& key : d->waiting) {
        d->wanted.erase(std::remove(d->wanted.begin(), d->wanted.end(), key), d->wanted.end());
    }
    d->waiting.clear();
}

image::Plane SliceProvider::request(const SliceKey& key) {
    if (!key.stack) return {};
    if (isInMemory(key)) return key.stack->read(key.plane, key.level, key.rect);
    const auto found = d->find(key);
    if (found != d->cache.end()) {
        d->cache.splice(d->cache.begin(), d->cache, found);
        return found->second;
    }
    if (std::find(d->wanted.begin(), d->wanted.end(), key) != d->wanted.end()) return {};
    d->wanted.push_back(key);
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        d->waiting.push_back(key);
    }
    ++d->running;
    d->pool.start([this] { readNewest(); });
    return {};
}

image::Plane SliceProvider::cached(const SliceKey& key) const {
    if (!key.stack) return {};
    if (isInMemory(key)) return key.stack->read(key.plane, key.level, key.rect);
    const auto found = d->find(key);
    return found != d->cache.end() ? found->second : image::Plane();
}

void SliceProvider::readNewest() {
    SliceKey key;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        if (!d->waiting.empty()) {
            key = d->waiting.back();
            d->waiting.pop_back();
        }
    }
    image::Plane plane;
    QString error;
    if (key.stack) {
        try {
            plane = key.stack->read(key.plane, key.level, key.rect);
        } catch (const Error& e) {
            error = QString::fromStdString(e.what());
        } catch (const std::exception& e) {
            error = QString::fromLocal8Bit(e.what());
        }
    }
    QMetaObject::invokeMethod(
        this, [this, key, plane, error] { deliver(key, plane, error); }, Qt::QueuedConnection);
}

void SliceProvider::deliver(const SliceKey& key, const image::Plane& plane, const QString& error) {
    --d->running;
    if (!key.stack) return;
    d->wanted.erase(std::remove(d->wanted.begin(), d->wanted.end(), key), d->wanted.end());
    if (!error.isEmpty()) {
        Q_EMIT sliceFailed(key, error);
        return;
    }
    d->cache.emplace_front(key, plane);
    d->cacheBytes += bytesOf(plane);
    d->trim();
    Q_EMIT sliceReady(key, plane);
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

std::uint64_t SliceProvider::cachedBytes() const {
    return d->cacheBytes;
}

bool SliceProvider::isIdle() const {
    return d->running == 0;
}

}  // namespace posteria::ui
