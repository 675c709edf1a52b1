// Fits a model's uncertainty to pairs of images, one pair after the other as steps of EngineSteps,
// and keeps the result with the model when the user says so. A pair that fails is left out.
// Cancelled, nothing is kept. GUI thread only; files are read and written on other threads.
#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "core/engine/calibration_store.h"
#include "core/engine/request.h"
#include "ui/model/calibration_pairs.h"
#include "ui/model/engine_steps.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class CalibrationRun : public QObject {
    Q_OBJECT
  public:
    // Ready: fitted and not kept yet.
    enum class State { Idle, Running, Stopping, Ready, Keeping };

    CalibrationRun(EngineSteps* steps, CalibrationPairs* pairs, QObject* parent = nullptr);
    ~CalibrationRun() override;

    State state() const { return m_state; }
    bool isBusy() const { return m_state != State::Idle && m_state != State::Ready; }
    // Of the pairs that are done; none before the first one is.
    const std::optional<package::Calibration>& calibration() const { return m_calibration; }
    const package::ModelPackage& model() const { return m_model; }  // of the last start()

    // All pairs anew, by the settings' sampler. Nothing happens while it is busy or without pairs.
    void start(const package::ModelPackage& model, const engine::RestorationRequest& settings);
    void cancel();
    // With the model, or a copy: engine::calibratedModel. Of Ready alone.
    void keep();
    // Forgets a calibration that was not kept.
    void reset();

  Q_SIGNALS:
    void stateChanged();
    void calibrationChanged();  // with every pair, and by reset()
    void kept(const QString& folder, const QString& name);
    void failed(const QString& message, const QString& hint);

  private:
    struct Work;  // on the engine's thread

    void setState(State state);
    void next();
    void end(int row, const EngineSteps::Ending& ending);

    EngineSteps* m_steps;
    CalibrationPairs* m_pairs;
    package::ModelPackage m_model;
    engine::RestorationRequest m_settings;
    std::shared_ptr<Work> m_work;
    std::optional<package::Calibration> m_calibration;
    State m_state = State::Idle;
    quint64 m_step = 0;
    StandingPool m_pool;  // the first member to go: it waits for the model being kept
};

}  // namespace posteria::ui
