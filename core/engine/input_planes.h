// The planes of an input as networks are given them. What is told of a plane as a whole, its
// normalisation before all, is measured once, band by band: a plane may be larger than memory.
// Private to the engine; one thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <tuple>

#include "core/base/cancel_token.h"
#include "core/image/stack.h"
#include "core/nn/model.h"

namespace posteria::engine {

struct PlaneStatistics {
    double mean = 0, std = 0;  // grey values; std over n
    double saturated = 0;      // share of the pixels of `judged` (analysis::saturatedShare)
    // The part of the region that stands for all of it where the whole would take too long or too
    // much memory to look at: the region itself up to kJudgedSide, else its liveliest block.
    image::Rect judged;
};

inline constexpr std::int64_t kJudgedSide = 2048;  // pixels

class InputPlanes {
  public:
    // `region` is what will be restored of every plane; statistics are of the plane as a whole.
    InputPlanes(image::StackPtr input, const image::Rect& region,
                const package::ModelPackage& package, std::optional<double> cameraOffset,
                CancelToken token);

    const image::Rect& region() const { return m_region; }
    const PlaneStatistics& statistics(const image::PlaneIndex& plane);
    nn::Normalisation normalisation(const image::PlaneIndex& plane);
    // Of any rectangle of a plane, [1, H, W], normalised.
    at::Tensor read(const image::PlaneIndex& plane, const image::Rect& rect);
    at::Tensor readJudged(const image::PlaneIndex& plane) {
        return read(plane, statistics(plane).judged);
    }

  private:
    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

    image::StackPtr m_input;
    image::Rect m_region;
    const package::ModelPackage& m_package;
    std::optional<double> m_cameraOffset;
    CancelToken m_token;
    std::map<Key, PlaneStatistics> m_known;
};

}  // namespace posteria::engine
