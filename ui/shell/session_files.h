// Saves the session to a file and opens one: its images one after the other, off the GUI thread,
// then how they are shown. What is open gives way only once the file has been read. Missing images
// are reported and left out. GUI thread only.
#pragma once

#include <QObject>
#include <map>

#include "ui/model/file_loader.h"
#include "ui/model/session.h"
#include "ui/shell/layout_menu.h"

namespace posteria::ui::shell {

class SessionFiles : public QObject {
    Q_OBJECT
  public:
    static bool isSession(const QString& path);  // by its ending, .posteria-session

    // Not owned.
    SessionFiles(Document* document, RestoreSettings* settings, LayoutMenu* layouts,
                 OpenFunction open, QObject* parent);

    void save(const QString& path);
    void open(const QString& path);
    bool isBusy() const { return m_opening; }

  Q_SIGNALS:
    void aboutToReplace();  // what is open goes
    void saved(const QString& path);
    void opened(const QString& path);
    void warned(const QString& message, const QString& hint);
    void failed(const QString& message, const QString& hint);
    void busyChanged();

  private:
    void show();

    Document* m_document;
    RestoreSettings* m_settings;
    LayoutMenu* m_layouts;
    FileLoader m_loader;
    bool m_opening = false;
    QString m_path;
    Session m_session;
    std::map<QString, std::vector<image::StackPtr>> m_read;  // by path
};

}  // namespace posteria::ui::shell
