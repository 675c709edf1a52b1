// Histograms of planes, made off the GUI thread from the smallest level that tells enough; the
// latest request wins. GUI thread only.
#pragma once

#include <QObject>
#include <vector>

#include "core/image/stack.h"
#include "ui/model/contrast.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

struct Histogram {
    Limits range;                 // smallest and largest value
    std::vector<double> heights;  // 0 … 1, square root of the counts: small peaks stay visible
};

Histogram histogramOf(const image::Plane& plane, int bins = 96);

class HistogramProvider : public QObject {
    Q_OBJECT
  public:
    explicit HistogramProvider(QObject* parent = nullptr);
    ~HistogramProvider() override;

    void request(const image::StackPtr& stack, const image::PlaneIndex& plane);

  Q_SIGNALS:
    void ready(const posteria::ui::Histogram& histogram);  // of the latest request

  private:
    StandingPool m_pool;
    quint64 m_request = 0;
};

}  // namespace posteria::ui
