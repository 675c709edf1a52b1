#include "ui/model/reliability_plot.h"

#include <algorithm>
#include <cmath>

namespace posteria::ui {

namespace {
const QColor kGrey(209, 210, 212);
}

ReliabilityPlot ReliabilityPlot::of(const package::Calibration& calibration,
                                    const package::ModelPackage& model) {
    ReliabilityPlot plot;
    // The fit is of the standard deviation, the plot of the error of a mean of k samples.
    const int k = calibration.sampler.samples;
    const double ofMean = k > 0 ? std::sqrt(1 + 1.0 / k) : 1;
    double most = 0;
    for (std::size_t c = 0; c < calibration.channels.size(); ++c) {
        const auto& fitted = calibration.channels[c];
        const auto& told = fitted.reliability;
        Channel channel;
        channel.name = c < model.outputs.size() ? QString::fromStdString(model.outputs[c])
                                                : QString::number(c + 1);
        channel.color = c < model.colors.size() ? QColor::fromRgb(model.colors[c]) : kGrey;
        for (const auto& bin : told.bins) {
            channel.predicted.push_back(bin.predicted);
            channel.observed.push_back(bin.observed);
            channel.pixels.push_back(double(bin.pixels));
            most = std::max({most, bin.predicted, bin.observed});
        }
        channel.slope = fitted.scale;
        channel.offset = fitted.offset * ofMean;
        channel.drawn68 = told.drawn68;
        channel.drawn90 = told.drawn90;
        channel.calibrated68 = told.held68;
        channel.calibrated90 = told.held90;
        plot.channels.push_back(std::move(channel));
    }
    if (most > 0) plot.limit = most;
    return plot;
}

bool ReliabilityPlot::isEmpty() const {
    return std::all_of(channels.begin(), channels.end(),
                       [](const Channel& channel) { return channel.predicted.empty(); });
}

QString ReliabilityPlot::csv() const {
    QString text = QStringLiteral("channel,predicted error,observed error,fitted line,pixels\n");
    for (const auto& channel : channels) {
        auto name = channel.name;
        name.replace(QLatin1Char('"'), QStringLiteral("\"\""));
        for (std::size_t i = 0; i < channel.predicted.size(); ++i)
            text += QStringLiteral("\"%1\",%2,%3,%4,%5\n")
                        .arg(name)
                        .arg(channel.predicted[i])
                        .arg(channel.observed[i])
                        .arg(std::max(0.0, channel.slope * channel.predicted[i] + channel.offset))
                        .arg(channel.pixels[i], 0, 'f', 0);
    }
    return text;
}

}  // namespace posteria::ui
