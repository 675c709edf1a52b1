// The objects in all samples of a posterior: every sample is segmented as if it were the image, and
// what is counted or measured has as many values as there are samples. So a number comes with what
// the restoration does not know about it; the mean image has no such numbers, and its objects are
// not the mean of theirs, since a threshold is no linear function.
//
// One plane (t, z) of all samples at a time; channels may be segmented by settings of their own.
// Areas and places are pixels, intensities the samples' grey values. Samples are read and segmented
// on several threads; the functions are synchronous and may be called from any thread.
#pragma once

#include <functional>
#include <vector>

#include "core/analysis/colocalisation.h"
#include "core/analysis/draws.h"
#include "core/analysis/object_matching.h"
#include "core/analysis/segmentation.h"
#include "core/base/cancel_token.h"
#include "core/image/stack.h"

namespace posteria::analysis {

// The draws of what is measured are those of the samples that the object is in.
struct ObjectSpread {
    Draws area, intensity, total, x, y;
};

struct ChannelObjects {
    std::int64_t channel = 0;
    std::vector<double> counts;          // one a sample
    std::vector<double> areaShares;      // likewise: the share of the plane that objects cover
    std::vector<double> thresholds;      // likewise: grey values
    std::vector<MatchedObject> objects;  // surest first; see object_matching.h
    std::vector<ObjectSpread> spreads;   // one an object
    Labelling labels;                    // numbered like the objects; see consensus()
    image::Plane presence;               // float32; see presenceMap()
    int meanCount = 0;                   // objects in the mean of the samples: biased
};

// Between two of the channels asked for, by their positions there; one a sample.
struct ChannelPair {
    std::size_t first = 0, second = 0;
    std::vector<double> pearson, manders1, manders2;
};

struct PlaneObjects {
    std::int64_t t = 0, z = 0;
    std::vector<ChannelObjects> channels;
    std::vector<ChannelPair> pairs;
};

struct ObjectRequest {
    std::vector<image::StackPtr> samples;  // of one shape
    std::int64_t t = 0, z = 0;
    std::vector<std::int64_t> channels;
    std::vector<SegmentationSettings> settings;  // one a channel
    double leastOverlap = kLeastOverlap;
};

// `progress` is told how many samples are done, one call at a time. Throws Error{Usage} for a
// request that is not possible, Error{Input} for a sample that cannot be read or has other pixels
// than finite ones, Error{Cancelled} once the token is set.
PlaneObjects analyseObjects(const ObjectRequest& request,
                            const std::function<void(int done, int samples)>& progress = {},
                            const CancelToken& token = {});

}  // namespace posteria::analysis
