// What to restore and how: a plain value, filled by the window or by posteria-cli.
// Severity: t = 0 is clean, t = 1 is fully degraded; for mixing t is the weight of the second
// channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/image/stack.h"

namespace posteria::engine {

// Which planes of the input; an empty list means all of that axis.
struct Selection {
    std::vector<std::int64_t> t, c, z;
    image::Rect roi;  // empty: the whole plane
};

// When samples are enough: once the Monte-Carlo error of the mean, std / sqrt(n), is small against
// the mean itself, both as root mean squares over a part of the plane, in every restored channel.
struct Enough {
    double relativeError = 0;          // 0: all samples are drawn
    image::Rect region;                // full-size pixels of the input; empty: all that is restored
    static constexpr int kFewest = 4;  // samples before a spread can be judged by
};

// What is drawn at a time by Engine::runInParts.
struct PartSize {
    std::int64_t planes = 0;  // frames or slices, with all of their channels; 0: from free memory
    std::int64_t side = 0;    // pixels of a square region; 0: whole planes
};

enum class Precision { Auto, Float32, BFloat16, Float16 };

struct RestorationRequest {
    image::StackPtr input;
    Selection selection;
    std::string model;               // a bundled model's name or a package's path
    std::string sampler;             // empty: the model's first
    int steps = 0;                   // 0: the model's default for that sampler
    int samples = 0;                 // 0: the model's default for that sampler
    Enough enough;                   // fewer where they suffice
    std::optional<double> severity;  // none: estimated by the model, or its default with a warning
    bool severityEstimated = false;  // it was, from this and other images: Engine::estimateSeverity
    std::uint64_t seed = 0;
    std::string device = "auto";  // auto | cpu | cuda | cuda:i
    Precision precision = Precision::Auto;
    int tile = 0;                      // tile side in pixels; 0: from free memory
    int overlap = -1;                  // pixels; -1: the model's default
    std::uint64_t maxMemoryBytes = 0;  // 0: half of what is free
    image::StackPtr psf;  // a picture of a point, in focus: a blur to take off; none: the model's
    std::optional<double> cameraOffset;  // grey values of a dark pixel; none: the model's camera's
    bool trace = false;                  // the first sample's states and estimates, step by step
    bool calibrate = true;               // by the model's calibration, where it has one that holds
    bool independentNoise = false;  // a noise field of its own for every plane, not one a sample
    std::vector<image::StackPtr> finished;  // samples 0, 1, … of the same request, drawn earlier
    bool keepSamples = false;  // the result needs them all at a time; else as memory allows
    PartSize partSize;
    image::Rect viewport;             // restored first; empty: no preference
    image::PlaneIndex viewportPlane;  // likewise
};

}  // namespace posteria::engine
