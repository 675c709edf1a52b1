// How fast a model restores here, behind `posteria-cli benchmark`; free of LibTorch in this header.
#pragma once

#include <functional>
#include <string>

#include "core/base/cancel_token.h"

namespace posteria::engine {

struct BenchmarkRequest {
    std::string model;  // a bundled model's name or a package's path; empty: the first listed
    std::string device = "auto";
    int threads = 0;  // 0: all processors
};

// Restores a simulated plane of 512 x 512 pixels by the model's first sampler with its default
// steps, two samples a run: once to warm up, three times for the clock (the medians count) and once
// with every operation of LibTorch watched. Returns JSON:
// - samples_per_second_512: samples over the seconds of a run, all of it;
// - overhead_outside_network: share of those seconds spent outside of network calls;
// - conv_share: share of the network calls' seconds spent in convolutions;
// - network_call_ms; model, sampler, steps, device, precision, threads, versions;
// - speedup_over_pytorch_eager: null, as it is not measured.
// Throws Error{Model} without a model.
std::string benchmark(const BenchmarkRequest& request,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token);

}  // namespace posteria::engine
