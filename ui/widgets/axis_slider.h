// One row below the canvas: label, play button, slider and "value/total". Counts from 0, shows
// from 1. Playing loops at up to ten steps a second and waits for the step before. Sends the
// wished-for index out and shows the one it is given.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QSlider;
class QToolButton;

namespace posteria::ui::widgets {

class AxisSlider : public QWidget {
    Q_OBJECT
  public:
    // objectName becomes "<name>Slider", its parts "<name>Play", "<name>Value", "<name>Position".
    AxisSlider(const QString& name, const QString& label, QWidget* parent = nullptr);

    void setCount(int count);
    void setIndex(int index);
    void setValueText(const QString& text);  // instead of "3/16"; empty ends that
    void setStepsPerSecond(double steps);    // 1 … 10
    void setCurrent(bool current);           // the label stands out
    bool isPlaying() const { return m_timer.isActive(); }

  public Q_SLOTS:
    void setPlaying(bool playing);
    void step(int by);  // wraps around

  Q_SIGNALS:
    void indexRequested(int index);

  private:
    void updateText();

    QSlider* m_slider;
    QToolButton* m_play;
    QLabel *m_label, *m_value;
    QString m_valueText;
    QTimer m_timer;
};

}  // namespace posteria::ui::widgets
