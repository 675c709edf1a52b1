// The views of the canvas's panes. While everything is linked they are one, the document's; what is
// not, each pane keeps for itself: where it looks (camera), which slice and time point it shows,
// where the cursor is. Displayed channel, axes, thick slices, crosshair and line are always common.
// The first pane's view is the document's at any time. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <memory>
#include <vector>

#include "ui/model/view_state.h"

namespace posteria::ui {

class PaneViews : public QObject {
    Q_OBJECT
  public:
    enum Link { Camera = 1, Slice = 2, Cursor = 4 };
    Q_DECLARE_FLAGS(Links, Link)
    static constexpr Links kAll{Camera | Slice | Cursor};

    explicit PaneViews(QObject* parent = nullptr);
    ~PaneViews() override;

    void setFirst(ViewState* first);  // not owned; null for none
    ViewState* first() const { return m_first; }
    void setCount(int panes);
    ViewState* view(int pane) const;  // the first one's where there is no such pane
    // The distinct ones, the first in front; empty without a document.
    std::vector<ViewState*> all() const;

    Links links() const { return m_links; }
    // What is linked anew follows the first pane.
    void setLinks(Links links);

  Q_SIGNALS:
    void viewsChanged();  // other objects than before

  private:
    void update();
    void connectOwn(ViewState* view);
    void follow(ViewState* leader);  // the linked parts of all others

    QPointer<ViewState> m_first;
    std::vector<std::unique_ptr<ViewState>> m_own;  // of the panes after the first
    Links m_links = kAll;
    int m_count = 1;
    bool m_following = false;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(PaneViews::Links)

}  // namespace posteria::ui
