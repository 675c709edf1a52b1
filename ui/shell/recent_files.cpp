#include "ui/shell/recent_files.h"

#include <QDir>
#include <QFileInfo>
#include <utility>

namespace posteria::ui::shell {

namespace {
const auto kKey = QStringLiteral("files/recent");

// Of a folder as well, whose name may have been given with a slash at its end.
QString fullPath(const QString& path) {
    return QDir::cleanPath(QFileInfo(path).absoluteFilePath());
}
}  // namespace

RecentFiles::RecentFiles(QMenu* menu, QSettings* settings, QObject* parent)
    : QObject(parent), m_menu(menu), m_settings(settings) {
    menu->setToolTipsVisible(true);
    list();
}

QStringList RecentFiles::paths() const {
    return m_settings->value(kKey).toStringList();
}

void RecentFiles::setMost(int count) {
    if (std::exchange(m_most, count) == count) return;
    // More than are shown stay until the next file is opened: the user may still be choosing.
    if (count == 0)
        store({});
    else
        list();
}

void RecentFiles::add(const QString& path) {
    const auto full = fullPath(path);
    auto paths = this->paths();
    paths.removeAll(full);
    paths.prepend(full);
    store(paths.mid(0, m_most));
}

void RecentFiles::remove(const QString& path) {
    auto paths = this->paths();
    if (paths.removeAll(fullPath(path)) > 0) store(paths);
}

void RecentFiles::store(const QStringList& paths) {
    m_settings->setValue(kKey, paths);
    list();
}

void RecentFiles::list() {
    m_menu->clear();
    for (const auto& path : paths().mid(0, m_most)) {
        const QFileInfo file(path);
        auto* action = m_menu->addAction(
            QStringLiteral("%1   (%2)")
                .arg(file.fileName().replace(QLatin1Char('&'), QStringLiteral("&&")),
                     QDir(file.absolutePath())
                         .dirName()
                         .replace(QLatin1Char('&'), QStringLiteral("&&"))));
        action->setObjectName(QStringLiteral("actionRecent:") + path);
        action->setToolTip(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, this, [this, path] { Q_EMIT openRequested(path); });
    }
    m_menu->setEnabled(!m_menu->isEmpty());
    if (m_menu->isEmpty()) return;
    m_menu->addSeparator();
    auto* clear = m_menu->addAction(tr("Clear Recent"));
    clear->setObjectName(QStringLiteral("actionClearRecent"));
    connect(
        clear, &QAction::triggered, this, [this] { store({}); }, Qt::QueuedConnection);
}

}  // namespace posteria::ui::shell
