#include "ui/shell/link_menu.h"

#include <algorithm>

namespace posteria::ui::shell {

LinkMenu::LinkMenu(viewer::Canvas* canvas, Document* document, QMenu* view, QAction* before,
                   QObject* parent)
    : QObject(parent), m_canvas(canvas), m_document(document) {
    m_menu = new QMenu(tr("Link Panes"), view);
    m_menu->setObjectName(QStringLiteral("menuLink"));
    view->insertMenu(before, m_menu);
    auto* all = m_menu->addAction(tr("Everything or Nothing"));
    all->setObjectName(QStringLiteral("actionLinkAll"));
    all->setShortcut(QKeySequence(QStringLiteral("Ctrl+L")));
    m_menu->addSeparator();
    const auto add = [this](const char* name, const QString& text) {
        auto* action = m_menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setChecked(true);
        connect(action, &QAction::toggled, this, &LinkMenu::apply);
        return action;
    };
    m_camera = add("actionLinkCamera", tr("Camera"));
    m_slice = add("actionLinkSlice", tr("Slice and Time"));
    m_cursor = add("actionLinkCursor", tr("Cursor"));
    m_contrast = add("actionLinkContrast", tr("Contrast of Samples and Mean"));
    connect(all, &QAction::triggered, this, [this] {
        const auto toggles = {m_camera, m_slice, m_cursor, m_contrast};
        const bool on = !std::all_of(toggles.begin(), toggles.end(),
                                     [](const QAction* each) { return each->isChecked(); });
        for (auto* each : toggles)
            each->setChecked(on);
    });
}

void LinkMenu::apply() {
    PaneViews::Links links;
    links.setFlag(PaneViews::Camera, m_camera->isChecked());
    links.setFlag(PaneViews::Slice, m_slice->isChecked());
    links.setFlag(PaneViews::Cursor, m_cursor->isChecked());
    m_canvas->setLinks(links);
    m_document->setContrastLinked(m_contrast->isChecked());
}

}  // namespace posteria::ui::shell
