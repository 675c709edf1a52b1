// Restores the files of a BatchQueue one after the other, as `posteria-cli restore` does: each by
// engine::restoreFiles, as a step of EngineSteps. Nothing half-written stays; what is finished is
// kept, and so are the samples of a file that was stopped, from which it goes on. At the end, or
// when it was cancelled, the summary page is written. GUI thread only; files are read and written
// on the engine's thread and, for the page, on one of its own.
#pragma once

#include <QObject>
#include <QString>

#include "core/engine/restore_files.h"
#include "ui/model/batch_queue.h"
#include "ui/model/engine_steps.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class BatchRun : public QObject {
    Q_OBJECT
  public:
    // Summing: the page is being written.
    enum class State { Idle, Running, Paused, Stopping, Summing };

    BatchRun(EngineSteps* steps, BatchQueue* queue, QObject* parent = nullptr);
    ~BatchRun() override;

    State state() const { return m_state; }
    bool isBusy() const { return m_state != State::Idle && m_state != State::Paused; }
    // The page of the batch that ended last; empty: none.
    QString summary() const { return m_summary; }
    // Where its page will lie.
    static QString summaryPath(const QString& folder);

    // Of the files that wait: those that would be written under one name fail at once. `job` has
    // everything but inputs. Nothing happens unless it is idle.
    void start(engine::RestoreJob job);
    // The file under way is stopped and waits; resume() goes on with it.
    void pause();
    void resume();
    // The file under way becomes Stopped, the others wait.
    void cancel();

  Q_SIGNALS:
    void stateChanged();
    void ended();  // all files have, or cancelled; before the page is there
    void summaryWritten(const QString& path);
    void failed(const QString& message, const QString& hint);  // of the page, or of all files

  private:
    struct Result;

    void setState(State state);
    void failTwins();
    void estimateSeverity();
    void goOn();
    void next();
    void begin(int row);
    void end(const EngineSteps::Ending& ending, const Result& result);
    void finish();

    EngineSteps* m_steps;
    BatchQueue* m_queue;
    engine::RestoreJob m_job;
    QString m_summary, m_settings;  // m_settings: of the job, to tell whether they have changed
    CancelToken m_token;
    State m_state = State::Idle;
    BatchQueue::State m_stopAs = BatchQueue::State::Stopped;
    quint64 m_step = 0;  // under way or waiting to be; 0: none
    int m_round = 0;
    bool m_severityDue = false;  // of all files together, before the first
    StandingPool m_pool;         // the first member to go: it waits for the page
};

}  // namespace posteria::ui
