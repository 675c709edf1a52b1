#include "ui/model/pane_views.h"

#include <algorithm>
#include <utility>

namespace posteria::ui {

PaneViews::PaneViews(QObject* parent) : QObject(parent) {}

PaneViews::~PaneViews() = default;

void PaneViews::setFirst(ViewState* first) {
    if (m_first == first) return;
    if (m_first) disconnect(m_first, nullptr, this, nullptr);
    m_first = first;
    m_own.clear();
    if (first) connectOwn(first);
    update();
    Q_EMIT viewsChanged();
}

void PaneViews::setCount(int panes) {
    m_count = std::max(panes, 1);
    update();
}

ViewState* PaneViews::view(int pane) const {
    const auto own = static_cast<std::size_t>(pane - 1);
    return pane > 0 && own < m_own.size() ? m_own[own].get() : m_first.data();
}

std::vector<ViewState*> PaneViews::all() const {
    std::vector<ViewState*> views;
    if (m_first) views.push_back(m_first);
    for (const auto& own : m_own)
        views.push_back(own.get());
    return views;
}

void PaneViews::setLinks(Links links) {
    if (std::exchange(m_links, links) == links) return;
    update();
    if (m_first) follow(m_first);
}

void PaneViews::update() {
    const auto wanted =
        m_first && m_links != kAll ? static_cast<std::size_t>(m_count - 1) : std::size_t(0);
    if (wanted == m_own.size()) return;
    while (m_own.size() > wanted)
        m_own.pop_back();
    while (m_own.size() < wanted) {
        m_own.push_back(std::make_unique<ViewState>());
        m_own.back()->copy(*m_first);
        connectOwn(m_own.back().get());
    }
    Q_EMIT viewsChanged();
}

void PaneViews::connectOwn(ViewState* view) {
    const auto lead = [this, view] { follow(view); };
    connect(view, &ViewState::viewChanged, this, lead);
    connect(view, &ViewState::tChanged, this, lead);
    connect(view, &ViewState::zChanged, this, lead);
    connect(view, &ViewState::channelChanged, this, lead);
    connect(view, &ViewState::channelCountChanged, this, lead);
    connect(view, &ViewState::crosshairChanged, this, lead);
    connect(view, &ViewState::lineChanged, this, lead);
    connect(view, &ViewState::toolChanged, this, lead);
    connect(view, &ViewState::slabChanged, this, lead);
    connect(view, &ViewState::cursorChanged, this, lead);
    // With another image or other axes all begin anew, as the first one does.
    if (view != m_first) return;
    const auto begin = [this] {
        for (const auto& own : m_own)
            own->follow(*m_first);
    };
    connect(view, &ViewState::imageChanged, this, begin);
    connect(view, &ViewState::axisOrderChanged, this, begin);
}

void PaneViews::follow(ViewState* leader) {
    if (m_own.empty() || std::exchange(m_following, true)) return;
    for (ViewState* view : all()) {
        if (view == leader || view->shape() != leader->shape()) continue;
        if (m_links & Camera) view->copyCamera(*leader);
        if (m_links & Slice) {
            view->setT(leader->t());
            view->setZ(leader->z());
        }
        if (m_links & Cursor)
            view->setCursor(leader->cursor());
        else if (leader->cursor())
            view->setCursor(std::nullopt);
        view->copyCommon(*leader);
    }
    m_following = false;
}

}  // namespace posteria::ui
