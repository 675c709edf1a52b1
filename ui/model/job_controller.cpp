#include "ui/model/job_controller.h"

#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/priority.h"

namespace posteria::ui {

namespace {
constexpr int kPauseMs = 100;
}

struct JobController::Mailbox {
    std::mutex mutex;
    posterior::SnapshotPtr snapshot;
    std::optional<engine::Progress> progress;
    bool announced = false;
};

struct JobController::Outcome {
    engine::RunReport report;
    Ending ending;
};

// Called on the engine's thread: leaves the letter and rings once, however many come.
class JobController::Observer : public engine::RunObserver {
  public:
    Observer(JobController* controller, quint64 job, std::shared_ptr<Mailbox> mailbox)
        : m_controller(controller), m_job(job), m_mailbox(std::move(mailbox)) {}

    void onProgress(const engine::Progress& progress) override {
        put([&](Mailbox& box) { box.progress = progress; });
    }
    void onSnapshot(const posterior::SnapshotPtr& snapshot) override {
        put([&](Mailbox& box) { box.snapshot = snapshot; });
    }

  private:
    template <class F>
    void put(F&& fill) {
        {
            std::lock_guard lock(m_mailbox->mutex);
            fill(*m_mailbox);
            if (std::exchange(m_mailbox->announced, true)) return;
        }
        QMetaObject::invokeMethod(
            m_controller,
            [controller = m_controller, job = m_job] { controller->mailArrived(job); },
            Qt::QueuedConnection);
    }

    JobController* m_controller;
    quint64 m_job;
    std::shared_ptr<Mailbox> m_mailbox;
};

JobController::JobController(EngineFactory factory, QObject* parent)
    : QObject(parent), m_factory(std::move(factory)) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &JobController::emptyMailbox);
    m_thread.setObjectName(QStringLiteral("engine"));
    m_worker.moveToThread(&m_thread);
    // The threads that LibTorch makes inherit it: a network call leaves the window its processor.
    connect(&m_thread, &QThread::started, &m_worker, [] { giveWay(); });
    m_thread.start();
}

JobController::~JobController() {
    m_token.cancel();
    m_thread.quit();
    m_thread.wait();
}

engine::Engine& JobController::engine() {
    if (!m_engine) {
        m_engine = m_factory();
        QStringList devices;
        for (const auto& device : m_engine->devices())
            devices << QString::fromStdString(device);
        QMetaObject::invokeMethod(
            this, [this, devices] { Q_EMIT devicesKnown(devices); }, Qt::QueuedConnection);
    }
    return *m_engine;
}

void JobController::preload() {
    if (std::exchange(m_preloading, true)) return;
    QMetaObject::invokeMethod(
        &m_worker,
        [this] {
            try {
                engine();
            } catch (const std::exception& e) {
                // Told to the user when a run needs the engine and fails the same way.
                log::warning(std::string("The engine could not be loaded in advance: ") + e.what());
            }
        },
        Qt::QueuedConnection);
}

quint64 JobController::start(engine::RestorationRequest request) {
    m_token.cancel();
    m_token = CancelToken();
    m_mailbox = std::make_shared<Mailbox>();
    const quint64 job = ++m_job;
    QMetaObject::invokeMethod(
        &m_worker,
        [this, job, request = std::move(request), token = m_token, mailbox = m_mailbox] {
            Outcome outcome;
            outcome.ending = guarded([&] {
                token.throwIfCancelled();
                Observer observer(this, job, mailbox);
                outcome.report = engine().run(request, observer, token);
            });
            QMetaObject::invokeMethod(
                this, [this, job, outcome] { end(job, outcome); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
    setBusy(true);
    return job;
}

void JobController::cancel() {
    m_token.cancel();
}

void JobController::post(std::function<void(engine::Engine&)> work,
                         std::function<void(const Ending&)> ended) {
    QMetaObject::invokeMethod(
        &m_worker,
        [this, work = std::move(work), ended = std::move(ended)] {
            const auto ending = guarded([&] { work(engine()); });
            QMetaObject::invokeMethod(
                this, [ending, ended] { ended(ending); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

JobController::Ending JobController::guarded(const std::function<void()>& work) {
    Ending ending;
    try {
        work();
        ending.kind = Ending::Finished;
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::Cancelled) {
            ending.kind = Ending::Cancelled;
            return ending;
        }
        log::error(e.what());
        ending.message = QString::fromStdString(e.message());
        if (!e.where().empty())
            ending.message =
                QString::fromStdString(e.where()) + QStringLiteral(": ") + ending.message;
        ending.hint = QString::fromStdString(e.hint());
    } catch (const std::bad_alloc&) {
        log::error("The run ended with std::bad_alloc");
        ending.message = tr("There was not enough memory to go on.");
        ending.hint = tr("Close other programs, or restore a smaller region.");
    } catch (const std::exception& e) {
        log::error(std::string("The run ended with an unexpected error: ") + e.what());
        ending.message = tr("The restoration stopped with an unexpected error.");
        ending.hint = tr("The log has the details: %1").arg(QString::fromUtf8(e.what()));
    } catch (...) {
        log::error("The run ended with an unknown exception");
        ending.message = tr("The restoration stopped with an unknown error.");
        ending.hint = tr("Please save your results and start the program again.");
    }
    return ending;
}

void JobController::mailArrived(quint64 job) {
    if (job == m_job && !m_pause.isActive()) emptyMailbox();
}

void JobController::emptyMailbox() {
    posterior::SnapshotPtr snapshot;
    std::optional<engine::Progress> news;
    {
        std::lock_guard lock(m_mailbox->mutex);
        snapshot = std::exchange(m_mailbox->snapshot, nullptr);
        news = std::exchange(m_mailbox->progress, std::nullopt);
        m_mailbox->announced = false;
    }
    if (!snapshot && !news) return;
    m_pause.start();
    const quint64 job = m_job;
    if (news) Q_EMIT progress(job, *news);
    if (snapshot && job == m_job) Q_EMIT snapshotReady(job, snapshot);
}

void JobController::end(quint64 job, const Outcome& outcome) {
    if (job != m_job) return;
    emptyMailbox();  // the last snapshot holds the result
    if (job != m_job) return;
    setBusy(false);
    switch (outcome.ending.kind) {
        case Ending::Finished:
            Q_EMIT finished(job, outcome.report);
            break;
        case Ending::Cancelled:
            Q_EMIT cancelled(job);
            break;
        case Ending::Failed:
            Q_EMIT failed(job, outcome.ending.message, outcome.ending.hint);
            break;
    }
}

void JobController::setBusy(bool busy) {
    if (m_busy == busy) return;
    m_busy = busy;
    Q_EMIT busyChanged(busy);
}

}  // namespace posteria::ui
