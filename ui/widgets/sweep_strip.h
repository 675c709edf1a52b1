// A strip of pictures, one for each value of a setting that is tried: a click takes the value.
// Shown while there is one. Follows one ParameterSweep. GUI thread only.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/model/parameter_sweep.h"

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace posteria::ui::widgets {

class SweepStrip : public QWidget {
    Q_OBJECT
  public:
    explicit SweepStrip(ParameterSweep* sweep, QWidget* parent = nullptr);

  private:
    void refresh();

    ParameterSweep* m_sweep;
    QLabel* m_what;
    QHBoxLayout* m_row;
    std::vector<QToolButton*> m_trials;
    bool m_closed = false;
};

}  // namespace posteria::ui::widgets
