// Asks where results and screenshots should go and has them written. Results go through the
// ResultWriter, off the GUI thread; the last folder is remembered.
#pragma once

#include <QObject>
#include <QSettings>
#include <functional>

#include "ui/model/result_writer.h"
#include "ui/viewer/movie_writer.h"

class QWidget;

namespace posteria::ui::shell {

class SaveDialogs : public QObject {
    Q_OBJECT
  public:
    SaveDialogs(ResultWriter* writer, QSettings* settings, QWidget* window);

    void saveResult(const Run& run, ResultWriter::Result result);
    void saveImage(const image::StackPtr& stack, const QString& name);  // a layer that is no result
    void saveMarks(const QString& name, const QByteArray& table);       // CSV
    void saveAll(const Run& run);
    // grab makes the picture once the file's name is known.
    void saveScreenshot(std::function<QImage()> grab);

    void saveSession(std::function<void(const QString& path)> write);
    // write is given the path of a video, or of a folder for pictures.
    void saveMovie(viewer::MovieWriter::Kind kind, std::function<void(const QString&)> write);
    // write is given the file's name, which ends in png, pdf or svg.
    void saveFigure(std::function<void(const QString& path)> write);
    // save writes the plot as the path's ending says: PNG, SVG or CSV.
    void savePlot(std::function<bool(const QString& path)> save);

  Q_SIGNALS:
    void failed(const QString& message, const QString& hint);
    void saved(const QString& path);

  private:
    QString startFolder() const;
    void askForFile(const QString& title, const QString& name, const QString& filter,
                    std::function<void(const QString&)> then);

    ResultWriter* m_writer;
    QSettings* m_settings;
    QWidget* m_window;
};

}  // namespace posteria::ui::shell
