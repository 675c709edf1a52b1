// Paints and fills labels off the GUI thread, one edit after the other, each on what the one before
// has left; every edit is a step that can be undone, which happens there, too. GUI thread only.
#pragma once

#include <QObject>
#include <QPointF>
#include <QPointer>
#include <QUndoStack>
#include <deque>
#include <functional>

#include "core/image/edited_stack.h"
#include "ui/model/labels_layer.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class LabelEditor : public QObject {
    Q_OBJECT
  public:
    explicit LabelEditor(QUndoStack* steps, QObject* parent = nullptr);  // not owned
    ~LabelEditor() override;  // waits for the edit under way

    // Pixels of the layer's plane at (t, z) of the document. Erasing paints 0.
    void paint(LabelsLayer* layer, std::int64_t t, std::int64_t z, std::vector<QPointF> path,
               double radius, int label);
    void fill(LabelsLayer* layer, std::int64_t t, std::int64_t z, const QPointF& pixel, int label);
    // Of the steps: an edit done again, or undone.
    void apply(LabelsLayer* layer, const image::Patch& patch, bool undone);
    bool isBusy() const { return m_busy; }

  Q_SIGNALS:
    void busyChanged();
    void failed(const QString& message);

  private:
    using Make = std::function<image::Patch(const image::Stack&, const image::PlaneIndex&)>;
    struct Edit {
        QPointer<LabelsLayer> layer;
        std::function<image::Patch(const image::Stack&)> make;
        bool undone = false;
        QString name;  // of the step; empty: it is one already
    };
    void add(LabelsLayer* layer, std::int64_t t, std::int64_t z, Make make, const QString& name);
    void enqueue(Edit edit);
    void next();
    void finish(const Edit& edit, const image::Patch& patch, const image::StackPtr& stack,
                const QString& error);

    QUndoStack* m_steps;
    std::deque<Edit> m_waiting;
    bool m_busy = false;
    StandingPool m_pool;
};

}  // namespace posteria::ui
