// A movie of what the canvas shows while one axis runs: asks for it, goes step by step as soon as
// the canvas has settled, and hands every picture to other threads that compress and write it. The
// event loop turns between the steps; what the user changes meanwhile is seen in the movie. Once it
// is done, cancelled or has failed the view is where it was, and only a whole movie stays. GUI
// thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QSettings>
#include <QSize>
#include <QTimer>
#include <functional>
#include <memory>
#include <vector>

#include "ui/model/standing_pool.h"
#include "ui/shell/movie_steps.h"

namespace posteria::ui::shell {

class MovieExport : public QObject {
    Q_OBJECT
  public:
    MovieExport(Document* document, viewer::Canvas* canvas, QSettings* settings, QWidget* window);
    ~MovieExport() override;  // stops, and waits until what was written is removed

    bool isPossible() const { return !m_steps.axes().empty(); }
    void ask();  // opens the dialog
    // The path is the video's, or the folder's of the pictures.
    void write(const MovieOptions& options, const QString& path);
    void cancel();
    bool isBusy() const { return m_job != nullptr; }

  Q_SIGNALS:
    void accepted(const posteria::ui::shell::MovieOptions& options);
    void saved(const QString& path);
    void failed(const QString& message, const QString& hint);
    void progress(int frames, int all);  // written
    void busyChanged();

  private:
    struct Job;
    struct Failure {
        QString message, hint;
    };
    void run(std::function<void(Job&)> work, std::function<void()> then);
    void advance();
    void grab();
    void stop(const Failure& failure);
    void close();  // the movie gets its name, or what was written goes
    void putBack();

    QPointer<viewer::Canvas> m_canvas;
    QSettings* m_settings;
    QWidget* m_window;
    MovieSteps m_steps;
    MovieOptions m_options;
    std::vector<int> m_order;
    QSize m_size;  // of every frame
    std::size_t m_next = 0;
    int m_inWork = 0, m_written = 0, m_most = 2;
    bool m_stopping = false, m_opened = false, m_atPlace = false;
    Failure m_failure;
    std::shared_ptr<Job> m_job;  // null: nothing is being written
    // Of no length, but after what the panes and titles wait for, which began before.
    QTimer m_soon;
    StandingPool m_pool;
};

}  // namespace posteria::ui::shell
