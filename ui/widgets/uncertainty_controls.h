// One row below the canvas while a run is in view: what its uncertainty pane shows, the thresholds
// of a probability and of contours, and what the lens over the mean shows. GUI thread only.
#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/model/confidence_contours.h"
#include "ui/model/document.h"
#include "ui/model/doubt_lens.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace posteria::ui::widgets {

class ThresholdControls;

class UncertaintyControls : public QWidget {
    Q_OBJECT
  public:
    UncertaintyControls(Document* document, DoubtLens* lens, ConfidenceContours* contours,
                        QWidget* parent = nullptr);

  private:
    void follow();
    void refresh();

    Document* m_document;
    DoubtLens* m_lens;
    ConfidenceContours* m_contours;
    QPointer<Run> m_run;
    QComboBox *m_spread, *m_lensCombo;
    QCheckBox* m_contoursCheck;
    ThresholdControls* m_thresholds;
    QLabel* m_explanation;
};

}  // namespace posteria::ui::widgets
