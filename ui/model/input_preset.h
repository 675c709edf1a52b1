// Whose habits the wheel, the contrast drag and some keys follow: those of napari, Fiji or 3D
// Slicer. A plain value that is passed down to whatever takes gestures; everything else is alike in
// all three.
#pragma once

#include <QString>
#include <array>
#include <optional>
#include <utility>

namespace posteria::ui {

enum class InputPreset { Napari, Fiji, Slicer };

// As the settings keep them, and as users read them.
inline constexpr std::array<std::pair<InputPreset, const char*>, 3> kInputPresets = {
    {{InputPreset::Napari, "napari"},
     {InputPreset::Fiji, "Fiji"},
     {InputPreset::Slicer, "Slicer"}}};

inline QString presetWord(InputPreset preset) {
    for (const auto& [each, word] : kInputPresets)
        if (each == preset) return QLatin1String(word);
    return {};
}
inline std::optional<InputPreset> presetOf(const QString& word) {
    for (const auto& [preset, each] : kInputPresets)
        if (word.compare(QLatin1String(each), Qt::CaseInsensitive) == 0) return preset;
    return std::nullopt;
}

// Whether a turn of the wheel steps slices rather than zooms; Ctrl does the other of the two.
inline bool wheelSteps(InputPreset preset, Qt::KeyboardModifiers modifiers) {
    return (preset == InputPreset::Napari) == modifiers.testFlag(Qt::ControlModifier);
}
// Slices further for a turn away from the user; Fiji's wheel rolls through a stack like a page.
inline int wheelStep(InputPreset preset, int turn) {
    return (turn > 0) == (preset == InputPreset::Fiji) ? -1 : 1;
}
// Whether a left drag with these keys changes window and level rather than pans.
inline bool dragsContrast(InputPreset preset, Qt::KeyboardModifiers modifiers) {
    return preset == InputPreset::Slicer && modifiers == Qt::ControlModifier;
}

}  // namespace posteria::ui
