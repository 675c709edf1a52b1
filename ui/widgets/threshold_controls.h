// What counts as signal, a slider and a number for every restored channel of the run in view: the
// threshold of probabilities and the level of contours. GUI thread only.
#pragma once

#include <QPointer>
#include <QWidget>
#include <vector>

#include "ui/model/run.h"

class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QSlider;

namespace posteria::ui::widgets {

class ThresholdControls : public QWidget {
    Q_OBJECT
  public:
    explicit ThresholdControls(QWidget* parent = nullptr);

    // Shows the run's thresholds as they are now; null for none.
    void show(Run* run);

  private:
    struct Row {
        QLabel* name;
        QSlider* slider;
        QDoubleSpinBox* value;
    };
    void add();  // one more channel

    QPointer<Run> m_run;
    QHBoxLayout* m_layout;
    std::vector<Row> m_rows;
};

}  // namespace posteria::ui::widgets
