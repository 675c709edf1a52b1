// Reads a source tree for the architecture tests: which files there are, and their lines.
#pragma once

#include <QString>
#include <QStringList>

// Paths of the C and C++ files below the folders, relative to the root, sorted.
QStringList sourceFiles(const QString& root, const QStringList& folders);
QStringList linesOf(const QString& path);
bool isHeader(const QString& path);
