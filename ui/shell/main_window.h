// The main window: layer controls and layer list at the left, the canvas with its sliders in the
// middle, the dock "restore" at the right, values under the cursor below. Owns the document and its
// controllers and holds all the wiring. Nothing here reads a file or loads the engine on the GUI
// thread, and the engine is not touched before the user turns to the restore dock.
#pragma once

#include <QLabel>
#include <QMainWindow>
#include <QProgressBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/plugin/plugin_set.h"
#include "ui/model/document.h"
#include "ui/model/file_loader.h"
#include "ui/model/history.h"
#include "ui/model/job_controller.h"
#include "ui/model/layer_list_model.h"
#include "ui/model/live_tuning.h"
#include "ui/model/parameter_sweep.h"
#include "ui/model/plugin_list_model.h"
#include "ui/model/preferences.h"
#include "ui/model/restore_session.h"
#include "ui/model/restore_settings.h"
#include "ui/model/result_writer.h"
#include "ui/model/settings_history.h"
#include "ui/model/settings_writer.h"
#include "ui/model/standing_pool.h"
#include "ui/shell/compare_menu.h"
#include "ui/shell/doubt_menu.h"
#include "ui/shell/figure_export.h"
#include "ui/shell/image_opening.h"
#include "ui/shell/layout_menu.h"
#include "ui/shell/link_menu.h"
#include "ui/shell/long_work.h"
#include "ui/shell/main_menu.h"
#include "ui/shell/mark_files.h"
#include "ui/shell/movie_export.h"
#include "ui/shell/overlay_menu.h"
#include "ui/shell/preset_keys.h"
#include "ui/shell/save_dialogs.h"
#include "ui/shell/session_files.h"
#include "ui/viewer/canvas_interface.h"
#include "ui/viewer/objects_panel.h"
#include "ui/viewer/plots_panel.h"
#include "ui/widgets/axis_slider.h"
#include "ui/widgets/dims_sliders.h"
#include "ui/widgets/layer_controls.h"
#include "ui/widgets/layer_list.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/overlay_controls.h"
#include "ui/widgets/region_panel.h"
#include "ui/widgets/restore_panel.h"
#include "ui/widgets/shortcuts.h"
#include "ui/widgets/tour_panel.h"
#include "ui/widgets/trust_panel.h"
#include "ui/widgets/volume_controls.h"
#include "ui/widgets/welcome_page.h"

namespace posteria::ui::shell {

class RecentFiles;

// What the window needs from outside.
struct Services {
    EngineFactory engine;                                        // called on the engine thread
    OpenFunction open;                                           // called on IO threads
    std::function<std::vector<package::ModelPackage>()> models;  // called on an IO thread
    QString samplesFolder;
    std::shared_ptr<const plugin::PluginSet> plugins;  // loaded on an IO thread; null: none
};

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    // The settings are not owned; the canvas becomes a child.
    MainWindow(Services services, QSettings* settings, viewer::Canvas* canvas);
    ~MainWindow() override;

    void open(const QStringList& paths);
    // A bundled model's name or a package's path; modelChosen() follows, with an error shown or
    // not.
    void useModel(const QString& nameOrPath);
    void restore(bool preview);
    // A step of Help ▸ Tour, from 0, done as if its button were pressed.
    void beginTour();
    int tourLength() const;
    void showTourStep(int step);
    void stopPlayingSamples() { m_sampleSlider->setPlaying(false); }
    void showLayout(viewer::CanvasLayout layout) { m_layouts->show(layout); }

    Document& document() { return m_document; }
    RestoreSettings& settings() { return m_restoreSettings; }
    viewer::Canvas* canvas() const { return m_canvas; }
    bool modelsListed() const { return m_modelsListed; }
    // Nothing is being read, restored or saved, and the canvas shows what it should.
    bool isIdle() const;
    // The kind of the last error that was shown.
    std::optional<ErrorKind> lastError() const { return m_lastError; }

  Q_SIGNALS:
    void painted();  // once, when the window is on the screen for the first time
    void modelsAreListed();
    void modelChosen();
    void activityChanged();  // something began or ended; see isIdle()

  protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void buildCentre();
    void buildDocks();
    void buildStatusBar();
    void wireMenu();
    void wireDocument();
    void wireRestoration();
    void wireFiles();
    void wirePreferences();
    void wireTour();
    void applyPreferences();
    void listModels();
    void listSamples();

    void panesChanged();
    void selectionChanged();
    void samplesChanged();
    void updateActions();
    void updateActivity();
    void showDock(QDockWidget* dock);
    void showResidual();
    void showError(ErrorKind kind, const QString& message, const QString& hint);
    void chooseFiles();
    void chooseFolder();
    void chooseModel();
    void saveSelected();
    void showPlugins();
    void openSession(const QString& path);  // asks where results would go
    void showShortcuts();
    void showAbout();

    Services m_services;
    QSettings* m_settings;
    SettingsWriter m_settingsWriter{m_settings};
    Preferences m_preferences;
    Document m_document;
    History m_history{&m_document};
    Comparison m_comparison{&m_document};
    RestoreSettings m_restoreSettings;
    JobController m_jobs;
    RestoreSession m_session;
    std::unique_ptr<LongWork> m_work;
    LiveTuning m_live;
    ParameterSweep m_sweep;
    SettingsHistory m_settingsHistory;
    FileLoader m_loader;
    ResultWriter m_writer;
    StandingPool m_io;
    LayerListModel m_layers;
    PluginListModel m_plugins;
    SaveDialogs m_saving;
    MainMenu m_menu;
    std::unique_ptr<widgets::Shortcuts> m_shortcuts;

    viewer::Canvas* m_canvas;
    LayoutMenu* m_layouts;
    DoubtMenu* m_doubt;
    FigureExport* m_figures;
    OverlayMenu* m_overlays;
    MovieExport* m_movies;
    SessionFiles* m_sessions;
    ImageOpening* m_opening;
    MarkFiles* m_tables;
    PresetKeys* m_presetKeys;
    RecentFiles* m_recent = nullptr;
    QStackedWidget* m_centre;
    widgets::WelcomePage* m_welcome;
    widgets::MessageBar* m_messages;
    widgets::VolumeControls* m_volumeControls;
    widgets::AxisSlider* m_sampleSlider;
    widgets::DimsSliders* m_dims;
    widgets::LayerControls* m_controls;
    widgets::OverlayControls* m_overlayControls;
    QStackedWidget* m_controlsBox;
    widgets::LayerList* m_list;
    widgets::RestorePanel* m_panel;
    viewer::PlotsPanel* m_plots;
    widgets::TrustPanel* m_trust;
    widgets::TourPanel* m_tour;
    widgets::RegionPanel* m_regions;
    viewer::ObjectsPanel* m_objects;
    QDockWidget *m_restoreDock, *m_plotsDock, *m_objectsDock, *m_trustDock, *m_regionsDock,
        *m_tourDock;
    QLabel *m_values, *m_activity;
    QProgressBar* m_activityBar;
    QToolButton* m_activityCancel;
    QTimer m_patience;  // a wait is shown once it has lasted 0.3 s
    QTimer m_panesTimer;
    QPointer<Run> m_shownRun;
    std::optional<ErrorKind> m_lastError;
    // Of the preferences, what the user may change for the session elsewhere.
    struct {
        std::optional<bool> scaleBar;
        double slicesPerSecond = 0, samplesPerSecond = 0;
    } m_applied;
    bool m_reading = false;  // planes that take long
    bool m_modelsListed = false, m_painted = false, m_closing = false;
};

}  // namespace posteria::ui::shell
