// The dock "tour": a step at a time, told in words, and done at a click. GUI thread only.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/model/tour_steps.h"

class QLabel;
class QPushButton;

namespace posteria::ui::widgets {

class TourPanel : public QWidget {
    Q_OBJECT
  public:
    explicit TourPanel(QWidget* parent = nullptr);

    int count() const { return int(m_steps.size()); }  // 0 before it was shown
    void setStep(int step);                            // from 0; clamped

  Q_SIGNALS:
    void showRequested(int step);
    void closeRequested();  // after the last

  protected:
    void showEvent(QShowEvent* event) override;  // reads the steps, the first time

  private:
    std::vector<TourStep> m_steps;
    int m_step = 0;
    QLabel *m_title, *m_text;
    QPushButton *m_back, *m_show, *m_next;
};

}  // namespace posteria::ui::widgets
