// What the user's preferences do to the window, at its start and whenever one of them changes.
#include <QApplication>
#include <utility>

#include "ui/shell/main_window.h"
#include "ui/shell/recent_files.h"
#include "ui/widgets/preferences_dialog.h"
#include "ui/widgets/theme.h"

namespace posteria::ui::shell {

void MainWindow::wirePreferences() {
    connect(m_menu.preferences, &QAction::triggered, this, [this] {
        auto* dialog = new widgets::PreferencesDialog(&m_preferences, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_menu.lightTheme, &QAction::toggled, &m_preferences, &Preferences::setLightTheme);
    connect(m_presetKeys, &PresetKeys::autoContrastRequested, m_menu.autoContrast,
            &QAction::trigger);
    connect(&m_preferences, &Preferences::changed, this, &MainWindow::applyPreferences);
    connect(m_canvas, &viewer::Canvas::activeViewChanged, m_presetKeys, &PresetKeys::setView);
    applyPreferences();
}

void MainWindow::applyPreferences() {
    using widgets::theme::Theme;
    const auto theme = m_preferences.lightTheme() ? Theme::Light : Theme::Dark;
    if (widgets::theme::inUse() != theme) widgets::theme::apply(*qApp, theme);
    m_menu.lightTheme->setChecked(theme == Theme::Light);
    m_canvas->setInputPreset(m_preferences.inputPreset());
    m_canvas->setCacheBytes(std::uint64_t(m_preferences.cacheMegabytes()) << 20);
    m_presetKeys->setPreset(m_preferences.inputPreset());
    m_recent->setMost(m_preferences.recentFiles());
    // These only with their own preference: the user may have chosen otherwise since, in View ▸
    // Scale Bar or in a slider's menu.
    const auto isNew = [](auto& known, auto now) { return std::exchange(known, now) != now; };
    if (isNew(m_applied.scaleBar, m_preferences.scaleBarAtStart()))
        m_menu.scaleBar->setChecked(m_preferences.scaleBarAtStart());
    if (isNew(m_applied.slicesPerSecond, m_preferences.slicesPerSecond()))
        m_dims->setStepsPerSecond(m_preferences.slicesPerSecond());
    if (isNew(m_applied.samplesPerSecond, m_preferences.samplesPerSecond())) {
        m_sampleSlider->setStepsPerSecond(m_preferences.samplesPerSecond());
        m_doubt->lens()->setSamplesPerSecond(m_preferences.samplesPerSecond());
    }
}

}  // namespace posteria::ui::shell
