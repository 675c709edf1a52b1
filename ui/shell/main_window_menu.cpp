// What the menus of the main window do.
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QMessageBox>
#include <QStandardPaths>
#include <QStatusBar>
#include <algorithm>
#include <cmath>

#include "core/base/version.h"
#include "ui/model/image_files.h"
#include "ui/model/marks_table.h"
#include "ui/shell/main_window.h"
#include "ui/shell/named_layouts.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/key_tip.h"
#include "ui/widgets/plugins_dialog.h"
#include "ui/widgets/shortcuts_dialog.h"

namespace posteria::ui::shell {

namespace {

constexpr double kKeyZoom = 1.5;

}  // namespace

void MainWindow::wireMenu() {
    const auto on = [this](QAction* action, auto&& what) {
        connect(action, &QAction::triggered, this, what);
    };
    using Result = ResultWriter::Result;
    const auto save = [this](Result result) {
        if (const Run* run = m_document.activeRun()) m_saving.saveResult(*run, result);
    };
    on(m_menu.open, [this] { chooseFiles(); });
    on(m_menu.openFolder, [this] { chooseFolder(); });
    on(m_menu.fromClipboard, [this] { m_opening->openClipboard(); });
    on(m_menu.openAsStack, [this] { m_opening->chooseStack(); });
    on(m_menu.saveSelected, [this] { saveSelected(); });
    on(m_menu.saveMean, [save] { save(Result::Mean); });
    on(m_menu.saveUncertainty, [save] { save(Result::Uncertainty); });
    on(m_menu.saveSamples, [save] { save(Result::Samples); });
    on(m_menu.saveAll, [this] {
        if (const Run* run = m_document.activeRun()) m_saving.saveAll(*run);
    });
    on(m_menu.saveSession,
       [this] { m_saving.saveSession([this](const QString& path) { m_sessions->save(path); }); });
    on(m_menu.exportFigure, [this] { m_figures->ask(); });
    connect(m_figures, &FigureExport::accepted, this, [this](const viewer::FigureOptions& options) {
        m_saving.saveFigure(
            [this, options](const QString& path) { m_figures->write(options, path); });
    });
    on(m_menu.exportMovie, [this] { m_movies->ask(); });
    connect(m_movies, &MovieExport::accepted, this, [this](const MovieOptions& options) {
        m_saving.saveMovie(
            options.kind, [this, options](const QString& path) { m_movies->write(options, path); });
    });
    on(m_menu.screenshot,
       [this] { m_saving.saveScreenshot([this] { return m_canvas->grabFrame(); }); });
    on(m_menu.screenshotWindow,
       [this] { m_saving.saveScreenshot([this] { return grab().toImage(); }); });
    const auto copy = [this](const QImage& picture) {
        QApplication::clipboard()->setImage(picture);
        statusBar()->showMessage(
            tr("Copied a picture of %1 × %2 pixels.").arg(picture.width()).arg(picture.height()),
            8000);
    };
    on(m_menu.copyScreenshot, [this, copy] { copy(m_canvas->grabFrame()); });
    on(m_menu.copyWindow, [this, copy] { copy(grab().toImage()); });
    on(m_menu.quit, [this] { close(); });

    auto* steps = m_history.steps();
    connect(m_menu.undo, &QAction::triggered, steps, &QUndoStack::undo);
    connect(m_menu.redo, &QAction::triggered, steps, &QUndoStack::redo);
    const auto told = [](QAction* action, const QString& verb, bool can, const QString& what) {
        action->setEnabled(can);
        action->setText(what.isEmpty() ? verb : verb + QStringLiteral(": ") + what);
    };
    const auto tell = [this, steps, told] {
        told(m_menu.undo, tr("Undo"), steps->canUndo(), steps->undoText());
        told(m_menu.redo, tr("Redo"), steps->canRedo(), steps->redoText());
    };
    connect(steps, &QUndoStack::indexChanged, this, tell);
    tell();

    on(m_menu.home, [this] { m_canvas->resetView(); });
    on(m_menu.zoomIn, [this] { m_canvas->zoom(kKeyZoom); });
    on(m_menu.zoomOut, [this] { m_canvas->zoom(1 / kKeyZoom); });
    auto* compare = new CompareMenu(&m_comparison, m_menu.view, m_menu.fullScreen, this);
    connect(compare, &CompareMenu::chosen, this,
            [this] { m_layouts->show(viewer::CanvasLayout::Grid); });
    connect(compare, &CompareMenu::refused, m_messages,
            [this](const QString& message, const QString& hint) {
                m_messages->post(widgets::MessageBar::Severity::Warning, message, hint);
            });
    connect(m_layouts, &LayoutMenu::layoutChanged, this, [this] {
        m_volumeControls->setVisible(m_canvas->layoutMode() == viewer::CanvasLayout::Volume);
        Q_EMIT activityChanged();
    });
    connect(m_layouts, &LayoutMenu::planeChosen, m_volumeControls,
            &widgets::VolumeControls::togglePlane);
    auto* named = new NamedLayouts(m_layouts, m_menu.scaleBar, m_menu.crosshair, m_settings, this);
    connect(named, &NamedLayouts::failed, m_messages,
            [this](const QString& message, const QString& hint) {
                m_messages->post(widgets::MessageBar::Severity::Warning, message, hint);
            });
    connect(m_menu.crosshair, &QAction::toggled, this,
            [this](bool visible) { m_document.view().setCrosshairVisible(visible); });
    connect(m_menu.scaleBar, &QAction::toggled, this,
            [this](bool visible) { m_canvas->setScaleBarVisible(visible); });
    connect(m_menu.axes, &QAction::toggled, this,
            [this](bool visible) { m_canvas->setAxesVisible(visible); });
    on(m_menu.nextSample, [this] { m_sampleSlider->step(1); });
    on(m_menu.previousSample, [this] { m_sampleSlider->step(-1); });
    on(m_menu.playSamples, [this] { m_sampleSlider->setPlaying(!m_sampleSlider->isPlaying()); });
    for (std::size_t i = 0; i < m_menu.spreads.size(); ++i) {
        on(m_menu.spreads[i], [this, i] {
            if (Run* run = m_document.activeRun()) run->setSpread(Run::kSpreads[i]);
        });
    }
    on(m_menu.nextSpread, [this] {
        if (Run* run = m_document.activeRun()) run->showNextSpread();
    });
    const auto plot = [this](viewer::PlotsPanel::Tab tab) {
        m_plots->setTab(tab);
        showDock(m_plotsDock);
    };
    on(m_menu.trust, [this] { showDock(m_trustDock); });
    on(m_menu.measureRegions, [this] { showDock(m_regionsDock); });
    on(m_menu.plotPixel, [plot] { plot(viewer::PlotsPanel::Pixel); });
    on(m_menu.plotLine, [plot] { plot(viewer::PlotsPanel::Line); });
    on(m_menu.findObjects, [this] {
        m_objectsDock->show();
        m_objectsDock->raise();
    });
    on(m_menu.play, [this] { m_dims->togglePlay(); });
    const auto turn = [this](image::AxisOrder (*change)(const image::AxisOrder&)) {
        m_layouts->show(viewer::CanvasLayout::Grid);
        m_document.view().setAxisOrder(change(m_document.view().axisOrder()));
    };
    on(m_menu.roll, [turn] { turn(image::rolled); });
    on(m_menu.transpose, [turn] { turn(image::transposed); });
    connect(m_menu.fullScreen, &QAction::toggled, this, [this](bool full) {
        setWindowState(full ? windowState() | Qt::WindowFullScreen
                            : windowState() & ~Qt::WindowFullScreen);
    });

    on(m_menu.autoContrast, [this] { m_controls->autoContrast(); });
    on(m_menu.toggleVisible, [this] {
        if (Layer* layer = m_document.selected()) layer->setVisible(!layer->isVisible());
    });
    on(m_menu.layerAbove, [this] { m_list->selectNeighbour(-1); });
    on(m_menu.layerBelow, [this] { m_list->selectNeighbour(1); });
    const auto showOnly = [this] {
        if (Layer* layer = m_document.selected(); layer && !layer->isResult())
            m_document.showOnly(layer);
    };
    on(m_menu.showOnly, showOnly);
    const auto showNeighbour = [this](int rows) {
        Layer* before = m_document.selected();
        m_list->selectNeighbour(rows);
        Layer* layer = m_document.selected();
        // The same key would show all of them again.
        if (layer && layer != before && !layer->isResult() && !m_document.isShownAlone(layer))
            m_document.showOnly(layer);
    };
    on(m_menu.showAbove, [showNeighbour] { showNeighbour(-1); });
    on(m_menu.showBelow, [showNeighbour] { showNeighbour(1); });
    on(m_menu.layerUp, [this] { m_document.move(m_document.selected(), 1); });
    on(m_menu.layerDown, [this] { m_document.move(m_document.selected(), -1); });
    on(m_menu.duplicateLayer, [this] { m_document.duplicate(m_document.selected()); });
    on(m_menu.linkLayers, [this] {
        auto marked = m_list->markedLayers();
        if (marked.size() < 2) {
            statusBar()->showMessage(
                tr("Mark several layers in the list first, with Ctrl or Shift held."), 8000);
            return;
        }
        // The others take on how the selected one is shown.
        const auto selected = std::find(marked.begin(), marked.end(), m_document.selected());
        if (selected != marked.end()) std::rotate(marked.begin(), selected, selected + 1);
        m_document.links().link(marked);
    });
    on(m_menu.unlinkLayers, [this] { m_document.links().unlink(m_document.selected()); });
    on(m_menu.removeLayer, [this] { m_document.remove(m_document.selected()); });
    on(m_menu.restore, [this] {
        m_restoreDock->show();
        m_restoreDock->raise();
        m_panel->setFocus();
        m_jobs.preload();
    });
    on(m_menu.copyCommand, [this] {
        const Run* run = m_document.activeRun();
        if (!run || run->command().isEmpty()) return;
        QApplication::clipboard()->setText(run->command());
        statusBar()->showMessage(tr("Copied: %1").arg(run->command()), 8000);
    });
    on(m_menu.sweepSeverity, [this] { m_sweep.start(ParameterSweep::What::Severity); });
    on(m_menu.sweepSteps, [this] { m_sweep.start(ParameterSweep::What::Steps); });
    on(m_menu.repeatRun, [this] { m_session.repeat(m_document.activeRun()); });
    on(m_menu.preview, [this] { restore(true); });
    on(m_menu.run, [this] { restore(false); });
    on(m_menu.cancel, [this] { m_session.cancel(); });
    on(m_menu.batch, [this] { m_work->showBatch(); });
    on(m_menu.calibrate, [this] { m_work->showCalibration(); });
    on(m_menu.installedPlugins, [this] { showPlugins(); });
    m_shortcuts = std::make_unique<widgets::Shortcuts>(menuBar(), m_settings);
    // What does the same as a command says so, with its keys.
    const auto keys = [this](const char* widget, const QAction* action,
                             const QString& pattern = QStringLiteral("%1 (%2)")) {
        auto* known = findChild<QWidget*>(QLatin1String(widget));
        if (known) widgets::followKeys(known, action, known->toolTip(), pattern);
    };
    keys("autoContrast", m_menu.autoContrast);
    keys("previewButton", m_menu.preview);
    keys("runButton", m_menu.run);
    keys("cancelButton", m_menu.cancel);
    keys("spreadCombo", m_menu.nextSpread, tr("%1 (%2 for the next)"));
    m_welcome->showKeys({{m_menu.open, tr("open an image")},
                         {m_menu.run, tr("restore it")},
                         {m_menu.nextSample, tr("next posterior sample")},
                         {m_menu.palette, tr("find any command")},
                         {m_menu.shortcuts, tr("all shortcuts")}});
    auto* palette = new widgets::CommandPalette(menuBar(), m_settings, this);
    on(m_menu.palette, [palette] { palette->popUp(); });
    on(m_menu.shortcuts, [this] { showShortcuts(); });
    on(m_menu.about, [this] { showAbout(); });
}

void MainWindow::showDock(QDockWidget* dock) {
    dock->show();
    dock->raise();
}

// What the result leaves of the input, an image like any other: white where nothing is left.
void MainWindow::showResidual() {
    const Run* run = m_document.activeRun();
    if (!run || !run->snapshot() || !run->snapshot()->residual) return;
    const auto residual = run->snapshot()->residual;
    const auto placement = run->mean()->placement();
    Layer* layer = m_document.addImage(residual, tr("residual of %1").arg(run->title()));
    layer->setPlacement(placement);
    for (int c = 0; c < layer->channelCount(); ++c) {
        auto display = layer->channels()[std::size_t(c)];
        const auto limits = autoLimits(residual->readPlane({0, c, 0}));
        const double reach = limits ? std::max(std::abs(limits->low), std::abs(limits->high)) : 1;
        display.colormap = QStringLiteral("blue-red");
        display.limits = {-reach, reach};
        display.automatic = false;
        layer->setChannel(c, display);
    }
}

void MainWindow::chooseFiles() {
    auto folder = m_settings->value(kOpenFolderKey).toString();
    if (folder.isEmpty())
        folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    auto* dialog = new QFileDialog(this, tr("Open images"), folder,
                                   tr("Images, sessions, points and shapes (*.posteria-session "
                                      "*.csv %1);;All files (*)")
                                       .arg(imagePatterns().join(QLatin1Char(' '))));
    dialog->setObjectName(QStringLiteral("openDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        m_settings->setValue(kOpenFolderKey, QFileInfo(paths.value(0)).absolutePath());
        open(paths);
    });
    dialog->open();
}

// Folders of images, and images that are folders: OME-Zarr.
void MainWindow::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Open a folder of images, or an OME-Zarr image"),
                                   m_settings->value(kOpenFolderKey).toString());
    dialog->setObjectName(QStringLiteral("openFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_settings->setValue(kOpenFolderKey, QFileInfo(path).absolutePath());
        open({path});
    });
    dialog->open();
}

void MainWindow::chooseModel() {
    auto* dialog = new QFileDialog(this, tr("Open a model's folder"));
    dialog->setObjectName(QStringLiteral("modelDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::useModel);
    dialog->open();
}

void MainWindow::saveSelected() {
    const Layer* layer = m_document.selected();
    if (const auto* marks = qobject_cast<const MarkLayer*>(layer))
        return m_saving.saveMarks(marks->name(), marksTable(*marks, m_document.view()));
    if (!layer || !layer->stack()) return;
    const Run* run = m_document.runOf(layer);
    using Result = ResultWriter::Result;
    if (!run)
        m_saving.saveImage(layer->stack(), layer->name());
    else
        m_saving.saveResult(*run, layer == run->mean()     ? Result::Mean
                                  : layer == run->sample() ? Result::Samples
                                                           : Result::Uncertainty);
}

void MainWindow::showPlugins() {
    if (!m_services.plugins) return;
    QStringList folders;
    for (const auto& folder : m_services.plugins->folders())
        folders << QString::fromStdString(folder);
    auto* dialog = new widgets::PluginsDialog(&m_plugins, folders, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    m_io.start([this, plugins = m_services.plugins] {
        const auto& all = plugins->all();
        QMetaObject::invokeMethod(
            this, [this, all] { m_plugins.setPlugins(all); }, Qt::QueuedConnection);
    });
}

void MainWindow::showShortcuts() {
    auto* dialog = new widgets::ShortcutsDialog(
        m_shortcuts.get(), MainMenu::gestureRows(m_preferences.inputPreset()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showAbout() {
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Posteria"),
                                tr("<h3>Posteria %1</h3><p>Restores microscopy images by drawing "
                                   "samples from the posterior, and "
                                   "shows how sure it is.</p><p>BSD 3-Clause licence. Built with "
                                   "Qt %2, VTK and LibTorch.</p>")
                                    .arg(QLatin1String(kVersion), QLatin1String(qVersion())),
                                QMessageBox::Close, this);
    box->setObjectName(QStringLiteral("aboutDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::RichText);
    box->open();
}

}  // namespace posteria::ui::shell
