#include "ui/model/settings_writer.h"

#include <QEvent>
#include <QFile>
#include <filesystem>
#include <system_error>

namespace posteria::ui {

namespace {

// Keys that only the file has stay: another window of the program may have written them.
void writeChanges(const QString& path, const QVariantMap& changed, const QStringList& removed) {
    const QString copy = path + QStringLiteral(".new");
    QFile::remove(copy);
    QFile::copy(path, copy);  // there may be none yet
    {
        QSettings file(copy, QSettings::IniFormat);
        for (auto it = changed.begin(); it != changed.end(); ++it)
            file.setValue(it.key(), it.value());
        for (const auto& key : removed)
            file.remove(key);
        file.sync();
        if (file.status() != QSettings::NoError) return;
    }
    std::error_code failed;  // then QSettings tries again at the end
    std::filesystem::rename(copy.toStdString(), path.toStdString(), failed);
}

}  // namespace

SettingsWriter::SettingsWriter(QSettings* settings, int everyMs, QObject* parent)
    : QObject(parent), m_settings(settings), m_written(values()) {
    settings->installEventFilter(this);
    m_look.setInterval(everyMs);
    m_look.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_look, &QTimer::timeout, this, &SettingsWriter::write);
}

SettingsWriter::~SettingsWriter() {
    m_settings->removeEventFilter(this);
    m_pool.waitForDone();
}

// Asked once: as long as QSettings has not written it does not ask again.
bool SettingsWriter::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_settings || event->type() != QEvent::UpdateRequest) return false;
    m_look.start();
    return true;
}

QVariantMap SettingsWriter::values() const {
    QVariantMap values;
    for (const auto& key : m_settings->allKeys())
        values.insert(key, m_settings->value(key));
    return values;
}

void SettingsWriter::write() {
    const auto now = values();
    QVariantMap changed;
    QStringList removed;
    for (auto it = now.begin(); it != now.end(); ++it)
        if (!m_written.contains(it.key()) || m_written[it.key()] != it.value())
            changed.insert(it.key(), it.value());
    for (auto it = m_written.begin(); it != m_written.end(); ++it)
        if (!now.contains(it.key())) removed << it.key();
    if (changed.isEmpty() && removed.isEmpty()) return;
    m_written = now;
    m_pool.start([path = m_settings->fileName(), changed, removed] {
        writeChanges(path, changed, removed);
    });
}

}  // namespace posteria::ui
