// The objects of one plane as runs of pixels: small where labels are few, and quick to compare. A
// Labelling is a value; its runs go by row, then by column, and never overlap. Labels are
// 1 … count. Coordinates are pixels, x to the right and y down. Safe from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/plane.h"

namespace posteria::analysis {

// Pixels [begin, end) of row y.
struct LabelRun {
    std::int32_t y, begin, end, label;

    std::int64_t length() const { return end - begin; }
};

struct Labelling {
    std::int64_t width = 0, height = 0;
    std::int32_t count = 0;
    std::vector<LabelRun> runs;

    // Pixels of label i + 1.
    std::vector<std::int64_t> areas() const;
    // uint32, 0 where there is no object.
    image::Plane toPlane() const;
};

// The runs of labels (Y, X), 0 where there is no object; `count` is the largest label, whether or
// not it has a pixel.
Labelling runsOf(const std::int32_t* labels, std::int64_t width, std::int64_t height,
                 std::int32_t count);
// The same less labels that do not count as objects: those of fewer than minArea or
// more than maxArea pixels are left out (0: no such limit); the others are numbered anew by the
// first of their pixels, row by row.
Labelling makeLabelling(const std::int32_t* labels, std::int64_t width, std::int64_t height,
                        std::int32_t most, double minArea = 0, double maxArea = 0);

// Pixels that label a of one and label b of another labelling of the same plane share.
struct LabelOverlap {
    std::int32_t a, b;
    std::int64_t pixels;
};

// Every pair that shares pixels, by a, then b.
std::vector<LabelOverlap> overlaps(const Labelling& first, const Labelling& second);

// What an object is, in one image: pixels, grey values of that image, centroid in pixels.
struct ObjectFigures {
    double area = 0, intensity = 0, x = 0, y = 0;  // intensity: the mean over its pixels

    double total() const { return area * intensity; }  // the sum over its pixels
};

// Of label i + 1. The plane is float32 and of the labelling's size.
std::vector<ObjectFigures> measureObjects(const Labelling& labels, const image::Plane& plane);

}  // namespace posteria::analysis
