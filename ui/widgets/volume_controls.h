// How the selected layer's volume is looked through: the rendering with the one number that it
// needs, a plane instead of all of it, and what is cut off at its sides. Follows one Document.
#pragma once

#include <QPointer>
#include <QWidget>
#include <array>

#include "ui/model/document.h"

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace posteria::ui::widgets {

class RangeSlider;

class VolumeControls : public QWidget {
    Q_OBJECT
  public:
    explicit VolumeControls(Document* document, QWidget* parent = nullptr);

    // The plane across that axis (0, 1, 2 for x, y, z) alone; where it is that already, all of the
    // volume again.
    void togglePlane(int axis);

  private:
    void follow();
    void refresh();
    void slide(int value);
    void buildClip();

    Document* m_document;
    QPointer<Layer> m_layer;
    QComboBox *m_rendering, *m_depiction;
    QToolButton* m_clip;
    std::array<RangeSlider*, 3> m_sides{};  // x, y, z
    QLabel *m_caption, *m_value;
    QSlider* m_slider;
};

}  // namespace posteria::ui::widgets
