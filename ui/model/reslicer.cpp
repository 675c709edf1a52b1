#include "ui/model/reslicer.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

namespace {

constexpr std::uint64_t kDefaultCacheBytes = 512ull << 20;
constexpr int kPartMs = 200;

image::PixelType sideType(image::PixelType type) {
    return image::bytesPerPixel(type) <= 2 || type == image::PixelType::Float32
               ? image::PixelType::Float32
               : image::PixelType::Float64;
}

// The whole plane, a row or a column of it: whatever part holds the pixel asked for.
struct Part {
    image::Plane pixels;
    std::int64_t x = 0, y = 0;  // of its first pixel
};

}  // namespace

struct Reslicer::Private {
    // Shared with the thread.
    std::mutex mutex;
    std::optional<SideRequest> waiting;
    std::atomic<std::uint64_t> volume{0};  // counts changes of the stack or the time point wanted
    std::atomic<std::uint64_t> cacheLimit{kDefaultCacheBytes};

    // GUI thread only.
    SideRequest last;

    // The thread only.
    struct Kept {
        image::PlaneIndex index;
        image::Plane pixels;
    };
    image::StackPtr keptStack;
    std::int64_t keptT = 0;
    std::vector<Kept> kept;
    std::uint64_t keptBytes = 0;

    StandingPool pool{1};  // last: its destructor waits for the thread

    void forget() {
        kept.clear();
        keptBytes = 0;
        keptStack.reset();
    }

    // Whole planes as long as they fit; else only the row and the column.
    std::pair<Part, Part> read(const SideRequest& request, const image::PlaneIndex& index) {
        const auto& stack = *request.stack;
        const image::Rect all = stack.bounds();
        for (const auto& entry : kept) {
            if (entry.index == index) return {{entry.pixels}, {entry.pixels}};
        }
        const auto bytes = static_cast<std::uint64_t>(all.width * all.height) *
                           image::bytesPerPixel(stack.info().type);
        const bool inMemory = stack.info().reader == "memory";
        if (!inMemory && keptBytes + bytes > cacheLimit) {
            return {{stack.read(index, 0, {0, request.y, all.width, 1}), 0, request.y},
                    {stack.read(index, 0, {request.x, 0, 1, all.height}), request.x, 0}};
        }
        const image::Plane whole = stack.read(index, 0, all);
        if (!inMemory) {
            kept.push_back({index, whole});
            keptBytes += bytes;
        }
        return {{whole}, {whole}};
    }

    // Gives up where the volume is no longer wanted.
    template <class Out, class Publish>
    void fill(const SideRequest& request, std::uint64_t wanted, Publish publish) {
        const auto& shape = request.stack->shape();
        const auto depth = static_cast<std::int64_t>(request.z.size());
        const Out blank = std::numeric_limits<Out>::quiet_NaN();
        std::vector<std::vector<Out>> xz, yz;
        for (std::size_t c = 0; c < request.channels.size(); ++c) {
            xz.emplace_back(static_cast<std::size_t>(shape.x * depth), blank);
            yz.emplace_back(static_cast<std::size_t>(shape.y * depth), blank);
        }
        const auto share = [&](const std::vector<Out>& sheet, std::int64_t w, std::int64_t h) {
            void* memory = nullptr;
            auto plane =
                image::Plane::allocate(sideType(request.stack->info().type), w, h, &memory);
            std::copy(sheet.begin(), sheet.end(), static_cast<Out*>(memory));
            return plane;
        };
        const int planes = static_cast<int>(depth * static_cast<std::int64_t>(xz.size()));
        int done = 0;
        QElapsedTimer clock;
        clock.start();
        for (std::int64_t row = 0; row < depth; ++row) {
            const std::int64_t z = request.z[static_cast<std::size_t>(row)];
            for (std::size_t c = 0; c < xz.size(); ++c, ++done) {
                if (z < 0) continue;
                if (volume != wanted) return;
                const auto [line, column] = read(request, {request.t, request.channels[c], z});
                image::visit(line.pixels, [&, &part = line](const auto* pixels) {
                    const auto* from = pixels + (request.y - part.y) * part.pixels.width();
                    std::copy(from, from + shape.x, xz[c].begin() + row * shape.x);
                });
                image::visit(column.pixels, [&, &part = column](const auto* pixels) {
                    for (std::int64_t y = 0; y < shape.y; ++y) {
                        yz[c][static_cast<std::size_t>(y * depth + row)] =
                            static_cast<Out>(pixels[y * part.pixels.width() + request.x - part.x]);
                    }
                });
            }
            if (row + 1 < depth && clock.elapsed() < kPartMs) continue;
            clock.restart();
            SideViews views{request, {}, {}, done, planes};
            for (std::size_t c = 0; c < xz.size(); ++c) {
                views.xz.push_back(share(xz[c], shape.x, depth));
                views.yz.push_back(share(yz[c], depth, shape.y));
            }
            publish(views);
        }
    }
};

Reslicer::Reslicer(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}

Reslicer::~Reslicer() {
    ++d->volume;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        d->waiting.reset();
    }
    d->pool.waitForDone();
}

void Reslicer::request(const SideRequest& request) {
    if (!request.stack || request == d->last) return;
    if (request.stack != d->last.stack || request.t != d->last.t) ++d->volume;
    d->last = request;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        d->waiting = request;
    }
    d->pool.start([this] { serveNewest(); });
}

void Reslicer::clear() {
    ++d->volume;
    d->last = {};
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        d->waiting.reset();
    }
    d->pool.start([this] { d->forget(); });
}

void Reslicer::setCacheBytes(std::uint64_t bytes) {
    d->cacheLimit = bytes;
}

void Reslicer::serveNewest() {
    SideRequest request;
    std::uint64_t wanted = 0;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        if (!d->waiting) return;  // an earlier turn has served a newer request
        request = *std::exchange(d->waiting, std::nullopt);
        wanted = d->volume;
    }
    if (request.stack != d->keptStack || request.t != d->keptT) {
        d->forget();
        d->keptStack = request.stack;
        d->keptT = request.t;
    }
    const auto publish = [this, wanted](const SideViews& views) {
        QMetaObject::invokeMethod(
            this,
            [this, wanted, views] {
                if (d->volume == wanted) Q_EMIT sideViewsRead(views);
            },
            Qt::QueuedConnection);
    };
    QString error;
    try {
        if (sideType(request.stack->info().type) == image::PixelType::Float32)
            d->fill<float>(request, wanted, publish);
        else
            d->fill<double>(request, wanted, publish);
        return;
    } catch (const Error& e) {
        error = QString::fromStdString(e.what());
    } catch (const std::exception& e) {
        error = QString::fromLocal8Bit(e.what());
    }
    QMetaObject::invokeMethod(
        this,
        [this, wanted, request, error] {
            if (d->volume == wanted) Q_EMIT failed(request, error);
        },
        Qt::QueuedConnection);
}

}  // namespace posteria::ui
