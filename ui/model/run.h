// One restoration and its three layers: the sample shown, the mean and the uncertainty. Snapshots
// come in, layers and their names follow ("mean (n=7)"). Owns the layers; the input's layer belongs
// to the document. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <memory>
#include <optional>

#include "core/engine/engine.h"
#include "ui/model/layer.h"

namespace posteria::ui {

class Run : public QObject {
    Q_OBJECT
  public:
    enum class State { Running, Finished, Stopped, Failed };
    // How uncertainty is shown: the standard deviation, or its ratio to the mean.
    enum class Spread { Deviation, Relative };

    Run(int number, bool preview, Layer* input, engine::RestorationRequest request,
        QObject* parent = nullptr);
    ~Run() override;

    int number() const { return m_number; }
    bool isPreview() const { return m_preview; }
    State state() const { return m_state; }
    const engine::RestorationRequest& request() const { return m_request; }
    Layer* input() const { return m_input; }  // null once the user has removed it
    Layer* sample() const { return m_sample.get(); }
    Layer* mean() const { return m_mean.get(); }
    Layer* uncertainty() const { return m_uncertainty.get(); }
    bool owns(const Layer* layer) const;

    void take(const posterior::SnapshotPtr& snapshot);
    void finish(const engine::RunReport& report);
    void stop(bool failed);

    const posterior::SnapshotPtr& snapshot() const { return m_snapshot; }  // null before the first
    const std::optional<engine::RunReport>& report() const { return m_report; }

    int keptSamples() const;                     // how many can be shown
    int shownSample() const { return m_shown; }  // from 0
    // Shows sample k and stops following the newest one.
    void showSample(int k);

    Spread spread() const { return m_spread; }
    void setSpread(Spread spread);
    bool hasUncertainty() const { return m_snapshot && m_snapshot->std; }

  Q_SIGNALS:
    void samplesChanged();  // keptSamples or shownSample
    void stateChanged();

  private:
    void updateSample();
    void updateUncertainty();
    void updateNames();

    int m_number;
    bool m_preview;
    State m_state = State::Running;
    engine::RestorationRequest m_request;
    QPointer<Layer> m_input;
    std::unique_ptr<Layer> m_sample, m_mean, m_uncertainty;
    posterior::SnapshotPtr m_snapshot;
    std::optional<engine::RunReport> m_report;
    int m_shown = 0;
    bool m_following = true;
    Spread m_spread = Spread::Deviation;
};

// std / mean, computed where it is looked at; NaN where the mean is below one percent of its
// largest value, where a ratio says nothing.
image::StackPtr relativeDeviation(image::StackPtr std, image::StackPtr mean);

}  // namespace posteria::ui
