// Collects the posterior samples of one run and publishes what they say as immutable Snapshots.
// Used by the engine's thread only; snapshots may go anywhere. Sample planes are shared with every
// snapshot; mean and standard deviation are made anew when a sample was added, and shared until the
// next one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/image/stack.h"
#include "core/posterior/running_moments.h"
#include "core/posterior/sample_store.h"
#include "core/posterior/snapshot.h"

namespace posteria::posterior {

// The calibrated standard deviation is max(0, scale * s + offset), in grey values.
struct LinearCalibration {
    double scale = 1, offset = 0;
};

// Describes a result made from `input`: float32, axes TCZYX, voxel size and time increment
// inherited, one entry of `channels` for every restored channel. shape.c must be channels.size().
image::StackInfo resultInfo(const image::StackInfo& input, const image::Shape& shape,
                            std::vector<image::ChannelInfo> channels);

class PosteriorBuilder {
  public:
    // `result` comes from resultInfo(); `region` is the part of the input's plane it covers.
    PosteriorBuilder(image::StackInfo result, image::Rect region, int requested,
                     std::uint64_t sampleByteBudget);

    // One a plane of the result, in T, C, Z order; before the second sample. Channel names of std
    // then end in "(calibrated)".
    void setCalibration(std::vector<LinearCalibration> calibration);
    // Severity, warnings and the like, copied to the snapshots made from now on.
    Diagnostics& diagnostics() { return m_diagnostics; }

    // A whole sample: float32 planes in T, C, Z order of the result's shape. Throws Error{Usage}.
    void addSample(std::vector<image::Plane> planes);
    // The Monte-Carlo error of the mean in a part of the input's plane, as a share of the mean
    // (root mean squares over its pixels, of the channel in which it is largest). Infinite where it
    // cannot be told: fewer than two samples, no pixel there, a mean of zero.
    double relativeError(const image::Rect& part) const;
    int samples() const { return m_moments.count(); }
    const SampleStore& store() const { return m_store; }

    // `partial`: planes of the sample being drawn, NaN where there is nothing yet; may be empty.
    SnapshotPtr snapshot(std::vector<image::Plane> partial = {}) const;

  private:
    void refresh() const;
    image::StackPtr stack(const std::string& name, std::vector<image::Plane> planes) const;

    image::StackInfo m_result;
    image::Rect m_region;
    int m_requested;
    RunningMoments m_moments;
    SampleStore m_store;
    std::vector<LinearCalibration> m_calibration;
    Diagnostics m_diagnostics;
    std::vector<image::StackPtr> m_kept;
    // Made on demand from the moments, for as long as no sample is added.
    mutable image::StackPtr m_mean, m_std;
    mutable double m_error = 0, m_relativeError = 0;
};

}  // namespace posteria::posterior
