#include "ui/shell/named_layouts.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <algorithm>

namespace posteria::ui::shell {

namespace {

constexpr int kMostLetters = 60;
const auto kListKey = QStringLiteral("layouts");

// In a menu "&" would underline the next letter.
QString menuText(const QString& name) {
    return QString(name).replace(QLatin1Char('&'), QLatin1String("&&"));
}

}  // namespace

NamedLayouts::NamedLayouts(LayoutMenu* layouts, QAction* scaleBar, QAction* crosshair,
                           QSettings* settings, QMainWindow* window)
    : QObject(window),
      m_layouts(layouts),
      m_scaleBar(scaleBar),
      m_crosshair(crosshair),
      m_settings(settings),
      m_window(window) {
    auto* menu = layouts->menu();
    menu->addSeparator();
    m_before = menu->addSeparator();
    auto* save = menu->addAction(tr("Save Layout As…"));
    save->setObjectName(QStringLiteral("actionSaveLayout"));
    connect(save, &QAction::triggered, this, &NamedLayouts::ask);
    m_delete = menu->addMenu(tr("Delete Layout"));
    m_delete->setObjectName(QStringLiteral("menuDeleteLayout"));
    read();
    listInMenu();
}

QStringList NamedLayouts::names() const {
    QStringList names;
    for (const auto& layout : m_all)
        names << layout.name;
    return names;
}

void NamedLayouts::read() {
    const int count = m_settings->beginReadArray(kListKey);
    for (int i = 0; i < count; ++i) {
        m_settings->setArrayIndex(i);
        const auto value = [this](const char* key) {
            return m_settings->value(QLatin1String(key));
        };
        m_all.push_back({value("name").toString(), value("canvas").toString(),
                         value("docks").toByteArray(), value("version").toInt(),
                         value("scaleBar").toBool(), value("crosshair").toBool()});
    }
    m_settings->endArray();
}

void NamedLayouts::write() {
    m_settings->remove(kListKey);
    m_settings->beginWriteArray(kListKey, int(m_all.size()));
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        m_settings->setArrayIndex(int(i));
        m_settings->setValue(QStringLiteral("name"), m_all[i].name);
        m_settings->setValue(QStringLiteral("canvas"), m_all[i].canvas);
        m_settings->setValue(QStringLiteral("docks"), m_all[i].docks);
        m_settings->setValue(QStringLiteral("version"), m_all[i].version);
        m_settings->setValue(QStringLiteral("scaleBar"), m_all[i].scaleBar);
        m_settings->setValue(QStringLiteral("crosshair"), m_all[i].crosshair);
    }
    m_settings->endArray();
}

void NamedLayouts::listInMenu() {
    // Later: one of them may be what has just been triggered.
    for (auto* action : m_entries) {
        action->setVisible(false);
        action->setObjectName({});
        action->deleteLater();
    }
    m_entries.clear();
    for (const auto& name : names()) {
        auto* entry = new QAction(menuText(name), this);
        entry->setObjectName(QStringLiteral("actionLayout:") + name);
        connect(entry, &QAction::triggered, this, [this, name] { restore(name); });
        m_layouts->menu()->insertAction(m_before, entry);
        auto* gone = m_delete->addAction(menuText(name));
        gone->setObjectName(QStringLiteral("actionDeleteLayout:") + name);
        connect(gone, &QAction::triggered, this, [this, name] { remove(name); });
        m_entries.insert(m_entries.end(), {entry, gone});
    }
    m_delete->setEnabled(!m_all.empty());
}

void NamedLayouts::save(const QString& name) {
    const Layout layout{name,
                        viewer::layoutWord(m_layouts->layout()),
                        m_window->saveState(kWindowStateVersion),
                        kWindowStateVersion,
                        m_scaleBar->isChecked(),
                        m_crosshair->isChecked()};
    const auto same = std::find_if(m_all.begin(), m_all.end(),
                                   [&](const Layout& each) { return each.name == name; });
    if (same != m_all.end())
        *same = layout;
    else
        m_all.push_back(layout);
    write();
    listInMenu();
}

void NamedLayouts::restore(const QString& name) {
    const auto found = std::find_if(m_all.begin(), m_all.end(),
                                    [&](const Layout& each) { return each.name == name; });
    if (found == m_all.end()) return;
    const auto canvas = viewer::layoutOf(found->canvas);
    if (!canvas || found->version != kWindowStateVersion ||
        !m_window->restoreState(found->docks, kWindowStateVersion)) {
        Q_EMIT failed(
            tr("The layout “%1” was saved by another version and cannot be restored.").arg(name),
            tr("Arrange the window and save the layout again under this name."));
        return;
    }
    m_layouts->show(*canvas);
    m_scaleBar->setChecked(found->scaleBar);
    m_crosshair->setChecked(found->crosshair);
}

void NamedLayouts::remove(const QString& name) {
    m_all.erase(std::remove_if(m_all.begin(), m_all.end(),
                               [&](const Layout& each) { return each.name == name; }),
                m_all.end());
    write();
    listInMenu();
}

void NamedLayouts::ask() {
    auto* dialog = new QDialog(m_window);
    dialog->setObjectName(QStringLiteral("layoutDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save Layout As"));
    auto* form = new QFormLayout(dialog);
    auto* name = new QLineEdit;
    name->setObjectName(QStringLiteral("layoutName"));
    name->setMaxLength(kMostLetters);
    form->addRow(tr("Name"), name);
    auto* hint = new QLabel;
    hint->setObjectName(QStringLiteral("layoutHint"));
    hint->setWordWrap(true);
    form->addRow(hint);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* go = buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("layoutSave"));
    go->setDefault(true);
    form->addRow(buttons);
    const auto look = [this, name, hint, go] {
        const QString wanted = name->text().simplified();
        go->setEnabled(!wanted.isEmpty());
        hint->setText(names().contains(wanted)
                          ? tr("Takes the place of the layout of this name.")
                          : tr("Keeps the arrangement of the canvas and the docks, and whether "
                               "scale bar and crosshair are shown."));
    };
    connect(name, &QLineEdit::textChanged, this, look);
    look();
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(dialog, &QDialog::accepted, this, [this, name] { save(name->text().simplified()); });
    dialog->open();
}

}  // namespace posteria::ui::shell
