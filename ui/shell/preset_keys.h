// The keys of Fiji, for those who chose its habits: previous and next slice, zoom, 100 %, automatic
// contrast. They are handled rather than made shortcuts, so that keys which the user gave to a
// command stay that command's. GUI thread only.
#pragma once

#include <QKeyEvent>
#include <QObject>
#include <QPointer>

#include "ui/model/input_preset.h"
#include "ui/viewer/canvas_interface.h"

namespace posteria::ui::shell {

class PresetKeys : public QObject {
    Q_OBJECT
  public:
    // Not owned.
    PresetKeys(viewer::Canvas* canvas, ViewState* view, QObject* parent);

    void setView(ViewState* view) { m_view = view; }  // of the pane used last
    void setPreset(InputPreset preset) { m_preset = preset; }
    // False for a key that is not one of the preset's.
    bool press(const QKeyEvent& key);

  Q_SIGNALS:
    void autoContrastRequested();

  private:
    viewer::Canvas* m_canvas;
    QPointer<ViewState> m_view;
    InputPreset m_preset = InputPreset::Napari;
};

}  // namespace posteria::ui::shell
