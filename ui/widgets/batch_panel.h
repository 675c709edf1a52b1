// The batch: a table of files with the state of each, the settings that hold for all of them, and
// how far the whole is. Follows a BatchQueue and a RestoreSettings; what the user wants goes out as
// signals. GUI thread only.
#pragma once

#include <QWidget>
#include <set>
#include <string>

#include "ui/model/batch_queue.h"
#include "ui/model/batch_run.h"
#include "ui/model/restore_settings.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;
class QVBoxLayout;

namespace posteria::ui::widgets {

class BatchPanel : public QWidget {
    Q_OBJECT
  public:
    BatchPanel(BatchQueue* queue, RestoreSettings* settings, QWidget* parent = nullptr);

    // What is set below the model: everything of a job but its inputs and what RestoreSettings has.
    engine::RestoreJob job() const;
    QString folder() const;
    void setFolder(const QString& folder);
    bool isFolderTouched() const { return m_folderTouched; }  // by the user
    void setState(BatchRun::State state);
    void setGivingWay(bool givingWay);
    void setSummary(const QString& path);  // empty: there is none
    void setExisting(int files);           // how many that wait have results in the folder
    void showMessage(const QString& text, bool error);
    void clearPattern();  // what it names was found

  Q_SIGNALS:
    void addFilesRequested();
    void addFolderRequested();
    void patternEntered(const QString& text);
    void chooseFolderRequested();
    void startRequested();
    void pauseRequested();  // or to go on
    void cancelRequested();
    void openRequested(const QString& path);  // an input whose result is to be looked at
    void summaryRequested();
    void targetChanged();  // the folder, or whether what lies there is kept

  private:
    QWidget* buildFiles();
    QWidget* buildSettings();
    QWidget* buildBottom();
    void wire();
    void refresh();
    QList<int> selectedRows() const;
    QList<int> failedRows() const;

    BatchQueue* m_queue;
    RestoreSettings* m_settings;
    BatchRun::State m_state = BatchRun::State::Idle;
    bool m_givingWay = false, m_folderTouched = false;
    QString m_summary;
    int m_existing = 0;

    QTableView* m_table;
    QLabel *m_empty, *m_count, *m_existingText, *m_message;
    QLineEdit *m_pattern, *m_folder;
    QPushButton *m_addFiles, *m_addFolder, *m_remove, *m_retry, *m_open;
    QPushButton *m_chooseFolder, *m_start, *m_pause, *m_cancel, *m_showSummary;
    QCheckBox *m_alike, *m_keep;
    QSpinBox* m_channel;
    std::vector<std::pair<QCheckBox*, std::string>> m_outputs;
    QWidget* m_form;
    QProgressBar* m_progress;
};

}  // namespace posteria::ui::widgets
