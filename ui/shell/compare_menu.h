// View ▸ Compare: two layers with a divider between them, or with their difference. Adds its menu
// to View and keeps its check marks in step. GUI thread only.
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>

#include "ui/model/comparison.h"

namespace posteria::ui::shell {

class CompareMenu : public QObject {
    Q_OBJECT
  public:
    // Inserted before that action of the menu; the comparison is not owned.
    CompareMenu(Comparison* comparison, QMenu* view, QAction* before, QObject* parent);

  Q_SIGNALS:
    void refused(const QString& message, const QString& hint);
    void chosen();  // the linked panes should be shown

  private:
    void choose(Comparison::Mode mode);
    void refresh();

    Comparison* m_comparison;
    QAction *m_off, *m_swipe, *m_difference, *m_runs;
};

}  // namespace posteria::ui::shell
