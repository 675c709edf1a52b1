#include "ui/model/region_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/log.h"
#include "ui/model/marks.h"

namespace posteria::ui {

namespace {

// The pixels of the results whose centres the shape holds.
std::vector<posterior::RegionRow> rowsOf(const Mark& mark, const ViewState& view,
                                         const Placement& place, const image::Rect& bounds) {
    const QRectF box = boundsOf(mark);
    const QPointF first = view.toPixel(box.topLeft()), last = view.toPixel(box.bottomRight());
    const auto clamped = [](double value, double low, double high) {
        return std::int64_t(std::clamp(value, low, high));
    };
    const auto left = clamped(std::ceil(first.x()) - double(place.x), 0, double(bounds.width)),
               right =
                   clamped(std::floor(last.x()) - double(place.x), -1, double(bounds.width) - 1),
               top = clamped(std::ceil(first.y()) - double(place.y), 0, double(bounds.height)),
               bottom =
                   clamped(std::floor(last.y()) - double(place.y), -1, double(bounds.height) - 1);
    std::vector<posterior::RegionRow> rows;
    for (auto y = top; y <= bottom; ++y) {
        std::int64_t from = -1;
        for (auto x = left; x <= right + 1; ++x) {
            const bool inside =
                x <= right &&
                contains(mark, view.fromPixel({double(x + place.x), double(y + place.y)}));
            if (inside && from < 0) from = x;
            if (!inside && from >= 0) rows.push_back({y, std::exchange(from, -1), x - 1});
        }
    }
    return rows;
}

QString number(double value) {
    return std::isnan(value) ? QStringLiteral("–") : QString::number(value, 'g', 4);
}

QString interval(const posterior::Distribution& d, double unit = 1) {
    return QStringLiteral("%1 (%2 – %3)")
        .arg(number(d.median * unit), number(d.q05 * unit), number(d.q95 * unit));
}

}  // namespace

struct RegionTable::Wanted {
    QString region, channel;
    std::vector<image::StackPtr> samples;
    image::PlaneIndex plane;
    std::vector<posterior::RegionRow> rows;
    double threshold = 0;
};

RegionTable::RegionTable(Document* document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(30);
    connect(&m_soon, &QTimer::timeout, this, &RegionTable::update);
    const auto soon = [this] { m_soon.start(); };
    connect(&document->view(), &ViewState::tChanged, this, soon);
    connect(&document->view(), &ViewState::zChanged, this, soon);
    connect(document, &Document::layersChanged, this, &RegionTable::follow);
    connect(document, &Document::activeRunChanged, this, &RegionTable::follow);
    follow();
}

RegionTable::~RegionTable() {
    m_pool.waitForDone();
}

void RegionTable::follow() {
    const auto start = qOverload<>(&QTimer::start);
    for (Layer* layer : m_document->overlays()) {
        if (auto* marks = qobject_cast<MarkLayer*>(layer))
            connect(marks, &MarkLayer::marksChanged, &m_soon, start, Qt::UniqueConnection);
        connect(layer, &Layer::displayChanged, &m_soon, start, Qt::UniqueConnection);
        connect(layer, &Layer::nameChanged, &m_soon, start, Qt::UniqueConnection);
    }
    Run* run = m_document->activeRun();
    if (run != m_run) {
        if (m_run) disconnect(m_run, nullptr, &m_soon, nullptr);
        m_run = run;
        if (run) {
            connect(run, &Run::samplesChanged, &m_soon, start);
            connect(run, &Run::spreadChanged, &m_soon, start);
        }
    }
    m_soon.start();
}

void RegionTable::setActive(bool active) {
    if (std::exchange(m_active, active) != active && active) m_soon.start();
}

std::vector<RegionTable::Wanted> RegionTable::wanted() const {
    std::vector<Wanted> result;
    const ViewState& view = m_document->view();
    if (!m_run || m_run->keptSamples() == 0 || !view.isStraight()) return result;
    const Layer& mean = *m_run->mean();
    for (const Layer* layer : m_document->overlays()) {
        const auto* marks = qobject_cast<const MarkLayer*>(layer);
        if (!marks || !marks->isVisible()) continue;
        for (std::size_t i = 0; i < marks->marks().size(); ++i) {
            const Mark& mark = marks->marks()[i];
            if (areaOf(mark) <= 0 || !marks->isShownAt(mark, view.t(), view.z())) continue;
            const auto rows = rowsOf(mark, view, mean.placement(), mean.stack()->bounds());
            for (int c = 0; c < mean.channelCount(); ++c) {
                const auto plane = mean.planeAt(view.t(), view.z(), c);
                if (!plane) continue;
                const auto& thresholds = m_run->thresholds();
                const double threshold =
                    std::size_t(c) < thresholds.size() ? thresholds[std::size_t(c)] : std::nan("");
                result.push_back({QStringLiteral("%1 %2").arg(marks->name()).arg(i + 1),
                                  mean.channelName(c), m_run->snapshot()->kept, *plane, rows,
                                  threshold});
            }
        }
    }
    return result;
}

void RegionTable::update() {
    if (!m_active) return;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    m_pool.start([this, all = wanted()] {
        std::vector<Row> rows;
        for (const auto& one : all) {
            Row row{one.region, one.channel, 0, one.threshold, {}, {}, {}};
            for (const auto& line : one.rows)
                row.pixels += double(line.last - line.first + 1);
            try {
                std::vector<double> mean, integrated, above;
                for (const auto& figures :
                     posterior::regionFigures(one.samples, one.plane, one.rows, one.threshold)) {
                    mean.push_back(figures.mean);
                    integrated.push_back(figures.integrated);
                    above.push_back(figures.above);
                }
                row.mean = posterior::distributionOf(std::move(mean));
                row.integrated = posterior::distributionOf(std::move(integrated));
                row.above = posterior::distributionOf(
                    std::isnan(one.threshold) ? std::vector<double>() : std::move(above));
            } catch (const std::exception& e) {
                log::error(std::string("A region could not be measured: ") + e.what());
                continue;
            }
            rows.push_back(std::move(row));
        }
        const int samples = all.empty() ? 0 : int(all.front().samples.size());
        QMetaObject::invokeMethod(
            this,
            [this, rows = std::move(rows), samples] {
                m_reading = false;
                beginResetModel();
                m_rows = rows;
                m_samples = samples;
                endResetModel();
                Q_EMIT measured();
                if (std::exchange(m_again, false)) update();
            },
            Qt::QueuedConnection);
    });
}

QString RegionTable::message() const {
    if (!m_rows.empty()) return {};
    if (!m_run || m_run->keptSamples() == 0) return tr("Restore an image first.");
    return tr("Draw rectangles, ellipses or polygons in a shapes layer.");
}

double RegionTable::pixelArea() const {
    const QPointF size = m_document->view().pixelSize();
    return size.x() * size.y();
}

QString RegionTable::areaUnit() const {
    return m_document->view().isCalibrated() ? tr("µm²") : tr("pixels");
}

int RegionTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RegionTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(kColumns);
}

QVariant RegionTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= int(m_rows.size())) return {};
    const Row& row = m_rows[std::size_t(index.row())];
    if (role == Qt::TextAlignmentRole)
        return int(index.column() <= Channel ? Qt::AlignLeft | Qt::AlignVCenter
                                             : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == Above && !std::isnan(row.threshold))
        return tr("Brighter than %1 grey values").arg(number(row.threshold));
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case Region:
            return row.region;
        case Channel:
            return row.channel;
        case Area:
            return number(row.pixels * pixelArea());
        case Mean:
            return interval(row.mean);
        case Integrated:
            return interval(row.integrated);
        case Above:
            return interval(row.above, pixelArea());
        default:
            return {};
    }
}

QVariant RegionTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::ToolTipRole && section >= Mean)
        return tr("Median and, in brackets, the 5 and 95 % quantiles of %1 samples, uncalibrated")
            .arg(m_samples);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Region:
            return tr("region");
        case Channel:
            return tr("channel");
        case Area:
            return tr("area (%1)").arg(areaUnit());
        case Mean:
            return tr("mean (grey values)");
        case Integrated:
            return tr("integrated (grey values)");
        case Above:
            return tr("above threshold (%1)").arg(areaUnit());
        default:
            return {};
    }
}

QString RegionTable::csv() const {
    const auto unit =
        m_document->view().isCalibrated() ? QStringLiteral("um2") : QStringLiteral("pixels");
    QStringList head{QStringLiteral("region"), QStringLiteral("channel"), QStringLiteral("samples"),
                     QStringLiteral("area_") + unit, QStringLiteral("threshold")};
    const QString figures[] = {QStringLiteral("mean"), QStringLiteral("integrated"),
                               QStringLiteral("area_above_") + unit};
    for (const auto& figure : figures)
        for (const char* part : {"_mean", "_std", "_q05", "_median", "_q95"})
            head << figure + QLatin1String(part);
    QStringList lines{head.join(QLatin1Char(','))};
    const auto exact = [](double value) {
        return std::isnan(value) ? QString() : QString::number(value, 'g', 9);
    };
    const auto quoted = [](QString text) {
        return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
               QLatin1Char('"');
    };
    for (const auto& row : m_rows) {
        QStringList cells{quoted(row.region), quoted(row.channel), QString::number(m_samples),
                          exact(row.pixels * pixelArea()), exact(row.threshold)};
        const std::pair<const posterior::Distribution*, double> all[] = {
            {&row.mean, 1}, {&row.integrated, 1}, {&row.above, pixelArea()}};
        for (const auto& [d, scale] : all)
            for (const double value : {d->mean, d->std, d->q05, d->median, d->q95})
                cells << exact(value * scale);
        lines << cells.join(QLatin1Char(','));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace posteria::ui
