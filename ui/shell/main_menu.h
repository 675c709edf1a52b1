// Menus, their actions and shortcuts, with napari's words and keys. Actions have stable object
// names
// ("actionOpen", …); the main window connects them.
#pragma once

#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <vector>

#include "ui/model/input_preset.h"

namespace posteria::ui::shell {

struct MainMenu {
    explicit MainMenu(QMenuBar* bar);

    QMenu *file, *edit, *recent, *samples, *view, *layers, *plugins, *window, *help;
    QAction *open, *openFolder, *openAsStack, *fromClipboard, *saveSelected, *saveMean,
        *saveUncertainty, *saveSamples, *saveAll;
    QAction *saveSession, *exportFigure, *exportMovie, *screenshot, *screenshotWindow,
        *copyScreenshot, *copyWindow, *preferences, *quit;
    QAction *undo, *redo;
    std::vector<QAction*> spreads;  // as Run::kSpreads
    QAction *home, *zoomIn, *zoomOut, *crosshair, *scaleBar, *axes, *lightTheme, *nextSpread,
        *plotPixel, *plotLine, *findObjects, *trust, *measureRegions, *copyCommand, *repeatRun,
        *sweepSeverity, *sweepSteps;
    QAction *nextSample, *previousSample, *playSamples;
    QAction *play, *roll, *transpose, *fullScreen;
    QAction *autoContrast, *toggleVisible, *layerAbove, *layerBelow, *removeLayer, *showOnly,
        *showAbove, *showBelow, *layerUp, *layerDown, *duplicateLayer, *linkLayers, *unlinkLayers;
    QAction *restore, *preview, *run, *cancel, *batch, *calibrate;
    QAction* installedPlugins;
    QAction *tour, *palette, *shortcuts, *about;

    // What the mouse and keys that are no commands do with a preset, rows of an HTML table, for
    // Help ▸ Keyboard Shortcuts.
    static QString gestureRows(InputPreset preset);
};

}  // namespace posteria::ui::shell
