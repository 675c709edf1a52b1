// objects.csv: a row an object of a channel of a plane, in the order of the objects' numbers.
// Columns: t, z, channel, channel_name, object, presence (0 … 1), samples (in how many it is); of
// area (pixels), intensity (mean grey value), total (grey values), x, y (centroid in pixels) each
// the mean, its _std, _low and _high; area_um2, x_um, y_um, which are empty where the voxel size is
// not known. Figures are over the samples that the object is in; see draws.h.
#pragma once

#include <string>

#include "core/analysis/object_analysis.h"

namespace posteria::analysis {

class ObjectTable {
  public:
    // Of the samples. `x`, `y`: where their first pixel lies, pixels, where they are a part of an
    // image.
    explicit ObjectTable(const image::StackInfo& info, double x = 0, double y = 0);

    // As plane (t, z).
    void add(const PlaneObjects& plane, std::int64_t t, std::int64_t z);
    const std::string& text() const { return m_text; }

  private:
    void add(const ChannelObjects& channel, const std::string& place);

    std::vector<std::string> m_channels;
    std::optional<image::VoxelSize> m_voxelSize;
    double m_x, m_y;
    std::string m_text;
};

}  // namespace posteria::analysis
