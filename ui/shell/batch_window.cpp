#include "ui/shell/batch_window.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QUrl>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/model/image_files.h"
#include "ui/shell/file_drop.h"

namespace posteria::ui::shell {

namespace {

const auto kFolderKey = QStringLiteral("batch/folder");
constexpr int kSoonMs = 200;

QString resultBase(const QString& folder, const QString& input) {
    return QDir(folder).filePath(QString::fromStdString(engine::resultStem(input.toStdString())));
}

}  // namespace

BatchWindow::BatchWindow(EngineSteps* steps, const RestoreSettings* panel, QSettings* settings,
                         QWidget* parent)
    : QWidget(parent, Qt::Window),
      m_panelSettings(panel),
      m_store(settings),
      m_run(steps, &m_queue),
      m_panel(new widgets::BatchPanel(&m_queue, &m_settings, this)) {
    setObjectName(QStringLiteral("batchWindow"));
    setWindowTitle(tr("Batch restoration"));
    setAttribute(Qt::WA_StyledBackground);
    setAcceptDrops(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_panel);
    resize(1000, 620);
    connect(steps, &EngineSteps::givingWayChanged, m_panel, &widgets::BatchPanel::setGivingWay);
    wire();
    takeSettings();
}

BatchWindow::~BatchWindow() {
    m_io.waitForDone();
}

void BatchWindow::wire() {
    using widgets::BatchPanel;
    connect(m_panelSettings, &RestoreSettings::modelsChanged, this, &BatchWindow::takeSettings);
    connect(m_panelSettings, &RestoreSettings::changed, this, [this] {
        if (!isVisible()) takeSettings();
    });
    connect(m_panel, &BatchPanel::addFilesRequested, this, &BatchWindow::chooseFiles);
    connect(m_panel, &BatchPanel::addFolderRequested, this, [this] { chooseFolder(false); });
    connect(m_panel, &BatchPanel::chooseFolderRequested, this, [this] { chooseFolder(true); });
    connect(m_panel, &BatchPanel::patternEntered, this,
            [this](const QString& text) { add({text}); });
    connect(m_panel, &BatchPanel::startRequested, this, &BatchWindow::start);
    connect(m_panel, &BatchPanel::cancelRequested, &m_run, &BatchRun::cancel);
    connect(m_panel, &BatchPanel::pauseRequested, this, [this] {
        if (m_run.state() == BatchRun::State::Paused)
            m_run.resume();
        else
            m_run.pause();
    });
    connect(m_panel, &BatchPanel::openRequested, this, &BatchWindow::openResult);
    connect(m_panel, &BatchPanel::summaryRequested, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_run.summary())); });
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoonMs);
    connect(&m_soon, &QTimer::timeout, this, &BatchWindow::countExisting);
    connect(m_panel, &BatchPanel::targetChanged, this, [this] { m_soon.start(); });
    connect(&m_queue, &BatchQueue::countsChanged, this, [this] {
        proposeFolder();
        m_soon.start();
    });
    connect(&m_run, &BatchRun::stateChanged, this, [this] {
        m_panel->setState(m_run.state());
        Q_EMIT busyChanged();
    });
    connect(&m_run, &BatchRun::summaryWritten, this, [this](const QString& path) {
        m_panel->setSummary(path);
        m_panel->showMessage(tr("Summary: %1").arg(path), false);
    });
    connect(&m_run, &BatchRun::failed, this, [this](const QString& message, const QString& hint) {
        m_panel->showMessage(message + QLatin1Char(' ') + hint, true);
    });
}

void BatchWindow::present() {
    if (m_queue.rowCount() == 0) takeSettings();
    show();
    raise();
    activateWindow();
}

void BatchWindow::takeSettings() {
    if (m_run.state() == BatchRun::State::Idle && m_queue.rowCount() == 0)
        m_settings.takeOver(*m_panelSettings);
    else
        m_settings.setModels(m_panelSettings->models());
}

void BatchWindow::add(const QStringList& textsOrPaths) {
    ++m_finding;
    Q_EMIT busyChanged();
    m_io.start([this, textsOrPaths] {
        QStringList images, problems;
        for (const auto& text : textsOrPaths) {
            try {
                images << imagesMatching(text);
            } catch (const Error& e) {
                problems << QString::fromStdString(e.what());
            }
        }
        QMetaObject::invokeMethod(
            this,
            [this, images, problems] {
                --m_finding;
                const int added = m_queue.add(images);
                if (problems.isEmpty()) m_panel->clearPattern();
                if (!problems.isEmpty())
                    m_panel->showMessage(problems.join(QLatin1Char(' ')), true);
                else if (m_run.state() == BatchRun::State::Idle)
                    m_panel->showMessage(added == 0   ? tr("These files are in the list already.")
                                         : added == 1 ? tr("1 file was added.")
                                                      : tr("%1 files were added.").arg(added),
                                         false);
                Q_EMIT busyChanged();
            },
            Qt::QueuedConnection);
    });
}

void BatchWindow::chooseFiles() {
    auto* dialog = new QFileDialog(
        this, tr("Add images"), m_store->value(kFolderKey).toString(),
        tr("Images (%1);;All files (*)").arg(imagePatterns().join(QLatin1Char(' '))));
    dialog->setObjectName(QStringLiteral("batchFilesDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        m_store->setValue(kFolderKey, QFileInfo(paths.value(0)).absolutePath());
        add(paths);
    });
    dialog->open();
}

void BatchWindow::chooseFolder(bool ofResults) {
    auto* dialog = new QFileDialog(
        this, ofResults ? tr("Where results are written") : tr("Add the images of a folder"),
        ofResults ? m_panel->folder() : m_store->value(kFolderKey).toString());
    dialog->setObjectName(QStringLiteral("batchFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this, ofResults](const QString& path) {
        if (ofResults) {
            m_panel->setFolder(path);
        } else {
            m_store->setValue(kFolderKey, path);
            add({path});
        }
    });
    dialog->open();
}

// Beside the first file, until the user names another one.
void BatchWindow::proposeFolder() {
    if (m_panel->isFolderTouched() || m_queue.rowCount() == 0 || !m_panel->folder().isEmpty())
        return;
    m_panel->setFolder(
        QFileInfo(m_queue.files().front().path).absoluteDir().filePath(QStringLiteral("restored")));
}

void BatchWindow::start() {
    auto job = m_panel->job();
    const auto chosen = job.settings.selection;
    job.settings = m_settings.request();
    job.settings.selection = chosen;
    m_panel->setSummary({});
    m_run.start(std::move(job));
}

void BatchWindow::countExisting() {
    const auto folder = m_panel->folder();
    QStringList waiting;
    for (const auto& file : m_queue.files())
        if (file.state == BatchQueue::State::Waiting) waiting << file.path;
    m_io.start([this, folder, waiting, counting = ++m_counting] {
        int existing = 0;
        for (const auto& path : waiting)
            existing += !folder.isEmpty() && QFileInfo::exists(resultBase(folder, path) +
                                                               QStringLiteral(".report.json"));
        QMetaObject::invokeMethod(
            this,
            [this, existing, counting] {
                if (counting == m_counting) m_panel->setExisting(existing);
            },
            Qt::QueuedConnection);
    });
}

void BatchWindow::openResult(const QString& path) {
    const auto base = resultBase(m_panel->folder(), path);
    m_io.start([this, path, base] {
        QStringList paths{path};
        for (const char* ending : {".mean.ome.tif", ".std.ome.tif"})
            if (QFileInfo::exists(base + QLatin1String(ending)))
                paths << base + QLatin1String(ending);
        QMetaObject::invokeMethod(
            this, [this, paths] { Q_EMIT openRequested(paths); }, Qt::QueuedConnection);
    });
}

void BatchWindow::dragEnterEvent(QDragEnterEvent* event) {
    offerFiles(event);
}

void BatchWindow::dropEvent(QDropEvent* event) {
    const auto paths = takeFiles(event);
    if (!paths.isEmpty()) add(paths);
}

}  // namespace posteria::ui::shell
