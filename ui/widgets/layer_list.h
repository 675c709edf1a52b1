// The list of layers, front layer first, those of a run in a group: eye, thumbnail, name. Clicking
// selects the layer in the document (a group: its mean), Ctrl and Shift mark several for commands
// on them; clicking the eye hides it, Alt-clicking it hides all other images, F2 or a double click
// renames an image, dragging moves it among the images.
#pragma once

#include <QTreeView>
#include <set>
#include <vector>

#include "ui/model/layer_list_model.h"

namespace posteria::ui::widgets {

class LayerList : public QTreeView {
    Q_OBJECT
  public:
    LayerList(Document* document, LayerListModel* model, QWidget* parent = nullptr);

    void selectNeighbour(int rows);            // up is negative
    std::vector<Layer*> markedLayers() const;  // from the front

  private:
    void showSelection();
    void expand();

    Document* m_document;
    LayerListModel* m_layers;
    std::set<quint64> m_collapsed;  // LayerListModel::GroupRole
    bool m_showing = false;
};

}  // namespace posteria::ui::widgets
