// A loupe over the run's mean that follows the cursor: through it the samples are seen, one after
// the other, or the uncertainty as it is shown. What stays the same under it, the data support.
// GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>

#include "ui/model/document.h"

namespace posteria::ui {

class DoubtLens : public QObject {
    Q_OBJECT
  public:
    enum class Mode { Off, Samples, Uncertainty };
    static constexpr double kSlowest = 1, kFastest = 10;  // samples a second

    explicit DoubtLens(Document* document, QObject* parent = nullptr);

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    double samplesPerSecond() const { return 1000.0 / m_timer.interval(); }
    void setSamplesPerSecond(double rate);  // kSlowest … kFastest
    // Adds itself to the panes that show the mean of the run in view.
    void attachTo(std::vector<Document::Pane>& panes) const;

  Q_SIGNALS:
    void changed();  // mode or rate: panes are to be made anew

  private:
    void follow();
    void showNext();

    Document* m_document;
    Mode m_mode = Mode::Off;
    QPointer<Run> m_run;
    std::unique_ptr<Layer> m_sample;  // the one under the lens
    int m_shown = 0;
    QTimer m_timer;
};

}  // namespace posteria::ui
