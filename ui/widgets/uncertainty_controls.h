// How the uncertainty of the run in view is shown: the kind of map, and the threshold that a
// probability needs. Follows one Document; hidden while no run is in view.
#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/model/document.h"

class QComboBox;
class QLabel;
class QSlider;

namespace posteria::ui::widgets {

class UncertaintyControls : public QWidget {
    Q_OBJECT
  public:
    explicit UncertaintyControls(Document* document, QWidget* parent = nullptr);

  private:
    void follow();
    void refresh();

    Document* m_document;
    QPointer<Run> m_run;
    QComboBox* m_spread;
    QLabel *m_caption, *m_value, *m_explanation;
    QSlider* m_threshold;
};

}  // namespace posteria::ui::widgets
