// Two handles over a histogram: the contrast limits. Values are those of the pixels; the track
// covers the range it is given. Drag a handle, or the bar between them; arrow keys move the handle
// used last.
#pragma once

#include <QColor>
#include <QWidget>
#include <vector>

#include "ui/model/contrast.h"

namespace posteria::ui::widgets {

class RangeSlider : public QWidget {
    Q_OBJECT
  public:
    explicit RangeSlider(QWidget* parent = nullptr);

    void setRange(const Limits& range);
    void setLimits(const Limits& limits);
    void setHistogram(std::vector<double> heights);  // 0 … 1, over the range; empty for none
    void setColor(const QColor& color);
    void setFlat(bool flat);  // no room for a histogram
    const Limits& limits() const { return m_limits; }

    QSize sizeHint() const override { return {160, m_flat ? 20 : 48}; }
    QSize minimumSizeHint() const override { return {100, sizeHint().height()}; }

  Q_SIGNALS:
    void limitsRequested(const posteria::ui::Limits& limits);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    enum class Grip { Low, High, Both };
    double toX(double value) const;
    double trackY() const { return m_flat ? 10 : 38; }  // the histogram stands on it
    double toValue(double x) const;
    void move(Grip grip, double by, const Limits& from);

    Limits m_range, m_limits, m_pressed;
    std::vector<double> m_histogram;
    QColor m_color;
    Grip m_grip = Grip::High;
    double m_pressX = 0;
    bool m_flat = false;
};

}  // namespace posteria::ui::widgets
