// Layers that are shown alike: what is changed of one, opacity, blending, interpolation, volume,
// gamma, colormap and the limits that the user sets, changes of all that it is linked with. Whether
// they are visible, and limits that follow the data, are each layer's own. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <vector>

#include "ui/model/layer.h"

namespace posteria::ui {

class LayerLinks : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;

    // Links them, the others taking on how the first is shown; a layer leaves the group it was in.
    // Fewer than two are not linked.
    void link(const std::vector<Layer*>& layers);
    void unlink(const Layer* layer);
    bool isLinked(const Layer* layer) const;

  Q_SIGNALS:
    void changed();

  private:
    using Group = std::vector<QPointer<Layer>>;
    std::vector<Group>::const_iterator groupOf(const Layer* layer) const;
    // Members that are gone, and groups of fewer than two.
    void prune();
    void spread(Layer* from);

    std::vector<Group> m_groups;
    bool m_spreading = false;
};

}  // namespace posteria::ui
