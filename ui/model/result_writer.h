// Writes the results of a run as OME-TIFF off the GUI thread: STEM.mean.ome.tif, STEM.std.ome.tif,
// STEM.samples.ome.tif (one series a sample), with the input's voxel size and where they come from
// as annotations, and STEM.report.json. Where uncertainty is shown as another map, it can be saved
// as such: STEM.relative.ome.tif, STEM.width.ome.tif, STEM.probability.ome.tif. A file with its
// final name is whole. GUI thread only.
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/image/stack.h"
#include "ui/model/run.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

// One file to write: images, or a text that is made when it is written, on the writing thread.
struct ResultFile {
    QString path;
    std::vector<image::StackPtr> series;
    std::function<std::string(const QString& folder)> text;
    std::vector<image::StackPtr> sources;  // whose pixels the series have; see fileOf
};

class ResultWriter : public QObject {
    Q_OBJECT
  public:
    // Uncertainty is the map that the run shows.
    enum class Result { Mean, Deviation, Uncertainty, Samples };

    explicit ResultWriter(QObject* parent = nullptr);
    ~ResultWriter() override;  // stops; nothing half-written stays

    // The name a result would get beside its input: STEM.mean.ome.tif.
    static QString fileName(const Run& run, Result result);
    // What would be written; no series when the run has no such result yet.
    static ResultFile file(const Run& run, Result result, const QString& path);

    // Everything a run has, named as in a folder of its own, the report last.
    static std::vector<ResultFile> allFiles(const Run& run);

    void write(std::vector<ResultFile> files);
    void cancel();
    bool isBusy() const { return m_busy; }

    // Where these stacks lie: the file they were read from, or the last one they were written to as
    // its series. Empty where they are in memory only, and where that file has gone.
    QString fileOf(const std::vector<image::StackPtr>& series) const;

  Q_SIGNALS:
    void busyChanged(bool busy);
    void progress(double fraction);
    void written(const QStringList& paths);
    void failed(const QString& message, const QString& hint);

  private:
    void setBusy(bool busy);
    void remember(const std::vector<ResultFile>& files);

    struct Known {
        QString path;
        std::vector<std::weak_ptr<const image::Stack>> sources;
    };
    std::vector<Known> m_known;

    CancelToken m_token;
    StandingPool m_pool;
    bool m_busy = false;
};

}  // namespace posteria::ui
