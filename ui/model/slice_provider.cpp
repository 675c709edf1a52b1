#include "ui/model/slice_provider.h"

#include <QMetaObject>
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

namespace {

constexpr std::uint64_t kDefaultCacheBytes = 256ull << 20;
constexpr int kReaders = 2;

std::uint64_t bytesOf(const image::Plane& plane) {
    return static_cast<std::uint64_t>(plane.size()) * image::bytesPerPixel(plane.type());
}

bool isInMemory(const SliceKey& key) {
    return key.stride == 1 && key.stack->info().reader == "memory" &&
           key.rect == key.stack->bounds(key.level);
}

// Reads in bands of rows, so that memory follows the result and not the plane.
image::Plane readStrided(const SliceKey& key) {
    const auto& stack = *key.stack;
    if (key.stride == 1) return stack.read(key.plane, key.level, key.rect);
    const std::int64_t stride = key.stride, first = stride / 2;
    const std::int64_t width = std::max<std::int64_t>(key.rect.width / stride, 1);
    const std::int64_t height = std::max<std::int64_t>(key.rect.height / stride, 1);
    const std::size_t pixel = image::bytesPerPixel(stack.info().type);
    const std::int64_t rowsAtOnce = std::max<std::int64_t>(256 / stride, 1);
    void* memory = nullptr;
    image::Plane result = image::Plane::allocate(stack.info().type, width, height, &memory);
    auto* out = static_cast<std::byte*>(memory);
    for (std::int64_t row = 0; row < height; row += rowsAtOnce) {
        const std::int64_t rows = std::min(rowsAtOnce, height - row);
        const image::Plane band = stack.read(key.plane, key.level,
                                             {key.rect.x, key.rect.y + row * stride, key.rect.width,
                                              std::min(rows * stride, key.rect.height)});
        const auto* in = static_cast<const std::byte*>(band.data());
        for (std::int64_t y = 0; y < rows; ++y) {
            const std::int64_t from =
                std::min(y * stride + first, band.height() - 1) * band.width();
            for (std::int64_t x = 0; x < width; ++x, out += pixel) {
                const std::int64_t at = from + std::min(x * stride + first, band.width() - 1);
                std::memcpy(out, in + static_cast<std::size_t>(at) * pixel, pixel);
            }
        }
    }
    return result;
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

    StandingPool pool{kReaders};  // last: its destructor waits for the readers

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

SliceProvider::SliceProvider(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}

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
            plane = readStrided(key);
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
