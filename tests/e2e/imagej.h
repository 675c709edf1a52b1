// ImageJ as another program that opens what we write, without a window (LookWithImagej.java).
#pragma once

#include <QFile>
#include <QProcess>
#include <QStringList>

namespace imagej {

const QString kJar = QStringLiteral("/usr/share/java/ij.jar");

inline bool isInstalled() {
    QProcess java;
    java.start("java", {"-version"});
    return QFile::exists(kJar) && java.waitForFinished(60000) && java.exitCode() == 0;
}

// Its lines: "width height slices bits pixel-width pixel-height unit", then the value at (x, y) of
// every plane of the hyperstack, in T, C, Z order (slowest first).
inline QStringList look(const QString& file, int c, int z, int t, int x, int y) {
    QStringList arguments{"-Djava.awt.headless=true", "-cp", kJar,
                          QString(POSTERIA_SOURCE_DIR) + "/tests/e2e/LookWithImagej.java", file};
    for (const int number : {c, z, t, x, y})
        arguments << QString::number(number);
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("java", arguments);
    if (!process.waitForFinished(100000)) {
        process.kill();
        return {"ImageJ did not finish"};
    }
    return QString::fromUtf8(process.readAll()).split('\n', Qt::SkipEmptyParts);
}

}  // namespace imagej
