#include "ui/model/batch_run.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/batch_summary.h"
#include "core/io/open.h"

namespace posteria::ui {

namespace {

constexpr int kProgressMs = 100;  // between two pieces of news

QString told(const engine::Progress& progress) {
    return progress.sample > 0
               ? BatchRun::tr("sample %1 of %2").arg(progress.sample).arg(progress.samples)
               : QString::fromStdString(progress.stage);
}

// What tells one job's results from another's, but for their inputs.
QString settingsOf(const engine::RestoreJob& job) {
    const auto& s = job.settings;
    QStringList parts{QString::fromStdString(job.outputFolder),
                      QString::fromStdString(s.model),
                      QString::fromStdString(s.sampler),
                      QString::fromStdString(s.device),
                      QString::number(s.steps),
                      QString::number(s.samples),
                      QString::number(s.seed),
                      QString::number(job.oneAcquisition),
                      s.severity ? QString::number(*s.severity) : QString()};
    for (const auto& name : job.save)
        parts << QString::fromStdString(name);
    for (const auto channel : s.selection.c)
        parts << QString::number(channel);
    return parts.join(QLatin1Char('\n'));
}

}  // namespace

// Of one file; filled on the engine's thread, looked at when that is through with it.
struct BatchRun::Result {
    engine::RestoredFile file;
    QString note;
    bool warned = false;

    void read() {
        const auto json =
            QJsonDocument::fromJson(QByteArray::fromStdString(readTextFile(file.report))).object();
        QStringList parts;
        QStringList severity;
        for (const auto& t : json[QLatin1String("severity")].toArray())
            severity << QString::number(t.toDouble(), 'f', 2);
        if (!severity.isEmpty())
            parts << (json[QLatin1String("severity_estimated")].toBool()
                          ? BatchRun::tr("severity %1 (estimated)")
                          : BatchRun::tr("severity %1"))
                         .arg(severity.join(QStringLiteral(", ")));
        parts << json[QLatin1String("calibration")].toString();
        const auto warnings = json[QLatin1String("warnings")].toArray();
        warned = !warnings.isEmpty();
        for (const auto& warning : warnings)
            parts << warning.toString();
        note = parts.join(QStringLiteral(" · "));
    }
};

BatchRun::BatchRun(EngineSteps* steps, BatchQueue* queue, QObject* parent)
    : QObject(parent), m_steps(steps), m_queue(queue) {}

BatchRun::~BatchRun() {
    m_token.cancel();
    if (m_step) m_steps->cancel(m_step);
}

QString BatchRun::summaryPath(const QString& folder) {
    return QDir(folder).filePath(QStringLiteral("summary.html"));
}

void BatchRun::setState(State state) {
    if (std::exchange(m_state, state) != state) Q_EMIT stateChanged();
}

void BatchRun::start(engine::RestoreJob job) {
    if (m_state != State::Idle || m_queue->next() < 0) return;
    m_job = std::move(job);
    if (std::exchange(m_settings, settingsOf(m_job)) != m_settings) ++m_round;
    setState(State::Running);
    failTwins();
    m_severityDue = m_job.oneAcquisition && !m_job.settings.severity;
    goOn();
}

void BatchRun::goOn() {
    if (m_state == State::Stopping)
        finish();
    else if (m_state == State::Running && m_severityDue)
        estimateSeverity();
    else if (m_state == State::Running)
        next();
}

// Two files of one name from two folders would overwrite each other's results.
void BatchRun::failTwins() {
    QHash<QString, QString> firsts;
    for (int row = 0; row < m_queue->rowCount(); ++row) {
        const auto& file = m_queue->files()[std::size_t(row)];
        const bool counts = file.state == BatchQueue::State::Waiting ||
                            (file.round == m_round && !file.report.isEmpty());
        if (!counts) continue;
        const auto stem = QString::fromStdString(engine::resultStem(file.path.toStdString()));
        const auto first = firsts.constFind(stem);
        if (first == firsts.cend())
            firsts.insert(stem, file.path);
        else if (file.state == BatchQueue::State::Waiting)
            m_queue->fail(row, tr("%1 would be written under the same name.").arg(*first),
                          tr("Restore them into different folders."));
    }
}

// From all that can be read; the others fail here.
void BatchRun::estimateSeverity() {
    struct Estimate {
        std::optional<double> severity;
        std::vector<std::pair<std::string, Error>> failed;  // input, why
    };
    std::vector<std::string> inputs;
    for (const auto& file : m_queue->files())
        if (file.state == BatchQueue::State::Waiting) inputs.push_back(file.path.toStdString());
    auto estimate = std::make_shared<Estimate>();
    m_step = m_steps->add(
        [inputs, settings = m_job.settings, estimate](engine::Engine& engine,
                                                      const CancelToken& token, bool) {
            std::vector<engine::RestorationRequest> acquisition;
            estimate->failed.clear();
            for (const auto& input : inputs) {
                token.throwIfCancelled();
                try {
                    auto request = settings;
                    request.input = io::open(input);
                    acquisition.push_back(std::move(request));
                } catch (const Error& e) {
                    estimate->failed.emplace_back(input, e);
                }
            }
            if (!acquisition.empty())
                estimate->severity = engine.estimateSeverity(acquisition, token);
        },
        [self = QPointer<BatchRun>(this), estimate](const EngineSteps::Ending& ending) {
            if (!self) return;
            self->m_step = 0;
            if (ending.kind == EngineSteps::Ending::Failed) {
                self->setState(State::Idle);
                Q_EMIT self->failed(ending.message, ending.hint);
                return;
            }
            if (ending.kind == EngineSteps::Ending::Finished) {
                self->m_severityDue = false;
                self->m_job.settings.severity = estimate->severity;
                self->m_job.settings.severityEstimated = estimate->severity.has_value();
                for (const auto& [input, why] : estimate->failed)
                    self->m_queue->fail(self->m_queue->row(QString::fromStdString(input)),
                                        QString::fromStdString(why.message()),
                                        QString::fromStdString(why.hint()));
            }
            self->goOn();
        });
}

void BatchRun::next() {
    const int row = m_queue->next();
    if (row < 0)
        finish();
    else
        begin(row);
}

void BatchRun::begin(int row) {
    auto job = m_job;
    const auto& file = m_queue->files()[std::size_t(row)];
    job.inputs = {file.path.toStdString()};
    job.goOn = file.begun;
    m_queue->begin(row, m_round);
    auto result = std::make_shared<Result>();
    const QPointer<BatchRun> self(this);
    const auto tell = [self, pause = std::make_shared<QElapsedTimer>()](
                          const std::string&, const engine::Progress& progress) {
        if (pause->isValid() && pause->elapsed() < kProgressMs) return;
        pause->start();
        QMetaObject::invokeMethod(
            qApp,
            [self, fraction = progress.fraction, stage = told(progress)] {
                if (self) self->m_queue->tell(fraction, stage);
            },
            Qt::QueuedConnection);
    };
    m_step = m_steps->add(
        [job, result, tell](engine::Engine& engine, const CancelToken& token, bool again) mutable {
            job.goOn = job.goOn || again;
            result->file = engine::restoreFiles(engine, job, tell, token).front();
            result->read();
        },
        [self, result](const EngineSteps::Ending& ending) {
            if (self) self->end(ending, *result);
        });
}

void BatchRun::end(const EngineSteps::Ending& ending, const Result& result) {
    m_step = 0;
    switch (ending.kind) {
        case EngineSteps::Ending::Finished:
            m_queue->finish(result.file.skipped, QString::fromStdString(result.file.report),
                            result.note, result.warned);
            break;
        case EngineSteps::Ending::Cancelled:
            m_queue->stop(m_stopAs);
            break;
        case EngineSteps::Ending::Failed:
            if (const int row = m_queue->running(); row >= 0)
                m_queue->fail(row, ending.message, ending.hint);
            break;
    }
    goOn();
}

void BatchRun::pause() {
    if (m_state != State::Running) return;
    m_stopAs = BatchQueue::State::Waiting;
    setState(State::Paused);
    if (m_step) m_steps->cancel(m_step);
}

void BatchRun::resume() {
    if (m_state != State::Paused) return;
    setState(State::Running);
    if (m_step == 0) goOn();  // else when the file has stopped
}

void BatchRun::cancel() {
    if (m_state != State::Running && m_state != State::Paused) return;
    m_stopAs = BatchQueue::State::Stopped;
    setState(State::Stopping);
    if (m_step)
        m_steps->cancel(m_step);
    else
        finish();
}

void BatchRun::finish() {
    Q_EMIT ended();
    std::vector<engine::SummaryFile> files;
    auto job = m_job;
    job.inputs.clear();
    bool any = false;
    for (const auto& file : m_queue->files()) {
        using Told = engine::SummaryFile::State;
        const bool waits = file.state == BatchQueue::State::Waiting;
        if (!waits && file.round != m_round && file.state != BatchQueue::State::Failed) continue;
        engine::SummaryFile entry;
        entry.input = file.path.toStdString();
        entry.report = file.report.toStdString();
        if (file.state == BatchQueue::State::Failed) {
            entry.problem = file.note.toStdString();
            entry.hint = file.hint.toStdString();
        }
        entry.state = waits                                     ? Told::Waiting
                      : file.state == BatchQueue::State::Done   ? Told::Done
                      : file.state == BatchQueue::State::Kept   ? Told::Kept
                      : file.state == BatchQueue::State::Failed ? Told::Failed
                                                                : Told::Stopped;
        any = any || !waits;
        job.inputs.push_back(entry.input);
        files.push_back(std::move(entry));
    }
    if (!any) {
        setState(State::Idle);
        return;
    }
    setState(State::Summing);
    const auto path = summaryPath(QString::fromStdString(job.outputFolder));
    m_pool.start([this, path, job = std::move(job), files = std::move(files), token = m_token] {
        QString problem, hint;
        try {
            ensureFolder(job.outputFolder);
            engine::writeBatchSummary(path.toStdString(), job, files, token);
        } catch (const Error& e) {
            problem = QString::fromStdString(e.message());
            hint = QString::fromStdString(e.hint());
        } catch (const std::exception& e) {
            problem = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, path, problem, hint] {
                if (problem.isEmpty()) m_summary = path;
                setState(State::Idle);
                if (problem.isEmpty())
                    Q_EMIT summaryWritten(path);
                else
                    Q_EMIT failed(tr("The summary could not be written. %1").arg(problem), hint);
            },
            Qt::QueuedConnection);
    });
}

}  // namespace posteria::ui
