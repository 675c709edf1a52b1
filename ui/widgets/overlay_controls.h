// How labels, shapes and points are shown and what their tools draw with; instead of the layer
// controls while such a layer is selected. Follows one Document. GUI thread only.
#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/model/document.h"
#include "ui/model/labels_layer.h"
#include "ui/model/marks.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;
class QToolButton;

namespace posteria::ui::widgets {

class OverlayControls : public QWidget {
    Q_OBJECT
  public:
    explicit OverlayControls(Document* document, QWidget* parent = nullptr);

    // The tools as buttons, in this order; those that do not fit the layer are hidden.
    void setTools(const std::vector<std::pair<ViewState::Tool, QAction*>>& tools);
    // Which tools a layer of that role has, Pan among them.
    static std::vector<ViewState::Tool> toolsOf(Layer::Role role);

  private:
    void build();
    void follow();
    void refresh();
    void showMeasures();
    void chooseColor();
    void changeStyle(void (*edit)(MarkStyle&, int value), int value);
    void changeLabels(void (*edit)(LabelStyle&, bool on), bool on);

    Document* m_document;
    QPointer<Layer> m_layer;
    QPointer<MarkLayer> m_marks;  // m_layer, or null
    QPointer<LabelsLayer> m_labels;
    std::vector<std::pair<ViewState::Tool, QToolButton*>> m_tools;
    QWidget *m_toolRow, *m_markRows, *m_labelRows;
    QLabel *m_name, *m_opacityValue, *m_measures, *m_swatch;
    QSlider* m_opacity;
    QPushButton* m_color;
    QSpinBox *m_size, *m_label, *m_brush;
    QLabel* m_sizeLabel;
    QCheckBox *m_everySlice, *m_numbers, *m_outlines, *m_onlyOne;
};

}  // namespace posteria::ui::widgets
