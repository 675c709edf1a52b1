// Undo and redo of how layers are shown and of where the view is. What is changed in one go (a
// drag, a turn of the wheel, a layer whose samples follow it) is one step. Limits that follow the
// data are nobody's doing and are never undone, nor are removed layers, whose memory is free. GUI
// thread only.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QUndoStack>
#include <map>

#include "ui/model/document.h"
#include "ui/model/marks.h"

namespace posteria::ui {

class History : public QObject {
    Q_OBJECT
  public:
    // How a layer is shown.
    struct Look {
        QString name;
        LayerDisplay display;
        std::vector<ChannelDisplay> channels;
        std::vector<Mark> marks;  // of layers that have them
        MarkStyle style;
    };
    struct Place {
        image::AxisOrder axes = image::kStraight;
        image::Slab slab;
        std::int64_t t = 0, z = 0;
        int channel = 0;
        bool fitted = true;  // then the two below follow the window
        QPointF center;
        double scale = 1;
    };

    explicit History(Document* document, QObject* parent = nullptr);

    QUndoStack* steps() { return &m_steps; }
    void reset();  // no steps: begin from what is shown now

    // While a movie steps through the slices and puts the view back: nothing is recorded.
    void setPaused(bool paused);

    // Of the steps: apply without recording.
    void show(const std::map<quint64, Look>& looks);
    void go(const Place& place);

  private:
    void follow();
    void record();
    void takeAsGiven();  // all that changes in this turn of the event loop
    void forget();       // takes what is shown now for given

    Document* m_document;
    QUndoStack m_steps;
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::map<quint64, Look> m_looks;  // by layer id
    Place m_place;
    bool m_given = false, m_paused = false;
};

}  // namespace posteria::ui
