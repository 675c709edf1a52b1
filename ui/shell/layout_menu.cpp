#include "ui/shell/layout_menu.h"

#include <QActionGroup>

namespace posteria::ui::shell {

using viewer::CanvasLayout;

LayoutMenu::LayoutMenu(viewer::Canvas* canvas, QMenu* view, QAction* before, QObject* parent)
    : QObject(parent), m_canvas(canvas) {
    auto* menu = new QMenu(tr("Layout"), view);
    menu->setObjectName(QStringLiteral("menuLayout"));
    view->insertMenu(before, menu);
    auto* group = new QActionGroup(this);
    const auto add = [&](const char* name, const QString& text, CanvasLayout layout) {
        auto* action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setActionGroup(group);
        connect(action, &QAction::triggered, this, [this, layout] { show(layout); });
        return action;
    };
    m_grid = add("actionLayoutGrid", tr("Linked Panes"), CanvasLayout::Grid);
    m_ortho = add("actionLayoutOrtho", tr("Orthogonal Views"), CanvasLayout::Ortho);
    m_grid->setChecked(true);
}

void LayoutMenu::show(CanvasLayout layout) {
    m_canvas->setLayoutMode(layout);
    (layout == CanvasLayout::Ortho ? m_ortho : m_grid)->setChecked(true);
    Q_EMIT layoutChanged();
}

}  // namespace posteria::ui::shell
