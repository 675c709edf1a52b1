// A request made definite: which planes, which sampler with how many steps, how large the tiles.
// Private to the engine.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/engine/request.h"
#include "core/nn/model.h"
#include "core/sampling/sampler.h"
#include "core/sampling/tiled_sampler.h"

namespace posteria::engine {

struct Plan {
    std::vector<std::int64_t> t, c, z;  // of the input
    std::vector<std::int64_t> joint;    // channels restored together, the first as c; or none
    image::Rect roi;                    // in the plane, never empty
    image::Rect part, window;  // of it: what is drawn, and what is read for it; usually all of it
    std::vector<image::PlaneIndex> planes;     // of the input, in the order they are restored
    image::Shape resultShape;                  // C = input channels × the model's outputs
    std::vector<image::ChannelInfo> channels;  // of the result
    package::SamplerSpec sampler;
    std::shared_ptr<const sampling::Sampler> drawer;
    std::shared_ptr<const sampling::Sampler> tracer;  // the same with a trace, where one is wanted
    sampling::TileSettings tiles;
    std::vector<std::string> warnings;

    // The input planes of t, z and c, slowest first.
    static std::vector<image::PlaneIndex> planesOf(const std::vector<std::int64_t>& t,
                                                   const std::vector<std::int64_t>& z,
                                                   const std::vector<std::int64_t>& c);
    // Place among the result's planes (T, C, Z order) of output `o` of an input plane.
    std::size_t resultPlane(const image::PlaneIndex& input, std::size_t output,
                            std::size_t outputs) const;
    // Numbers of some of an input channel's planes, spread evenly over the stack.
    std::vector<std::size_t> planesToJudge(std::int64_t channel) const;
};

// Throws Error{Usage} for a selection outside the image or a sampler that the model lacks.
Plan makePlan(const RestorationRequest& request, const package::ModelPackage& package,
              const c10::Device& device, std::uint64_t memoryBytes);

}  // namespace posteria::engine
