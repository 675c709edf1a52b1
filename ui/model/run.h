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
    // How uncertainty is shown: the standard deviation, its ratio to the mean, the width of the
    // samples' central 90 % interval, or the share of samples above a threshold.
    enum class Spread { Deviation, Relative, Interval, Exceedance };
    static constexpr Spread kSpreads[] = {Spread::Deviation, Spread::Relative, Spread::Interval,
                                          Spread::Exceedance};
    static QString spreadName(Spread spread);

    Run(int number, bool preview, Layer* input, engine::RestorationRequest request,
        QObject* parent = nullptr);
    ~Run() override;

    // "run 2 · split-filaments-vesicles", and its parameters, a line each.
    QString title() const;
    QString parameters() const;
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
    // Whether there is what the map is made of: with little memory a run keeps few samples or none.
    bool offers(Spread spread) const;
    void setSpread(Spread spread);  // nothing happens where the run does not offer it
    void showNextSpread();          // of those on offer
    // The threshold of Exceedance as a share (0 … 1) of each channel's range in the mean, which is
    // taken when it is first shown, and what that is in grey values, one a channel.
    double thresholdShare() const { return m_thresholdShare; }
    void setThresholdShare(double share);
    std::vector<double> thresholds() const;
    // Those ranges, so that a session need not read the mean again.
    const std::vector<Limits>& thresholdRanges() const { return m_thresholdRanges; }
    void setThresholdRanges(std::vector<Limits> ranges) { m_thresholdRanges = std::move(ranges); }
    // What the map shows and whether it is calibrated, for one channel or (below 0) for all:
    // "P(x > 12.3), uncalibrated".
    QString spreadText(int channel = -1) const;
    bool hasUncertainty() const { return m_snapshot && m_snapshot->std; }

  Q_SIGNALS:
    void samplesChanged();  // keptSamples or shownSample
    void stateChanged();
    void spreadChanged();  // spread or threshold

  private:
    void updateSample();
    void updateUncertainty();
    void takeThresholdRanges();
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
    double m_thresholdShare = 0.5;
    std::vector<Limits> m_thresholdRanges;
};

}  // namespace posteria::ui
