// Finds objects in a run's samples off the GUI thread: in one of them at once, while settings are
// tried (the newest request only), or in all of them with progress, which can be cancelled. Results
// are immutable values. GUI thread only.
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>

#include "core/analysis/object_analysis.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

// Labels are stacks of one plane (uint32), numbered like the objects.
struct FoundObjects {
    analysis::PlaneObjects plane;
    std::vector<image::StackPtr> labels;  // one a channel that was asked for
};
struct TriedObjects {
    int count = 0;
    double threshold = 0;  // grey values
    image::StackPtr labels;
};
using FoundObjectsPtr = std::shared_ptr<const FoundObjects>;
using TriedObjectsPtr = std::shared_ptr<const TriedObjects>;

class ObjectFinder : public QObject {
    Q_OBJECT
  public:
    explicit ObjectFinder(QObject* parent = nullptr);
    ~ObjectFinder() override;  // stops, and waits for the sample in work

    // previewed() follows, or failed(); a request that has not begun when the next one comes is
    // dropped.
    void preview(image::StackPtr sample, const image::PlaneIndex& plane,
                 const analysis::SegmentationSettings& settings);
    void dropPreview();  // no previewed() follows
    // progress() and then found(), stopped() or failed() follow. Nothing happens while one runs.
    void find(analysis::ObjectRequest request);
    void cancel();
    bool isBusy() const { return m_busy; }  // with all samples
    bool isPreviewing() const { return m_trying; }

  Q_SIGNALS:
    void busyChanged(bool busy);
    void progress(int done, int samples);
    void previewed(const posteria::ui::TriedObjectsPtr& objects);
    void found(const posteria::ui::FoundObjectsPtr& objects);
    void stopped();
    void failed(const QString& message, const QString& hint);

  private:
    struct Trial {
        image::StackPtr sample;
        image::PlaneIndex plane;
        analysis::SegmentationSettings settings;
    };
    void tryNext();

    std::optional<Trial> m_next;
    int m_trial = 0;  // what an older one gives is dropped
    bool m_busy = false, m_trying = false;
    CancelToken m_token;
    StandingPool m_pool, m_trialPool;
};

}  // namespace posteria::ui
