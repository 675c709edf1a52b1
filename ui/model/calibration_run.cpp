#include "ui/model/calibration_run.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QPointer>
#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace posteria::ui {

namespace {
constexpr int kProgressMs = 100;  // between two pieces of news
}

struct CalibrationRun::Work {
    std::unique_ptr<engine::CalibrationFit> fit;
    package::Calibration fitted;
};

CalibrationRun::CalibrationRun(EngineSteps* steps, CalibrationPairs* pairs, QObject* parent)
    : QObject(parent), m_steps(steps), m_pairs(pairs) {}

CalibrationRun::~CalibrationRun() {
    if (m_step) m_steps->cancel(m_step);
}

void CalibrationRun::setState(State state) {
    if (std::exchange(m_state, state) != state) Q_EMIT stateChanged();
}

void CalibrationRun::start(const package::ModelPackage& model,
                           const engine::RestorationRequest& settings) {
    if (isBusy() || m_pairs->rowCount() == 0) return;
    m_model = model;
    m_settings = settings;
    m_work = std::make_shared<Work>();
    m_calibration.reset();
    m_pairs->restart();
    setState(State::Running);
    Q_EMIT calibrationChanged();
    next();
}

void CalibrationRun::next() {
    const auto& pairs = m_pairs->pairs();
    const auto waiting = std::find_if(pairs.begin(), pairs.end(), [](const auto& pair) {
        return pair.state == CalibrationPairs::State::Waiting;
    });
    if (waiting == pairs.end()) {
        m_work.reset();
        setState(m_calibration ? State::Ready : State::Idle);
        if (!m_calibration)
            Q_EMIT failed(tr("No pair could be used: their states say why."), QString());
        return;
    }
    const int row = int(waiting - pairs.begin());
    m_pairs->setState(row, CalibrationPairs::State::Running);
    const QPointer<CalibrationRun> self(this);
    const auto tell = [self, row, pause = std::make_shared<QElapsedTimer>()](double fraction) {
        if (pause->isValid() && pause->elapsed() < kProgressMs) return;
        pause->start();
        QMetaObject::invokeMethod(
            qApp,
            [self, row, fraction] {
                if (self) self->m_pairs->setFraction(row, fraction);
            },
            Qt::QueuedConnection);
    };
    m_step = m_steps->add(
        [work = m_work, pair = waiting->images, settings = m_settings, tell](
            engine::Engine& engine, const CancelToken& token, bool) {
            if (!work->fit) work->fit = engine.startCalibration(settings);
            work->fit->add(pair, tell, token);
            work->fitted = work->fit->fitted();
        },
        [self, row](const EngineSteps::Ending& ending) {
            if (self) self->end(row, ending);
        });
}

void CalibrationRun::end(int row, const EngineSteps::Ending& ending) {
    m_step = 0;
    switch (ending.kind) {
        case EngineSteps::Ending::Finished:
            m_pairs->setState(row, CalibrationPairs::State::Done);
            m_calibration = m_work->fitted;
            Q_EMIT calibrationChanged();
            break;
        case EngineSteps::Ending::Cancelled:
            m_pairs->setState(row, CalibrationPairs::State::Waiting);
            break;
        case EngineSteps::Ending::Failed:
            m_pairs->setState(row, CalibrationPairs::State::Failed,
                              ending.hint.isEmpty()
                                  ? ending.message
                                  : ending.message + QLatin1Char(' ') + ending.hint);
            break;
    }
    if (m_state == State::Stopping) {
        m_work.reset();
        setState(State::Idle);
        reset();
        return;
    }
    next();
}

void CalibrationRun::cancel() {
    if (m_state != State::Running) return;
    setState(State::Stopping);
    m_steps->cancel(m_step);
}

void CalibrationRun::reset() {
    if (isBusy()) return;
    m_calibration.reset();
    m_pairs->restart();
    setState(State::Idle);
    Q_EMIT calibrationChanged();
}

void CalibrationRun::keep() {
    if (m_state != State::Ready) return;
    setState(State::Keeping);
    m_pool.start([this, model = m_model, calibration = *m_calibration] {
        engine::CalibratedModel to;
        QString problem, hint;
        try {
            to = engine::calibratedModel(model);
            engine::storeCalibration(model, calibration, to);
        } catch (const Error& e) {
            problem = QString::fromStdString(e.where().empty() ? e.message()
                                                               : e.where() + ": " + e.message());
            hint = QString::fromStdString(e.hint());
        } catch (const std::exception& e) {
            problem = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, to, problem, hint] {
                setState(problem.isEmpty() ? State::Idle : State::Ready);
                if (problem.isEmpty())
                    Q_EMIT kept(QString::fromStdString(to.folder), QString::fromStdString(to.name));
                else
                    Q_EMIT failed(problem, hint);
            },
            Qt::QueuedConnection);
    });
}

}  // namespace posteria::ui
