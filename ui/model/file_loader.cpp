#include "ui/model/file_loader.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <new>
#include <utility>

#include "core/base/error.h"
#include "core/image/concatenated_stack.h"
#include "ui/model/image_files.h"

namespace posteria::ui {

struct FileLoader::Result {
    QString path;
    QStringList paths;  // of a stack
    std::vector<image::StackPtr> series;
    image::StackPtr stack;
    QStringList found;  // in a folder
    QString message, hint;
};

namespace {

QString nameOf(const QString& path) {
    return QFileInfo(path).fileName();
}

[[noreturn]] void throwNothingIn(const QString& folder) {
    throw Error(ErrorKind::Input,
                FileLoader::tr("There is no image to open in this folder.").toStdString(),
                folder.toStdString(),
                FileLoader::tr("Choose the folder that holds the images themselves, or one image.")
                    .toStdString());
}

void readFirstPlane(const image::Stack& stack) {
    stack.readPlane({}, int(stack.info().levels.size()) - 1);
}

// What the files' names begin with, or their folder.
QString stackName(const QStringList& paths) {
    QString start = QFileInfo(paths[0]).completeBaseName();
    for (const auto& path : paths) {
        const auto name = nameOf(path);
        while (!name.startsWith(start))
            start.chop(1);
    }
    const auto isSpare = [](QChar c) { return !c.isLetter() && c != QLatin1Char(')'); };
    while (!start.isEmpty() && isSpare(start.back()))
        start.chop(1);
    if (start.isEmpty()) start = QFileInfo(paths[0]).dir().dirName();
    return FileLoader::tr("%1 · %2 files").arg(start).arg(paths.size());
}

}  // namespace

FileLoader::FileLoader(OpenFunction open, QObject* parent)
    : QObject(parent), m_open(std::move(open)) {}

FileLoader::~FileLoader() {
    m_token.cancel();
    m_pool.clear();
    m_pool.waitForDone();
}

void FileLoader::open(const QStringList& paths) {
    for (const auto& path : paths)
        enqueue({{QDir::cleanPath(path)}, false});  // a folder's name may end with a slash
}

void FileLoader::openAsStack(const QStringList& paths) {
    if (!paths.isEmpty()) enqueue({paths, true});
}

void FileLoader::enqueue(Job job) {
    m_waiting.push_back(std::move(job));
    if (!m_busy) next();
}

void FileLoader::cancel() {
    m_waiting.clear();
    if (!m_busy) return;
    m_token.cancel();
    m_busy = false;
    Q_EMIT busyChanged(false);
}

QString FileLoader::currentName() const {
    if (m_current.paths.size() > 1) return tr("%1 files as one stack").arg(m_current.paths.size());
    return nameOf(m_current.paths.value(0));
}

void FileLoader::next() {
    m_current = m_waiting.front();
    m_waiting.erase(m_waiting.begin());
    m_token = CancelToken();
    m_busy = true;
    Q_EMIT busyChanged(true);
    m_pool.start(
        [this, job = m_current, token = m_token, open = m_open, looks = m_looksIntoFolders] {
            Result result;
            result.path = job.paths[0];
            result.paths = job.paths;
            // What an error concerns; a sentence about a stack names the file itself.
            const auto name = nameOf(result.path);
            try {
                if (job.asStack)
                    openStack(token, &result);
                else
                    openOne(open, looks, &result);
                if (!token.cancelled())
                    for (const auto& stack : result.series)
                        readFirstPlane(*stack);
            } catch (const Error& e) {
                const auto said = QString::fromStdString(e.message());
                const auto where = nameOf(QString::fromStdString(e.where()));
                const bool named = job.asStack && !where.isEmpty() && said.startsWith(where);
                result.message = named ? said
                                       : QStringLiteral("%1: %2").arg(
                                             job.asStack && !where.isEmpty() ? where : name, said);
                result.hint = QString::fromStdString(e.hint());
            } catch (const std::bad_alloc&) {
                result.message = tr("%1: there is not enough memory to open this file.").arg(name);
                result.hint = tr("Close other programs, or open a smaller file.");
            } catch (const std::exception& e) {
                result.message = tr("%1: this file could not be opened.").arg(name);
                result.hint = QString::fromUtf8(e.what());
            }
            QMetaObject::invokeMethod(
                this, [this, token, result] { done(token, result); }, Qt::QueuedConnection);
        });
}

void FileLoader::openOne(const OpenFunction& open, bool looksIntoFolders, Result* result) {
    const auto& path = result->path;
    try {
        result->series = open(path.toStdString());
    } catch (const Error&) {
        if (!looksIntoFolders || !QFileInfo(path).isDir() || isZarr(path)) throw;
        result->found = imagesIn(path);
        if (result->found.isEmpty()) throwNothingIn(path);
    }
}

void FileLoader::openStack(const CancelToken& token, Result* result) {
    QStringList paths;
    for (const auto& path : result->paths) {
        const bool folder = QFileInfo(path).isDir() && !isZarr(path);
        const auto inside = folder ? imagesIn(path) : QStringList(path);
        if (inside.isEmpty()) throwNothingIn(path);
        paths += inside;
    }
    std::sort(paths.begin(), paths.end(), naturalLess);
    paths.removeDuplicates();
    if (paths.size() == 1) {
        result->path = paths[0];
        result->series = m_open(paths[0].toStdString());
        return;
    }
    image::Concatenation all;
    for (const auto& path : paths) {
        if (token.cancelled()) return;
        const auto series = m_open(path.toStdString());
        auto info = series.front()->info();
        info.path = path.toStdString();  // a reader may name another of its files
        if (series.size() > 1)
            info.warnings.push_back(
                tr("Some of the files hold several images; the stack has the first of each.")
                    .toStdString());
        all.add(info);
        QMetaObject::invokeMethod(
            this,
            [this, token, fraction = double(all.size()) / double(paths.size())] {
                if (!token.cancelled()) Q_EMIT progress(fraction);
            },
            Qt::QueuedConnection);
    }
    result->stack =
        all.finish(stackName(paths).toStdString(), [paths, open = m_open](std::size_t i) {
            return open(paths[qsizetype(i)].toStdString()).front();
        });
    if (!token.cancelled()) readFirstPlane(*result->stack);
}

void FileLoader::done(const CancelToken& token, const Result& result) {
    if (token.cancelled()) return;
    if (!result.message.isEmpty())
        Q_EMIT failed(result.path, result.message, result.hint);
    else if (result.stack)
        Q_EMIT stackOpened(result.stack);
    else if (!result.found.isEmpty())
        Q_EMIT folderFound(result.path, result.found);
    else
        Q_EMIT opened(result.path, result.series);
    if (token.cancelled()) return;  // by what has just been told
    if (!m_waiting.empty()) {
        next();
        return;
    }
    m_busy = false;
    Q_EMIT busyChanged(false);
}

}  // namespace posteria::ui
