// Plots of the run in view: the samples at the pixel under the cursor, or along a line that is
// drawn in a pane; in figures, too, and to be saved. Choosing the line's tab takes the line tool.
// Reads only while it is visible, on a thread of its own, and then what was asked for last. GUI
// thread only.
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <optional>
#include <variant>

#include "ui/model/document.h"
#include "ui/model/posterior_plot.h"
#include "ui/model/standing_pool.h"

class QLabel;
class QTabBar;
class QToolButton;

namespace posteria::ui::viewer {

class PosteriorChart;

class PlotsPanel : public QWidget {
    Q_OBJECT
  public:
    enum Tab { Pixel, Line };

    explicit PlotsPanel(Document* document, QWidget* parent = nullptr);

    void setTab(Tab tab);
    Tab tab() const;
    // By the ending: .csv the values, .svg and .png the chart. False when it cannot be written.
    bool save(const QString& path) const;

  Q_SIGNALS:
    void saveRequested();

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void follow();                                                   // the active run
    using Plot = std::variant<std::monostate, PixelPlot, LinePlot>;  // none: it could not be read

    void refresh();
    void read();  // on the other thread; take() follows
    void take(const Plot& plot);
    void present(const PixelPlot& plot);
    void present(const LinePlot& plot);
    void showNothing(const QString& message);

    Document* m_document;
    QPointer<Run> m_run;
    QTabBar* m_tabs;
    QToolButton* m_save;
    PosteriorChart* m_chart;
    QLabel* m_figures;
    QTimer m_soon;
    std::optional<QPointF> m_position;  // the last one under the cursor
    Plot m_plot;                        // on the screen
    bool m_wanted = false, m_reading = false, m_again = false;
    StandingPool m_pool;  // the first member to go: it waits for what is being read
};

}  // namespace posteria::ui::viewer
