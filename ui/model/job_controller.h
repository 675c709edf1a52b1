// Runs restorations on the one engine thread and brings back what they find.
// All members are called on the GUI thread and all signals arrive there. Every job has an id and a
// cancel token of its own; what a job older than the newest reports is dropped. Snapshots and
// progress wait in a mailbox that keeps the latest only and is emptied at most ten times a second.
// The engine, and LibTorch with it, is made by the factory on the engine thread on first need.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThread>
#include <QTimer>
#include <functional>
#include <memory>

#include "core/base/cancel_token.h"
#include "core/engine/engine.h"

namespace posteria::ui {

using EngineFactory = std::function<std::unique_ptr<engine::Engine>()>;

class JobController : public QObject {
    Q_OBJECT
  public:
    explicit JobController(EngineFactory factory, QObject* parent = nullptr);
    ~JobController() override;  // cancels, quits, waits

    // Loads the engine in the background when that has not happened yet.
    void preload();
    // Queues a job, cancelling the one before it; returns the new job's id (1, 2, …).
    quint64 start(engine::RestorationRequest request);
    // Asks the job to stop; cancelled() follows when it has.
    void cancel();

    // Runs other work on the engine's thread, after what waits there, and then `ended` on this one.
    // Restorations go first: see EngineSteps, which sees to it.
    struct Ending {
        enum Kind { Finished, Cancelled, Failed } kind = Failed;
        QString message, hint;  // of what failed
    };
    void post(std::function<void(engine::Engine&)> work, std::function<void(const Ending&)> ended);

    bool busy() const { return m_busy; }
    quint64 currentJob() const { return m_job; }

  Q_SIGNALS:
    void busyChanged(bool busy);
    void devicesKnown(const QStringList& devices);  // once, after the engine was loaded
    void progress(quint64 job, const posteria::engine::Progress& progress);
    void snapshotReady(quint64 job, const posteria::posterior::SnapshotPtr& snapshot);
    // Exactly one of these ends a job that was not overtaken by a newer one.
    void finished(quint64 job, const posteria::engine::RunReport& report);
    void cancelled(quint64 job);
    void failed(quint64 job, const QString& message, const QString& hint);

  private:
    struct Mailbox;
    struct Outcome;
    class Observer;

    engine::Engine& engine();                                  // engine thread only
    static Ending guarded(const std::function<void()>& work);  // engine thread only
    void mailArrived(quint64 job);
    void emptyMailbox();
    void end(quint64 job, const Outcome& outcome);
    void setBusy(bool busy);

    EngineFactory m_factory;
    std::unique_ptr<engine::Engine> m_engine;  // engine thread only while it runs
    QThread m_thread;
    QObject m_worker;  // lives on m_thread: the queue of its calls
    QTimer m_pause;    // runs between two deliveries
    CancelToken m_token;
    std::shared_ptr<Mailbox> m_mailbox;
    quint64 m_job = 0;
    bool m_busy = false, m_preloading = false;
};

}  // namespace posteria::ui
