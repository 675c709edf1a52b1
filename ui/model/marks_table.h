// Points and shapes as a table that napari opens as such: a row a corner, positions in pixels along
// the axes (t), (z), y and x, of which time and slices are left out where the image has only one.
// Points have the columns index, axis-0 …; shapes index, shape-type, vertex-index, axis-0 …, with
// the four corners of rectangles and of the boxes of ellipses. Tables of napari are read likewise:
// what is turned becomes a polygon, a path the lines it is made of, other columns are left out.
#pragma once

#include <QByteArray>

#include "ui/model/marks.h"
#include "ui/model/view_state.h"

namespace posteria::ui {

// The view tells the size of a pixel and which axes there are.
QByteArray marksTable(const MarkLayer& layer, const ViewState& view);

struct MarksTable {
    Layer::Role role = Layer::Role::Points;
    std::vector<Mark> marks;
    bool everySlice = false;  // the table does not tell slices and times that the image has
};
// Of an image as its description says. Throws Error{Input} that names the file and the line for
// what is no such table. Calls no Qt object: may run on any thread.
MarksTable readMarksTable(const QByteArray& text, const QString& file,
                          const image::StackInfo& image);

}  // namespace posteria::ui
