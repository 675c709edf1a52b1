// Fetches planes off the GUI thread: newest request first, those no longer wanted dropped or
// stopped at their next step, results kept in a least-recently-used cache with a cap in bytes.
// Planes of memory stacks come back at once and share the stack's memory. Large planes without a
// pyramid get one: coarse pictures of the whole plane, means over blocks, are made in one pass and
// kept like any other; files whose rows lie open show sampled pixels in the meantime. Lives on the
// GUI thread; reads run on threads of its own.
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
    // Means over blocks of stride x stride pixels, a power of two: large planes without a pyramid,
    // seen from afar.
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

    // Of what is asked for between the two: reads that have not begun and are not asked for again
    // are dropped, those under way are stopped.
    void beginRequests();
    void endRequests();
    // Nothing that is being read is wanted any more.
    void cancel();
    // The pixels when they are at hand; otherwise an empty plane, and sliceReady (or sliceFailed)
    // later.
    image::Plane request(const SliceKey& key);
    // From this stride on the whole plane is made into a pyramid, so that rect should be all of it.
    int wholePlaneStride(const image::Stack& stack, int level) const;
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
    // Of a key with a stride, before the means are there.
    void slicePreview(const posteria::ui::SliceKey& key, const posteria::image::Plane& plane);
    // Of a read that takes long, 0 … 1; below 0: none is under way any more.
    void progress(double fraction);
    void sliceFailed(const posteria::ui::SliceKey& key, const QString& message);

  private:
    struct Read;
    void start(Read read);
    void readNewest();  // on a thread of the pool
    void readReduced(Read& read);
    void deliver(const Read& read);
    void keep(const SliceKey& key, const image::Plane& plane);
    SliceKey passOf(SliceKey key) const;

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui
