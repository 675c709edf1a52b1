// What a movie runs along: time, slices, the samples of the active run, or one turn of the volume's
// camera. Knows which of them the present layout can show, goes to a step, and puts the view back.
// Steps count from 0. GUI thread only; the document and the canvas are not owned.
#pragma once

#include <QPointer>
#include <QString>
#include <vector>

#include "ui/model/document.h"
#include "ui/viewer/canvas_interface.h"
#include "ui/viewer/movie_writer.h"

namespace posteria::ui::shell {

enum class MovieAxis { Time, Slice, Sample, Turn };

struct MovieOptions {
    MovieAxis axis = MovieAxis::Slice;
    int first = 0, last = 0;  // of a turn: 0 and the number of its steps - 1
    int framesPerSecond = 10;
    bool backAndForth = false;
    int magnification = 1;
    bool labels = true;  // titles, scale and colour bars
    viewer::MovieWriter::Kind kind = viewer::MovieWriter::Kind::Video;

    // One after the other; back again without the ends, which would be seen twice.
    std::vector<int> order() const;
};

class MovieSteps {
  public:
    MovieSteps(Document* document, viewer::Canvas* canvas);

    static QString name(MovieAxis axis);
    // Those of more than one step that change what is seen.
    std::vector<MovieAxis> axes() const;
    int count(MovieAxis axis) const;  // any number of a turn, of which 0 is told; 1 where none

    void begin(const MovieOptions& options);
    // False when the image, the run or the layout is not what it was at the beginning.
    bool isPossible() const;
    bool isAt(int step) const;
    void go(int step);
    void end();  // the view is where it was

  private:
    struct Place {
        std::int64_t t = 0, z = 0;
        int sample = 0;
    };

    Document* m_document;
    QPointer<viewer::Canvas> m_canvas;
    QPointer<Run> m_run;
    MovieOptions m_options;
    viewer::CanvasLayout m_layout = viewer::CanvasLayout::Grid;
    Place m_before;
    int m_turned = 0;  // steps
};

}  // namespace posteria::ui::shell
