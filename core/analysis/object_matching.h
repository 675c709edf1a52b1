// The same object in every sample of a posterior. Objects of two samples are alike by intersection
// over union (IoU, Jaccard 1912) of their pixels. The rule needs no order of the samples:
//   1. An object's support is the sum, over all other samples, of its largest IoU with an object
//      there, where that reaches `leastOverlap`.
//   2. The object with the largest support that belongs to none yet becomes a reference; ties go to
//      the larger object, then to the earlier sample, then to the lower label.
//   3. From every other sample the object with the largest IoU with the reference, of those that
//      belong to none yet and reach `leastOverlap`, joins it; ties go to the lower label.
//   4. Again from 2 until every object of every sample belongs to one.
// So an object is in a sample at most once, and the presences of all add up to the mean count.
// Safe from any thread.
#pragma once

#include <functional>
#include <vector>

#include "core/analysis/labelling.h"

namespace posteria::analysis {

inline constexpr double kLeastOverlap = 0.3;

struct MatchedObject {
    double presence = 0;      // the share of the samples it is in
    int reference = 0;        // the sample it has its outline from
    std::vector<int> labels;  // its label in every sample; 0: it is not there
};

// Numbers follow presence: the surest objects come first, of equal ones the one with the larger
// support, then as in rule 2. `check` is called now and then and may throw to stop.
std::vector<MatchedObject> matchObjects(const std::vector<Labelling>& samples,
                                        double leastOverlap = kLeastOverlap,
                                        const std::function<void()>& check = {});

// The references' outlines, numbered as the objects. Where they overlap, a pixel goes to the lower
// number, which is the surer object; one that is hidden wholly has no pixel.
Labelling consensus(const std::vector<MatchedObject>& objects,
                    const std::vector<Labelling>& samples);

// float32: the share of the samples in which a pixel belongs to an object.
image::Plane presenceMap(const std::vector<Labelling>& samples);

}  // namespace posteria::analysis
