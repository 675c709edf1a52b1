#include "ui/shell/file_drop.h"

#include <QDir>
#include <QUrl>

namespace posteria::ui::shell {

QStringList localFiles(const QMimeData* data) {
    QStringList paths;
    for (const auto& url : data->urls())
        if (url.isLocalFile()) paths << QDir::cleanPath(url.toLocalFile());
    return paths;
}

void offerFiles(QDragEnterEvent* event) {
    if (localFiles(event->mimeData()).isEmpty()) return;
    event->setDropAction(Qt::CopyAction);  // where that is offered
    event->accept();
}

QStringList takeFiles(QDropEvent* event) {
    const auto paths = localFiles(event->mimeData());
    if (paths.isEmpty()) return {};
    // With Shift file managers propose to move, some nothing else: whoever is told that it was done
    // may delete its files.
    event->setDropAction(event->possibleActions() & Qt::CopyAction ? Qt::CopyAction
                                                                   : Qt::IgnoreAction);
    event->accept();
    return paths;
}

}  // namespace posteria::ui::shell
