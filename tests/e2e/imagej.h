// ImageJ as another program that opens what we write: a macro in its batch mode.
#pragma once

#include <QFile>
#include <QProcess>
#include <QString>

namespace imagej {

const QString kJar = QStringLiteral("/usr/share/java/ij.jar");

inline bool isInstalled() {
    return QFile::exists(kJar);
}

// What the macro printed. Its text may quote with '; `folder` is for its files. ImageJ asks for a
// display even where it shows nothing.
inline QString run(QString macro, const QString& argument, const QString& folder) {
    QFile file(folder + "/macro.ijm");
    if (!file.open(QIODevice::WriteOnly)) return QStringLiteral("no macro");
    file.write(macro.replace('\'', '"').toUtf8());
    file.close();
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("LC_ALL", "C.UTF-8");
    process.setProcessEnvironment(environment);
    process.start(QString(POSTERIA_SOURCE_DIR) + "/packaging/with-display.sh",
                  {"java", "-Dfile.encoding=UTF-8", "-Duser.home=" + folder, "-cp", kJar,
                   "ij.ImageJ", "-batch", file.fileName(), argument});
    if (!process.waitForFinished(100000)) {
        process.kill();
        return QStringLiteral("ImageJ did not finish");
    }
    return QString::fromUtf8(process.readAll());
}

}  // namespace imagej
