// A layer as a view sees it: its stack turned as the view's axes lie and its slices taken together
// as the view's thick slices are. Made anew only when one of them changes, so that what has been
// read can be kept. GUI thread only; the stacks are read on other threads.
#pragma once

#include "ui/model/layer.h"
#include "ui/model/view_state.h"

namespace posteria::ui {

struct ViewedLayer {
    image::StackPtr source;  // the layer's
    Placement sourcePlacement;
    image::AxisOrder order = image::kStraight;
    image::Slab slab;

    image::StackPtr stack;  // as seen
    Placement placement;

    // False when nothing has changed.
    bool follow(const Layer& layer, const ViewState& state);
};

// Size of a stack's pixels in the document's units.
QPointF pixelSize(const image::Stack& stack, const ViewState& state);

}  // namespace posteria::ui
