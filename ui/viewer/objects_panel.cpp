#include "ui/viewer/objects_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QShowEvent>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>
#include <cmath>
#include <utility>

#include "core/analysis/object_table.h"
#include "ui/model/colormaps.h"
#include "ui/viewer/posterior_chart.h"
#include "ui/viewer/readout.h"
#include "ui/viewer/segmentation_form.h"

namespace posteria::ui::viewer {

namespace {

const QString kPresenceMap = QStringLiteral("viridis");

QRgb presenceColor(double presence) {
    return colormap(kPresenceMap)[std::size_t(std::lround(255 * std::clamp(presence, 0.0, 1.0)))];
}

// What the colours of the objects say.
class Legend : public QWidget {
  public:
    explicit Legend(QWidget* parent) : QWidget(parent) {
        setObjectName(QStringLiteral("objectsLegend"));
        setAccessibleName(ObjectsPanel::tr("Colours: share of the samples an object is in"));
        setToolTip(accessibleName());
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    QSize sizeHint() const override { return {200, fontMetrics().height() + 4}; }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const QString none = ObjectsPanel::tr("in 0 %"), all = ObjectsPanel::tr("100 % of samples");
        const int left = fontMetrics().horizontalAdvance(none) + 6,
                  right = width() - fontMetrics().horizontalAdvance(all) - 6;
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, none);
        painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, all);
        for (int x = left; x < right; ++x)
            painter.fillRect(x, 3, 1, height() - 6,
                             QColor(presenceColor(double(x - left) / std::max(right - left, 1))));
    }
};

QString between(const analysis::Draws& draws, int digits) {
    return QStringLiteral("%1 (%2–%3)")
        .arg(draws.median, 0, 'f', digits)
        .arg(draws.low, 0, 'f', digits)
        .arg(draws.high, 0, 'f', digits);
}

}  // namespace

ObjectsPanel::ObjectsPanel(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("objectsPanel"));
    build();
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &ObjectsPanel::tryOut);
    const auto soon = [this] { m_soon.start(); };
    connect(document, &Document::activeRunChanged, this, &ObjectsPanel::follow);
    connect(document, &Document::layersChanged, this, [this] {
        if (m_result && !m_run) clearResult();
    });
    connect(&document->view(), &ViewState::tChanged, this, soon);
    connect(&document->view(), &ViewState::zChanged, this, soon);
    connect(m_channel, &QComboBox::currentIndexChanged, this, [this](int channel) {
        m_form->setSettings(m_settings.value(channel));
        showResult();
        m_soon.start();
    });
    connect(m_form, &SegmentationForm::changed, this, &ObjectsPanel::settingsChanged);
    connect(m_try, &QCheckBox::toggled, this, soon);
    connect(m_find, &QPushButton::clicked, this, &ObjectsPanel::find);
    connect(m_cancel, &QPushButton::clicked, &m_finder, &ObjectFinder::cancel);
    connect(m_save, &QPushButton::clicked, this, &ObjectsPanel::saveRequested);
    connect(&m_finder, &ObjectFinder::busyChanged, this, &ObjectsPanel::updateButtons);
    connect(&m_finder, &ObjectFinder::busyChanged, this, &ObjectsPanel::busyChanged);
    connect(&m_finder, &ObjectFinder::previewed, this, &ObjectsPanel::showTrial);
    connect(&m_finder, &ObjectFinder::found, this, &ObjectsPanel::take);
    connect(&m_finder, &ObjectFinder::stopped, this, [this] { m_state->setText(tr("Stopped")); });
    connect(&m_finder, &ObjectFinder::failed, this,
            [this](const QString& message, const QString& hint) {
                m_state->setText(message);
                Q_EMIT failed(message, hint);
            });
    connect(&m_finder, &ObjectFinder::progress, this, [this](int done, int samples) {
        m_progress->setRange(0, samples);
        m_progress->setValue(done);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ObjectsPanel::rowSelected);
    clearResult();
    follow();
}

ObjectsPanel::~ObjectsPanel() = default;

void ObjectsPanel::build() {
    const auto button = [this](const char* name, const QString& text, const QString& tip) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(QLatin1String(name));
        made->setToolTip(tip);
        return made;
    };
    const auto label = [this](const char* name) {
        auto* made = new QLabel(this);
        made->setObjectName(QLatin1String(name));
        made->setWordWrap(true);
        made->setTextFormat(Qt::PlainText);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return made;
    };
    m_channel = new QComboBox(this);
    m_channel->setObjectName(QStringLiteral("objectsChannel"));
    m_channel->setAccessibleName(tr("Channel"));
    m_form = new SegmentationForm(this);
    m_try = new QCheckBox(tr("outline them in the sample shown"), this);
    m_try->setObjectName(QStringLiteral("objectsTry"));
    m_find = button("objectsFind", tr("Find in All Samples"),
                    tr("In this slice, all channels, each with its own settings"));
    m_find->setProperty("primary", true);
    m_cancel = button("objectsCancel", tr("Cancel"), {});
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("objectsProgress"));
    m_progress->setAccessibleName(tr("Samples searched"));
    m_progress->setTextVisible(false);
    m_state = label("objectsState");
    m_pairs = label("objectsPairs");
    m_save = button("objectsSave", tr("CSV…"), tr("Save the objects of all channels as a table"));
    m_legend = new Legend(this);
    m_sorted = new QSortFilterProxyModel(this);
    m_sorted->setSourceModel(&m_model);
    m_sorted->setSortRole(ObjectTableModel::SortRole);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("objectsTable"));
    m_table->setAccessibleName(tr("Objects"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ObjectTableModel::Presence, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setResizeContentsPrecision(32);
    m_table->setMinimumHeight(6 * (fontMetrics().height() + 6));
    m_chart = new PosteriorChart(this);
    m_chart->setObjectName(QStringLiteral("objectsChart"));
    m_chart->setAccessibleName(tr("Counts of the samples"));

    auto* inside = new QWidget(this);
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(8, 6, 8, 6);
    column->setSpacing(5);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_find, 1);
    buttons->addWidget(m_cancel);
    auto* under = new QHBoxLayout;
    under->addWidget(m_legend, 1);
    under->addWidget(m_save);
    column->addWidget(m_channel);
    column->addWidget(m_form);
    column->addWidget(m_try);
    column->addLayout(buttons);
    column->addWidget(m_progress);
    column->addWidget(m_state);
    column->addWidget(m_pairs);
    column->addWidget(m_table, 3);
    column->addLayout(under);
    column->addWidget(m_chart, 2);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    // Nothing is to be scrolled sideways.
    scroll->setMinimumWidth(inside->minimumSizeHint().width() +
                            scroll->verticalScrollBar()->sizeHint().width());
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

void ObjectsPanel::showEvent(QShowEvent* event) {
    if (!event->spontaneous()) m_soon.start();
}

void ObjectsPanel::hideEvent(QHideEvent* event) {
    if (event->spontaneous()) return;
    m_finder.dropPreview();
    removeLabels(m_trial);
}

// While the panes show images only, what was found stays.
void ObjectsPanel::follow() {
    Run* run = m_document->activeRun();
    if (run != m_run && (run || !m_run)) {
        if (m_run) disconnect(m_run, nullptr, this, nullptr);
        m_finder.cancel();
        m_wanted.reset();
        clearResult();
        removeLabels(m_trial);
        m_run = run;
        if (run) {
            connect(run, &Run::samplesChanged, this, [this] {
                fillChannels();
                updateButtons();
                m_soon.start();
            });
        }
    }
    fillChannels();
    updateButtons();
    m_soon.start();
}

void ObjectsPanel::fillChannels() {
    const auto stack = m_run ? m_run->sample()->stack() : nullptr;
    const int count = stack ? m_run->sample()->channelCount() : 0;
    if (m_channel->count() == count) return;
    m_channel->clear();
    for (int c = 0; c < count; ++c)
        m_channel->addItem(m_run->sample()->channelName(c));
}

void ObjectsPanel::settingsChanged() {
    m_settings[m_channel->currentIndex()] = m_form->settings();
    m_soon.start();
}

std::optional<image::PlaneIndex> ObjectsPanel::plane() const {
    if (!m_run || m_run->keptSamples() == 0 || m_channel->currentIndex() < 0) return {};
    const auto& view = m_document->view();
    return m_run->sample()->planeAt(view.t(), view.at(image::Axis::Z), m_channel->currentIndex());
}

Placement ObjectsPanel::placement() const {
    Placement placement = m_run->sample()->placement();
    placement.t = {m_document->view().t()};
    placement.z = {m_document->view().at(image::Axis::Z)};
    return placement;
}

void ObjectsPanel::tryOut() {
    updateButtons();
    const auto place = plane();
    if (!isVisible() || !m_try->isChecked() || !place) {
        m_finder.dropPreview();
        return removeLabels(m_trial);
    }
    const auto& kept = m_run->snapshot()->kept;
    const auto shown = std::min(std::size_t(m_run->shownSample()), kept.size() - 1);
    m_finder.preview(kept[shown], *place, m_form->settings());
    Q_EMIT busyChanged();
}

void ObjectsPanel::showTrial(const TriedObjectsPtr& objects) {
    Q_EMIT busyChanged();
    if (!m_run) return;
    m_form->showThreshold(objects->threshold);
    showLabels(m_trial, tr("objects in the sample shown"), objects->labels, placement(), {});
    LabelStyle style;
    style.outlines = true;
    m_trial->setStyle(style);
    if (!m_result && !m_finder.isBusy())
        m_state->setText(tr("%n object(s) in the sample shown", nullptr, objects->count));
}

void ObjectsPanel::showChannel(int channel) {
    m_channel->setCurrentIndex(channel);
}

void ObjectsPanel::find() {
    const auto place = plane();
    if (!place || m_finder.isBusy()) return;
    analysis::ObjectRequest request;
    request.samples = m_run->snapshot()->kept;
    request.t = place->t;
    request.z = place->z;
    Result wanted{nullptr, request.samples.front()->info(), placement(), {}};
    for (int c = 0; c < m_channel->count(); ++c) {
        request.channels.push_back(c);
        request.settings.push_back(m_settings.value(c));
        wanted.channels << m_channel->itemText(c);
    }
    m_wanted = wanted;
    m_progress->setRange(0, int(request.samples.size()));
    m_progress->setValue(0);
    m_state->setText(tr("Searching %n sample(s)", nullptr, int(request.samples.size())));
    m_finder.find(std::move(request));
}

void ObjectsPanel::take(const FoundObjectsPtr& objects) {
    if (!m_wanted || !m_run) return;
    m_result = std::exchange(m_wanted, {});
    m_result->objects = objects;
    m_try->setChecked(false);  // its outlines would lie over what was found
    showResult();
}

void ObjectsPanel::showResult() {
    if (!m_result || m_channel->currentIndex() < 0) return;
    const auto channel = std::size_t(m_channel->currentIndex());
    const auto& view = m_document->view();
    m_model.setObjects(m_result->objects, channel,
                       {QPointF(double(m_result->placement.x), double(m_result->placement.y)),
                        view.pixelSize(), view.unit()});
    m_table->resizeColumnsToContents();
    const auto& found = *m_model.channel();
    auto colors = std::make_shared<std::vector<QRgb>>();
    for (const auto& object : found.objects)
        colors->push_back(presenceColor(object.presence));
    showLabels(m_labels, tr("objects: %1").arg(m_result->channels[int(channel)]),
               m_result->objects->labels[channel], m_result->placement, {colors});
    m_state->setText(countText());
    m_state->setToolTip(
        tr("If the samples are right, such an interval holds the true count in %1 % "
           "of all images or more")
            .arg(std::lround(100 * analysis::promisedShare(m_model.samples()))));
    m_pairs->setText(pairText());
    m_pairs->setVisible(!m_pairs->text().isEmpty());
    const auto counts = analysis::summarise(found.counts);
    PixelPlot plot;
    plot.channels.push_back({m_result->channels[int(channel)], QColor(presenceColor(0.75)),
                             found.counts, counts.median, counts.low, counts.high});
    plot.input = found.meanCount;
    m_chart->setPlot(plot, tr("objects; dotted: in the mean"));
    updateButtons();
}

void ObjectsPanel::clearResult() {
    m_result.reset();
    m_model.clear();
    removeLabels(m_labels);
    m_state->setText(tr("Restore an image, then find objects in its samples."));
    m_state->setToolTip({});
    m_pairs->hide();
    m_chart->clear(tr("How many objects the samples have is plotted here."));
    updateButtons();
}

QString ObjectsPanel::countText() const {
    const auto& found = *m_model.channel();
    const auto counts = analysis::summarise(found.counts);
    const int samples = m_model.samples();
    return tr("%1 objects (%2–%3 in %4 samples); the mean image has %5.")
        .arg(counts.median)
        .arg(counts.low)
        .arg(counts.high)
        .arg(samples)
        .arg(found.meanCount);
}

QString ObjectsPanel::pairText() const {
    QStringList lines;
    const auto channel = std::size_t(m_channel->currentIndex());
    for (const auto& pair : m_result->objects->plane.pairs) {
        if (pair.first != channel && pair.second != channel) continue;
        const bool straight = pair.first == channel;
        lines << tr("With %1: Pearson %2, Manders M1 %3, M2 %4")
                     .arg(
                         m_result->channels[int(straight ? pair.second : pair.first)],
                         between(analysis::summarise(pair.pearson), 2),
                         between(analysis::summarise(straight ? pair.manders1 : pair.manders2), 2),
                         between(analysis::summarise(straight ? pair.manders2 : pair.manders1), 2));
    }
    return lines.join(QLatin1Char('\n'));
}

void ObjectsPanel::updateButtons() {
    const bool busy = m_finder.isBusy();
    m_find->setEnabled(!busy && plane() && m_run->keptSamples() > 1);
    m_cancel->setEnabled(busy);
    m_progress->setVisible(busy);
    m_save->setEnabled(m_result.has_value());
    m_legend->setVisible(m_result.has_value());
}

void ObjectsPanel::showLabels(QPointer<LabelsLayer>& layer, const QString& name,
                              const image::StackPtr& stack, const Placement& placement,
                              const LabelColors& colors) {
    if (layer) {
        layer->setName(name);
        layer->setPlacement(placement);
        layer->setStack(stack);
        layer->setColors(colors);
        return;
    }
    auto made = std::make_unique<LabelsLayer>(name, stack);
    made->setPlacement(placement);
    made->setColors(colors);
    layer = made.get();
    Layer* selected = m_document->selected();
    m_document->addOverlay(std::move(made));
    m_document->select(selected);
}

void ObjectsPanel::removeLabels(QPointer<LabelsLayer>& layer) {
    if (layer) m_document->remove(layer);
}

void ObjectsPanel::rowSelected() {
    const auto rows = m_table->selectionModel()->selectedRows();
    if (rows.isEmpty() || !m_result) return;
    const int row = m_sorted->mapToSource(rows.front()).row();
    if (m_labels) {
        auto colors = m_labels->colors();
        colors.marked = std::uint64_t(row) + 1;
        m_labels->setColors(colors);
    }
    if (m_pointed) return;
    auto& view = m_document->view();
    view.setT(m_result->placement.t.front());
    if (view.isStraight()) view.setZ(m_result->placement.z.front());
    view.setView(m_model.position(row), view.scale());
}

void ObjectsPanel::selectAt(const QPointF& position) {
    if (!isVisible() || !m_result || !m_labels || !m_document->view().isStraight()) return;
    const QPointF pixel = m_document->view().toPixel(position);
    const auto& view = m_document->view();
    const auto plane = m_labels->planeAt(view.t(), view.z(), 0);
    const auto x = std::int64_t(std::lround(pixel.x())) - m_result->placement.x,
               y = std::int64_t(std::lround(pixel.y())) - m_result->placement.y;
    const auto stack = m_labels->stack();
    if (!plane || x < 0 || y < 0 || x >= stack->shape().x || y >= stack->shape().y) return;
    const auto label = stack->read(*plane, 0, {x, y, 1, 1}).value(0, 0);
    if (label < 1 || label > m_model.rowCount()) return;
    const auto row = m_sorted->mapFromSource(m_model.index(int(label) - 1, 0));
    m_pointed = true;
    m_table->selectRow(row.row());
    m_pointed = false;
    m_table->scrollTo(row, QAbstractItemView::PositionAtCenter);
}

QByteArray ObjectsPanel::csv() const {
    if (!m_result) return {};
    auto info = m_result->samples;
    info.channels.resize(std::size_t(m_result->channels.size()));
    for (int c = 0; c < m_result->channels.size(); ++c)
        info.channels[std::size_t(c)].name = m_result->channels[c].toStdString();
    analysis::ObjectTable table(info, double(m_result->placement.x), double(m_result->placement.y));
    table.add(m_result->objects->plane, m_result->placement.t.front(),
              m_result->placement.z.front());
    return QByteArray::fromStdString(table.text());
}

}  // namespace posteria::ui::viewer
