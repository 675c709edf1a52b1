#include "ui/model/file_loader.h"

#include <QFileInfo>
#include <new>
#include <utility>

#include "core/base/error.h"

namespace posteria::ui {

struct FileLoader::Result {
    QString path;
    std::vector<image::StackPtr> series;
    QString message, hint;
};

FileLoader::FileLoader(OpenFunction open, QObject* parent)
    : QObject(parent), m_open(std::move(open)) {}

FileLoader::~FileLoader() {
    m_token.cancel();
    m_pool.clear();
    m_pool.waitForDone();
}

void FileLoader::open(const QStringList& paths) {
    m_waiting += paths;
    if (m_current.isEmpty()) next();
}

void FileLoader::cancel() {
    m_waiting.clear();
    if (m_current.isEmpty()) return;
    m_token.cancel();
    m_current.clear();
    Q_EMIT busyChanged(false);
}

void FileLoader::next() {
    if (m_waiting.isEmpty()) return;
    m_current = m_waiting.takeFirst();
    m_token = CancelToken();
    Q_EMIT busyChanged(true);
    m_pool.start([this, path = m_current, token = m_token, open = m_open] {
        Result result{path, {}, {}, {}};
        const auto name = QFileInfo(path).fileName();
        try {
            result.series = open(path.toStdString());
            if (!token.cancelled())
                for (const auto& stack : result.series)
                    stack->readPlane({}, int(stack->info().levels.size()) - 1);
        } catch (const Error& e) {
            result.message =
                QStringLiteral("%1: %2").arg(name, QString::fromStdString(e.message()));
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

void FileLoader::done(const CancelToken& token, const Result& result) {
    if (token.cancelled()) return;
    m_current.clear();
    if (!result.message.isEmpty())
        Q_EMIT failed(result.path, result.message, result.hint);
    else
        Q_EMIT opened(result.path, result.series);
    if (m_waiting.isEmpty())
        Q_EMIT busyChanged(false);
    else
        next();
}

}  // namespace posteria::ui
