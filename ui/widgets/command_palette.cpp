#include "ui/widgets/command_palette.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cstdlib>

#include "ui/model/fuzzy_match.h"

namespace posteria::ui::widgets {

namespace {

const auto kLastKey = QStringLiteral("palette/last");
constexpr int kRemembered = 8, kWidth = 560, kRows = 12;

}  // namespace

CommandPalette::CommandPalette(QMenuBar* menus, QSettings* settings, QWidget* window)
    : QFrame(window), m_menus(menus), m_settings(settings) {
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    m_query = new QLineEdit(this);
    m_query->setObjectName(QStringLiteral("paletteQuery"));
    m_query->setAccessibleName(tr("Search for a command"));
    m_query->setPlaceholderText(tr("Type a few letters of a command"));
    m_query->installEventFilter(this);
    m_found = new QTreeWidget(this);
    m_found->setObjectName(QStringLiteral("paletteList"));
    m_found->setAccessibleName(tr("Commands"));
    m_found->setColumnCount(2);
    m_found->setHeaderHidden(true);
    m_found->setRootIsDecorated(false);
    m_found->setUniformRowHeights(true);
    m_found->setAllColumnsShowFocus(true);
    m_found->setFocusPolicy(Qt::NoFocus);
    m_found->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_found->header()->setStretchLastSection(false);
    m_found->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_found->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_query);
    column->addWidget(m_found);
    connect(m_query, &QLineEdit::textChanged, this, &CommandPalette::list);
    connect(m_found, &QTreeWidget::itemClicked, this, &CommandPalette::runCurrent);
    hide();
}

void CommandPalette::popUp() {
    m_commands = menuCommands(*m_menus);
    const auto last = m_settings->value(kLastKey).toStringList();
    const auto rank = [&](const MenuCommand& command) {
        const auto place = last.indexOf(command.name);
        return place < 0 ? last.size() : place;
    };
    std::stable_sort(m_commands.begin(), m_commands.end(),
                     [&](const MenuCommand& a, const MenuCommand& b) { return rank(a) < rank(b); });
    m_before = window()->focusWidget();
    m_query->clear();
    list();
    const int width = std::min(kWidth, parentWidget()->width() - 16);
    const int row = std::max(m_found->sizeHintForRow(0), m_query->sizeHint().height());
    const int height = std::min(m_query->sizeHint().height() + kRows * row + 32,
                                parentWidget()->height() - m_menus->height() - 16);
    setGeometry((parentWidget()->width() - width) / 2, m_menus->height() + 8, width, height);
    show();
    raise();
    m_query->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::close() {
    if (isHidden()) return;
    const bool focused = isAncestorOf(window()->focusWidget());
    hide();
    if (focused && m_before) m_before->setFocus(Qt::OtherFocusReason);
}

void CommandPalette::list() {
    std::vector<std::pair<int, std::size_t>> order;
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        if (!m_commands[i].action) continue;
        if (const auto value = fuzzyMatch(m_query->text(), m_commands[i].name))
            order.emplace_back(-*value, i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    m_found->clear();
    for (const auto& entry : order) {
        const auto& [action, name] = m_commands[entry.second];
        auto* item =
            new QTreeWidgetItem(m_found, {action->isChecked() ? QStringLiteral("✓ ") + name : name,
                                          action->shortcut().toString(QKeySequence::NativeText)});
        item->setData(0, Qt::UserRole, qulonglong(entry.second));
        item->setDisabled(!action->isEnabled());
    }
    moveCurrent(1);
}

void CommandPalette::runCurrent() {
    const auto* item = m_found->currentItem();
    if (!item || item->isDisabled()) return;
    const auto command = m_commands[item->data(0, Qt::UserRole).toULongLong()];
    auto last = m_settings->value(kLastKey).toStringList();
    last.removeAll(command.name);
    last.prepend(command.name);
    m_settings->setValue(kLastKey, last.mid(0, kRemembered));
    close();
    if (command.action) command.action->trigger();
}

void CommandPalette::moveCurrent(int rows) {
    const int step = rows > 0 ? 1 : -1;
    int row = m_found->indexOfTopLevelItem(m_found->currentItem());  // -1: none yet
    for (int left = std::abs(rows); left > 0; --left) {
        do
            row += step;
        while (row >= 0 && row < m_found->topLevelItemCount() &&
               m_found->topLevelItem(row)->isDisabled());
        if (row < 0 || row >= m_found->topLevelItemCount()) return;
        m_found->setCurrentItem(m_found->topLevelItem(row));
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut) {
        close();
        return false;
    }
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Escape && key != Qt::Key_Return && key != Qt::Key_Enter &&
        key != Qt::Key_Up && key != Qt::Key_Down && key != Qt::Key_PageUp &&
        key != Qt::Key_PageDown) {
        return QFrame::eventFilter(watched, event);
    }
    // Esc would otherwise reach the window's Cancel.
    event->accept();
    if (event->type() == QEvent::ShortcutOverride) return true;
    switch (key) {
        case Qt::Key_Escape:
            close();
            break;
        case Qt::Key_Up:
            moveCurrent(-1);
            break;
        case Qt::Key_Down:
            moveCurrent(1);
            break;
        case Qt::Key_PageUp:
            moveCurrent(-kRows);
            break;
        case Qt::Key_PageDown:
            moveCurrent(kRows);
            break;
        default:
            runCurrent();
    }
    return true;
}

}  // namespace posteria::ui::widgets
