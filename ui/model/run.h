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
    // samples' central 90 % interval, the share of samples above a threshold, or the mean in
    // colours that the standard deviation suppresses (SuppressingPalette).
    enum class Spread { Deviation, Relative, Interval, Exceedance, Confidence };
    static constexpr Spread kSpreads[] = {Spread::Deviation, Spread::Relative, Spread::Interval,
                                          Spread::Exceedance, Spread::Confidence};
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

    // The posteria-cli line that draws the same samples; empty before the run has ended.
    QString command() const;
    // Of the input's file; empty until it is known, and where there is none.
    const QString& inputSha256() const { return m_inputSha256; }
    void setInputSha256(const QString& sha256);
    // What tells it from other runs, in one line: "16 samples, 5 steps, severity 0.30".
    QString settingsText() const;

    void take(const posterior::SnapshotPtr& snapshot);
    // Goes on, for the samples that the request asks for: its own but for their number and for what
    // was chosen by itself before.
    void resume(engine::RestorationRequest request);
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
    // What counts as signal, for Exceedance and for contours: grey values, one a channel; empty
    // while there is no uncertainty. At first the middle of each channel's range in the mean. The
    // share is where in that range it lies, 0 … 1.
    const std::vector<double>& thresholds() const { return m_thresholds; }
    const std::vector<Limits>& thresholdRanges() const { return m_thresholdRanges; }
    void setThreshold(int channel, double value);  // within the range
    double thresholdShare(int channel) const;
    void setThresholdShare(int channel, double share);
    // For a session, which need not read the mean again.
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
    void put(Layer* layer, image::StackPtr stack);
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
    QString m_inputSha256;
    int m_shown = 0;
    bool m_following = true;
    Spread m_spread = Spread::Deviation;
    std::vector<double> m_thresholds;
    std::vector<Limits> m_thresholdRanges;
};

}  // namespace posteria::ui
