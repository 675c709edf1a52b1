// Saves the session to a file and opens one: its images and results one after the other, off the
// GUI thread, then how they are shown. Results that lie in memory only are written into a folder
// beside the session first, where the user wishes so. What is open gives way only once the file has
// been read. Missing files are reported and left out. GUI thread only.
#pragma once

#include <QObject>
#include <map>

#include "ui/model/file_loader.h"
#include "ui/model/preferences.h"
#include "ui/model/result_writer.h"
#include "ui/model/session.h"
#include "ui/shell/layout_menu.h"

class QWidget;

namespace posteria::ui::shell {

class SessionFiles : public QObject {
    Q_OBJECT
  public:
    static bool isSession(const QString& path);  // by its ending, .posteria-session

    // Not owned.
    SessionFiles(Document* document, RestoreSettings* settings, LayoutMenu* layouts,
                 ResultWriter* writer, Preferences* preferences, OpenFunction open,
                 QWidget* window);

    // May ask about results that are in no file; saved() or failed() follows unless the user
    // cancels.
    void save(const QString& path);
    void open(const QString& path);
    bool isBusy() const { return m_opening || !m_saving.isEmpty(); }

  Q_SIGNALS:
    void aboutToReplace();  // what is open goes
    void saved(const QString& path);
    void opened(const QString& path);
    void warned(const QString& message, const QString& hint);
    void failed(const QString& message, const QString& hint);
    void busyChanged();

  private:
    std::vector<ResultFile> unsavedResults() const;
    void keepResults(const QString& path);
    void write(const QString& path);
    void show();
    std::vector<Run*> showRuns(const std::vector<Layer*>& images);

    Document* m_document;
    RestoreSettings* m_settings;
    LayoutMenu* m_layouts;
    ResultWriter* m_writer;
    Preferences* m_preferences;
    QWidget* m_window;
    QString m_saving;  // the session that waits for its results to be written
    FileLoader m_loader;
    bool m_opening = false;
    QString m_path;
    Session m_session;
    std::map<QString, std::vector<image::StackPtr>> m_read;  // by path
};

}  // namespace posteria::ui::shell
