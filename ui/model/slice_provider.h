// Fetches planes off the GUI thread: newest request first, those no longer wanted dropped, results
// kept in a least-recently-used cache with a cap in bytes. Planes of memory stacks come back at
// once and share the stack's memory. Lives on the GUI thread; reads run on threads of its own.
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/image/stack.h"

namespace posteria::ui {

struct SliceKey {
    image::StackPtr stack;
    image::PlaneIndex plane;
    int level = 0;
    image::Rect rect;  // pixels of that level
    // Every stride-th pixel of every stride-th row: large planes without a pyramid, seen from afar.
    int stride = 1;

    bool operator==(const SliceKey& o) const {
        return stack == o.stack && plane == o.plane && level == o.level && rect == o.rect &&
               stride == o.stride;
    }
};

class SliceProvider : public QObject {
    Q_OBJECT
  public:
    explicit SliceProvider(QObject* parent = nullptr);
    ~SliceProvider() override;  // waits for the reads under way

    // Reads that have not begun and are not asked for again afterwards are dropped.
    void beginRequests();
    // The pixels when they are at hand; otherwise an empty plane, and sliceReady (or sliceFailed)
    // later.
    image::Plane request(const SliceKey& key);
    // The pixels when they are at hand; asks for nothing.
    image::Plane cached(const SliceKey& key) const;

    // Forgets the planes of all other stacks: a closed file must not live on in the cache.
    void keepOnly(const std::vector<image::StackPtr>& stacks);
    void setCacheBytes(std::uint64_t bytes);
    std::uint64_t cacheLimit() const;
    std::uint64_t cachedBytes() const;
    bool isIdle() const;

  Q_SIGNALS:
    void sliceReady(const posteria::ui::SliceKey& key, const posteria::image::Plane& plane);
    void sliceFailed(const posteria::ui::SliceKey& key, const QString& message);

  private:
    void readNewest();  // on a thread of the pool
    void deliver(const SliceKey& key, const image::Plane& plane, const QString& error);

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui
