#include "ui/model/labels_layer.h"

#include <QColor>
#include <algorithm>
#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {
constexpr double kStart = 0.4;  // opacity that leaves the image to be seen
constexpr int kLargestBrush = 400;
constexpr int kLastLabel = 1 << 30;
}  // namespace

QRgb labelColor(std::uint64_t label) {
    if (label == 0) return qRgba(0, 0, 0, 0);
    // Hues a golden section apart never meet again; three levels of light tell near ones apart.
    const double hue = std::fmod(static_cast<double>(label) * 0.6180339887498949 + 0.05, 1.0);
    const double light[] = {0.55, 0.68, 0.42};
    return QColor::fromHslF(float(hue), 0.85f, float(light[label % 3])).rgb();
}

LabelsLayer::LabelsLayer(const QString& name, image::StackPtr stack, QObject* parent)
    : Layer(name, std::move(stack), Role::Labels, parent) {
    setUnitText(tr("label"));
    setOpacity(1 - kStart);
}

void LabelsLayer::setLabel(int label) {
    label = std::clamp(label, 1, kLastLabel);
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

}  // namespace posteria::ui
