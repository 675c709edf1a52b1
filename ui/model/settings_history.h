// Undo and redo of the restore panel's settings: model, sampler, steps, samples, severity, seed and
// what is enough. Changes that follow one another, as those of a slider that is dragged, are one
// step. GUI thread only.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QUndoStack>
#include <optional>

#include "ui/model/restore_settings.h"

namespace posteria::ui {

class SettingsHistory : public QObject {
    Q_OBJECT
  public:
    struct Values {
        int model = -1;
        QString sampler;
        int steps = 0, samples = 0;
        std::optional<double> severity;
        quint64 seed = 0;
        EnoughSettings enough;

        bool operator==(const Values& o) const {
            return model == o.model && sampler == o.sampler && steps == o.steps &&
                   samples == o.samples && severity == o.severity && seed == o.seed &&
                   enough == o.enough;
        }
    };

    SettingsHistory(RestoreSettings* settings, QUndoStack* steps, QObject* parent = nullptr);

    void apply(const Values& values);  // without a step

  private:
    void record();

    RestoreSettings* m_settings;
    QUndoStack* m_steps;
    QElapsedTimer m_clock;
    Values m_known;
    bool m_applying = false;
};

}  // namespace posteria::ui
