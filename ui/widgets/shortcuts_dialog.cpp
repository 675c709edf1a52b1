#include "ui/widgets/shortcuts_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/model/fuzzy_match.h"

namespace posteria::ui::widgets {

ShortcutsDialog::ShortcutsDialog(Shortcuts* shortcuts, const QString& gestures, QWidget* parent)
    : QDialog(parent), m_shortcuts(shortcuts), m_commands(shortcuts->commands()) {
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard Shortcuts"));
    m_query = new QLineEdit(this);
    m_query->setObjectName(QStringLiteral("shortcutsQuery"));
    m_query->setPlaceholderText(tr("Type a few letters of a command"));
    m_query->setAccessibleName(tr("Search for a command"));
    m_list = new QTreeWidget(this);
    m_list->setObjectName(QStringLiteral("shortcutsList"));
    m_list->setAccessibleName(tr("Commands and their keys"));
    m_list->setHeaderLabels({tr("Command"), tr("Keys")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_name = new QLabel(this);
    m_keys = new QKeySequenceEdit(this);
    m_keys->setObjectName(QStringLiteral("shortcutsKeys"));
    m_keys->setAccessibleName(tr("Press the keys for this command"));
    m_none = new QPushButton(tr("None"), this);
    m_none->setObjectName(QStringLiteral("shortcutsNone"));
    m_usual = new QPushButton(tr("Default"), this);
    m_usual->setObjectName(QStringLiteral("shortcutsUsual"));
    m_usual->setToolTip(tr("The keys that this command has at first"));
    m_message = new QLabel(this);
    m_message->setObjectName(QStringLiteral("shortcutsMessage"));
    m_message->setProperty("rank", QStringLiteral("second"));
    m_message->setWordWrap(true);
    auto* further = new QLabel(QStringLiteral("<table>%1</table>").arg(gestures), this);
    further->setProperty("rank", QStringLiteral("second"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* reset = buttons->addButton(tr("Reset All"), QDialogButtonBox::ResetRole);
    reset->setObjectName(QStringLiteral("shortcutsReset"));
    for (auto* button : buttons->findChildren<QPushButton*>())
        button->setAutoDefault(false);

    auto* row = new QHBoxLayout;
    row->addWidget(m_name, 1);
    row->addWidget(m_keys);
    row->addWidget(m_none);
    row->addWidget(m_usual);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_query);
    column->addWidget(m_list, 1);
    column->addLayout(row);
    column->addWidget(m_message);
    column->addWidget(further);
    column->addWidget(buttons);

    connect(m_query, &QLineEdit::textChanged, this, &ShortcutsDialog::list);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showCurrent);
    connect(m_keys, &QKeySequenceEdit::editingFinished, this,
            [this] { assign(m_keys->keySequence()); });
    connect(m_none, &QPushButton::clicked, this, [this] { assign({}); });
    connect(m_usual, &QPushButton::clicked, this, [this] {
        if (current()) assign(m_shortcuts->usual(current()));
    });
    connect(reset, &QPushButton::clicked, this, [this] {
        m_shortcuts->resetAll();
        list();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(620, 680);
    list();
}

void ShortcutsDialog::list() {
    QAction* before = current();
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        const auto& [action, name] = m_commands[i];
        if (!action || !fuzzyMatch(m_query->text(), name)) continue;
        auto* item = new QTreeWidgetItem(
            m_list, {name, action->shortcut().toString(QKeySequence::NativeText)});
        item->setData(0, Qt::UserRole, qulonglong(i));
        if (action->shortcut() != m_shortcuts->usual(action)) {
            QFont bold = item->font(1);
            bold.setBold(true);
            item->setFont(1, bold);
        }
        if (action == before) m_list->setCurrentItem(item);
    }
    if (!m_list->currentItem()) m_list->setCurrentItem(m_list->topLevelItem(0));
    showCurrent();
}

QAction* ShortcutsDialog::current() const {
    const auto* item = m_list->currentItem();
    return item ? m_commands[item->data(0, Qt::UserRole).toULongLong()].action.data() : nullptr;
}

void ShortcutsDialog::showCurrent() {
    const QAction* action = current();
    m_name->setText(action ? m_list->currentItem()->text(0) : QString());
    m_keys->setKeySequence(action ? action->shortcut() : QKeySequence());
    m_message->setText(action ? tr("Click into the field and press other keys.") : QString());
    for (auto* widget : {static_cast<QWidget*>(m_keys), static_cast<QWidget*>(m_none),
                         static_cast<QWidget*>(m_usual)})
        widget->setEnabled(action);
}

void ShortcutsDialog::assign(const QKeySequence& keys) {
    QAction* action = current();
    if (!action || keys == action->shortcut()) return;
    const QString owner = m_shortcuts->owner(keys, action);
    if (!owner.isEmpty()) {
        m_keys->setKeySequence(action->shortcut());
        m_message->setText(tr("%1 are the keys of %2: give that other ones first.")
                               .arg(keys.toString(QKeySequence::NativeText), owner));
        return;
    }
    m_shortcuts->set(action, keys);
    list();
}

}  // namespace posteria::ui::widgets
