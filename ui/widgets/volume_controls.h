// How the selected layer's volume is looked through: the rendering, and the one number that it
// needs. Follows one Document.
#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/model/document.h"

class QComboBox;
class QLabel;
class QSlider;

namespace posteria::ui::widgets {

class VolumeControls : public QWidget {
    Q_OBJECT
  public:
    explicit VolumeControls(Document* document, QWidget* parent = nullptr);

  private:
    void follow();
    void refresh();
    void slide(int value);

    Document* m_document;
    QPointer<Layer> m_layer;
    QComboBox* m_rendering;
    QLabel *m_caption, *m_value;
    QSlider* m_slider;
};

}  // namespace posteria::ui::widgets
