// What follows what: the document, the runs and the files, each connected to what shows them.
#include <QFileInfo>
#include <QStatusBar>
#include <algorithm>
#include <utility>

#include "ui/shell/main_window.h"
#include "ui/shell/recent_files.h"

namespace posteria::ui::shell {

using widgets::MessageBar;

void MainWindow::wireDocument() {
    m_panesTimer.setSingleShot(true);
    m_panesTimer.setInterval(0);
    connect(&m_panesTimer, &QTimer::timeout, this, &MainWindow::panesChanged);
    connect(&m_comparison, &Comparison::panesChanged, this, [this] { m_panesTimer.start(); });
    connect(m_doubt->lens(), &DoubtLens::changed, this, [this] { m_panesTimer.start(); });
    // Not later: the layers may be gone by then.
    connect(&m_document, &Document::layersAboutToChange, this, [this] {
        m_canvas->setPanes({});
        m_canvas->setShownLayer(nullptr, {});
    });
    connect(&m_document, &Document::layersChanged, this, [this] { m_panesTimer.start(); });
    connect(&m_document, &Document::selectionChanged, this, &MainWindow::selectionChanged);
    connect(&m_document.links(), &LayerLinks::changed, this, &MainWindow::updateActions);
    connect(&m_document, &Document::activeRunChanged, this, &MainWindow::samplesChanged);
    connect(&m_document.view(), &ViewState::imageChanged, this, &MainWindow::updateActions);
    connect(&m_document.view(), &ViewState::crosshairChanged, this,
            [this] { m_menu.crosshair->setChecked(m_document.view().isCrosshairVisible()); });
    connect(m_canvas, &viewer::Canvas::failed, this, [this](const QString& message) {
        showError(ErrorKind::Input, message,
                  tr("The file may be damaged; other planes can still be seen."));
    });
    connect(m_canvas, &viewer::Canvas::readProgress, this, [this](double fraction) {
        if (std::exchange(m_reading, fraction >= 0) != m_reading) {
            m_patience.start();
            updateActivity();
        }
        if (!m_reading || m_loader.isBusy() || m_writer.isBusy() || m_movies->isBusy()) return;
        m_activityBar->setRange(0, 1000);
        m_activityBar->setValue(int(fraction * 1000));
    });
    connect(m_overlays, &OverlayMenu::failed, this,
            [this](const QString& message, const QString& hint) {
                showError(ErrorKind::Input, message, hint);
            });
    connect(m_overlays, &OverlayMenu::busyChanged, this, &MainWindow::activityChanged);
    connect(m_canvas, &viewer::Canvas::settled, this, &MainWindow::activityChanged);
    connect(m_canvas, &viewer::Canvas::clicked, m_objects, &viewer::ObjectsPanel::selectAt);
    connect(m_objects, &viewer::ObjectsPanel::busyChanged, this, &MainWindow::activityChanged);
    connect(m_objects, &viewer::ObjectsPanel::saveRequested, this,
            [this] { m_saving.saveMarks(tr("objects"), m_objects->csv()); });
    connect(m_objects, &viewer::ObjectsPanel::failed, this,
            [this](const QString& message, const QString& hint) {
                showError(ErrorKind::Failed, message, hint);
            });
    connect(m_sampleSlider, &widgets::AxisSlider::indexRequested, this, [this](int k) {
        if (Run* run = m_document.activeRun()) run->showSample(k);
    });
}

void MainWindow::wireRestoration() {
    connect(m_panel, &widgets::RestorePanel::touched, &m_jobs, &JobController::preload);
    connect(m_panel, &widgets::RestorePanel::runRequested, this, [this] { restore(false); });
    connect(m_panel, &widgets::RestorePanel::previewRequested, this, [this] { restore(true); });
    connect(m_panel, &widgets::RestorePanel::moreRequested, this,
            [this](int samples) { m_session.extend(m_document.activeRun(), samples); });
    connect(m_panel, &widgets::RestorePanel::cancelRequested, &m_session, &RestoreSession::cancel);
    connect(m_panel, &widgets::RestorePanel::openModelRequested, this, &MainWindow::chooseModel);
    connect(&m_restoreSettings, &RestoreSettings::changed, this, &MainWindow::updateActions);
    connect(&m_jobs, &JobController::busyChanged, this, [this](bool busy) {
        m_panel->setBusy(busy);
        updateActions();
        Q_EMIT activityChanged();
    });
    connect(&m_session, &RestoreSession::progress, m_panel, &widgets::RestorePanel::showProgress);
    connect(&m_session, &RestoreSession::snapshotTaken, this, [this](Run* run) {
        m_panel->showResult(*run->snapshot());
        samplesChanged();
        updateActions();
    });
    connect(m_work.get(), &LongWork::busyChanged, this, &MainWindow::activityChanged);
    connect(m_work.get(), &LongWork::openRequested, this, &MainWindow::open);
    connect(m_work.get(), &LongWork::modelKept, this, &MainWindow::useModel);
    connect(m_panel, &widgets::RestorePanel::liveToggled, &m_live, &LiveTuning::setEnabled);
    connect(&m_live, &LiveTuning::enabledChanged, m_panel, &widgets::RestorePanel::setLive);
    connect(m_panel, &widgets::RestorePanel::trustRequested, this,
            [this] { showDock(m_trustDock); });
    connect(m_trust, &widgets::TrustPanel::residualRequested, this, &MainWindow::showResidual);
    connect(&m_session, &RestoreSession::finished, m_panel, &widgets::RestorePanel::showReport);
    connect(&m_session, &RestoreSession::finished, this, &MainWindow::updateActions);
    connect(&m_session, &RestoreSession::stopped, this, [this](int samples) {
        m_panel->showState(samples == 0   ? tr("Stopped before the first sample")
                           : samples == 1 ? tr("Stopped after 1 sample, which is kept")
                                          : tr("Stopped; %1 samples are kept").arg(samples));
        samplesChanged();
    });
    connect(&m_session, &RestoreSession::failed, this,
            [this](const QString& message, const QString& hint) {
                m_panel->showState(tr("Stopped by an error"));
                showError(ErrorKind::Failed, message, hint);
            });
}

void MainWindow::wireFiles() {
    connect(m_welcome, &widgets::WelcomePage::openRequested, this, &MainWindow::chooseFiles);
    connect(m_welcome, &widgets::WelcomePage::batchRequested, this,
            [this] { m_work->showBatch(); });
    connect(m_welcome, &widgets::WelcomePage::sampleRequested, this, [this] {
        if (!m_menu.samples->actions().isEmpty()) m_menu.samples->actions().first()->trigger();
    });
    auto* recent = m_recent = new RecentFiles(m_menu.recent, m_settings, this);
    connect(recent, &RecentFiles::openRequested, this,
            [this](const QString& path) { open({path}); });
    connect(&m_loader, &FileLoader::opened, recent, [this, recent](const QString& path) {
        if (!m_opening->isOfFolder(path)) recent->add(path);
    });
    connect(m_opening, &ImageOpening::folderOpened, recent, &RecentFiles::add);
    connect(&m_loader, &FileLoader::failed, recent, [recent](const QString& path) {
        if (!QFileInfo::exists(path)) recent->remove(path);
    });
    connect(&m_loader, &FileLoader::opened, this,
            [this](const QString& path, const std::vector<image::StackPtr>& series) {
                const auto file = QFileInfo(path).fileName();
                for (const auto& stack : series) {
                    const auto own = QString::fromStdString(stack->info().name);
                    m_document.addImage(stack, series.size() > 1 && !own.isEmpty()
                                                   ? QStringLiteral("%1 · %2").arg(own, file)
                                                   : file);
                    for (const auto& warning : stack->info().warnings)
                        m_messages->post(MessageBar::Severity::Warning,
                                         QString::fromStdString(warning));
                }
                // A file of several images shows its first one; the others wait in the layer list.
                const auto layers = m_document.layers();
                if (series.size() > 1) {
                    const auto images =
                        std::count_if(layers.begin(), layers.end(),
                                      [](const Layer* l) { return !l->isResult(); });
                    const auto first = std::size_t(images) - series.size();
                    for (std::size_t i = first + 1; i < std::size_t(images); ++i)
                        layers[i]->setVisible(false);
                    m_document.select(layers[first]);
                }
            });
    connect(&m_loader, &FileLoader::failed, this,
            [this](const QString&, const QString& message, const QString& hint) {
                showError(ErrorKind::Input, message, hint);
            });
    const auto activity = [this] {
        m_patience.start();
        updateActivity();
        updateActions();
        Q_EMIT activityChanged();
    };
    connect(m_opening, &ImageOpening::openRequested, this, &MainWindow::open);
    connect(m_opening, &ImageOpening::warned, m_messages, [this](const QString& message) {
        m_messages->post(MessageBar::Severity::Warning, message);
    });
    connect(&m_loader, &FileLoader::busyChanged, this, activity);
    connect(&m_loader, &FileLoader::progress, this, [this](double fraction) {
        m_activityBar->setRange(0, 1000);
        m_activityBar->setValue(int(fraction * 1000));
    });
    connect(&m_writer, &ResultWriter::busyChanged, this, activity);
    connect(&m_writer, &ResultWriter::progress, this, [this](double fraction) {
        m_activityBar->setRange(0, 1000);
        m_activityBar->setValue(int(fraction * 1000));
    });
    connect(&m_writer, &ResultWriter::failed, this,
            [this](const QString& message, const QString& hint) {
                showError(ErrorKind::Failed, message, hint);
            });
    const auto saved = [this](const QString& what) {
        statusBar()->showMessage(tr("Saved %1").arg(what), 8000);
    };
    connect(&m_writer, &ResultWriter::written, this,
            [saved](const QStringList& paths) { saved(paths.join(QStringLiteral(", "))); });
    connect(m_regions, &widgets::RegionPanel::saveRequested, this,
            [this] { m_saving.saveMarks(tr("regions"), m_regions->table().csv().toUtf8()); });
    connect(m_plots, &viewer::PlotsPanel::saveRequested, this, [this] {
        m_saving.savePlot([this](const QString& path) { return m_plots->save(path); });
    });
    const auto notSaved = [this](const QString& message, const QString& hint) {
        showError(ErrorKind::Failed, message, hint);
    };
    connect(&m_saving, &SaveDialogs::saved, this, saved);
    connect(&m_saving, &SaveDialogs::failed, this, notSaved);
    connect(m_figures, &FigureExport::saved, this, saved);
    connect(m_figures, &FigureExport::failed, this, notSaved);
    connect(m_figures, &FigureExport::busyChanged, this, activity);
    connect(m_movies, &MovieExport::saved, this, saved);
    connect(m_movies, &MovieExport::failed, this, notSaved);
    connect(m_movies, &MovieExport::busyChanged, this, activity);
    connect(m_movies, &MovieExport::busyChanged, this,
            [this] { m_history.setPaused(m_movies->isBusy()); });
    connect(m_movies, &MovieExport::progress, this, [this](int frames, int all) {
        m_activityBar->setRange(0, all);
        m_activityBar->setValue(frames);
    });
    connect(m_tables, &MarkFiles::opened, recent, &RecentFiles::add);
    connect(m_tables, &MarkFiles::busyChanged, this, activity);
    connect(m_tables, &MarkFiles::failed, this,
            [this](const QString& message, const QString& hint) {
                showError(ErrorKind::Input, message, hint);
            });
    connect(m_sessions, &SessionFiles::saved, this, saved);
    connect(m_sessions, &SessionFiles::saved, recent, &RecentFiles::add);
    connect(m_sessions, &SessionFiles::opened, recent, &RecentFiles::add);
    connect(m_sessions, &SessionFiles::opened, &m_history, &History::reset);
    connect(m_sessions, &SessionFiles::aboutToReplace, &m_session, &RestoreSession::cancel);
    connect(m_sessions, &SessionFiles::busyChanged, this, activity);
    connect(m_sessions, &SessionFiles::warned, m_messages,
            [this](const QString& message, const QString& hint) {
                m_messages->post(MessageBar::Severity::Warning, message, hint);
            });
    connect(m_sessions, &SessionFiles::failed, this,
            [this](const QString& message, const QString& hint) {
                showError(ErrorKind::Input, message, hint);
            });
}

}  // namespace posteria::ui::shell
