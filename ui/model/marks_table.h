// Points and shapes as a table that napari opens as such: a row a corner, positions in pixels along
// the axes (t), (z), y and x, of which time and slices are left out where the image has only one.
// Points have the columns index, axis-0 …; shapes index, shape-type, vertex-index, axis-0 …, with
// the four corners of rectangles and of the boxes of ellipses.
#pragma once

#include <QByteArray>

#include "ui/model/marks.h"
#include "ui/model/view_state.h"

namespace posteria::ui {

// The view tells the size of a pixel and which axes there are.
QByteArray marksTable(const MarkLayer& layer, const ViewState& view);

}  // namespace posteria::ui
