#include "ui/viewer/pane_contents.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/model/labels_layer.h"
#include "ui/viewer/readout.h"

namespace posteria::ui::viewer {

namespace {

// The channel's colour, light enough to be read on a dark plate.
QColor textColor(const Layer& layer, int channel) {
    const auto& name = layer.channels()[static_cast<std::size_t>(channel)].colormap;
    if (layer.role() == Layer::Role::Uncertainty || layer.channelCount() == 1)
        return {240, 241, 242};
    const QColor full = QColor::fromRgb(colormap(name)[255]);
    return QColor((full.red() + 2 * 240) / 3, (full.green() + 2 * 240) / 3,
                  (full.blue() + 2 * 240) / 3);
}

}  // namespace

Layer* PaneContents::Pane::top() const {
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
        const bool image = *layer && !(*layer)->isOverlay();
        if (image && (*layer)->isVisible() && (*layer)->stack()) return *layer;
    }
    return nullptr;
}

const PaneContents::Pane* PaneContents::pane(int index) const {
    return index >= 0 && index < count() ? &panes[static_cast<std::size_t>(index)] : nullptr;
}

Layer* PaneContents::imageAt(int index, const QPointF& position) const {
    const Pane* shown = pane(index);
    const ViewState* state = views.view(index);
    if (!shown || !state) return nullptr;
    const double fromCenter = (position.x() - state->center().x()) / state->scale();
    const bool right = fromCenter / std::max(state->viewport().width(), 1.0) + 0.5 >= divider;
    return right && shown->swipe ? shown->swipe.data() : shown->top();
}

std::optional<double> PaneContents::value(int index, const QPointF& position, int channel) const {
    const Pane* shown = pane(index);
    const ViewState* state = views.view(index);
    const Layer* top = shown && state ? shown->top() : nullptr;
    return top ? slices.value(*top, *state, channel, position) : std::nullopt;
}

std::vector<Readout> PaneContents::readouts(int index) const {
    std::vector<Readout> result;
    const Pane* shown = pane(index);
    const ViewState* state = views.view(index);
    if (!shown || !state || !state->cursor()) return result;
    const QPointF at = *state->cursor();
    for (const auto& layer : shown->layers) {
        if (!layer || layer->role() != Layer::Role::Labels || !layer->isVisible()) continue;
        const auto value = slices.value(*layer, *state, 0, at);
        if (!value || *value <= 0) continue;
        const auto text = QCoreApplication::translate("LinkedPanes", "label %1");
        result.push_back({text.arg(*value, 0, 'f', 0), QColor(labelColor(std::uint64_t(*value)))});
    }
    const Layer* image = imageAt(index, at);
    if (!image || !image->stack()) return result;
    for (const int c : image->channelsShown(state->channel())) {
        const auto value = slices.value(*image, *state, c, at);
        if (!value) continue;
        const auto deviation =
            shown->deviation ? slices.value(*shown->deviation, *state, c, at) : std::nullopt;
        result.push_back({deviation ? formatWithDeviation(*value, *deviation) : formatValue(*value),
                          textColor(*image, c)});
    }
    return result;
}

std::vector<ShownSlices::Request> PaneContents::requests() const {
    std::vector<ShownSlices::Request> all;
    for (int i = 0; i < count(); ++i) {
        const Pane& shown = *pane(i);
        const ViewState* state = views.view(i);
        for (const auto& layer : shown.layers)
            if (layer && layer->isVisible()) all.push_back({layer, state});
        if (shown.deviation) all.push_back({shown.deviation, state});
        for (const auto& further : {shown.swipe, shown.doubt, shown.lens})
            if (further) all.push_back({further, state});
    }
    return all;
}

std::optional<int> PaneContents::suppressedChannel(int index) const {
    const Pane* shown = pane(index);
    const ViewState* state = views.view(index);
    const Layer* top = shown && state ? shown->top() : nullptr;
    if (!top || !shown->doubt || !shown->doubt->stack()) return std::nullopt;
    const auto channels = top->channelsShown(state->channel());
    if (channels.empty() || channels.front() >= shown->doubt->channelCount()) return std::nullopt;
    return channels.front();
}

PanePicture PaneContents::picture(int index, const QSize& size, double devicePixel) const {
    const Pane& shown = *pane(index);
    const ViewState& state = *views.view(index);
    const QPointF first =
        state.center() - QPointF(size.width() - 1, size.height() - 1) * devicePixel / 2;
    PanePicture result;
    for (const auto& layer : shown.layers) {
        if (!layer || !layer->isVisible() || !layer->stack()) continue;
        result.layers.push_back(slices.composed(*layer, state, first, devicePixel));
        if (layer != shown.top()) continue;
        const auto channel = suppressedChannel(index);
        const auto doubt = channel
                               ? slices.channel(*shown.doubt, state, *channel, first, devicePixel)
                               : std::nullopt;
        auto& composed = result.layers.back();
        if (!doubt || composed.channels.empty()) continue;
        composed.channels = {composed.channels.front(), *doubt};
        composed.suppressed = true;
    }
    if (shown.swipe && shown.swipe->stack())
        result.right = slices.composed(*shown.swipe, state, first, devicePixel);
    result.divider = divider;
    if (shown.lens && shown.lens->stack() && state.cursor()) {
        PaneLens lens;
        lens.center = (*state.cursor() - first) / devicePixel;
        lens.radius = lensShape.radius * state.scale() / devicePixel;
        lens.round = lensShape.round;
        lens.layer =
            slices.composed(*shown.lens, state,
                            first + QPointF(lens.bounds().topLeft()) * devicePixel, devicePixel);
        result.lens = std::move(lens);
    }
    return result;
}

}  // namespace posteria::ui::viewer
