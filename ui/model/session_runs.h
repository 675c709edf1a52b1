// Restorations as a session keeps them: what was asked for, how the results are shown, and the
// files that these lie in. Restored, a run is one like any other; its results are read from the
// files as they are looked at.
#pragma once

#include <QDir>
#include <QJsonObject>
#include <QString>
#include <functional>
#include <optional>
#include <vector>

#include "ui/model/run.h"
#include "ui/model/session_display.h"

namespace posteria::ui {

class Document;

// Where stacks that belong together lie as the series of one file; empty: nowhere but in memory.
using FileOfStacks = std::function<QString(const std::vector<image::StackPtr>& series)>;

struct SessionRun {
    int input = 0;  // of the session's images
    int number = 1;
    QString mean, std, samples;  // absolute paths; std and samples empty where there are none
    engine::RestorationRequest request;  // without stacks
    int drawn = 1;                       // samples that the mean rests on
    image::Rect region;
    bool calibrated = false;
    posterior::Diagnostics diagnostics;
    Run::Spread spread = Run::Spread::Deviation;
    std::vector<double> thresholds;
    std::vector<Limits> thresholdRanges;
    int shownSample = 0;
    std::optional<Layer::Role> selected;  // one of its layers
    SessionDisplay meanShown, sampleShown, uncertaintyShown;
};

// What of a run a session can keep once it lies in files: its mean, standard deviation and samples.
// None of a preview, and of one that is running or has no result.
std::vector<std::vector<image::StackPtr>> resultsOf(const Run& run);
// None where a result lies in no file.
std::optional<SessionRun> takeRun(const Run& run, int input, const Layer* selected,
                                  const FileOfStacks& fileOf);
// The files' series; std and samples may be empty.
Run* restoreRun(const SessionRun& kept, Layer* input, Document& document,
                const image::StackPtr& mean, const image::StackPtr& std,
                const std::vector<image::StackPtr>& samples);

QJsonObject json(const SessionRun& run, const QDir& folder);
SessionRun readRun(const SessionReader& reader, const QDir& folder, int images);

}  // namespace posteria::ui
