// What the charts of the window are made of and how they look: VTK's scene, lines, points, areas
// and axes, in the colours of the canvas. Shows VTK: of ui/viewer alone. GUI thread only.
#pragma once

#include <vtkAxis.h>
#include <vtkChartXY.h>
#include <vtkContextScene.h>
#include <vtkNew.h>
#include <vtkPen.h>
#include <vtkPlot.h>

#include <QColor>
#include <QString>
#include <cmath>
#include <vector>

#include "ui/viewer/chart.h"

namespace posteria::ui::viewer {

struct Chart::Parts {
    static inline const QColor kGround{38, 41, 48};
    static inline const QColor kText{209, 210, 212};
    static inline const QColor kGrid{84, 92, 104};
    static inline const QColor kInput{160, 164, 172};

    struct Range {
        double low = HUGE_VAL, high = -HUGE_VAL;

        void take(const std::vector<double>& values);  // but NaN
        bool isEmpty() const { return high < low; }
    };

    Parts();

    static void styleAxis(vtkAxis* axis, const QString& title, const QColor& color);
    // Fixed, so that ticks are round numbers.
    static void setRange(vtkAxis* axis, double low, double high);

    void begin();  // a new plot: nothing is left of the one before
    void line(const std::vector<double>& x, const std::vector<double>& y, const QColor& color,
              float width, int type = vtkPen::SOLID_LINE, int corner = 0);
    void points(const std::vector<double>& x, const std::vector<double>& y, const QColor& color,
                float size);
    void area(const std::vector<double>& x, const std::vector<double>& low,
              const std::vector<double>& high, const QColor& color, int opacity);

    vtkNew<vtkContextScene> scene;
    vtkNew<vtkChartXY> chart;
    QString message;
};

}  // namespace posteria::ui::viewer
