// Files and folders that are dropped on a window, or were copied. GUI thread only.
#pragma once

#include <QDropEvent>
#include <QMimeData>
#include <QStringList>

namespace posteria::ui::shell {

QStringList localFiles(const QMimeData* data);
// Accepts the drag where it brings local files, as a copy.
void offerFiles(QDragEnterEvent* event);
// The paths of what was dropped; empty, and not accepted, where there are none.
QStringList takeFiles(QDropEvent* event);

}  // namespace posteria::ui::shell
