// What is open: image layers and those that lie over them (labels, shapes, points), restorations
// with their layers, which layer is selected, and which layers each pane of the canvas shows. One
// pane while there are only images; four linked ones, input, sample, mean and uncertainty, while a
// layer of a run or its input is selected. GUI thread only. Layer lists run from the back to the
// front.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>
#include <vector>

#include "ui/model/layer.h"
#include "ui/model/layer_links.h"
#include "ui/model/run.h"
#include "ui/model/view_state.h"

namespace posteria::ui {

class Document : public QObject {
    Q_OBJECT
  public:
    struct Pane {
        QString title;
        std::vector<Layer*> layers;
        Layer* deviation = nullptr;  // read out behind "±" of this pane's value
        Layer* swipe = nullptr;      // shown at the right of a divider
        Layer* doubt = nullptr;  // suppresses the colours of the topmost layer where it is large
        Layer* lens = nullptr;   // seen through a loupe at the cursor
    };

    explicit Document(QObject* parent = nullptr);
    ~Document() override;

    ViewState& view() { return m_view; }
    LayerLinks& links() { return m_links; }
    const LayerLinks& links() const { return m_links; }

    std::vector<Layer*> layers() const;
    bool isEmpty() const { return m_images.empty(); }
    // Adds an image in front and selects it; without a name it has its stack's. A z-stack that
    // comes first is shown in its middle. Images of another size are hidden, not removed.
    Layer* addImage(image::StackPtr stack, QString name = {});
    // Adds labels, shapes or points in front and selects them.
    Layer* addOverlay(std::unique_ptr<Layer> overlay);
    // The same pixels as labels instead of an image, or the other way round, in the same place;
    // null where the pixels are no whole numbers, or of several channels.
    Layer* convert(Layer* layer);
    // Those over all panes, from the back to the front.
    std::vector<Layer*> overlays() const;
    // Removes an image, or the whole run that a result belongs to; frees its memory.
    void remove(Layer* layer);

    // A copy of any layer as an image in front, shown alike and sharing its pixels: a result stays
    // as it is now. Null where there is nothing to be copied yet.
    Layer* duplicate(const Layer* layer);
    // Moves an image among the images, places towards the front (below 0: the back), as far as it
    // goes; false where it stays.
    bool move(const Layer* image, int places);
    bool isShownAlone(const Layer* image) const;
    // Hides all other images; where they are hidden, shows those of its size again.
    void showOnly(Layer* image);

    Layer* selected() const { return m_selected; }
    void select(Layer* layer);
    // What the panes show: the selected layer, or while that lies over them the one before.
    Layer* base() const { return m_base; }
    // The image that a restoration would take as its input; null when there is none.
    Layer* input() const;

    // A new run on input(); what an earlier preview left is removed. The new mean is selected.
    Run* startRun(engine::RestorationRequest request, bool preview);
    // A run of an earlier day on an image, selected like a new one; its results are taken then.
    Run* restoreRun(Layer* input, int number, engine::RestorationRequest request);
    Run* activeRun() const;  // the run the panes show; null when they show images only
    Run* runOf(const Layer* layer) const;
    const std::vector<std::unique_ptr<Run>>& runs() const { return m_runs; }

    // Whether samples are shown with their mean's limits, gamma and colormaps; at first they are.
    void setContrastLinked(bool linked);

    std::vector<Pane> panes() const;
    // While true every pane shows the input, for a quick comparison.
    void setInputHeld(bool held);
    bool isInputHeld() const { return m_inputHeld; }
    // What a view of a single layer shows: the base, or the input while that is held.
    Layer* shown() const { return m_inputHeld ? input() : m_base; }

  Q_SIGNALS:
    void layersAboutToChange();
    void layersChanged();
    void selectionChanged();
    void panesChanged();
    void activeRunChanged();

  private:
    void useGrid();
    void setSelected(Layer* layer);

    ViewState m_view;
    LayerLinks m_links;
    void put(std::unique_ptr<Layer> layer);
    Run* put(std::unique_ptr<Run> run);

    std::vector<std::unique_ptr<Layer>> m_images;  // and overlays
    std::vector<std::unique_ptr<Run>> m_runs;
    Layer *m_selected = nullptr, *m_base = nullptr;
    int m_runCount = 0;
    bool m_inputHeld = false, m_contrastLinked = true;
};

}  // namespace posteria::ui
