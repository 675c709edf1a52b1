#include "ui/shell/layout_menu.h"

#include <QActionGroup>

namespace posteria::ui::shell {

using viewer::CanvasLayout;

LayoutMenu::LayoutMenu(viewer::Canvas* canvas, QMenu* view, QAction* before, QObject* parent)
    : QObject(parent), m_canvas(canvas), m_menu(new QMenu(tr("Layout"), view)) {
    m_menu->setObjectName(QStringLiteral("menuLayout"));
    view->insertMenu(before, m_menu);
    m_volume = new QAction(tr("2D/3D"), view);
    m_volume->setObjectName(QStringLiteral("action3D"));
    m_volume->setShortcut(QKeySequence(QStringLiteral("Ctrl+Y")));
    m_volume->setCheckable(true);
    m_volume->setToolTip(tr("Show the selected layer's volume"));
    view->insertAction(before, m_volume);
    connect(m_volume, &QAction::triggered, this,
            [this](bool on) { show(on ? CanvasLayout::Volume : m_flat); });
    auto* group = new QActionGroup(this);
    const auto add = [&](const char* name, const QString& text, CanvasLayout layout) {
        auto* action = m_menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setActionGroup(group);
        connect(action, &QAction::triggered, this, [this, layout] { show(layout); });
        return action;
    };
    m_grid = add("actionLayoutGrid", tr("Linked Panes"), CanvasLayout::Grid);
    m_ortho = add("actionLayoutOrtho", tr("Orthogonal Views"), CanvasLayout::Ortho);
    m_grid->setShortcut(QKeySequence(QStringLiteral("Ctrl+G")));
    m_grid->setChecked(true);
    addPlanes();
}

// Keys of one letter, which other commands may have while there is no volume.
void LayoutMenu::addPlanes() {
    m_menu->addSeparator();
    m_planes = m_menu->addMenu(tr("Plane of the Volume"));
    m_planes->setObjectName(QStringLiteral("menuPlane"));
    const auto add = [this](const char* name, const QString& text, Qt::Key key, auto&& axis) {
        auto* action = m_planes->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(QKeySequence(key));
        action->setEnabled(false);
        connect(action, &QAction::triggered, this, [this, axis] { Q_EMIT planeChosen(axis()); });
    };
    add("actionPlaneX", tr("Across x"), Qt::Key_X, [] { return 0; });
    add("actionPlaneY", tr("Across y"), Qt::Key_Y, [] { return 1; });
    add("actionPlaneZ", tr("Across z"), Qt::Key_Z, [] { return 2; });
    add("actionPlaneView", tr("Facing the Viewer"), Qt::Key_O,
        [this] { return m_canvas->axisTowardsViewer(); });
}

void LayoutMenu::show(CanvasLayout layout) {
    if (layout != CanvasLayout::Volume) m_flat = layout;
    m_canvas->setLayoutMode(layout);
    (m_flat == CanvasLayout::Ortho ? m_ortho : m_grid)->setChecked(true);
    m_volume->setChecked(layout == CanvasLayout::Volume);
    for (auto* action : m_planes->actions())
        action->setEnabled(layout == CanvasLayout::Volume);
    Q_EMIT layoutChanged();
}

}  // namespace posteria::ui::shell
