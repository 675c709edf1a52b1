// Rows of a form that choose a model and how it draws: sampler, steps, samples, severity. Follows
// one RestoreSettings, as the restore panel does; dialogs add rows of their own below. GUI thread
// only. Severity: t = 0 is clean, t = 1 is fully degraded.
#pragma once

#include <QFormLayout>
#include <QWidget>

#include "ui/model/restore_settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QSpinBox;

namespace posteria::ui::widgets {

class ModelForm : public QWidget {
    Q_OBJECT
  public:
    // Object names begin with `prefix`: "batchModel", "batchSampler", …
    ModelForm(RestoreSettings* settings, const char* prefix, QWidget* parent = nullptr);

    QFormLayout* form() const { return m_form; }
    // A row whose label is of second rank, as the others'.
    void addRow(const QString& label, QWidget* field);
    void addRow(const QString& label, QLayout* field);
    void setLeastSamples(int least);

  private:
    void refresh();

    RestoreSettings* m_settings;
    QFormLayout* m_form;
    QHBoxLayout* m_severityRow;  // noise has no severity to set: it is hidden then
    QComboBox *m_model, *m_sampler;
    QSpinBox *m_steps, *m_samples;
    QCheckBox* m_autoSeverity;
    QDoubleSpinBox* m_severity;
};

}  // namespace posteria::ui::widgets
