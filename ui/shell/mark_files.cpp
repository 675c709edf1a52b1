#include "ui/shell/mark_files.h"

#include <QFile>
#include <QFileInfo>

#include "core/base/error.h"
#include "ui/model/marks_table.h"

namespace posteria::ui::shell {

namespace {
constexpr qint64 kMostBytes = 512 << 20;
}

bool MarkFiles::isTable(const QString& path) {
    return path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
}

MarkFiles::MarkFiles(Document* document, const FileLoader* images, QObject* parent)
    : QObject(parent), m_document(document), m_images(images) {
    connect(images, &FileLoader::busyChanged, this, &MarkFiles::next);
}

MarkFiles::~MarkFiles() {
    m_pool.waitForDone();
}

void MarkFiles::open(const QStringList& paths) {
    m_waiting += paths;
    next();
}

void MarkFiles::next() {
    if (m_busy || m_waiting.isEmpty() || m_images->isBusy()) return;
    const QString path = m_waiting.takeFirst(), name = QFileInfo(path).fileName();
    const Layer* image = m_document->input();
    if (!image || !image->stack()) {
        Q_EMIT failed(tr("%1: points and shapes lie on an image, and none is open.").arg(name),
                      tr("Open the image they belong to first."));
        return next();
    }
    m_busy = true;
    Q_EMIT busyChanged();
    m_pool.start([this, path, name, info = image->stack()->info()] {
        MarksTable table;
        QString message, hint;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly) || file.size() > kMostBytes) {
            message = tr("%1: the table could not be read.").arg(name);
            hint = tr("Check the name and the folder; tables up to 512 MB are read.");
        } else {
            try {
                table = readMarksTable(file.readAll(), name, info);
            } catch (const Error& e) {
                message = QStringLiteral("%1, %2").arg(name, QString::fromStdString(e.message()));
                hint = QString::fromStdString(e.hint());
            }
        }
        QMetaObject::invokeMethod(
            this,
            [this, path, table, message, hint] {
                m_busy = false;
                if (message.isEmpty()) {
                    auto layer =
                        std::make_unique<MarkLayer>(QFileInfo(path).completeBaseName(), table.role);
                    auto style = layer->style();
                    style.everySlice = table.everySlice;
                    layer->setStyle(style);
                    layer->setMarks(table.marks);
                    m_document->addOverlay(std::move(layer));
                    Q_EMIT opened(path);
                } else {
                    Q_EMIT failed(message, hint);
                }
                Q_EMIT busyChanged();
                next();
            },
            Qt::QueuedConnection);
    });
}

}  // namespace posteria::ui::shell
