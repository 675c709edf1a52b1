// Which pixels of which layer are on the screen: asks the slice provider for what the view state
// wants, keeps showing the previous pixels until they arrive, reads neighbouring slices ahead when
// it has nothing else to do, and answers what lies under a point.
#pragma once

#include <QObject>
#include <QPointer>
#include <optional>
#include <vector>

#include "ui/model/layer.h"
#include "ui/model/slice_provider.h"
#include "ui/model/viewed_layer.h"
#include "ui/viewer/compositor.h"

namespace posteria::ui::viewer {

// How a layer is composed, but for its channels.
ComposedLayer composedAs(const Layer& layer, const ViewState& state);

class ShownSlices : public QObject {
    Q_OBJECT
  public:
    explicit ShownSlices(QObject* parent = nullptr);

    struct Request {
        Layer* layer;
        const ViewState* state;  // of the pane that shows it
    };
    // Asks for the slices of all; ratio is how many device pixels lie on a logical one. Sets
    // contrast limits of layers that have none yet.
    void update(const std::vector<Request>& requests, double ratio);
    bool isComplete() const;  // everything asked for is shown, or could not be read
    // What is being read is given up until something else is asked for; pixels that are shown stay.
    void cancel();
    // Of a layer's slices, one was given up.
    bool isCancelled(const Layer& layer, const ViewState& state) const;

    bool isIdle() const { return m_provider.isIdle(); }
    void setCacheBytes(std::uint64_t bytes) { m_provider.setCacheBytes(bytes); }

    // Ready to be composed for a pane whose first device pixel's centre is at `first` (µm).
    ComposedLayer composed(const Layer& layer, const ViewState& state, const QPointF& first,
                           double devicePixel) const;
    // One channel of it, as it is shown; none where nothing has been read.
    std::optional<ComposedChannel> channel(const Layer& layer, const ViewState& state, int channel,
                                           const QPointF& first, double devicePixel) const;
    std::optional<double> value(const Layer& layer, const ViewState& state, int channel,
                                const QPointF& position) const;

  Q_SIGNALS:
    void arrived();
    // Of a read that takes long, 0 … 1; below 0: none is under way any more.
    void progress(double fraction);
    void failed(const QString& message);

  private:
    struct Slice {
        SliceKey wanted, shown;
        image::Plane pixels;  // of shown
        bool failed = false, cancelled = false;
        bool preview = false;  // the means are still to come
    };
    struct Entry {
        QPointer<Layer> layer;
        QPointer<const ViewState> state;
        ViewedLayer viewed;
        std::vector<Slice> slices;  // one a channel
    };
    void request(Entry& entry, double devicePixel);
    void accept(const SliceKey& key, const image::Plane& plane, bool preview);
    void reject(const SliceKey& key, const QString& message);
    void readAhead(double ratio);
    std::uint64_t bytesFromFiles() const;  // on the screen
    const Entry* entryOf(const Layer& layer, const ViewState& state) const;
    static const Slice* sliceOf(const Entry& entry, int channel);  // null: nothing to be shown

    SliceProvider m_provider;
    std::vector<Entry> m_entries;
};

}  // namespace posteria::ui::viewer
