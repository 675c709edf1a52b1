#include "ui/shell/main_menu.h"

#include <QActionGroup>
#include <QCoreApplication>

#include "ui/model/run.h"

namespace posteria::ui::shell {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("MainMenu", text);
}

QAction* add(QMenu* menu, const char* name, const char* text, const QKeySequence& keys = {}) {
    auto* action = menu->addAction(tr(text));
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    return action;
}

QAction* addToggle(QMenu* menu, const char* name, const char* text, bool on,
                   const QKeySequence& keys = {}) {
    auto* action = add(menu, name, text, keys);
    action->setCheckable(true);
    action->setChecked(on);
    return action;
}

QMenu* addMenu(QMenuBar* bar, const char* name, const char* text) {
    auto* menu = bar->addMenu(tr(text));
    menu->setObjectName(QLatin1String(name));
    return menu;
}

QKeySequence keys(const char* text) {
    return QKeySequence(QLatin1String(text));
}

}  // namespace

MainMenu::MainMenu(QMenuBar* bar) {
    file = addMenu(bar, "menuFile", "&File");
    open = add(file, "actionOpen", "Open…", keys("Ctrl+O"));
    openFolder = add(file, "actionOpenFolder", "Open Folder…", keys("Ctrl+Shift+O"));
    openAsStack = add(file, "actionOpenAsStack", "Open Files as Stack…", keys("Ctrl+Alt+O"));
    fromClipboard = add(file, "actionFromClipboard", "New Image from Clipboard", keys("Ctrl+N"));
    recent = file->addMenu(tr("Open Recent"));
    recent->setObjectName(QStringLiteral("menuRecent"));
    samples = file->addMenu(tr("Open Sample"));
    samples->setObjectName(QStringLiteral("menuSamples"));
    file->addSeparator();
    saveSelected = add(file, "actionSaveSelected", "Save Selected Layer…", keys("Ctrl+S"));
    saveMean = add(file, "actionSaveMean", "Save Mean…");
    saveUncertainty = add(file, "actionSaveUncertainty", "Save Uncertainty…");
    saveSamples = add(file, "actionSaveSamples", "Save Samples…");
    saveAll = add(file, "actionSaveAll", "Save All Results…", keys("Ctrl+Alt+S"));
    file->addSeparator();
    saveSession = add(file, "actionSaveSession", "Save Session…", keys("Ctrl+Shift+S"));
    exportFigure = add(file, "actionExportFigure", "Export Figure…", keys("Ctrl+Shift+E"));
    exportMovie = add(file, "actionExportMovie", "Export Movie…");
    screenshot = add(file, "actionScreenshot", "Screenshot…", keys("Alt+S"));
    screenshotWindow =
        add(file, "actionScreenshotWindow", "Screenshot of the Window…", keys("Alt+Shift+S"));
    copyScreenshot = add(file, "actionCopyScreenshot", "Copy Screenshot", keys("Alt+C"));
    copyWindow =
        add(file, "actionCopyWindow", "Copy Screenshot of the Window", keys("Alt+Shift+C"));
    file->addSeparator();
    preferences = add(file, "actionPreferences", "Preferences…", keys("Ctrl+,"));
    file->addSeparator();
    quit = add(file, "actionQuit", "Quit", keys("Ctrl+Q"));

    edit = addMenu(bar, "menuEdit", "&Edit");
    undo = add(edit, "actionUndo", "Undo", keys("Ctrl+Z"));
    redo = add(edit, "actionRedo", "Redo", keys("Ctrl+Shift+Z"));

    view = addMenu(bar, "menuView", "&View");
    home = add(view, "actionHome", "Reset View", keys("Ctrl+R"));
    zoomIn = add(view, "actionZoomIn", "Zoom In", QKeySequence::ZoomIn);
    zoomOut = add(view, "actionZoomOut", "Zoom Out", QKeySequence::ZoomOut);
    crosshair = addToggle(view, "actionCrosshair", "Crosshair", false);
    scaleBar = addToggle(view, "actionScaleBar", "Scale Bar", true);
    axes = addToggle(view, "actionAxes", "Axes", false);
    view->addSeparator();
    nextSample = add(view, "actionNextSample", "Next Sample", keys("J"));
    previousSample = add(view, "actionPreviousSample", "Previous Sample", keys("Shift+J"));
    playSamples = add(view, "actionPlaySamples", "Play Samples");
    auto* uncertainty = view->addMenu(tr("Uncertainty As"));
    uncertainty->setObjectName(QStringLiteral("menuSpread"));
    auto* kinds = new QActionGroup(uncertainty);
    for (const auto spread : Run::kSpreads) {
        auto* action = uncertainty->addAction(Run::spreadName(spread));
        action->setObjectName(QStringLiteral("actionSpread%1").arg(spreads.size()));
        action->setCheckable(true);
        kinds->addAction(action);
        spreads.push_back(action);
    }
    nextSpread = add(view, "actionNextSpread", "Next Kind of Uncertainty", keys("U"));
    plotPixel = add(view, "actionPlotPixel", "Plot the Pixel's Samples");
    plotLine = add(view, "actionPlotLine", "Line Profile", keys("Ctrl+K"));
    trust = add(view, "actionTrust", "Can I Trust This?", keys("Ctrl+J"));
    findObjects = add(view, "actionFindObjects", "Find Objects in Samples", keys("Ctrl+Alt+J"));
    view->addSeparator();
    play = add(view, "actionPlay", "Play Slices", keys("Ctrl+Alt+P"));
    roll = add(view, "actionRoll", "Roll Axes", keys("Ctrl+E"));
    transpose = add(view, "actionTranspose", "Transpose", keys("Ctrl+T"));
    fullScreen =
        addToggle(view, "actionFullScreen", "Full Screen", false, QKeySequence::FullScreen);
    lightTheme = addToggle(view, "actionLightTheme", "Light Theme", false, keys("Ctrl+Shift+T"));

    layers = addMenu(bar, "menuLayers", "&Layers");
    autoContrast = add(layers, "actionAutoContrast", "Auto-Contrast Once", keys("C"));
    toggleVisible = add(layers, "actionToggleVisible", "Toggle Visibility", keys("V"));
    layerAbove = add(layers, "actionLayerAbove", "Select Layer Above", keys("Ctrl+Up"));
    layerBelow = add(layers, "actionLayerBelow", "Select Layer Below", keys("Ctrl+Down"));
    showOnly = add(layers, "actionShowOnly", "Show Only This Layer", keys("Shift+V"));
    showAbove = add(layers, "actionShowAbove", "Show Only the Layer Above", keys("Shift+Alt+Up"));
    showBelow = add(layers, "actionShowBelow", "Show Only the Layer Below", keys("Shift+Alt+Down"));
    layerUp = add(layers, "actionLayerUp", "Move Layer Up", keys("Ctrl+Shift+Up"));
    layerDown = add(layers, "actionLayerDown", "Move Layer Down", keys("Ctrl+Shift+Down"));
    duplicateLayer = add(layers, "actionDuplicateLayer", "Duplicate Layer", keys("Ctrl+Shift+D"));
    linkLayers = add(layers, "actionLinkLayers", "Link Marked Layers");
    unlinkLayers = add(layers, "actionUnlinkLayers", "Unlink Layer");
    copyCommand = add(layers, "actionCopyCommand", "Copy as Command");
    sweepSeverity = add(layers, "actionSweepSeverity", "Try Severities");
    sweepSteps = add(layers, "actionSweepSteps", "Try Numbers of Steps");
    repeatRun = add(layers, "actionRepeatRun", "Run Again");
    measureRegions = add(layers, "actionMeasureRegions", "Measure Regions", keys("M"));
    removeLayer = add(layers, "actionRemoveLayer", "Delete Layer", keys("Ctrl+Del"));
    removeLayer->setShortcuts({keys("Ctrl+Del"), keys("Ctrl+Backspace")});
    layers->addSeparator();
    auto* filter = layers->addMenu(tr("Filter"));
    filter->setObjectName(QStringLiteral("menuFilter"));
    restore = add(filter, "actionRestore", "Restore…");
    preview =
        add(filter, "actionPreview", "Preview of the Visible Region", keys("Ctrl+Shift+Return"));
    run = add(filter, "actionRun", "Run", keys("Ctrl+Return"));
    cancel = add(filter, "actionCancel", "Cancel", keys("Esc"));
    filter->addSeparator();
    batch = add(filter, "actionBatch", "Batch Restore…", keys("Ctrl+Shift+B"));
    calibrate = add(filter, "actionCalibrate", "Calibrate Model…");

    plugins = addMenu(bar, "menuPlugins", "&Plugins");
    installedPlugins = add(plugins, "actionInstalledPlugins", "Installed Plugins…");
    window = addMenu(bar, "menuWindow", "&Window");
    help = addMenu(bar, "menuHelp", "&Help");
    tour = add(help, "actionTour", "Tour");
    palette = add(help, "actionPalette", "Find a Command…", keys("Ctrl+Shift+P"));
    shortcuts = add(help, "actionShortcuts", "Keyboard Shortcuts", keys("Ctrl+Alt+/"));
    about = add(help, "actionAbout", "About Posteria", keys("Ctrl+/"));
}

QString MainMenu::gestureRows(InputPreset preset) {
    QString rows;
    const auto row = [&rows](const QString& key, const QString& what) {
        rows += QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;&nbsp;</td><td>%2</td></tr>")
                    .arg(key.toHtmlEscaped(), what.toHtmlEscaped());
    };
    row(QStringLiteral("← →"), tr("Step through slices, or along the slider used last"));
    row(QStringLiteral("Alt+↑ Alt+↓"), tr("Choose the slider that the arrows step"));
    row(QStringLiteral("H"), tr("Hold to show the input in every pane"));
    if (preset == InputPreset::Fiji) {
        row(QStringLiteral(", ."), tr("Previous and next slice; < and > as well"));
        row(QStringLiteral("+ −"), tr("Zoom in and out"));
        row(QStringLiteral("4 5"), tr("Fit the image, show it at 100 %"));
        row(QStringLiteral("Ctrl+Shift+C"), tr("Auto-contrast"));
    }
    if (preset == InputPreset::Napari) {
        row(tr("Wheel, left drag, double click"), tr("Zoom, move, zoom in"));
        row(tr("Ctrl+wheel"), tr("Step through slices"));
    } else {
        row(tr("Wheel, left drag, double click"), tr("Step through slices, move, zoom in"));
        row(tr("Ctrl+wheel"), tr("Zoom"));
    }
    if (preset == InputPreset::Slicer)
        row(tr("Ctrl+left drag"), tr("Contrast: sideways the window, up and down the level"));
    row(tr("Alt+left drag"), tr("Draw the box to zoom to"));
    row(tr("Alt+wheel"), tr("Select the layer above or below"));
    row(tr("Double click, Return"), tr("Close a polygon; Backspace takes its last corner back"));
    row(tr("Delete"), tr("Remove the selected shape or point"));
    row(QStringLiteral("[ ]"), tr("Make the brush of labels smaller or larger"));
    row(tr("Shift+move"), tr("Crosshair in every pane"));
    return rows;
}

}  // namespace posteria::ui::shell
