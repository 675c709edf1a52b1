// The dock "restore": model, sampler and their settings, Preview, Run and Cancel, and how far a run
// is. Follows one RestoreSettings; the shell tells it about the input and the job.
#pragma once

#include <QWidget>

#include "core/engine/engine.h"
#include "ui/model/restore_settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSlider;
class QSpinBox;

namespace posteria::ui::widgets {

class RestorePanel : public QWidget {
    Q_OBJECT
  public:
    explicit RestorePanel(RestoreSettings* settings, QWidget* parent = nullptr);

    // No input: nothing can be run. Several planes: the choice between this one and all appears.
    void setInput(const QString& name, bool severalPlanes);
    void setBusy(bool busy);
    void showProgress(const engine::Progress& progress);
    // What there is to say of the results: samples, Monte-Carlo error, severity, warnings.
    void showResult(const posterior::Snapshot& snapshot);
    void showReport(const engine::RunReport& report);
    void showState(const QString& text);  // "Stopped after 3 samples", …
    // Whether the run in view can be given more samples.
    void setExtendable(bool extendable);
    void setLive(bool live);

  Q_SIGNALS:
    void touched();  // the user is about to restore: a good moment to load the engine
    void previewRequested();
    void runRequested();
    void cancelRequested();
    void moreRequested(int samples);  // for the run in view
    void trustRequested();            // what speaks for and against the result
    void liveToggled(bool live);      // restore what is visible whenever something changes
    void openModelRequested();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void clearResult();  // of an image that is no longer looked at
    void build();
    void wire();
    void refresh();

    RestoreSettings* m_settings;
    bool m_hasInput = false, m_busy = false, m_stopping = false, m_extendable = false;
    QComboBox *m_model, *m_sampler, *m_device, *m_scope;
    QLabel *m_description, *m_severityValue, *m_inputName, *m_scopeLabel;
    QLabel *m_state, *m_timeLeft, *m_quality, *m_warnings;
    QSpinBox *m_steps, *m_samples;
    QCheckBox *m_autoSeverity, *m_enough, *m_live;
    QDoubleSpinBox* m_enoughPercent;
    QComboBox* m_enoughWhere;
    QSlider* m_severity;
    QFormLayout* m_form;
    QHBoxLayout* m_severityRow;
    QLineEdit* m_seed;
    QPushButton *m_openModel, *m_newSeed, *m_preview, *m_run, *m_cancel, *m_more, *m_trust;
    QProgressBar* m_progress;
};

}  // namespace posteria::ui::widgets
