// A posterior of discs for the tests of objects: which discs are in which sample is known.
#pragma once

#include <QPointF>
#include <cmath>
#include <random>
#include <vector>

#include "core/posterior/snapshot.h"
#include "tests/ui/stacks.h"

namespace posteria::test {

// Nine discs of radius 5 on a grid; disc i of channel 0 is in the first samples - i of the samples
// (disc 8 in fewest), those of channel 1 in all.
inline constexpr int kDiscSide = 96, kDiscPitch = 30;
inline QPointF discCentre(int i) {
    return {18.0 + kDiscPitch * (i % 3), 18.0 + kDiscPitch * (i / 3)};
}

inline image::StackPtr discStack(int k, int samples) {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, 2, 1, kDiscSide, kDiscSide};
    info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    info.channels.resize(2);
    info.channels[0].name = "vesicles";
    info.channels[1].name = "nuclei";
    std::vector<image::Plane> planes;
    for (int c = 0; c < 2; ++c) {
        void* memory = nullptr;
        planes.push_back(image::Plane::allocate(info.type, kDiscSide, kDiscSide, &memory));
        auto* out = static_cast<float*>(memory);
        std::mt19937 random(unsigned(k * 2 + c));
        std::normal_distribution<float> noise(20, 2);
        for (int i = 0; i < kDiscSide * kDiscSide; ++i)
            out[i] = noise(random);
        for (int i = 0; i < 9; ++i) {
            if (c == 0 && k >= samples - i) continue;
            const auto centre = discCentre(i);
            for (int y = 0; y < kDiscSide; ++y) {
                for (int x = 0; x < kDiscSide; ++x) {
                    if (std::hypot(x - centre.x(), y - centre.y()) <= 5)
                        out[y * kDiscSide + x] += 100;
                }
            }
        }
    }
    return image::makeMemoryStack(info, std::move(planes));
}

inline posterior::SnapshotPtr discSnapshot(int samples) {
    auto s = std::make_shared<posterior::Snapshot>();
    s->samples = s->requested = samples;
    s->region = {0, 0, kDiscSide, kDiscSide};
    for (int k = 0; k < samples; ++k)
        s->kept.push_back(discStack(k, samples));
    s->mean = discStack(0, samples);
    s->std = floatStack(kDiscSide, 2, 2.f);
    return s;
}

}  // namespace posteria::test
