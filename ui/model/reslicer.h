// Side views of a z-stack: XZ at one row and YZ at one column, every channel asked for. Read on one
// thread of its own: the newest request is served next, those in between are dropped, and a read of
// a stack or time point that is no longer wanted stops at its next plane. Planes of files are kept
// as long as they fit the cache, so that a moving crosshair reads nothing twice. GUI thread only.
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/image/stack.h"

namespace posteria::ui {

struct SideRequest {
    image::StackPtr stack;
    std::int64_t t = 0;
    std::int64_t x = 0, y = 0;    // column of YZ and row of XZ, inside the stack
    std::vector<int> channels;    // of the stack
    std::vector<std::int64_t> z;  // the stack's slice for every row of XZ; -1: none

    bool operator==(const SideRequest& o) const {
        return stack == o.stack && t == o.t && x == o.x && y == o.y && channels == o.channels &&
               z == o.z;
    }
};

// float32 (float64 for integers that float32 cannot hold); NaN where nothing has been read.
struct SideViews {
    SideRequest request;
    std::vector<image::Plane> xz;  // X wide, one row a slice; one a requested channel
    std::vector<image::Plane> yz;  // one column a slice, Y high
    int planesRead = 0, planes = 0;

    bool isComplete() const { return planesRead == planes; }
};

class Reslicer : public QObject {
    Q_OBJECT
  public:
    explicit Reslicer(QObject* parent = nullptr);
    ~Reslicer() override;  // waits for the read under way, which stops at its next plane

    void request(const SideRequest& request);
    // Stops reading and frees the planes kept: a closed file must not live on.
    void clear();
    void setCacheBytes(std::uint64_t bytes);

  Q_SIGNALS:
    // Five times a second while planes are being read, and once when all are there.
    void sideViewsRead(const posteria::ui::SideViews& views);
    void failed(const posteria::ui::SideRequest& request, const QString& message);

  private:
    void serveNewest();  // on the thread

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui
