#include "ui/viewer/plots_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QHideEvent>
#include <QLabel>
#include <QSaveFile>
#include <QShowEvent>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <exception>
#include <string>
#include <utility>

#include "core/base/log.h"
#include "ui/viewer/posterior_chart.h"
#include "ui/viewer/readout.h"

namespace posteria::ui::viewer {

namespace {

QString coloured(const QColor& color, const QString& text) {
    return QStringLiteral("<span style='color:%1'>%2</span>")
        .arg(color.name(), text.toHtmlEscaped());
}

}  // namespace

PlotsPanel::PlotsPanel(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("plotsPanel"));
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("plotTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("pixel"));
    m_tabs->addTab(tr("line"));
    m_tabs->setTabToolTip(Pixel, tr("The samples at the pixel under the cursor"));
    m_tabs->setTabToolTip(Line, tr("The samples along a line: drag it in a pane"));
    m_save = new QToolButton(this);
    m_save->setObjectName(QStringLiteral("plotSave"));
    m_save->setText(tr("Save…"));
    m_save->setToolTip(tr("Save the plot as PNG or SVG, or its values as CSV"));
    m_chart = new PosteriorChart(this);
    m_figures = new QLabel(this);
    m_figures->setObjectName(QStringLiteral("plotFigures"));
    m_figures->setWordWrap(true);
    m_figures->setTextFormat(Qt::RichText);
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* row = new QHBoxLayout;
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 6);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_chart, 1);
    column->addWidget(m_figures);

    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &PlotsPanel::refresh);
    const auto soon = [this] { m_soon.start(); };
    ViewState* view = &document->view();
    connect(view, &ViewState::cursorChanged, this, [this, view] {
        if (!view->cursor()) return;  // what was pointed at last stays
        m_position = view->cursor();
        if (tab() == Pixel) m_soon.start();
    });
    connect(view, &ViewState::changed, this, soon);
    connect(view, &ViewState::imageChanged, this, [this] { m_position.reset(); });
    connect(view, &ViewState::toolChanged, this,
            [this, view] { setTab(view->tool() == ViewState::Tool::Line ? Line : Pixel); });
    connect(document, &Document::activeRunChanged, this, &PlotsPanel::follow);
    connect(m_tabs, &QTabBar::currentChanged, this, [this, view](int index) {
        const bool isLine = view->tool() == ViewState::Tool::Line;
        if (isVisible() && isLine != (index == Line))
            view->setTool(isLine ? ViewState::Tool::Pan : ViewState::Tool::Line);
        m_soon.start();
    });
    connect(m_save, &QToolButton::clicked, this, &PlotsPanel::saveRequested);
    follow();
}

void PlotsPanel::setTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

PlotsPanel::Tab PlotsPanel::tab() const {
    return static_cast<Tab>(m_tabs->currentIndex());
}

// While the window is only minimised the tool and its line stay.
void PlotsPanel::showEvent(QShowEvent* event) {
    if (event->spontaneous()) return;
    m_document->view().setTool(tab() == Line ? ViewState::Tool::Line : ViewState::Tool::Pan);
    m_soon.start();
}

void PlotsPanel::hideEvent(QHideEvent* event) {
    if (event->spontaneous()) return;
    m_document->view().setTool(ViewState::Tool::Pan);
}

void PlotsPanel::follow() {
    if (m_run) disconnect(m_run, nullptr, this, nullptr);
    m_run = m_document->activeRun();
    if (m_run) {
        connect(m_run, &Run::samplesChanged, this, [this] { m_soon.start(); });
        connect(m_run->mean(), &Layer::displayChanged, this, [this] { m_soon.start(); });
    }
    m_soon.start();
}

void PlotsPanel::showNothing(const QString& message) {
    m_chart->clear(message);
    m_figures->clear();
    m_plot = {};
    m_wanted = false;
    m_save->setEnabled(false);
}

void PlotsPanel::refresh() {
    if (!isVisible()) return;
    if (!m_run) return showNothing(tr("Restore an image: its samples are plotted here."));
    if (m_run->keptSamples() == 0)
        return showNothing(tr("The samples that come in are plotted here."));
    if (tab() == Line && !m_document->view().line())
        return showNothing(tr("Drag a line in a pane: its samples are plotted here."));
    if (tab() == Pixel && !m_position)
        return showNothing(tr("Point at a pixel: its samples are plotted here."));
    m_wanted = true;
    if (m_reading)
        m_again = true;
    else
        read();
}

void PlotsPanel::read() {
    m_reading = true;
    m_again = false;
    const auto& view = m_document->view();
    m_pool.start([this, source = PlotSource::of(*m_run, view), position = m_position,
                  line = tab() == Line ? view.line() : std::nullopt] {
        Plot plot;
        try {
            if (line)
                plot = plotLine(source, *line);
            else
                plot = plotPixel(source, *position);
        } catch (const std::exception& e) {
            log::warning(std::string("The plot could not be read: ") + e.what());
        }
        QMetaObject::invokeMethod(
            this, [this, plot = std::move(plot)] { take(plot); }, Qt::QueuedConnection);
    });
}

void PlotsPanel::take(const Plot& plot) {
    m_reading = false;
    if (m_again) refresh();
    if (!m_wanted || !m_run) return;
    if (const auto* pixel = std::get_if<PixelPlot>(&plot)) {
        if (tab() == Pixel) present(*pixel);
    } else if (const auto* line = std::get_if<LinePlot>(&plot)) {
        if (tab() == Line) present(*line);
    } else {
        showNothing(tr("The pixels could not be read."));  // the canvas says why
    }
}

void PlotsPanel::present(const PixelPlot& plot) {
    const auto& view = m_document->view();
    if (plot.channels.empty()) return showNothing(tr("There are no samples of this pixel."));
    m_chart->setPlot(plot, m_run->mean()->unitText());
    QStringList lines{formatPosition(plot.position, view.pixelSize().x(), view.unit())};
    if (plot.input) lines.first() += tr(" · input %1").arg(formatValue(*plot.input));
    for (const auto& channel : plot.channels)
        lines << tr("%1: mean %2, 5–95 % of %3 samples: %4 to %5")
                     .arg(coloured(channel.color, channel.name), formatValue(channel.mean))
                     .arg(channel.samples.size())
                     .arg(formatValue(channel.q05), formatValue(channel.q95));
    lines.last() += tr(", uncalibrated");
    m_figures->setText(lines.join(QStringLiteral("<br>")));
    m_plot = plot;
    m_save->setEnabled(true);
}

void PlotsPanel::present(const LinePlot& plot) {
    if (plot.channels.empty()) return showNothing(tr("There are no samples along this line."));
    m_chart->setPlot(plot, m_run->mean()->unitText());
    QStringList names;
    for (const auto& channel : plot.channels)
        names << coloured(channel.color, channel.name);
    m_figures->setText(tr("%1 · median, half and nine tenths of %2 samples, uncalibrated; dotted: "
                          "input · length %3 %4")
                           .arg(names.join(QStringLiteral(", ")))
                           .arg(m_run->keptSamples())
                           .arg(formatValue(plot.distance.back()), plot.unit));
    m_plot = plot;
    m_save->setEnabled(true);
}

bool PlotsPanel::save(const QString& path) const {
    if (QFileInfo(path).suffix().compare(QLatin1String("csv"), Qt::CaseInsensitive) != 0)
        return m_chart->save(path);
    const auto* pixel = std::get_if<PixelPlot>(&m_plot);
    const auto* line = std::get_if<LinePlot>(&m_plot);
    const QString csv = pixel ? pixel->csv() : line ? line->csv() : QString();
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(csv.toUtf8()) >= 0 && file.commit();
}

}  // namespace posteria::ui::viewer
