// Outlines of what the run in view says is above its thresholds: where 95 % of the samples are
// (inner, the 5 % quantile's line at the threshold) and where at least 5 % are (outer, the 95 %
// quantile's). Made for what is on the screen, on a thread of its own and as fine as the screen;
// what was asked for last is made, and the old lines stay until the new ones come. Of the samples
// as drawn: uncalibrated. GUI thread only.
#pragma once

#include <QColor>
#include <QLineF>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <vector>

#include "ui/model/standing_pool.h"

namespace posteria::ui {

class Document;
class Run;

struct ContourLines {
    QColor color;
    bool inner = false;
    std::vector<QLineF> lines;  // in the document's units (ViewState)
};

class ConfidenceContours : public QObject {
    Q_OBJECT
  public:
    explicit ConfidenceContours(Document* document, QObject* parent = nullptr);
    ~ConfidenceContours() override;

    bool isVisible() const { return m_visible; }
    void setVisible(bool visible);
    const std::vector<ContourLines>& lines() const { return m_lines; }
    bool isBusy() const { return m_reading; }

  Q_SIGNALS:
    void visibleChanged(bool visible);
    void linesChanged();

  private:
    struct Channel;
    struct Job;
    struct Cache;

    void follow();
    void update();
    std::unique_ptr<Job> wanted() const;  // null: there is nothing to be drawn
    static std::vector<ContourLines> make(const Job& job, Cache& cache);

    Document* m_document;
    QPointer<Run> m_run;
    bool m_visible = false, m_reading = false, m_again = false;
    std::vector<ContourLines> m_lines;
    std::shared_ptr<Cache> m_cache;  // of the pool's thread
    QTimer m_soon;
    StandingPool m_pool;  // the first member to go: it waits for what is being made
};

}  // namespace posteria::ui
