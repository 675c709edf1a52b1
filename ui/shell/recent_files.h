// File ▸ Open Recent: the images and folders of images opened last, newest first, kept in the
// settings. How many is up to the user; none: what was kept is forgotten.
#pragma once

#include <QMenu>
#include <QSettings>

namespace posteria::ui::shell {

class RecentFiles : public QObject {
    Q_OBJECT
  public:
    // Fills the menu, which is not owned; neither are the settings.
    RecentFiles(QMenu* menu, QSettings* settings, QObject* parent);

    void setMost(int count);
    void add(const QString& path);
    void remove(const QString& path);
    QStringList paths() const;

  Q_SIGNALS:
    void openRequested(const QString& path);

  private:
    void store(const QStringList& paths);
    void list();

    QMenu* m_menu;
    QSettings* m_settings;
    int m_most = 10;
};

}  // namespace posteria::ui::shell
