#include "source_tree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

QStringList sourceFiles(const QString& root, const QStringList& folders) {
    const QDir top(root);
    QStringList files;
    for (const QString& folder : folders) {
        QDirIterator it(top.filePath(folder), {"*.h", "*.h.in", "*.c", "*.cpp"}, QDir::Files,
                        QDirIterator::Subdirectories);
        while (it.hasNext())
            files << top.relativeFilePath(it.next());
    }
    files.sort();
    return files;
}

QStringList linesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(file.readAll()).split('\n');
}

bool isHeader(const QString& path) {
    return path.endsWith(".h") || path.endsWith(".h.in");
}
