// Objects of one plane by classical means: smoothing, background subtraction, a threshold, touching
// objects parted by the shape of their outline, those too small or too large left out. Lengths are
// pixels. Safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/labelling.h"

namespace posteria::analysis {

enum class ThresholdRule { Otsu, Li, Triangle, Manual };

// "otsu", "li", "triangle", "manual", in that order.
const std::vector<std::string>& thresholdRuleNames();

struct SegmentationSettings {
    // Gaussian, standard deviation, cut at four of them, mirrored at the border; 0: none.
    double smoothing = 1;
    // The smoothed image less its opening by a square of side 2 r + 1 (white top-hat): what is
    // narrower than the square stays; 0: none.
    int backgroundRadius = 0;
    ThresholdRule rule = ThresholdRule::Otsu;
    double threshold = 0;  // for Manual: grey values of the image after the two steps above
    // Parts touching objects: watershed of the distance to the background (8 neighbours), whose
    // basins are merged where the lower of two peaks stands less than splitDepth pixels above the
    // saddle between them. Without, objects are what hangs together by 8 neighbours.
    bool split = true;
    double splitDepth = 0.75;
    double minArea = 0, maxArea = 0;  // pixels, both allowed themselves; maxArea 0: no limit
};

// Throws Error{Usage} that names what is not possible.
void requireValid(const SegmentationSettings& settings);

struct Segmentation {
    Labelling labels;
    double threshold = 0;  // that was applied, grey values
};

// Of a float32 plane. Throws Error{Input} where a pixel is not a finite number, Error{Usage} for
// settings that are not valid.
Segmentation segment(const image::Plane& plane, const SegmentationSettings& settings);

// What the threshold is applied to: the plane smoothed and without its background, float32.
image::Plane prepared(const image::Plane& plane, const SegmentationSettings& settings);

}  // namespace posteria::analysis
