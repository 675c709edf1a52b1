#include "ui/shell/main_window.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStatusBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/shell/named_layouts.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/key_tip.h"
#include "ui/widgets/sweep_strip.h"
#include "ui/widgets/uncertainty_controls.h"

namespace posteria::ui::shell {

using widgets::MessageBar;

namespace {

constexpr int kPatienceMs = 300;

}  // namespace

MainWindow::MainWindow(Services services, QSettings* settings, viewer::Canvas* canvas)
    : m_services(std::move(services)),
      m_settings(settings),
      m_preferences(settings),
      m_jobs(m_services.engine),
      m_session(&m_document, &m_restoreSettings, &m_jobs),
      m_work(std::make_unique<LongWork>(&m_jobs, &m_restoreSettings, settings, this)),
      m_live(&m_document, &m_restoreSettings, &m_session),
      m_sweep(&m_document, &m_restoreSettings, &m_jobs),
      m_settingsHistory(&m_restoreSettings, m_history.steps()),
      m_loader(m_services.open),
      m_layers(&m_document),
      m_saving(&m_writer, settings, this),
      m_menu(menuBar()),
      m_canvas(canvas),
      m_layouts(new LayoutMenu(canvas, m_menu.view, m_menu.fullScreen, this)),
      m_doubt(new DoubtMenu(canvas, &m_document, m_menu.view, m_menu.fullScreen, this)),
      m_figures(new FigureExport(canvas, settings, this)),
      m_overlays(new OverlayMenu(canvas, &m_document, m_history.steps(), m_menu.layers,
                                 m_menu.removeLayer, this)),
      m_movies(new MovieExport(&m_document, canvas, settings, this)),
      m_sessions(new SessionFiles(&m_document, &m_restoreSettings, m_layouts, &m_writer,
                                  &m_preferences, m_services.open, this)),
      m_opening(new ImageOpening(&m_loader, &m_document, settings, this)),
      m_tables(new MarkFiles(&m_document, &m_loader, this)),
      m_presetKeys(new PresetKeys(canvas, &m_document.view(), this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Posteria"));
    setWindowIcon(widgets::applicationIcon());
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    new LinkMenu(canvas, &m_document, m_menu.view, m_menu.fullScreen, this);
    buildCentre();
    buildDocks();
    buildStatusBar();
    wireMenu();
    wireDocument();
    wireRestoration();
    wireFiles();
    wirePreferences();
    wireTour();
    listSamples();
    qApp->installEventFilter(this);
    resize(1400, 900);
    restoreGeometry(m_settings->value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(m_settings->value(QStringLiteral("window/state")).toByteArray(),
                 kWindowStateVersion);
    connect(this, &MainWindow::painted, this, &MainWindow::listModels);
    panesChanged();
    selectionChanged();
    samplesChanged();
}

MainWindow::~MainWindow() {
    qApp->removeEventFilter(this);
    m_io.waitForDone();
    m_work.reset();
    // The canvas and the plots let go of the document before it goes.
    m_canvas->setPanes({});
    delete m_canvas;
    delete m_plots;
    delete m_objects;
}

void MainWindow::buildCentre() {
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 4, 0, 4);
    column->setSpacing(4);
    m_messages = new MessageBar(centre);
    m_centre = new QStackedWidget(centre);
    m_welcome = new widgets::WelcomePage(m_centre);
    m_centre->addWidget(m_welcome);
    m_centre->addWidget(m_canvas);
    m_canvas->setViewState(&m_document.view());
    m_sampleSlider = new widgets::AxisSlider(QStringLiteral("sample"), tr("sample"), centre);
    m_dims = new widgets::DimsSliders(&m_document.view(), centre);
    connect(m_canvas, &viewer::Canvas::activeViewChanged, m_dims, &widgets::DimsSliders::setView);
    m_volumeControls = new widgets::VolumeControls(&m_document, centre);
    m_volumeControls->hide();
    column->addWidget(m_messages);
    column->addWidget(m_volumeControls);
    column->addWidget(m_centre, 1);
    column->addWidget(new widgets::SweepStrip(&m_sweep, centre));
    column->addWidget(new widgets::UncertaintyControls(&m_document, m_doubt->lens(),
                                                       m_doubt->contours(), centre));
    column->addWidget(m_sampleSlider);
    column->addWidget(m_dims);
    setCentralWidget(centre);
}

void MainWindow::buildDocks() {
    const auto addDock = [this](const char* name, const QString& title, QWidget* content,
                                Qt::DockWidgetArea area) {
        auto* dock = new QDockWidget(title, this);
        dock->setObjectName(QLatin1String(name));
        dock->setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetClosable);
        auto* outer = new QWidget(dock);
        auto* margin = new QVBoxLayout(outer);
        margin->setContentsMargins(4, 0, 4, 4);
        auto* panel = new QFrame(outer);
        panel->setObjectName(QStringLiteral("panel"));
        auto* inside = new QVBoxLayout(panel);
        inside->setContentsMargins(0, 0, 0, 0);
        inside->addWidget(content);
        margin->addWidget(panel);
        dock->setWidget(outer);
        addDockWidget(area, dock);
        m_menu.window->addAction(dock->toggleViewAction());
        return dock;
    };
    m_controlsBox = new QStackedWidget;
    m_controls = new widgets::LayerControls(&m_document);
    m_overlayControls = new widgets::OverlayControls(&m_document);
    m_overlayControls->setTools(m_overlays->tools());
    m_controlsBox->addWidget(m_controls);
    m_controlsBox->addWidget(m_overlayControls);
    auto* controlsDock =
        addDock("dockLayerControls", tr("layer controls"), m_controlsBox, Qt::LeftDockWidgetArea);
    controlsDock->setMinimumWidth(250);

    auto* listBox = new QWidget;
    auto* listColumn = new QVBoxLayout(listBox);
    listColumn->setContentsMargins(4, 4, 4, 4);
    listColumn->setSpacing(2);
    m_list = new widgets::LayerList(&m_document, &m_layers, listBox);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    const auto addButton = [&](const char* name, widgets::Symbol symbol, QAction* action) {
        auto* button = new QToolButton(listBox);
        button->setObjectName(QLatin1String(name));
        button->setIcon(widgets::icon(symbol));
        widgets::followKeys(button, action, action->text());
        button->setCheckable(action->isCheckable());
        button->setChecked(action->isChecked());
        button->setEnabled(action->isEnabled());
        connect(button, &QToolButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action] {
            button->setEnabled(action->isEnabled());
            button->setChecked(action->isChecked());
        });
        buttons->addWidget(button);
    };
    addButton("buttonOpen", widgets::Symbol::Open, m_menu.open);
    addButton("buttonPoints", widgets::Symbol::Points, m_overlays->newPoints());
    addButton("buttonShapes", widgets::Symbol::Polygon, m_overlays->newShapes());
    addButton("buttonLabels", widgets::Symbol::Labels, m_overlays->newLabels());
    addButton("button3D", widgets::Symbol::Cube, m_layouts->volume());
    addButton("buttonHome", widgets::Symbol::Home, m_menu.home);
    addButton("buttonCrosshair", widgets::Symbol::Crosshair, m_menu.crosshair);
    addButton("buttonScaleBar", widgets::Symbol::Ruler, m_menu.scaleBar);
    buttons->addStretch();
    addButton("buttonDelete", widgets::Symbol::Delete, m_menu.removeLayer);
    listColumn->addWidget(m_list, 1);
    listColumn->addLayout(buttons);
    auto* listDock = addDock("dockLayerList", tr("layer list"), listBox, Qt::LeftDockWidgetArea);

    m_panel = new widgets::RestorePanel(&m_restoreSettings);
    const auto scrolled = [](QWidget* content) {
        auto* scroll = new QScrollArea;
        scroll->setWidgetResizable(true);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setWidget(content);
        // Nothing is cut off at the side.
        scroll->setMinimumWidth(content->minimumSizeHint().width() +
                                scroll->verticalScrollBar()->sizeHint().width());
        return scroll;
    };
    m_restoreDock =
        addDock("dockRestore", tr("restore"), scrolled(m_panel), Qt::RightDockWidgetArea);
    m_restoreDock->setMinimumWidth(290);
    m_plots = new viewer::PlotsPanel(&m_document);
    m_plotsDock = addDock("dockPlots", tr("plots"), m_plots, Qt::RightDockWidgetArea);
    m_plotsDock->hide();
    m_trust = new widgets::TrustPanel(&m_document);
    m_trustDock =
        addDock("dockTrust", tr("can I trust this?"), scrolled(m_trust), Qt::RightDockWidgetArea);
    m_trustDock->hide();
    m_regions = new widgets::RegionPanel(&m_document);
    m_regionsDock = addDock("dockRegions", tr("regions"), m_regions, Qt::BottomDockWidgetArea);
    m_regionsDock->hide();
    m_objects = new viewer::ObjectsPanel(&m_document);
    m_objectsDock = addDock("dockObjects", tr("objects"), m_objects, Qt::RightDockWidgetArea);
    m_objectsDock->hide();
    m_tour = new widgets::TourPanel;
    m_tourDock = addDock("dockTour", tr("tour"), m_tour, Qt::TopDockWidgetArea);
    m_tourDock->hide();
    tabifyDockWidget(m_restoreDock, m_trustDock);
    tabifyDockWidget(m_restoreDock, m_objectsDock);
    resizeDocks({controlsDock, listDock}, {310, 560}, Qt::Vertical);
    resizeDocks({controlsDock, m_restoreDock}, {270, 300}, Qt::Horizontal);
}

void MainWindow::buildStatusBar() {
    m_values = new QLabel(this);
    m_values->setObjectName(QStringLiteral("statusValues"));
    m_values->setTextFormat(Qt::PlainText);
    m_activity = new QLabel(this);
    m_activity->setObjectName(QStringLiteral("activityText"));
    m_activity->setProperty("rank", QStringLiteral("second"));
    m_activityBar = new QProgressBar(this);
    m_activityBar->setObjectName(QStringLiteral("activityBar"));
    m_activityBar->setFixedWidth(120);
    m_activityBar->setTextVisible(false);
    m_activityCancel = new QToolButton(this);
    m_activityCancel->setObjectName(QStringLiteral("activityCancel"));
    m_activityCancel->setIcon(widgets::icon(widgets::Symbol::Close));
    m_activityCancel->setToolTip(tr("Cancel"));
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(6, 0, 6, 0);
    statusBar()->addWidget(m_values, 1);
    statusBar()->addPermanentWidget(m_work->indicator());
    statusBar()->addPermanentWidget(m_activity);
    statusBar()->addPermanentWidget(m_activityBar);
    statusBar()->addPermanentWidget(m_activityCancel);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, &MainWindow::updateActivity);
    connect(m_activityCancel, &QToolButton::clicked, this, [this] {
        m_loader.cancel();
        m_canvas->cancelReading();
        m_writer.cancel();
        m_movies->cancel();
    });
    connect(m_canvas, &viewer::Canvas::cursorMoved, this,
            [this] { m_values->setText(m_canvas->valueText()); });
    updateActivity();
}

void MainWindow::listModels() {
    m_io.start([this] {
        std::vector<package::ModelPackage> models;
        QString problem;
        try {
            models = m_services.models();
        } catch (const std::exception& e) {
            problem = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, models, problem] {
                if (!problem.isEmpty()) showError(ErrorKind::Model, problem, {});
                m_restoreSettings.setModels(models);
                m_modelsListed = true;
                Q_EMIT modelsAreListed();
            },
            Qt::QueuedConnection);
    });
}

void MainWindow::listSamples() {
    QFile list(m_services.samplesFolder + QStringLiteral("/samples.json"));
    QJsonObject models;
    if (list.open(QIODevice::ReadOnly)) models = QJsonDocument::fromJson(list.readAll()).object();
    const auto files = QDir(m_services.samplesFolder)
                           .entryInfoList({QStringLiteral("*.tif")}, QDir::Files, QDir::Name);
    for (const auto& file : files) {
        auto* action = m_menu.samples->addAction(file.fileName().section(QLatin1Char('.'), 0, 0));
        action->setObjectName(QStringLiteral("actionSample:") + file.fileName());
        connect(action, &QAction::triggered, this,
                [this, path = file.filePath(), model = models[file.fileName()].toString()] {
                    if (!model.isEmpty()) m_restoreSettings.preferModel(model);
                    open({path});
                });
    }
    m_menu.samples->setEnabled(!files.isEmpty());
    m_welcome->setSampleAvailable(!files.isEmpty());
}

void MainWindow::open(const QStringList& paths) {
    QStringList images, tables;
    for (const auto& path : paths)
        if (SessionFiles::isSession(path))
            openSession(path);
        else
            (MarkFiles::isTable(path) ? tables : images) << path;
    m_loader.open(images);
    m_tables->open(tables);
}

void MainWindow::openSession(const QString& path) {
    const auto& runs = m_document.runs();
    const bool results = std::any_of(runs.begin(), runs.end(), [](const auto& run) {
        return !run->isPreview() && run->snapshot();
    });
    if (!results) {
        m_sessions->open(path);
        return;
    }
    auto* question = new QMessageBox(QMessageBox::Question, tr("Close what is open?"),
                                     tr("A session takes the place of what is open; results that "
                                        "have not been saved are lost."),
                                     QMessageBox::Cancel, this);
    question->setObjectName(QStringLiteral("sessionQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    auto* replace = question->addButton(tr("Open the Session"), QMessageBox::AcceptRole);
    replace->setObjectName(QStringLiteral("sessionReplace"));
    connect(replace, &QPushButton::clicked, this, [this, path] { m_sessions->open(path); });
    question->open();
}

void MainWindow::useModel(const QString& nameOrPath) {
    m_io.start([this, nameOrPath] {
        try {
            auto model = package::findPackage(nameOrPath.toStdString());
            QMetaObject::invokeMethod(
                this,
                [this, model = std::move(model)] {
                    m_restoreSettings.useModel(model);
                    Q_EMIT modelChosen();
                },
                Qt::QueuedConnection);
        } catch (const Error& e) {
            auto message = QString::fromStdString(e.message());
            if (!e.where().empty())
                message = QString::fromStdString(e.where()) + QStringLiteral(": ") + message;
            QMetaObject::invokeMethod(
                this,
                [this, message, hint = QString::fromStdString(e.hint())] {
                    showError(ErrorKind::Model, message, hint);
                    Q_EMIT modelChosen();
                },
                Qt::QueuedConnection);
        }
    });
}

void MainWindow::restore(bool preview) {
    m_session.start(preview);
}

bool MainWindow::isIdle() const {
    return !m_loader.isBusy() && !m_jobs.busy() && !m_writer.isBusy() && !m_figures->isBusy() &&
           !m_overlays->isBusy() && !m_movies->isBusy() && !m_sessions->isBusy() &&
           !m_tables->isBusy() && !m_work->isBusy() && !m_objects->isBusy() &&
           !m_panesTimer.isActive() && !m_live.isPending() &&
           (m_document.isEmpty() || m_canvas->isSettled());
}

void MainWindow::panesChanged() {
    m_panesTimer.stop();
    std::vector<viewer::PaneSpec> specs;
    const auto over = m_document.overlays();
    auto panes = m_comparison.panes();
    m_doubt->lens()->attachTo(panes);
    for (const auto& pane : panes) {
        const auto role = pane.layers.size() == 1 ? pane.layers[0]->role() : Layer::Role::Image;
        const bool bar = role == Layer::Role::Uncertainty || role == Layer::Role::Difference;
        specs.push_back(
            {pane.title, pane.layers, pane.deviation, bar, pane.swipe, pane.doubt, pane.lens});
        specs.back().layers.insert(specs.back().layers.end(), over.begin(), over.end());
    }
    m_canvas->setPanes(specs);
    m_canvas->setShownLayer(m_document.shown(), over);
    m_centre->setCurrentWidget(m_document.isEmpty() ? static_cast<QWidget*>(m_welcome) : m_canvas);
    Q_EMIT activityChanged();
}

void MainWindow::selectionChanged() {
    const Layer* selected = m_document.selected();
    m_controlsBox->setCurrentWidget(
        selected && selected->isOverlay() ? static_cast<QWidget*>(m_overlayControls) : m_controls);
    const Layer* input = m_document.input();
    const bool several =
        input && input->stack() && input->stack()->shape().t * input->stack()->shape().z > 1;
    m_panel->setInput(input ? input->name() : QString(), several);
    setWindowTitle(input ? QStringLiteral("%1 — Posteria").arg(input->name())
                         : QStringLiteral("Posteria"));
    updateActions();
}

void MainWindow::samplesChanged() {
    Run* run = m_document.activeRun();
    if (run != m_shownRun) {
        if (m_shownRun) disconnect(m_shownRun, nullptr, this, nullptr);
        m_shownRun = run;
        m_sampleSlider->setPlaying(false);
        if (run) {
            connect(run, &Run::samplesChanged, this, &MainWindow::samplesChanged);
            connect(run, &Run::spreadChanged, this, &MainWindow::samplesChanged);
        }
    }
    m_sampleSlider->setVisible(run);
    m_sampleSlider->setCount(run ? run->keptSamples() : 1);
    m_sampleSlider->setIndex(run ? run->shownSample() : 0);
    const Layer* named = run && run->mean()->stack() ? run->mean() : m_document.base();
    QStringList names;
    for (int c = 0; named && c < named->channelCount(); ++c)
        names << named->channelName(c);
    m_dims->setChannelNames(names);
    for (std::size_t i = 0; i < m_menu.spreads.size(); ++i)
        m_menu.spreads[i]->setChecked(run && run->spread() == Run::kSpreads[i]);
    updateActions();
}

void MainWindow::updateActions() {
    const Run* run = m_document.activeRun();
    const bool any = !m_document.isEmpty(), samples = run && run->keptSamples() > 0;
    const bool writing = m_writer.isBusy();
    m_menu.saveSelected->setEnabled(any && !writing);
    m_menu.saveMean->setEnabled(run && run->mean()->stack() && !writing);
    m_menu.saveUncertainty->setEnabled(run && run->hasUncertainty() && !writing);
    m_menu.saveSamples->setEnabled(samples && !writing);
    m_menu.saveAll->setEnabled(run && run->mean()->stack() && !writing);
    for (auto* action :
         {m_menu.saveSession, m_menu.screenshot,   m_menu.copyScreenshot, m_menu.home,
          m_menu.zoomIn,      m_menu.zoomOut,      m_menu.crosshair,      m_menu.scaleBar,
          m_menu.axes,        m_menu.autoContrast, m_menu.toggleVisible,  m_menu.layerAbove,
          m_menu.layerBelow,  m_menu.removeLayer,  m_menu.showOnly,       m_menu.showAbove,
          m_menu.showBelow,   m_menu.layerUp,      m_menu.layerDown,      m_menu.duplicateLayer})
        action->setEnabled(any);
    // One picture or movie at a time, as both may change what the canvas reads.
    m_menu.exportFigure->setEnabled(any && !m_movies->isBusy());
    m_menu.exportMovie->setEnabled(m_movies->isPossible() && !m_movies->isBusy() &&
                                   !m_figures->isBusy());
    m_menu.linkLayers->setEnabled(m_document.layers().size() > 1);
    m_menu.unlinkLayers->setEnabled(m_document.links().isLinked(m_document.selected()));
    for (auto* action : {m_menu.nextSample, m_menu.previousSample, m_menu.playSamples})
        action->setEnabled(run && run->keptSamples() > 1);
    for (std::size_t i = 0; i < m_menu.spreads.size(); ++i)
        m_menu.spreads[i]->setEnabled(run && run->offers(Run::kSpreads[i]));
    m_menu.nextSpread->setEnabled(run && run->hasUncertainty());
    m_menu.run->setEnabled(m_session.canStart());
    m_menu.preview->setEnabled(m_session.canStart());
    m_menu.cancel->setEnabled(m_session.busy());
    m_panel->setExtendable(m_session.canExtend(run));
    m_menu.copyCommand->setEnabled(run && run->report());
    m_menu.repeatRun->setEnabled(m_session.canRepeat(run));
    m_menu.sweepSeverity->setEnabled(m_sweep.canStart(ParameterSweep::What::Severity));
    m_menu.sweepSteps->setEnabled(m_sweep.canStart(ParameterSweep::What::Steps));
}

void MainWindow::updateActivity() {
    const bool busy = m_loader.isBusy() || m_writer.isBusy() || m_movies->isBusy() || m_reading;
    if (!busy) m_patience.stop();
    // Short waits pass without a flicker.
    const bool shown = busy && !m_patience.isActive();
    if (busy && !shown) return;
    if (shown)
        m_activity->setText(m_loader.isBusy()    ? tr("Opening %1").arg(m_loader.currentName())
                            : m_movies->isBusy() ? tr("Writing the movie")
                            : m_writer.isBusy()  ? tr("Saving")
                                                 : tr("Reading the plane"));
    if (m_loader.isBusy() || !busy) m_activityBar->setRange(0, 0);
    for (auto* widget : {static_cast<QWidget*>(m_activity), static_cast<QWidget*>(m_activityBar),
                         static_cast<QWidget*>(m_activityCancel)})
        widget->setVisible(shown);
}

void MainWindow::showError(ErrorKind kind, const QString& message, const QString& hint) {
    m_lastError = kind;
    m_messages->post(MessageBar::Severity::Error, message, hint);
    Q_EMIT activityChanged();
}

bool MainWindow::event(QEvent* event) {
    const bool result = QMainWindow::event(event);
    if (event->type() == QEvent::Paint && !std::exchange(m_painted, true))
        QTimer::singleShot(0, this, &MainWindow::painted);
    return result;
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // H is held rather than pressed, which no shortcut can tell.
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool typing = qobject_cast<QLineEdit*>(watched) ||
                            qobject_cast<QLineEdit*>(QApplication::focusWidget()) ||
                            QApplication::activeModalWidget();
        if (key->key() == Qt::Key_H && key->modifiers() == Qt::NoModifier && !typing &&
            isActiveWindow()) {
            if (!key->isAutoRepeat()) m_document.setInputHeld(event->type() == QEvent::KeyPress);
            return true;
        }
        const bool counting = qobject_cast<QAbstractSpinBox*>(QApplication::focusWidget());
        if (event->type() == QEvent::KeyPress && !typing && !counting && isActiveWindow() &&
            m_presetKeys->press(*key))
            return true;
    }
    if (event->type() == QEvent::ApplicationDeactivate) m_document.setInputHeld(false);
    return QMainWindow::eventFilter(watched, event);
}

// Keys that no widget wanted: a shortcut would take the arrows from sliders and lists.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    const auto plain = event->modifiers() & ~Qt::KeypadModifier;
    const bool sideways = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    const bool upright = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
    if (sideways && plain == Qt::NoModifier)
        m_dims->step(event->key() == Qt::Key_Right ? 1 : -1);
    else if (upright && plain == Qt::AltModifier)
        m_dims->moveCurrent(event->key() == Qt::Key_Down ? 1 : -1);
    else
        QMainWindow::keyPressEvent(event);
}

// With Alt it selects the layer above or below; the canvas leaves it to the window.
void MainWindow::wheelEvent(QWheelEvent* event) {
    // X11 tells such a turn as one sideways.
    const QPoint turned = event->angleDelta();
    if (!(event->modifiers() & Qt::AltModifier) || turned.x() + turned.y() == 0)
        return QMainWindow::wheelEvent(event);
    m_list->selectNeighbour(turned.x() + turned.y() > 0 ? -1 : 1);
    event->accept();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    const bool busy = m_session.busy();
    if ((busy || !m_work->busyText().isEmpty()) && !m_closing) {
        event->ignore();
        auto* question =
            new QMessageBox(QMessageBox::Question, tr("Quit?"),
                            busy ? tr("A restoration is still running.") : m_work->busyText(),
                            QMessageBox::Cancel, this);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setInformativeText(busy ? tr("Quitting stops it; its samples are lost.")
                                          : tr("Quitting stops it."));
        auto* stop = question->addButton(tr("Stop and quit"), QMessageBox::AcceptRole);
        connect(stop, &QPushButton::clicked, this, [this] {
            m_closing = true;
            close();
        });
        question->open();
        return;
    }
    m_settings->setValue(QStringLiteral("window/geometry"), saveGeometry());
    m_settings->setValue(QStringLiteral("window/state"), saveState(kWindowStateVersion));
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    m_opening->dragEnter(event);
}

void MainWindow::dropEvent(QDropEvent* event) {
    m_opening->drop(event);
}

}  // namespace posteria::ui::shell
