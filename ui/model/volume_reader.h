// Reads the volume of one time point for the 3-D view, on one thread of its own: only the newest
// request is served, and a read that is no longer wanted stops at its next plane. What does not fit
// the budget is read from a coarser pyramid level, or averaged over blocks of voxels. GUI thread
// only.
#pragma once

#include <QObject>
#include <QString>
#include <array>
#include <memory>
#include <vector>

#include "core/image/stack.h"

namespace posteria::ui {

struct VolumeRequest {
    image::StackPtr stack;
    std::int64_t t = 0;
    std::vector<int> channels;    // of the stack, at most four
    std::vector<std::int64_t> z;  // the stack's slice for every slice of the volume; -1: none
    std::uint64_t budgetBytes = 256ull << 20;
    std::int64_t longestSide = 2048;  // voxels that a texture may have along one axis

    bool operator==(const VolumeRequest& o) const {
        return stack == o.stack && t == o.t && channels == o.channels && z == o.z &&
               budgetBytes == o.budgetBytes && longestSide == o.longestSide;
    }
};

// 16 bits a voxel and channel, channels interleaved, X fastest. Values of 8 and 16 bit images are
// their own; others are spread over the 16 bits: value = offset + scale * voxel. NaN becomes the
// smallest value.
struct Volume {
    VolumeRequest request;
    std::int64_t width = 0, height = 0, depth = 0;
    double voxelX = 1, voxelY = 1, voxelZ = 1;  // size of a voxel in full-size voxels
    std::vector<double> offset, scale;          // one a channel
    std::shared_ptr<const std::vector<std::uint16_t>> voxels;

    // Of the channel with that place in the volume, uint8 where the stack is, else
    // float32; for contrast limits.
    image::Plane middlePlane(std::size_t channel) const;
    bool isCoarse() const { return voxelX > 1.001 || voxelY > 1.001 || voxelZ > 1.001; }
};

// The pyramid level, and how many voxels of it are averaged into one along X and Y, and along Z.
struct VolumeDetail {
    int level = 0;
    std::int64_t blockXY = 1, blockZ = 1;
};
VolumeDetail chooseDetail(const VolumeRequest& request);

class VolumeReader : public QObject {
    Q_OBJECT
  public:
    explicit VolumeReader(QObject* parent = nullptr);
    ~VolumeReader() override;  // waits for the read under way, which stops at its next plane

    void request(const VolumeRequest& request);
    void cancel();

  Q_SIGNALS:
    void progress(int planesRead, int planes);
    void volumeRead(const posteria::ui::Volume& volume);
    void failed(const QString& message);

  private:
    void serveNewest();  // on the thread

    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace posteria::ui
