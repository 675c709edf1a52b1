// Restores what is visible again whenever a setting or the view changes: a moment after the last
// change, first coarsely (one sample in one step), then as set. The newest wish wins, what is under
// way for an older one stops. The results are a preview's. GUI thread only.
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/model/restore_session.h"

namespace posteria::ui {

class LiveTuning : public QObject {
    Q_OBJECT
  public:
    LiveTuning(Document* document, RestoreSettings* settings, RestoreSession* session,
               QObject* parent = nullptr);

    bool isEnabled() const { return m_enabled; }
    void setEnabled(bool enabled);
    // Something has been asked for that is not there yet.
    bool isPending() const { return m_wait.isActive(); }

  Q_SIGNALS:
    void enabledChanged(bool enabled);

  private:
    void wish();  // something changed
    void look();  // the view may have
    void begin();

    Document* m_document;
    RestoreSettings* m_settings;
    RestoreSession* m_session;
    QTimer m_wait;
    image::Rect m_seen;  // that was restored last
    std::int64_t m_t = -1, m_z = -1;
    bool m_enabled = false, m_refine = false;
};

}  // namespace posteria::ui
