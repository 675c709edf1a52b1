#include "ui/shell/compare_menu.h"

#include <QActionGroup>

namespace posteria::ui::shell {

using Mode = Comparison::Mode;

CompareMenu::CompareMenu(Comparison* comparison, QMenu* view, QAction* before, QObject* parent)
    : QObject(parent), m_comparison(comparison) {
    auto* menu = new QMenu(tr("Compare"), view);
    menu->setObjectName(QStringLiteral("menuCompare"));
    view->insertMenu(before, menu);
    auto* group = new QActionGroup(this);
    const auto add = [&](const char* name, const QString& text, Mode mode) {
        auto* action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setActionGroup(group);
        connect(action, &QAction::triggered, this, [this, mode] { choose(mode); });
        return action;
    };
    m_off = add("actionCompareOff", tr("Off"), Mode::Off);
    m_swipe = add("actionCompareSwipe", tr("Swipe"), Mode::Swipe);
    m_difference = add("actionCompareDifference", tr("Difference"), Mode::Difference);
    m_runs = add("actionCompareRuns", tr("Runs Side by Side"), Mode::Runs);
    connect(comparison, &Comparison::modeChanged, this, &CompareMenu::refresh);
    refresh();
}

void CompareMenu::choose(Mode mode) {
    const bool paired = m_comparison->setMode(mode);
    refresh();
    if (mode == Mode::Off) return;
    if (paired)
        Q_EMIT chosen();
    else
        Q_EMIT refused(tr("There is nothing to compare the selected layer with."),
                       tr("Open a second image of the same size, or run a restoration."));
}

void CompareMenu::refresh() {
    const Mode mode = m_comparison->mode();
    (mode == Mode::Swipe        ? m_swipe
     : mode == Mode::Difference ? m_difference
     : mode == Mode::Runs       ? m_runs
                                : m_off)
        ->setChecked(true);
}

}  // namespace posteria::ui::shell
