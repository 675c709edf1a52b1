// What linked panes show: their layers, each pane's view, and the pixels and values that follow
// from both. Knows no widget; LinkedPanes brings it to the screen. Positions are the document's
// (ViewState). GUI thread only; planes of files are read on other threads.
#pragma once

#include <QPointer>
#include <QSize>
#include <QString>
#include <optional>
#include <vector>

#include "ui/model/pane_views.h"
#include "ui/viewer/canvas_interface.h"
#include "ui/viewer/overlay.h"
#include "ui/viewer/pane_picture.h"
#include "ui/viewer/shown_slices.h"

namespace posteria::ui::viewer {

struct PaneContents {
    struct Pane {
        QString title;
        std::vector<QPointer<Layer>> layers;            // the first at the bottom
        QPointer<Layer> deviation, swipe, doubt, lens;  // see PaneSpec
        bool colorBar = false;
        bool dirty = false;     // to be composed again
        bool outdated = false;  // and once more after its slices have been asked for

        Layer* top() const;  // the topmost image that is visible; null for none
    };

    ShownSlices slices;
    PaneViews views;
    std::vector<Pane> panes;
    LensShape lensShape;
    double divider = 0.5;  // of panes that compare two layers, 0…1 of their width

    int count() const { return static_cast<int>(panes.size()); }
    const Pane* pane(int index) const;  // null where there is none
    // The image that a pane shows at a position: the one at that side of the divider; null for
    // none.
    Layer* imageAt(int pane, const QPointF& position) const;
    // Of channel c of a pane's topmost image, as shown; none where nothing has been read.
    std::optional<double> value(int pane, const QPointF& position, int channel) const;
    // Under the pane's cursor: labels, then one a channel of the image.
    std::vector<Readout> readouts(int pane) const;
    // All that is to be read.
    std::vector<ShownSlices::Request> requests() const;
    // The channel of a pane whose colours are suppressed by doubt, which has room for one: the
    // first that is shown. None where nothing is suppressed.
    std::optional<int> suppressedChannel(int pane) const;
    // A pane of so many pixels, each devicePixel (µm) wide.
    PanePicture picture(int pane, const QSize& size, double devicePixel) const;
};

}  // namespace posteria::ui::viewer
