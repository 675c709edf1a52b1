#include "core/engine/trace.h"

#include <cstdio>

#include "core/posterior/posterior_builder.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

double timeOf(int step, int steps) {
    return 1.0 - static_cast<double>(step) / steps;
}

}  // namespace

void Trace::keep(const Plan& plan, std::size_t plane, const nn::Normalisation& normalisation,
                 const at::Tensor& drawn) {
    const int steps = plan.sampler.steps;
    const auto outputs = drawn.size(0) / (1 + 2 * steps);
    const auto& shape = plan.resultShape;
    m_steps.resize(static_cast<std::size_t>(steps));
    for (int step = 0; step < steps; ++step) {
        auto& planes = m_steps[static_cast<std::size_t>(step)];
        planes.resize(static_cast<std::size_t>(2 * shape.planes()));
        const auto first = outputs * (1 + 2 * step);
        const at::Tensor state =
            normalisation.stateToGrey(drawn.slice(0, first, first + outputs), timeOf(step, steps));
        const at::Tensor estimate =
            normalisation.targetToGrey(drawn.slice(0, first + outputs, first + 2 * outputs));
        for (std::int64_t o = 0; o < outputs; ++o) {
            const auto place = static_cast<std::int64_t>(
                plan.resultPlane(plan.planes[plane], static_cast<std::size_t>(o),
                                 static_cast<std::size_t>(outputs)));
            const auto z = place % shape.z, channel = place / shape.z;
            const auto at = static_cast<std::size_t>(2 * channel * shape.z + z);
            planes[at] = tensor::toPlane(state[o]);
            planes[at + static_cast<std::size_t>(shape.z)] = tensor::toPlane(estimate[o]);
        }
    }
}

std::vector<image::StackPtr> Trace::stacks(const Plan& plan, const image::StackInfo& input) const {
    image::Shape shape = plan.resultShape;
    shape.c *= 2;
    std::vector<image::ChannelInfo> channels;
    for (const auto& restored : plan.channels) {
        for (const char* what : {" x_t", " x0"}) {
            channels.push_back(restored);
            channels.back().name += what;
        }
    }
    auto info = posterior::resultInfo(input, shape, channels);
    std::vector<image::StackPtr> stacks;
    for (std::size_t step = 0; step < m_steps.size(); ++step) {
        char name[64];
        std::snprintf(name, sizeof name, "step %zu, t = %.3g", step + 1,
                      timeOf(static_cast<int>(step), plan.sampler.steps));
        info.name = name;
        stacks.push_back(image::makeMemoryStack(info, m_steps[step]));
    }
    return stacks;
}

}  // namespace posteria::engine
