// A chart drawn by VTK through a QPainter: needs no OpenGL, and is one drawing for the screen, PNG
// and SVG. What it shows is up to the classes that inherit it. GUI thread only.
#pragma once

#include <QString>
#include <QWidget>
#include <memory>

namespace posteria::ui::viewer {

class Chart : public QWidget {
    Q_OBJECT
  public:
    struct Parts;  // chart_parts.h

    explicit Chart(QWidget* parent = nullptr);
    ~Chart() override;

    void clear(const QString& message);  // shown in the chart's place
    bool isBlank() const;

    // The chart as on the screen, in twice its size (PNG) or as lines and words (SVG), by the
    // path's ending; false when the file cannot be written.
    bool save(const QString& path) const;

    QSize minimumSizeHint() const override { return {220, 200}; }
    QSize sizeHint() const override { return {320, 220}; }

  protected:
    Parts& parts() { return *d; }
    void paintEvent(QPaintEvent* event) override;

  private:
    void draw(QPainter& painter, const QSize& size) const;

    std::unique_ptr<Parts> d;
};

}  // namespace posteria::ui::viewer
