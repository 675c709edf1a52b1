#include "ui/shell/session_files.h"

#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <utility>

#include "core/base/error.h"

namespace posteria::ui::shell {

namespace {
constexpr qint64 kMostBytes = 16 << 20;

// For the results of a session.
QString folderOf(const QString& session) {
    const QFileInfo file(session);
    return file.absoluteDir().filePath(file.completeBaseName() + QStringLiteral(".results"));
}

}  // namespace

bool SessionFiles::isSession(const QString& path) {
    return path.endsWith(QLatin1String(".posteria-session"), Qt::CaseInsensitive);
}

SessionFiles::SessionFiles(Document* document, RestoreSettings* settings, LayoutMenu* layouts,
                           ResultWriter* writer, Preferences* preferences, OpenFunction open,
                           QWidget* window)
    : QObject(window),
      m_document(document),
      m_settings(settings),
      m_layouts(layouts),
      m_writer(writer),
      m_preferences(preferences),
      m_window(window),
      m_loader(std::move(open)) {
    connect(&m_loader, &FileLoader::opened, this,
            [this](const QString& path, const std::vector<image::StackPtr>& series) {
                m_read[path] = series;
            });
    connect(&m_loader, &FileLoader::failed, this,
            [this](const QString&, const QString& message, const QString& hint) {
                Q_EMIT failed(message, hint);
            });
    connect(&m_loader, &FileLoader::busyChanged, this, [this](bool busy) {
        if (!busy && m_opening) show();
    });
    connect(writer, &ResultWriter::busyChanged, this, [this](bool busy) {
        if (busy || m_saving.isEmpty()) return;
        const QString path = std::exchange(m_saving, QString());
        // What went wrong has been said; or the user has cancelled.
        if (unsavedResults().empty())
            write(path);
        else
            Q_EMIT warned(tr("The session has not been saved, as its results were not."),
                          tr("Save it again, with results or without."));
        Q_EMIT busyChanged();
    });
}

std::vector<ResultFile> SessionFiles::unsavedResults() const {
    std::vector<ResultFile> files;
    for (const auto& run : m_document->runs()) {
        if (!run->input() || resultsOf(*run).empty()) continue;
        using Result = ResultWriter::Result;
        for (const auto result : {Result::Mean, Result::Deviation, Result::Samples}) {
            auto file = ResultWriter::file(*run, result, ResultWriter::fileName(*run, result));
            if (!file.sources.empty() && m_writer->fileOf(file.sources).isEmpty())
                files.push_back(std::move(file));
        }
    }
    return files;
}

void SessionFiles::save(const QString& path) {
    const auto files = unsavedResults();
    const auto wish = m_preferences->sessionResults();
    if (files.empty() || wish == Preferences::Results::LeaveOut) return write(path);
    if (wish == Preferences::Results::Keep) return keepResults(path);
    std::uint64_t bytes = 0;
    for (const auto& file : files)
        for (const auto& stack : file.series)
            bytes += stack->info().bytes();
    auto* question = new QMessageBox(
        QMessageBox::Question, tr("Keep the results, too?"),
        tr("Some results have not been saved yet. They can be kept in the folder “%1” beside the "
           "session.")
            .arg(QFileInfo(folderOf(path)).fileName()),
        QMessageBox::Cancel, m_window);
    question->setObjectName(QStringLiteral("resultsQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(
        tr("At most %1, compressed OME-TIFF. Without them the session opens the images alone.")
            .arg(QLocale::c().formattedDataSize(qint64(bytes), 1)));
    auto* always = new QCheckBox(tr("Do so from now on (Preferences change it)"), question);
    always->setObjectName(QStringLiteral("resultsAlways"));
    question->setCheckBox(always);
    auto* keep = question->addButton(tr("Keep the Results"), QMessageBox::AcceptRole);
    keep->setObjectName(QStringLiteral("resultsKeep"));
    auto* leave = question->addButton(tr("Leave Them Out"), QMessageBox::DestructiveRole);
    leave->setObjectName(QStringLiteral("resultsLeaveOut"));
    const auto remember = [this, always](Preferences::Results results) {
        if (always->isChecked()) m_preferences->setSessionResults(results);
    };
    connect(keep, &QPushButton::clicked, this, [this, path, remember] {
        remember(Preferences::Results::Keep);
        keepResults(path);
    });
    connect(leave, &QPushButton::clicked, this, [this, path, remember] {
        remember(Preferences::Results::LeaveOut);
        write(path);
    });
    question->open();
}

void SessionFiles::keepResults(const QString& path) {
    if (m_writer->isBusy()) {
        Q_EMIT failed(tr("Results are being saved just now."), tr("Save the session after that."));
        return;
    }
    auto files = unsavedResults();
    const QDir folder(folderOf(path));
    if (!folder.mkpath(QStringLiteral("."))) {
        Q_EMIT failed(tr("%1: the folder for the results could not be made.").arg(folder.path()),
                      tr("Choose another folder for the session."));
        return;
    }
    // Files that are there may be open, or be another session's.
    QStringList taken = folder.entryList(QDir::Files);
    for (auto& file : files) {
        QString name = file.path;
        for (int k = 2; taken.contains(name); ++k)
            name = QStringLiteral("%1-%2").arg(k).arg(file.path);
        taken << name;
        file.path = folder.filePath(name);
    }
    m_saving = path;
    Q_EMIT busyChanged();
    m_writer->write(std::move(files));
}

void SessionFiles::write(const QString& path) {
    const auto session =
        takeSession(*m_document, *m_settings, viewer::layoutWord(m_layouts->layout()),
                    [this](const auto& series) { return m_writer->fileOf(series); });
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(writeSession(session, path)) < 0 ||
        !file.commit()) {
        Q_EMIT failed(tr("%1: the session could not be written.").arg(path),
                      tr("Choose another folder."));
        return;
    }
    if (!session.leftOut.isEmpty()) {
        Q_EMIT warned(
            tr("Not part of the session: %1.").arg(session.leftOut.join(QStringLiteral(", "))),
            tr("Save what is to be kept as a file, and then the session again."));
    }
    Q_EMIT saved(path);
}

void SessionFiles::open(const QString& path) {
    if (m_opening) return;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMostBytes) {
        Q_EMIT failed(tr("%1: the session could not be read.").arg(path),
                      tr("Check the name and the folder."));
        return;
    }
    try {
        m_session = readSession(file.readAll(), path);
    } catch (const Error& e) {
        Q_EMIT failed(QStringLiteral("%1: %2").arg(path, QString::fromStdString(e.message())),
                      QString::fromStdString(e.hint()));
        return;
    }
    m_path = path;
    m_read.clear();
    QStringList paths;
    for (const auto& image : m_session.images)
        if (!paths.contains(image.path)) paths << image.path;
    for (const auto& run : m_session.runs)
        for (const auto& result : {run.mean, run.std, run.samples})
            if (!result.isEmpty() && !paths.contains(result)) paths << result;
    m_opening = true;
    Q_EMIT busyChanged();
    if (paths.isEmpty())
        show();
    else
        m_loader.open(paths);
}

void SessionFiles::show() {
    // Nothing to be shown: what is open stays. What was wrong has been said.
    if (!m_session.images.empty() && m_read.empty()) {
        m_opening = false;
        Q_EMIT busyChanged();
        return;
    }
    Q_EMIT aboutToReplace();
    while (!m_document->isEmpty())
        m_document->remove(m_document->layers().back());
    std::vector<Layer*> layers;
    for (const auto& image : m_session.images) {
        const auto found = m_read.find(image.path);
        const bool there =
            found != m_read.end() && image.series < static_cast<int>(found->second.size());
        if (found != m_read.end() && !there) {
            Q_EMIT failed(tr("%1: the file has no series %2.").arg(image.path).arg(image.series),
                          tr("The file has changed since the session was saved."));
        }
        layers.push_back(
            there ? m_document->addImage(found->second[std::size_t(image.series)], image.name)
                  : nullptr);
    }
    const auto runs = showRuns(layers);
    m_read.clear();
    applySession(m_session, layers, *m_document);
    for (std::size_t i = 0; i < runs.size(); ++i)
        if (runs[i] && m_session.runs[i].selected)
            for (Layer* layer : {runs[i]->mean(), runs[i]->sample(), runs[i]->uncertainty()})
                if (layer->role() == *m_session.runs[i].selected) m_document->select(layer);
    applySession(m_session, *m_settings);
    // Just after the start the models are still being listed.
    if (m_settings->models().empty()) {
        connect(
            m_settings, &RestoreSettings::changed, this,
            [this, session = m_session] { applySession(session, *m_settings); },
            Qt::SingleShotConnection);
    }
    if (const auto layout = viewer::layoutOf(m_session.layout)) m_layouts->show(*layout);
    m_opening = false;
    Q_EMIT opened(m_path);
    Q_EMIT busyChanged();
}

std::vector<Run*> SessionFiles::showRuns(const std::vector<Layer*>& images) {
    std::vector<Run*> runs;
    for (const auto& kept : m_session.runs) {
        const auto series = [this](const QString& path) {
            const auto found = m_read.find(path);
            return found == m_read.end() ? std::vector<image::StackPtr>() : found->second;
        };
        const auto mean = series(kept.mean), std = series(kept.std);
        Layer* input = images[std::size_t(kept.input)];
        runs.push_back(input && !mean.empty()
                           ? restoreRun(kept, input, *m_document, mean.front(),
                                        std.empty() ? nullptr : std.front(), series(kept.samples))
                           : nullptr);
    }
    return runs;
}

}  // namespace posteria::ui::shell
