#include "core/engine/residual.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/residual_check.h"
#include "core/physics/mixing.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

// Not that of channels unmixed jointly, by a matrix of their own.
bool canBeWrittenDown(const Plan& plan, const package::ModelPackage& package) {
    return package.outputs.size() == 2 && plan.joint.empty();
}

struct Explained {
    at::Tensor degraded, left;  // [H, W] grey values
};

image::PlaneIndex placeOf(const Plan& plan, const image::PlaneIndex& plane) {
    const auto place = [](const std::vector<std::int64_t>& axis, std::int64_t value) {
        return std::find(axis.begin(), axis.end(), value) - axis.begin();
    };
    return {place(plan.t, plane.t), place(plan.c, plane.c), place(plan.z, plane.z)};
}

Explained explain(const Plan& plan, const image::Stack& input, const std::vector<double>& severity,
                  const image::Stack& restored, const image::PlaneIndex& plane) {
    const auto [t, c, z] = placeOf(plan, plane);
    const at::Tensor clean = at::stack({tensor::fromPlane(restored.readPlane({t, 2 * c, z})),
                                        tensor::fromPlane(restored.readPlane({t, 2 * c + 1, z}))});
    const at::Tensor level = at::full({1}, severity[static_cast<std::size_t>(c)], at::kFloat);
    Explained result;
    result.degraded = physics::Mixing().apply(clean.unsqueeze(0), level)[0][0];
    const at::Tensor left = tensor::fromPlane(input.read(plane, 0, plan.part)) - result.degraded;
    result.left = left - left.median();
    return result;
}

}  // namespace

image::StackPtr residualStack(const Plan& plan, const package::ModelPackage& package,
                              const image::Stack& input, const std::vector<double>& severity,
                              const image::Stack& restored) {
    if (!canBeWrittenDown(plan, package)) return nullptr;
    image::StackInfo info = restored.info();
    info.shape.c = static_cast<std::int64_t>(plan.c.size());
    info.channels.assign(plan.c.size(), {});
    for (auto& channel : info.channels)
        channel.name = "residual";
    std::vector<image::Plane> planes(static_cast<std::size_t>(info.shape.planes()));
    for (const auto& plane : plan.planes) {
        const auto [t, c, z] = placeOf(plan, plane);
        planes[static_cast<std::size_t>((t * info.shape.c + c) * info.shape.z + z)] =
            tensor::toPlane(explain(plan, input, severity, restored, plane).left);
    }
    return image::makeMemoryStack(info, std::move(planes));
}

double unexplainedShare(const Plan& plan, const image::Stack& input, const image::Stack& residual) {
    static constexpr std::int64_t kBlock = 9;
    if (std::min(plan.part.width, plan.part.height) < 2 * kBlock) return -1;
    const auto structure = [](const image::Plane& plane) {
        return at::avg_pool2d(tensor::fromPlane(plane).unsqueeze(0).unsqueeze(0), kBlock, kBlock)
            .std(false)
            .item<double>();
    };
    double most = -1;
    for (const auto channel : plan.c) {
        for (const auto p : plan.planesToJudge(channel)) {
            const auto& plane = plan.planes[p];
            const auto [t, c, z] = placeOf(plan, plane);
            const double all = structure(input.read(plane, 0, plan.part));
            if (all > 0) most = std::max(most, structure(residual.readPlane({t, c, z})) / all);
        }
    }
    return most;
}

double residualStructure(const Plan& plan, const package::ModelPackage& package,
                         const image::Stack& input, const std::vector<double>& severity,
                         const image::Stack& restored) {
    double most = -1;
    if (!canBeWrittenDown(plan, package)) return most;
    for (const auto channel : plan.c) {
        analysis::Planes left, degraded;
        for (const auto p : plan.planesToJudge(channel)) {
            const auto explained = explain(plan, input, severity, restored, plan.planes[p]);
            left.push_back(tensor::toPlane(explained.left));
            degraded.push_back(tensor::toPlane(explained.degraded));
        }
        const double structure = analysis::checkResidual(left, degraded).structure;
        if (std::isfinite(structure)) most = std::max(most, structure);
    }
    return most;
}

}  // namespace posteria::engine
