// Opens tables of points and shapes (CSV) as layers over the images: read and understood off the
// GUI thread, in pixels of the image that is shown then; tables that come with images wait for
// these. GUI thread only.
#pragma once

#include <QObject>
#include <QStringList>

#include "ui/model/document.h"
#include "ui/model/file_loader.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui::shell {

class MarkFiles : public QObject {
    Q_OBJECT
  public:
    static bool isTable(const QString& path);  // by its ending, .csv

    // Not owned.
    MarkFiles(Document* document, const FileLoader* images, QObject* parent);
    ~MarkFiles() override;  // waits for the table being read

    void open(const QStringList& paths);
    bool isBusy() const { return m_busy || !m_waiting.isEmpty(); }

  Q_SIGNALS:
    void opened(const QString& path);
    void failed(const QString& message, const QString& hint);
    void busyChanged();

  private:
    void next();

    Document* m_document;
    const FileLoader* m_images;
    QStringList m_waiting;
    bool m_busy = false;
    StandingPool m_pool;
};

}  // namespace posteria::ui::shell
