// Whether a model's uncertainty is as large as its errors, ready to be plotted: errors that were
// predicted and observed, pooled in bins of pixels of like uncertainty, the line that was fitted to
// them, and how much of the truth the intervals hold. In units of the degraded image's standard
// deviation.
#pragma once

#include <QColor>
#include <QString>
#include <vector>

#include "core/package/calibration.h"

namespace posteria::ui {

struct ReliabilityPlot {
    struct Channel {
        QString name;
        QColor color;
        std::vector<double> predicted, observed;  // one a bin, by growing uncertainty
        std::vector<double> pixels;               // in each bin
        double slope = 1, offset = 0;             // observed = slope * predicted + offset
        // Shares of the truth, 0: not known. As drawn: within mean ± 1 and 1.645 predicted errors;
        // calibrated: within the counted intervals, on pairs left out of the fit.
        double drawn68 = 0, drawn90 = 0, calibrated68 = 0, calibrated90 = 0;
    };
    std::vector<Channel> channels;
    double limit = 1;  // no error in it is larger

    bool isEmpty() const;  // of a calibration that keeps no bins
    // A line a bin: channel, predicted, observed, fitted, pixels.
    QString csv() const;

    static ReliabilityPlot of(const package::Calibration& calibration,
                              const package::ModelPackage& model);
};

}  // namespace posteria::ui
