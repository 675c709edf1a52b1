#include "ui/shell/movie_steps.h"

#include <QCoreApplication>
#include <algorithm>
#include <utility>

namespace posteria::ui::shell {

using viewer::CanvasLayout;

std::vector<int> MovieOptions::order() const {
    std::vector<int> steps;
    for (int i = first; i <= last; ++i)
        steps.push_back(i);
    for (int i = last - 1; backAndForth && i > first; --i)
        steps.push_back(i);
    return steps;
}

MovieSteps::MovieSteps(Document* document, viewer::Canvas* canvas)
    : m_document(document), m_canvas(canvas) {}

QString MovieSteps::name(MovieAxis axis) {
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("MovieSteps", text);
    };
    switch (axis) {
        case MovieAxis::Time:
            return tr("Time (t)");
        case MovieAxis::Slice:
            return tr("Slices (z)");
        case MovieAxis::Sample:
            return tr("Samples");
        case MovieAxis::Turn:
            break;
    }
    return tr("One turn of the camera");
}

int MovieSteps::count(MovieAxis axis) const {
    const auto& shape = m_document->view().shape();
    const Run* run = m_document->activeRun();
    switch (axis) {
        case MovieAxis::Time:
            return int(shape.t);
        case MovieAxis::Slice:
            return int(shape.z);
        case MovieAxis::Sample:
            return run ? run->keptSamples() : 1;
        case MovieAxis::Turn:
            break;
    }
    return 0;
}

std::vector<MovieAxis> MovieSteps::axes() const {
    std::vector<MovieAxis> result;
    if (m_document->isEmpty()) return result;
    const bool volume = m_canvas && m_canvas->layoutMode() == CanvasLayout::Volume;
    if (volume && count(MovieAxis::Slice) > 1) result.push_back(MovieAxis::Turn);
    if (!volume && count(MovieAxis::Slice) > 1) result.push_back(MovieAxis::Slice);
    if (count(MovieAxis::Time) > 1) result.push_back(MovieAxis::Time);
    // Where samples are still coming, each one moves the others on the screen.
    const Run* run = m_document->activeRun();
    if (run && run->state() != Run::State::Running && run->keptSamples() > 1)
        result.push_back(MovieAxis::Sample);
    return result;
}

void MovieSteps::begin(const MovieOptions& options) {
    const auto& view = m_document->view();
    m_options = options;
    m_run = m_document->activeRun();
    m_layout = m_canvas->layoutMode();
    m_before = {view.t(), view.z(), m_run ? m_run->shownSample() : 0};
    m_turned = 0;
}

bool MovieSteps::isPossible() const {
    if (!m_canvas || m_document->isEmpty() || m_canvas->layoutMode() != m_layout) return false;
    if (m_options.axis == MovieAxis::Turn) return true;
    if (m_options.axis == MovieAxis::Sample && m_run != m_document->activeRun()) return false;
    return m_options.last < count(m_options.axis);
}

bool MovieSteps::isAt(int step) const {
    switch (m_options.axis) {
        case MovieAxis::Time:
            return m_document->view().t() == step;
        case MovieAxis::Slice:
            return m_document->view().z() == step;
        case MovieAxis::Sample:
            return m_run && m_run->shownSample() == step;
        case MovieAxis::Turn:
            break;
    }
    return m_turned == step;
}

void MovieSteps::go(int step) {
    switch (m_options.axis) {
        case MovieAxis::Time:
            return m_document->view().setT(step);
        case MovieAxis::Slice:
            return m_document->view().setZ(step);
        case MovieAxis::Sample:
            if (m_run) m_run->showSample(step);
            return;
        case MovieAxis::Turn:
            break;
    }
    const int before = std::exchange(m_turned, step);
    m_canvas->turn(360.0 * (step - before) / std::max(m_options.last + 1, 1));
}

void MovieSteps::end() {
    if (m_options.axis == MovieAxis::Time) m_document->view().setT(m_before.t);
    if (m_options.axis == MovieAxis::Slice) m_document->view().setZ(m_before.z);
    if (m_options.axis == MovieAxis::Sample && m_run) m_run->showSample(m_before.sample);
    if (m_options.axis == MovieAxis::Turn && m_turned != 0 && m_canvas &&
        m_canvas->layoutMode() == m_layout)
        go(0);
}

}  // namespace posteria::ui::shell
