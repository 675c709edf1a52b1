// File ▸ Preferences: a form over the program's preferences. Every change is applied and kept at
// once, so there is nothing to accept; Restore Defaults takes all back to how the program comes.
// Follows the preferences when they are changed elsewhere. GUI thread only.
#pragma once

#include <QDialog>

#include "ui/model/preferences.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QSpinBox;

namespace posteria::ui::widgets {

class PreferencesDialog : public QDialog {
    Q_OBJECT
  public:
    // Not owned.
    PreferencesDialog(Preferences* preferences, QWidget* parent);

  private:
    void addHeading(const QString& text);
    void addRow(const QString& label, QWidget* field, const char* name, const QString& toolTip);
    void connectFields();
    void refresh();

    Preferences* m_preferences;
    QFormLayout* m_form;
    QComboBox *m_theme, *m_preset, *m_results;
    QLabel* m_presetText;
    QCheckBox* m_scaleBar;
    QDoubleSpinBox *m_slices, *m_samples;
    QSpinBox *m_cache, *m_recent;
};

}  // namespace posteria::ui::widgets
