#include "ui/viewer/reliability_chart.h"

#include <algorithm>

#include "ui/viewer/chart_parts.h"

namespace posteria::ui::viewer {

namespace {
constexpr int kLineSteps = 64;  // a line that meets zero has a corner
constexpr float kPointSize = 8;
}  // namespace

ReliabilityChart::ReliabilityChart(QWidget* parent) : Chart(parent) {
    setObjectName(QStringLiteral("reliabilityChart"));
}

void ReliabilityChart::setPlot(const ReliabilityPlot& plot) {
    parts().begin();
    const double limit = 1.06 * plot.limit;
    parts().line({0, limit}, {0, limit}, Parts::kInput, 1.2f, vtkPen::DASH_LINE);
    for (const auto& channel : plot.channels) {
        std::vector<double> x, y;
        for (int i = 0; i <= kLineSteps; ++i) {
            const double at = limit * i / kLineSteps;
            const double value = std::max(0.0, channel.slope * at + channel.offset);
            if (value > limit) break;
            x.push_back(at);
            y.push_back(value);
        }
        parts().line(x, y, channel.color, 1.6f);
    }
    for (const auto& channel : plot.channels)
        parts().points(channel.predicted, channel.observed, channel.color, kPointSize);
    for (const int side : {vtkAxis::BOTTOM, vtkAxis::LEFT}) {
        auto* axis = parts().chart->GetAxis(side);
        axis->SetBehavior(vtkAxis::FIXED);
        axis->SetRange(0, limit);
        Parts::styleAxis(axis,
                         side == vtkAxis::BOTTOM ? tr("predicted error (std of the input)")
                                                 : tr("observed error (std of the input)"),
                         Parts::kText);
    }
    update();
}

}  // namespace posteria::ui::viewer
