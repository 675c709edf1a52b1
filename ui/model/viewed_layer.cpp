#include "ui/model/viewed_layer.h"

#include <numeric>

namespace posteria::ui {

namespace {

// Where the layer lies, as seen along those axes. Slices that do not follow one another are taken
// to do so.
Placement turned(const Placement& placement, const image::Stack& stack,
                 const image::AxisOrder& order) {
    if (order == image::kStraight) return placement;
    const auto start = [&](image::Axis axis) {
        if (axis == image::Axis::Z) return placement.z.empty() ? 0 : placement.z.front();
        return axis == image::Axis::Y ? placement.y : placement.x;
    };
    Placement result;
    result.t = placement.t;
    result.x = start(order[2]);
    result.y = start(order[1]);
    if (order[0] == image::Axis::Z) {
        result.z = placement.z;
    } else {
        result.z.resize(static_cast<std::size_t>(image::lengthAlong(stack.shape(), order[0])));
        std::iota(result.z.begin(), result.z.end(), start(order[0]));
    }
    return result;
}

}  // namespace

bool ViewedLayer::follow(const Layer& layer, const ViewState& state) {
    if (source == layer.stack() && sourcePlacement == layer.placement() &&
        order == state.axisOrder() && slab == state.slab())
        return false;
    source = layer.stack();
    sourcePlacement = layer.placement();
    order = state.axisOrder();
    slab = state.slab();
    stack = image::makeSlab(image::makePermuted(source, order), slab);
    placement = source ? turned(sourcePlacement, *source, order) : sourcePlacement;
    return true;
}

QPointF pixelSize(const image::Stack& stack, const ViewState& state) {
    const auto& voxel = stack.info().voxelSize;
    return voxel && state.isCalibrated() ? QPointF(voxel->x, voxel->y) : state.pixelSize();
}

}  // namespace posteria::ui
