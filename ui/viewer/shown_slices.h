// Which pixels of which layer are on the screen: asks the slice provider for what the view state
// wants, keeps showing the previous pixels until they arrive, reads neighbouring slices ahead when
// it has nothing else to do, and answers what lies under a point.
#pragma once

#include <QObject>
#include <QPointer>
#include <map>
#include <optional>
#include <vector>

#include "ui/model/layer.h"
#include "ui/model/slice_provider.h"
#include "ui/model/view_state.h"
#include "ui/viewer/compositor.h"

namespace posteria::ui::viewer {

class ShownSlices : public QObject {
    Q_OBJECT
  public:
    explicit ShownSlices(QObject* parent = nullptr);

    // Asks for all layers' slices; devicePixel is the size of a screen pixel in µm. Sets contrast
    // limits of layers that have none yet.
    void update(const std::vector<Layer*>& layers, const ViewState& state, double devicePixel);
    bool isComplete() const;  // everything asked for is shown, or could not be read

    bool isIdle() const { return m_provider.isIdle(); }

    // Size of the layer's pixels, in the document's units.
    static QPointF pixelSize(const Layer& layer, const ViewState& state);
    // Ready to be composed for a pane whose first device pixel's centre is at `first` (µm).
    ComposedLayer composed(const Layer& layer, const ViewState& state, const QPointF& first,
                           double devicePixel) const;
    std::optional<double> value(const Layer& layer, const ViewState& state, int channel,
                                const QPointF& position) const;

  Q_SIGNALS:
    void arrived();
    void failed(const QString& message);

  private:
    struct Slice {
        SliceKey wanted, shown;
        image::Plane pixels;  // of shown
        bool failed = false;
    };
    void accept(const SliceKey& key, const image::Plane& plane);
    void reject(const SliceKey& key, const QString& message);
    void readAhead(const ViewState& state, double devicePixel);
    const Slice* find(const Layer& layer, int channel) const;

    SliceProvider m_provider;
    struct Entry {
        QPointer<Layer> layer;
        std::vector<Slice> slices;  // one a channel
    };
    std::map<quint64, Entry> m_entries;  // by layer id
};

}  // namespace posteria::ui::viewer
