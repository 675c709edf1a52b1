// A layer of labels: an image of whole numbers, each of which names an object; 0 is background and
// transparent. Keeps what its tools draw with. Painting makes a new stack
// (core/image/edited_stack), by LabelEditor. GUI thread only.
#pragma once

#include <QColor>
#include <cstdint>
#include <memory>
#include <vector>

#include "ui/model/layer.h"

namespace posteria::ui {

// What labels are drawn in, where they do not choose for themselves.
struct LabelColors {
    // Of labels 1, 2, …; others are not drawn. Null: colours that tell neighbours apart.
    std::shared_ptr<const std::vector<QRgb>> each;
    std::uint64_t marked = 0;  // drawn in white; 0: none

    bool operator==(const LabelColors& o) const { return each == o.each && marked == o.marked; }
};

class LabelsLayer : public Layer {
    Q_OBJECT
  public:
    LabelsLayer(const QString& name, image::StackPtr stack, QObject* parent = nullptr);

    int label() const { return m_label; }  // what is painted and filled with, from 1
    void setLabel(int label);              // as far as the pixels can hold it
    int brush() const { return m_brush; }  // diameter, the layer's pixels
    void setBrush(int diameter);
    const LabelStyle& style() const { return m_style; }
    void setStyle(const LabelStyle& style);
    const LabelColors& colors() const { return m_colors; }
    void setColors(const LabelColors& colors);

  Q_SIGNALS:
    void toolChanged();  // label or brush

  private:
    int m_label = 1, m_brush = 10;
    LabelStyle m_style;
    LabelColors m_colors;
};

}  // namespace posteria::ui
