// Debian's Python, which alone sees Debian's packages: another program's files, and its view of
// ours.
#pragma once

#include <QProcess>
#include <QStringList>
#include <string>
#include <utility>
#include <vector>

namespace python {

// Exit code and output.
inline std::pair<int, QByteArray> run(const QString& script,
                                      const std::vector<std::string>& arguments = {}) {
    QStringList all{"-c", script};
    for (const auto& argument : arguments)
        all << QString::fromStdString(argument);
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("/usr/bin/python3", all);
    if (!process.waitForFinished(60000)) return {-1, "Python did not finish"};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAll()};
}

}  // namespace python
