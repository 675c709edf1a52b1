// Opening several images at once: what is dropped on the window (with Shift as one stack), the
// dialog of files that become one stack, and folders of images, with a question where there are
// many. The FileLoader does the work, off the GUI thread; stacks of files become layers here.
#pragma once

#include <QDropEvent>
#include <QObject>
#include <QSet>
#include <QSettings>
#include <QStringList>

#include "ui/model/document.h"
#include "ui/model/file_loader.h"

class QWidget;

namespace posteria::ui::shell {

// Of the settings: the folder that was last opened from.
inline const QString kOpenFolderKey = QStringLiteral("folders/open");

class ImageOpening : public QObject {
    Q_OBJECT
  public:
    static constexpr int kManyImages = 20;  // more are opened after a question only

    // Not owned.
    ImageOpening(FileLoader* loader, Document* document, QSettings* settings, QWidget* window);

    // Files and folders; anything else is left to others. Never moves them, whatever keys are held.
    void dragEnter(QDragEnterEvent* event);
    void drop(QDropEvent* event);
    void chooseStack();
    // A picture in the clipboard becomes an image of one channel, or of red, green and blue; files
    // that were copied are opened.
    void openClipboard();

    // Of a folder that is being opened, which stands for them in the list of recent files.
    bool isOfFolder(const QString& file) const { return m_ofFolders.contains(file); }

  Q_SIGNALS:
    void folderOpened(const QString& folder);      // all images in it
    void openRequested(const QStringList& paths);  // images, folders and sessions
    void warned(const QString& message);

  private:
    void openFound(const QString& folder, const QStringList& files);
    void openAll(const QString& folder, const QStringList& files);

    FileLoader* m_loader;
    Document* m_document;
    QSettings* m_settings;
    QWidget* m_window;
    QSet<QString> m_ofFolders;  // files
};

}  // namespace posteria::ui::shell
