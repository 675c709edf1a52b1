// The steps of Help ▸ Tour: the section "A first walk" of the project's README, which is compiled
// into the program, so that the two tell the same way.
#pragma once

#include <QString>
#include <vector>

namespace posteria::ui {

struct TourStep {
    QString title;
    QString text;  // Markdown, without pictures
};

// A step for each heading "### N. Title" of that section of a Markdown text, in its order; none
// where there is no such section.
std::vector<TourStep> readTourSteps(const QString& markdown);
std::vector<TourStep> tourSteps();  // of the README compiled in

}  // namespace posteria::ui
