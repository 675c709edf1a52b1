#include "ui/model/document.h"

#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "ui/model/labels_layer.h"
#include "ui/model/marks.h"

namespace posteria::ui {

namespace {

QString nameOf(const image::StackInfo& info) {
    const auto name = QString::fromStdString(info.name);
    if (!name.isEmpty()) return name;
    const auto file = QFileInfo(QString::fromStdString(info.path)).fileName();
    return file.isEmpty() ? Document::tr("image") : file;
}

bool sameGrid(const Layer* a, const Layer* b) {
    const auto &one = a->stack()->shape(), &two = b->stack()->shape();
    return one.x == two.x && one.y == two.y;
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent) {}

Document::~Document() = default;

std::vector<Layer*> Document::layers() const {
    std::vector<Layer*> all;
    for (const auto& image : m_images)
        all.push_back(image.get());
    for (const auto& run : m_runs) {
        all.push_back(run->sample());
        all.push_back(run->mean());
        all.push_back(run->uncertainty());
    }
    return all;
}

Layer* Document::addImage(image::StackPtr stack, QString name) {
    if (name.isEmpty()) name = nameOf(stack->info());
    const bool first = m_images.empty();
    const auto middle = stack->shape().z / 2;
    auto layer = std::make_unique<Layer>(name, std::move(stack));
    Layer* added = layer.get();
    put(std::move(layer));
    select(added);
    if (first) m_view.setZ(middle);
    return added;
}

void Document::put(std::unique_ptr<Layer> layer) {
    connect(layer.get(), &Layer::nameChanged, this, &Document::panesChanged);
    Q_EMIT layersAboutToChange();
    m_images.push_back(std::move(layer));
    Q_EMIT layersChanged();
}

Layer* Document::addOverlay(std::unique_ptr<Layer> overlay) {
    Layer* added = overlay.get();
    put(std::move(overlay));
    select(added);
    return added;
}

std::vector<Layer*> Document::overlays() const {
    std::vector<Layer*> result;
    for (const auto& layer : m_images)
        if (layer->isOverlay()) result.push_back(layer.get());
    return result;
}

Layer* Document::convert(Layer* layer) {
    const auto found = std::find_if(m_images.begin(), m_images.end(),
                                    [&](const auto& i) { return i.get() == layer; });
    if (found == m_images.end() || !layer->stack()) return nullptr;
    const auto& info = layer->stack()->info();
    if (image::isFloat(info.type) || info.shape.c > 1) return nullptr;
    std::unique_ptr<Layer> other;
    if (layer->role() == Layer::Role::Image)
        other = std::make_unique<LabelsLayer>(layer->name(), layer->stack());
    else
        other = std::make_unique<Layer>(layer->name(), layer->stack());
    Layer* added = other.get();
    connect(added, &Layer::nameChanged, this, &Document::panesChanged);
    Q_EMIT layersAboutToChange();
    if (m_base == layer) m_base = nullptr;
    if (m_selected == layer) m_selected = nullptr;
    std::swap(*found, other);
    Q_EMIT layersChanged();
    other.reset();
    // The panes go on with an image, in front of the others.
    if (!m_base && added->isOverlay()) {
        const auto image = std::find_if(m_images.rbegin(), m_images.rend(),
                                        [](const auto& each) { return !each->isOverlay(); });
        if (image != m_images.rend()) select(image->get());
    }
    select(added);
    return added;
}

Layer* Document::duplicate(const Layer* layer) {
    if (!layer) return nullptr;
    if (const auto* marks = qobject_cast<const MarkLayer*>(layer)) {
        auto copy = std::make_unique<MarkLayer>(tr("%1 copy").arg(layer->name()), layer->role());
        copy->setMarks(marks->marks());
        copy->setStyle(marks->style());
        return addOverlay(std::move(copy));
    }
    if (!layer->stack()) return nullptr;
    if (layer->role() == Layer::Role::Labels)
        return addOverlay(
            std::make_unique<LabelsLayer>(tr("%1 copy").arg(layer->name()), layer->stack()));
    Layer* copy = addImage(layer->stack(), tr("%1 copy").arg(layer->name()));
    for (int c = 0; c < layer->channelCount(); ++c)
        copy->setChannel(c, layer->channels()[std::size_t(c)]);
    auto display = layer->display();
    display.visible = true;
    copy->setDisplay(display);
    copy->setUnitText(layer->unitText());
    return copy;
}

bool Document::move(const Layer* image, int places) {
    const auto found = std::find_if(m_images.begin(), m_images.end(),
                                    [&](const auto& i) { return i.get() == image; });
    if (found == m_images.end()) return false;
    const auto from = found - m_images.begin(),
               to = std::clamp<std::ptrdiff_t>(from + places, 0,
                                               std::ptrdiff_t(m_images.size()) - 1);
    if (to == from) return false;
    Q_EMIT layersAboutToChange();
    auto moved = std::move(*found);
    m_images.erase(found);
    m_images.insert(m_images.begin() + to, std::move(moved));
    Q_EMIT layersChanged();
    Q_EMIT panesChanged();
    return true;
}

bool Document::isShownAlone(const Layer* image) const {
    return image->isVisible() &&
           std::none_of(m_images.begin(), m_images.end(), [&](const auto& other) {
               return other.get() != image && other->isVisible();
           });
}

void Document::showOnly(Layer* image) {
    const bool alone = isShownAlone(image);
    for (const auto& other : m_images)
        other->setVisible(
            other.get() == image ||
            (alone && (image->isOverlay() || other->isOverlay() || sameGrid(other.get(), image))));
}

void Document::remove(Layer* layer) {
    const auto all = layers();
    const auto place = std::find(all.begin(), all.end(), layer);
    if (place == all.end()) return;
    const auto row = place - all.begin();
    // Panes must let go of the layers before these disappear.
    Run* run = runOf(layer);
    std::unique_ptr<Layer> image;
    std::unique_ptr<Run> results;
    Q_EMIT layersAboutToChange();
    if (run) {
        const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                        [&](const auto& r) { return r.get() == run; });
        results = std::move(*found);
        m_runs.erase(found);
    } else {
        const auto found = std::find_if(m_images.begin(), m_images.end(),
                                        [&](const auto& i) { return i.get() == layer; });
        image = std::move(*found);
        m_images.erase(found);
    }
    for (Layer** kept : {&m_selected, &m_base})
        if (*kept == layer || (results && results->owns(*kept))) *kept = nullptr;
    Q_EMIT layersChanged();
    const auto left = layers();
    if (!m_selected && !left.empty()) {
        Layer* next =
            results && results->input()
                ? results->input()
                : left[std::size_t(std::min<std::ptrdiff_t>(row, std::ptrdiff_t(left.size()) - 1))];
        if (!m_base && next->isOverlay()) {
            // The panes go on with an image, whatever is selected.
            const auto below = std::find_if(left.rbegin(), left.rend(),
                                            [](const Layer* each) { return !each->isOverlay(); });
            if (below != left.rend()) next = *below;
        }
        select(next);
    } else {
        Q_EMIT selectionChanged();
        Q_EMIT activeRunChanged();
        Q_EMIT panesChanged();
    }
}

void Document::select(Layer* layer) {
    if (layer && layer->role() == Layer::Role::Image && layer != m_base && layer->stack()) {
        // An image of another size cannot share the panes: the selected one comes to light.
        const bool fits = m_base && m_base->role() == Layer::Role::Image && m_base->stack() &&
                          sameGrid(layer, m_base);
        if (!fits) {
            layer->setVisible(true);
            for (const auto& other : m_images)
                if (!other->isOverlay() && !sameGrid(other.get(), layer)) other->setVisible(false);
        }
    }
    setSelected(layer);
}

void Document::setSelected(Layer* layer) {
    m_selected = layer;
    if (!layer || !layer->isOverlay()) m_base = layer;
    useGrid();
    Q_EMIT selectionChanged();
    Q_EMIT activeRunChanged();
    Q_EMIT panesChanged();
}

Run* Document::runOf(const Layer* layer) const {
    for (const auto& run : m_runs)
        if (run->owns(layer)) return run.get();
    return nullptr;
}

Run* Document::activeRun() const {
    if (Run* run = runOf(m_base)) return run;
    for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run)
        if (m_base && (*run)->input() == m_base) return run->get();
    return nullptr;
}

Layer* Document::input() const {
    if (const Run* run = runOf(m_base)) return run->input();
    return m_base;
}

Run* Document::startRun(engine::RestorationRequest request, bool preview) {
    Layer* source = input();
    Q_EMIT layersAboutToChange();
    m_selected = m_base = source;
    std::vector<std::unique_ptr<Run>> old;
    for (auto& run : m_runs)
        if (run->isPreview() || !run->snapshot()) old.push_back(std::move(run));
    m_runs.erase(std::remove(m_runs.begin(), m_runs.end(), nullptr), m_runs.end());
    if (!preview) ++m_runCount;
    return put(std::make_unique<Run>(m_runCount, preview, source, std::move(request)));
}

Run* Document::restoreRun(Layer* input, int number, engine::RestorationRequest request) {
    Q_EMIT layersAboutToChange();
    m_runCount = std::max(m_runCount, number);
    return put(std::make_unique<Run>(number, false, input, std::move(request)));
}

Run* Document::put(std::unique_ptr<Run> added) {
    Run* run = added.get();
    m_runs.push_back(std::move(added));
    setContrastLinked(m_contrastLinked);
    for (auto* layer : {run->sample(), run->mean(), run->uncertainty()})
        connect(layer, &Layer::nameChanged, this, &Document::panesChanged);
    connect(run->mean(), &Layer::stackChanged, this, [this, run] {
        if (run == activeRun() && run->mean()->channelCount() > m_view.shape().c) useGrid();
    });
    Q_EMIT layersChanged();
    setSelected(run->mean());
    return run;
}

std::vector<Document::Pane> Document::panes() const {
    std::vector<Pane> panes;
    if (const Run* run = activeRun()) {
        panes.push_back({tr("input"), {}, nullptr});
        if (run->input()) panes[0].layers.push_back(run->input());
        panes.push_back({run->sample()->name(), {run->sample()}, nullptr});
        panes.push_back({run->mean()->name(), {run->mean()}, run->uncertainty()});
        panes.push_back({run->uncertainty()->name(), {run->uncertainty()}, nullptr});
        const bool confidence = run->spread() == Run::Spread::Confidence;
        if (run->spread() != Run::Spread::Deviation && !confidence) panes[2].deviation = nullptr;
        if (confidence && run->hasUncertainty()) {
            panes[3].layers = {run->mean()};
            panes[3].deviation = panes[3].doubt = run->uncertainty();
        }
        if (m_inputHeld)
            for (auto& pane : panes)
                pane = {tr("input"), panes[0].layers, nullptr};
    } else if (!m_images.empty()) {
        panes.push_back({m_base ? m_base->name() : QString(), {}, nullptr});
        for (const auto& image : m_images)
            if (!image->isOverlay()) panes[0].layers.push_back(image.get());
    }
    return panes;
}

void Document::setContrastLinked(bool linked) {
    m_contrastLinked = linked;
    for (const auto& run : m_runs)
        run->sample()->setDisplaySource(linked ? run->mean() : nullptr);
}

void Document::setInputHeld(bool held) {
    if (std::exchange(m_inputHeld, held) != held) Q_EMIT panesChanged();
}

void Document::useGrid() {
    const Layer* base = input();
    if (!base || !base->stack()) return;
    auto info = base->stack()->info();
    if (const Run* run = activeRun())
        info.shape.c = std::max<std::int64_t>(info.shape.c, run->mean()->channelCount());
    m_view.setImage(info);
}

}  // namespace posteria::ui
