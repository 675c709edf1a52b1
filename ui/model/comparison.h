// Two layers compared in the canvas: A at the left of a divider and B at its right, or A, B and
// their difference side by side; or the means of all runs on one input, each with its settings. The
// pair follows the selection: a result is compared with its input (A), an image with the next one
// of its size. GUI thread only; layers are the document's, but for the difference.
#pragma once

#include <QObject>
#include <QPointer>
#include <memory>
#include <vector>

#include "ui/model/document.h"

namespace posteria::ui {

// The lazy stack A − B on B's pixels, float32: planes are read and subtracted when asked for. NaN
// where A has no pixel. A single channel, time point or slice of either is taken for all of the
// other's.
image::StackPtr makeDifference(const image::StackPtr& a, const Placement& placementOfA,
                               const image::StackPtr& b, const Placement& placementOfB);

class Comparison : public QObject {
    Q_OBJECT
  public:
    enum class Mode { Off, Swipe, Difference, Runs };

    explicit Comparison(Document* document, QObject* parent = nullptr);
    ~Comparison() override;

    Mode mode() const { return m_mode; }
    // False, and off, where the selected layer has nothing to be compared with.
    bool setMode(Mode mode);
    Layer* a() const;  // null without a pair
    Layer* b() const;
    Layer* difference() const { return m_difference.get(); }

    // The document's panes, or those of the comparison.
    std::vector<Document::Pane> panes();

  Q_SIGNALS:
    void panesChanged();
    void modeChanged();

  private:
    std::pair<Layer*, Layer*> pair() const;
    void updateDifference();

    Document* m_document;
    Mode m_mode = Mode::Off;
    std::unique_ptr<Layer> m_difference;
    QPointer<Layer> m_a, m_b;  // of the difference
};

}  // namespace posteria::ui
