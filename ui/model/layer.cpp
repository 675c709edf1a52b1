#include "ui/model/layer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {

quint64 nextId() {
    static std::atomic<quint64> last{0};
    return ++last;
}

// The layer's own index of document index i along one axis; -1 when it has none.
std::int64_t ownIndex(std::int64_t i, const std::vector<std::int64_t>& list, std::int64_t size) {
    if (!list.empty()) {
        const auto found = std::find(list.begin(), list.end(), i);
        const auto index = found - list.begin();
        return found != list.end() && index < size ? index : -1;
    }
    if (size == 1) return 0;
    return i >= 0 && i < size ? i : -1;
}

}  // namespace

std::optional<image::PlaneIndex> planeAt(const image::Stack& stack, const Placement& placement,
                                         std::int64_t t, std::int64_t z, std::int64_t c) {
    const auto& shape = stack.shape();
    if (c < 0 || c >= shape.c) return std::nullopt;
    const auto ownT = ownIndex(t, placement.t, shape.t);
    const auto ownZ = ownIndex(z, placement.z, shape.z);
    if (ownT < 0 || ownZ < 0) return std::nullopt;
    return image::PlaneIndex{ownT, c, ownZ};
}

Layer::Layer(const QString& name, image::StackPtr stack, Role role, QObject* parent)
    : QObject(parent), m_id(nextId()), m_role(role), m_name(name), m_unitText(tr("grey values")) {
    setStack(std::move(stack));
}

void Layer::setName(const QString& name) {
    if (name == m_name) return;
    m_name = name;
    Q_EMIT nameChanged(name);
}

void Layer::setStack(image::StackPtr stack) {
    if (stack == m_stack) return;
    m_stack = std::move(stack);
    if (m_stack) {
        const auto count = static_cast<std::size_t>(m_stack->shape().c);
        if (count != m_channels.size()) {
            m_channels = defaultDisplays(m_stack->info());
            if (m_role == Role::Uncertainty) {
                for (auto& channel : m_channels)
                    channel.colormap = QStringLiteral("magma");
            }
            if (m_role == Role::Difference) {
                for (auto& channel : m_channels)
                    channel.colormap = QStringLiteral("blue-red");
            }
            copyDisplay();
        }
        m_limitsKnown.assign(count, false);
    }
    Q_EMIT stackChanged();
}

void Layer::setPlacement(const Placement& placement) {
    if (placement == m_placement) return;
    m_placement = placement;
    Q_EMIT placementChanged();
}

std::optional<image::PlaneIndex> Layer::planeAt(std::int64_t t, std::int64_t z,
                                                std::int64_t c) const {
    return m_stack ? ui::planeAt(*m_stack, m_placement, t, z, c) : std::nullopt;
}

std::vector<int> Layer::channelsShown(int chosen) const {
    std::vector<int> shown;
    const int count = channelCount();
    if (count == 1) {
        shown.push_back(0);  // a single channel is shown whatever the channel slider says
    } else if (chosen < 0) {
        for (int c = 0; c < count; ++c)
            if (m_channels[std::size_t(c)].visible) shown.push_back(c);
    } else if (chosen < count) {
        shown.push_back(chosen);
    }
    // Signed colours do not add up to one that means anything.
    if (m_role == Role::Difference && shown.size() > 1) shown.resize(1);
    return shown;
}

void Layer::setDisplay(const LayerDisplay& display) {
    LayerDisplay wanted = display;
    wanted.opacity = std::clamp(wanted.opacity, 0.0, 1.0);
    if (wanted == m_display) return;
    m_display = wanted;
    Q_EMIT displayChanged();
}

void Layer::setVisible(bool visible) {
    auto display = m_display;
    display.visible = visible;
    setDisplay(display);
}

void Layer::setOpacity(double opacity) {
    auto display = m_display;
    display.opacity = opacity;
    setDisplay(display);
}

void Layer::setVolumeDisplay(const VolumeDisplay& volume) {
    auto display = m_display;
    display.volume = volume;
    setDisplay(display);
}

void Layer::setUnitText(const QString& text) {
    if (text == m_unitText) return;
    m_unitText = text;
    Q_EMIT displayChanged();
}

QString Layer::channelName(int c) const {
    const auto index = static_cast<std::size_t>(c);
    if (m_stack && index < m_stack->info().channels.size() &&
        !m_stack->info().channels[index].name.empty()) {
        return QString::fromStdString(m_stack->info().channels[index].name);
    }
    return tr("channel %1").arg(c + 1);
}

void Layer::setChannel(int c, const ChannelDisplay& display) {
    auto& own = m_channels.at(static_cast<std::size_t>(c));
    if (own == display) return;
    own = display;
    Q_EMIT displayChanged();
}

void Layer::setLimits(int c, const Limits& limits) {
    auto display = m_channels.at(static_cast<std::size_t>(c));
    display.limits = limits;
    display.automatic = false;
    setChannel(c, display);
}

void Layer::takeLimits(int c, const image::Plane& plane) {
    const auto index = static_cast<std::size_t>(c);
    const bool starts = m_role == Role::Image && !m_limitsAsked;
    auto limits = starts ? startLimits(plane) : autoLimits(plane);
    if (!limits) return;
    auto channels = m_channels;
    if (m_role == Role::Uncertainty) {
        limits->low = std::min(limits->low, 0.0);
        for (std::size_t other = 0; other < channels.size(); ++other) {
            if (m_limitsKnown[other])
                limits->high = std::max(limits->high, channels[other].limits.high);
        }
        for (auto& channel : channels) {
            if (channel.automatic) channel.limits = *limits;
        }
    }
    if (m_role == Role::Difference) {
        limits->high = std::max(std::abs(limits->low), std::abs(limits->high));
        limits->low = -limits->high;
    }
    channels[index].limits = *limits;
    channels[index].automatic = true;
    m_limitsKnown[index] = true;
    if (channels == m_channels) return;
    m_channels = std::move(channels);
    Q_EMIT displayChanged();
}

void Layer::resetLimits() {
    m_limitsAsked = true;
    for (auto& channel : m_channels)
        channel.automatic = true;
    m_limitsKnown.assign(m_channels.size(), false);
    Q_EMIT displayChanged();
}

void Layer::renewLimits() {
    m_limitsKnown.assign(m_channels.size(), false);
}

bool Layer::needsLimits(int c) const {
    const auto index = static_cast<std::size_t>(c);
    // A source that is still awaited gives no limits.
    const bool led = m_displaySource && m_displaySource->channelCount() == channelCount();
    return !led && m_channels.at(index).automatic && !m_limitsKnown.at(index);
}

bool Layer::followsPlanes(int c) const {
    const bool led = m_displaySource && m_displaySource->channelCount() == channelCount();
    return m_display.continuous && !led && m_channels.at(static_cast<std::size_t>(c)).automatic;
}

void Layer::setDisplaySource(Layer* source) {
    if (m_displaySource == source || source == this) return;
    if (m_displaySource) disconnect(m_displaySource, nullptr, this, nullptr);
    m_displaySource = source;
    if (!source) return;
    connect(source, &Layer::displayChanged, this, &Layer::copyDisplay);
    copyDisplay();
}

void Layer::copyDisplay() {
    if (!m_displaySource || m_displaySource->m_channels.size() != m_channels.size()) return;
    if (m_channels == m_displaySource->m_channels) return;
    m_channels = m_displaySource->m_channels;
    Q_EMIT displayChanged();
}

}  // namespace posteria::ui
