// One row below the canvas: label, play button, slider and "value/total". Counts from 0, shows
// from 1. The play button's menu has the speed and what happens at the end. Sends the wished-for
// index out and shows the one it is given. GUI thread only.
#pragma once

#include <QTimer>
#include <QWidget>

class QDoubleSpinBox;
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
    void setLabel(const QString& label);
    void setValueText(const QString& text);  // instead of "3/16"; empty ends that
    void setStepsPerSecond(double steps);    // 0.5 … 30
    double stepsPerSecond() const;
    // After the last one: stop, begin again, or go back.
    enum class AtEnd { Stop, Loop, Back };
    void setAtEnd(AtEnd what);
    AtEnd atEnd() const { return m_atEnd; }
    void addToRow(QWidget* widget);  // at its right end
    void setCurrent(bool current);   // the label stands out
    bool isPlaying() const { return m_timer.isActive(); }

  public Q_SLOTS:
    void setPlaying(bool playing);
    void step(int by);  // wraps around

  Q_SIGNALS:
    void indexRequested(int index);

  private:
    void updateText();
    void playOn();
    void buildPlayMenu();

    QSlider* m_slider;
    QToolButton* m_play;
    QLabel *m_label, *m_value;
    QDoubleSpinBox* m_speed;
    QString m_valueText;
    QTimer m_timer;
    AtEnd m_atEnd = AtEnd::Loop;
    int m_direction = 1;
};

}  // namespace posteria::ui::widgets
