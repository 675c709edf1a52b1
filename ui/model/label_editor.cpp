#include "ui/model/label_editor.h"

#include <utility>

#include "core/base/error.h"

namespace posteria::ui {

namespace {

// The layer may be gone when the step is taken back.
class LabelStep : public QUndoCommand {
  public:
    LabelStep(LabelEditor* editor, LabelsLayer* layer, image::Patch patch, const QString& text)
        : m_editor(editor), m_layer(layer), m_patch(std::move(patch)) {
        setText(text);
    }
    void undo() override { apply(true); }
    // It is pushed when all has been done already.
    void redo() override {
        if (m_done) apply(false);
        m_done = true;
    }

  private:
    void apply(bool undone) {
        if (m_editor && m_layer) m_editor->apply(m_layer, m_patch, undone);
    }

    QPointer<LabelEditor> m_editor;
    QPointer<LabelsLayer> m_layer;
    image::Patch m_patch;
    bool m_done = false;
};

}  // namespace

LabelEditor::LabelEditor(QUndoStack* steps, QObject* parent) : QObject(parent), m_steps(steps) {}

LabelEditor::~LabelEditor() {
    m_waiting.clear();
    m_pool.waitForDone();
}

void LabelEditor::paint(LabelsLayer* layer, std::int64_t t, std::int64_t z,
                        std::vector<QPointF> path, double radius, int label) {
    std::vector<std::array<double, 2>> points;
    for (const auto& point : path)
        points.push_back({point.x(), point.y()});
    add(
        layer, t, z,
        [points, radius, label](const image::Stack& stack, const image::PlaneIndex& plane) {
            return image::strokePatch(stack, plane, points, radius, std::uint64_t(label));
        },
        label == 0 ? tr("Erase labels") : tr("Paint label %1").arg(label));
}

void LabelEditor::fill(LabelsLayer* layer, std::int64_t t, std::int64_t z, const QPointF& pixel,
                       int label) {
    const auto x = std::int64_t(std::lround(pixel.x())), y = std::int64_t(std::lround(pixel.y()));
    add(
        layer, t, z,
        [x, y, label](const image::Stack& stack, const image::PlaneIndex& plane) {
            return image::fillPatch(stack, plane, x, y, std::uint64_t(label));
        },
        tr("Fill with label %1").arg(label));
}

void LabelEditor::add(LabelsLayer* layer, std::int64_t t, std::int64_t z, Make make,
                      const QString& name) {
    const auto plane = layer->planeAt(t, z, 0);
    if (!plane) return;
    enqueue({layer,
             [make = std::move(make), plane = *plane](const image::Stack& stack) {
                 return make(stack, plane);
             },
             false, name});
}

void LabelEditor::apply(LabelsLayer* layer, const image::Patch& patch, bool undone) {
    enqueue({layer, [patch](const image::Stack&) { return patch; }, undone, {}});
}

void LabelEditor::enqueue(Edit edit) {
    m_waiting.push_back(std::move(edit));
    next();
}

void LabelEditor::next() {
    while (!m_waiting.empty() && !m_waiting.front().layer)
        m_waiting.pop_front();
    if (m_busy || m_waiting.empty()) return;
    const Edit edit = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_busy = true;
    Q_EMIT busyChanged();
    m_pool.start([this, edit, stack = edit.layer->stack()] {
        image::Patch patch;
        image::StackPtr result;
        QString error;
        try {
            patch = edit.make(*stack);
            result = image::patched(stack, patch, edit.undone);
        } catch (const Error& e) {
            error = QString::fromStdString(e.what());
        } catch (const std::exception& e) {
            error = QString::fromLocal8Bit(e.what());
        }
        QMetaObject::invokeMethod(
            this, [this, edit, patch, result, error] { finish(edit, patch, result, error); },
            Qt::QueuedConnection);
    });
}

void LabelEditor::finish(const Edit& edit, const image::Patch& patch, const image::StackPtr& stack,
                         const QString& error) {
    if (!error.isEmpty()) {
        Q_EMIT failed(error);
    } else if (edit.layer && !patch.empty()) {
        edit.layer->setStack(stack);
        if (!edit.name.isEmpty()) m_steps->push(new LabelStep(this, edit.layer, patch, edit.name));
    }
    m_busy = false;
    Q_EMIT busyChanged();
    next();
}

}  // namespace posteria::ui
