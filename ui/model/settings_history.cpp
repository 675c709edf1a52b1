#include "ui/model/settings_history.h"

#include <utility>

namespace posteria::ui {

namespace {

constexpr int kStepId = 11;
constexpr qint64 kOneGoMs = 800;  // between changes that belong together

SettingsHistory::Values valuesOf(const RestoreSettings& s) {
    return {s.modelIndex(), s.sampler(), s.steps(), s.samples(),
            s.severity(),   s.seed(),    s.enough()};
}

class Step : public QUndoCommand {
  public:
    Step(SettingsHistory* history, SettingsHistory::Values before, SettingsHistory::Values after,
         qint64 when)
        : m_history(history), m_before(std::move(before)), m_after(std::move(after)), m_when(when) {
        setText(SettingsHistory::tr("Restore settings"));
    }
    int id() const override { return kStepId; }
    void undo() override { m_history->apply(m_before); }
    // It is pushed when all has been done already.
    void redo() override {
        if (m_done) m_history->apply(m_after);
        m_done = true;
    }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const Step*>(other);
        if (next->m_when - m_when > kOneGoMs) return false;
        m_after = next->m_after;
        m_when = next->m_when;
        return true;
    }

  private:
    SettingsHistory* m_history;
    SettingsHistory::Values m_before, m_after;
    qint64 m_when;
    bool m_done = false;
};

}  // namespace

SettingsHistory::SettingsHistory(RestoreSettings* settings, QUndoStack* steps, QObject* parent)
    : QObject(parent), m_settings(settings), m_steps(steps), m_known(valuesOf(*settings)) {
    m_clock.start();
    connect(settings, &RestoreSettings::changed, this, &SettingsHistory::record);
}

void SettingsHistory::record() {
    auto now = valuesOf(*m_settings);
    if (m_applying || now == m_known) return;
    // The models that are listed at the start are nobody's doing.
    if (m_known.model >= 0) m_steps->push(new Step(this, m_known, now, m_clock.elapsed()));
    m_known = std::move(now);
}

void SettingsHistory::apply(const Values& values) {
    m_applying = true;
    const auto& models = m_settings->models();
    if (values.model >= 0 && values.model < int(models.size()))
        m_settings->preferModel(QString::fromStdString(models[std::size_t(values.model)].name));
    m_settings->setSampler(values.sampler);
    m_settings->setSteps(values.steps);
    m_settings->setSamples(values.samples);
    m_settings->setSeverity(values.severity);
    m_settings->setSeed(values.seed);
    m_settings->setEnough(values.enough);
    m_applying = false;
    m_known = valuesOf(*m_settings);
}

}  // namespace posteria::ui
