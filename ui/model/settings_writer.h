// Writes changed settings on a thread of its own. QSettings would do it in the event loop and wait
// there until the disk has them, which takes as long as the disk likes. Looks for changes every now
// and then, from the first one on, and puts those into a copy that then takes the file's place;
// what is newer than the last look is written by QSettings itself when it goes. Only for INI files.
// GUI thread only; the settings are not owned and must outlive it.
#pragma once

#include <QObject>
#include <QSettings>
#include <QTimer>
#include <QVariantMap>

#include "ui/model/standing_pool.h"

namespace posteria::ui {

class SettingsWriter : public QObject {
    Q_OBJECT
  public:
    explicit SettingsWriter(QSettings* settings, int everyMs = 2000, QObject* parent = nullptr);
    ~SettingsWriter() override;

    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    QVariantMap values() const;
    void write();

    QSettings* m_settings;
    QTimer m_look;
    QVariantMap m_written;
    StandingPool m_pool;  // the last to be made: it ends before what it uses
};

}  // namespace posteria::ui
