// The list of layers, front layer first: eye, thumbnail, name. Clicking selects the layer in the
// document, clicking the eye hides it, Alt-clicking it hides all other images, F2 or a double click
// renames an image, dragging moves it among the images.
#pragma once

#include <QListView>

#include "ui/model/layer_list_model.h"

namespace posteria::ui::widgets {

class LayerList : public QListView {
    Q_OBJECT
  public:
    LayerList(Document* document, LayerListModel* model, QWidget* parent = nullptr);

    void selectNeighbour(int rows);  // up is negative

  private:
    void showSelection();

    Document* m_document;
    LayerListModel* m_layers;
    bool m_showing = false;
};

}  // namespace posteria::ui::widgets
