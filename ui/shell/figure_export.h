// A figure of what the canvas shows, for papers and slides: asks for its size and its file, waits
// until the canvas has read all details, and writes PNG, or PDF and SVG whose words and lines stay
// vectors. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QSettings>

#include "ui/model/standing_pool.h"
#include "ui/viewer/figure.h"

class QDialog;

namespace posteria::ui::shell {

class FigureExport : public QObject {
    Q_OBJECT
  public:
    FigureExport(viewer::Canvas* canvas, QSettings* settings, QWidget* window);
    ~FigureExport() override;  // waits for the file being written

    void ask();  // opens the dialog
    void write(const viewer::FigureOptions& options, const QString& path);
    bool isBusy() const { return !m_path.isEmpty(); }

  Q_SIGNALS:
    void accepted(const posteria::ui::viewer::FigureOptions& options);
    void saved(const QString& path);
    void failed(const QString& message, const QString& hint);
    void busyChanged();

  private:
    void finish();
    void tell(bool written);

    QPointer<viewer::Canvas> m_canvas;
    QSettings* m_settings;
    QWidget* m_window;
    viewer::FigureOptions m_options;
    QString m_path;  // being written
    StandingPool m_pool;
};

}  // namespace posteria::ui::shell
