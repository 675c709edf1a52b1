#include "ui/model/labels_layer.h"

#include <algorithm>
#include <utility>

namespace posteria::ui {

namespace {
constexpr double kStart = 0.4;  // opacity that leaves the image to be seen
constexpr int kLargestBrush = 400;
constexpr int kLastLabel = 1 << 30;

int lastLabel(const image::StackPtr& stack) {
    if (!stack) return kLastLabel;
    switch (stack->info().type) {
        case image::PixelType::UInt8:
            return 255;
        case image::PixelType::Int8:
            return 127;
        case image::PixelType::UInt16:
            return 65535;
        case image::PixelType::Int16:
            return 32767;
        default:
            return kLastLabel;
    }
}
}  // namespace

LabelsLayer::LabelsLayer(const QString& name, image::StackPtr stack, QObject* parent)
    : Layer(name, std::move(stack), Role::Labels, parent) {
    setUnitText(tr("label"));
    setOpacity(1 - kStart);
}

void LabelsLayer::setLabel(int label) {
    label = std::clamp(label, 1, lastLabel(stack()));
    if (std::exchange(m_label, label) == label) return;
    Q_EMIT toolChanged();
    if (m_style.onlyOne) Q_EMIT displayChanged();
}

void LabelsLayer::setBrush(int diameter) {
    diameter = std::clamp(diameter, 1, kLargestBrush);
    if (std::exchange(m_brush, diameter) != diameter) Q_EMIT toolChanged();
}

void LabelsLayer::setStyle(const LabelStyle& style) {
    if (style == m_style) return;
    m_style = style;
    Q_EMIT displayChanged();
}

void LabelsLayer::setColors(const LabelColors& colors) {
    if (colors == m_colors) return;
    m_colors = colors;
    Q_EMIT displayChanged();
}

}  // namespace posteria::ui
