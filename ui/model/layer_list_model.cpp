#include "ui/model/layer_list_model.h"

#include <QMimeData>
#include <algorithm>
#include <cmath>

#include "core/base/log.h"
#include "ui/model/colormaps.h"
#include "ui/model/marks.h"

namespace posteria::ui {

namespace {
constexpr int kThumbnailSide = 64;
constexpr int kThumbnailDelayMs = 250;
const auto kDragged = QStringLiteral("application/x-posteria-layer");
}  // namespace

QImage makeThumbnail(const image::Stack& stack, const std::vector<ChannelDisplay>& channels,
                     int side) {
    const int level = int(stack.info().levels.size()) - 1;
    const auto bounds = stack.bounds(level);
    const double step = std::max(1.0, double(std::max(bounds.width, bounds.height)) / side);
    QImage image(std::max(1, int(double(bounds.width) / step)),
                 std::max(1, int(double(bounds.height) / step)), QImage::Format_RGB32);
    image.fill(Qt::black);
    for (std::size_t c = 0; c < channels.size(); ++c) {
        if (!channels[c].visible) continue;
        const auto plane = stack.readPlane({0, std::int64_t(c), stack.shape().z / 2}, level);
        const auto limits = autoLimits(plane).value_or(Limits());
        const auto& table = colormap(channels[c].colormap);
        image::visit(plane, [&](const auto* p) {
            for (int y = 0; y < image.height(); ++y) {
                auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
                const auto* row = p + std::int64_t(y * step) * plane.width();
                for (int x = 0; x < image.width(); ++x) {
                    const double v = (double(row[std::int64_t(x * step)]) - limits.low) /
                                     (limits.high - limits.low);
                    const QRgb add = std::isfinite(v)
                                         ? table[std::size_t(std::clamp(v, 0.0, 1.0) * 255)]
                                         : qRgb(0, 0, 0);
                    line[x] = qRgb(std::min(255, qRed(line[x]) + qRed(add)),
                                   std::min(255, qGreen(line[x]) + qGreen(add)),
                                   std::min(255, qBlue(line[x]) + qBlue(add)));
                }
            }
        });
    }
    return image;
}

LayerListModel::LayerListModel(Document* document, QObject* parent)
    : QAbstractItemModel(parent), m_document(document) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(kThumbnailDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &LayerListModel::makeThumbnails);
    connect(document, &Document::layersAboutToChange, this, [this] {
        beginResetModel();
        for (const auto& row : m_rows) {
            if (row.layer) disconnect(row.layer, nullptr, this, nullptr);
            if (!row.run) continue;
            disconnect(row.run, nullptr, this, nullptr);
            for (auto* layer : layersOf(*row.run))
                disconnect(layer, nullptr, this, nullptr);
        }
        m_rows.clear();
    });
    connect(document, &Document::layersChanged, this, &LayerListModel::reload);
    connect(&document->links(), &LayerLinks::changed, this, [this] {
        for (const auto* layer : m_document->layers())
            changed(indexOf(layer), {LinkedRole});
    });
    beginResetModel();
    reload();
}

LayerListModel::~LayerListModel() {
    m_pool.clear();
    m_pool.waitForDone();
}

std::array<Layer*, 3> LayerListModel::layersOf(const Run& run) {
    return {run.uncertainty(), run.mean(), run.sample()};
}

void LayerListModel::reload() {
    const auto& runs = m_document->runs();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
        m_rows.push_back({nullptr, run->get()});
    const auto layers = m_document->layers();
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
        if (!m_document->runOf(*layer)) m_rows.push_back({*layer, nullptr});
    QHash<quint64, QImage> kept;
    for (auto* layer : layers) {
        follow(layer);
        if (m_thumbnails.contains(layer->id()))
            kept.insert(layer->id(), m_thumbnails.value(layer->id()));
        else
            m_stale.insert(layer->id());
    }
    for (const auto& run : runs) {
        connect(run.get(), &Run::stateChanged, this,
                [this, run = run.get()] { changed(parent(indexOf(run->mean()))); });
    }
    m_thumbnails = kept;
    endResetModel();
    m_timer.start();
}

void LayerListModel::follow(Layer* layer) {
    const auto refresh = [this, layer] {
        layerChanged(layer);
        m_stale.insert(layer->id());
        if (!m_timer.isActive()) m_timer.start();
    };
    connect(layer, &Layer::nameChanged, this, [this, layer] { layerChanged(layer); });
    connect(layer, &Layer::displayChanged, this, refresh);
    connect(layer, &Layer::stackChanged, this, refresh);
}

void LayerListModel::layerChanged(const Layer* layer) {
    const auto index = indexOf(layer);
    changed(index);
    if (index.parent().isValid()) changed(index.parent());  // its eye
}

void LayerListModel::changed(const QModelIndex& index, const QList<int>& roles) {
    if (index.isValid()) Q_EMIT dataChanged(index, index, roles);
}

// Rows of the tree carry 0, those of a group the group's row and 1.
QModelIndex LayerListModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column != 0 || row >= rowCount(parent)) return {};
    return createIndex(row, 0, parent.isValid() ? quintptr(parent.row() + 1) : quintptr(0));
}

QModelIndex LayerListModel::parent(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0) return {};
    return createIndex(int(index.internalId()) - 1, 0, quintptr(0));
}

int LayerListModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return int(m_rows.size());
    return runAt(parent) ? int(layersOf(*runAt(parent)).size()) : 0;
}

Layer* LayerListModel::layerAt(const QModelIndex& index) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return nullptr;
    if (index.internalId() == 0) return m_rows[std::size_t(index.row())].layer;
    return layersOf(*m_rows[index.internalId() - 1].run)[std::size_t(index.row())];
}

Run* LayerListModel::runAt(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() != 0) return nullptr;
    return m_rows[std::size_t(index.row())].run;
}

QModelIndex LayerListModel::indexOf(const Layer* layer) const {
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].layer == layer && layer) return index(int(row));
        if (!m_rows[row].run) continue;
        const auto layers = layersOf(*m_rows[row].run);
        const auto found = std::find(layers.begin(), layers.end(), layer);
        if (found != layers.end()) return index(int(found - layers.begin()), 0, index(int(row)));
    }
    return {};
}

QVariant LayerListModel::data(const QModelIndex& index, int role) const {
    if (const Run* run = runAt(index)) {
        const auto layers = layersOf(*run);
        switch (role) {
            case Qt::DisplayRole:
                return QStringLiteral("%1 · %2").arg(run->title(), run->settingsText());
            case Qt::ToolTipRole:
                return run->parameters();
            case Qt::CheckStateRole:
                return int(std::any_of(layers.begin(), layers.end(),
                                       [](const Layer* each) { return each->isVisible(); })
                               ? Qt::Checked
                               : Qt::Unchecked);
            case GroupRole:
                return run->mean()->id();
            default:
                return {};
        }
    }
    const Layer* layer = layerAt(index);
    if (!layer) return {};
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
            return layer->name();
        case Qt::CheckStateRole:
            return int(layer->isVisible() ? Qt::Checked : Qt::Unchecked);
        case Qt::DecorationRole:
            return m_thumbnails.value(layer->id());
        case Qt::ToolTipRole: {
            if (const auto* marks = qobject_cast<const MarkLayer*>(layer))
                return tr("%1\n%n mark(s)", nullptr, int(marks->marks().size())).arg(layer->name());
            if (!layer->stack()) return tr("%1\nawaited").arg(layer->name());
            const auto& info = layer->stack()->info();
            const auto& s = info.shape;
            return tr("%1\nT %2 · C %3 · Z %4 · Y %5 · X %6 · %7%8")
                .arg(layer->name())
                .arg(s.t)
                .arg(s.c)
                .arg(s.z)
                .arg(s.y)
                .arg(s.x)
                .arg(QLatin1String(image::pixelTypeName(info.type)))
                .arg(info.path.empty() ? QString()
                                       : QLatin1Char('\n') + QString::fromStdString(info.path));
        }
        case RoleRole:
            return int(layer->role());
        case LinkedRole:
            return m_document->links().isLinked(layer);
        default:
            return {};
    }
}

bool LayerListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (const Run* run = runAt(index)) {
        if (role != Qt::CheckStateRole) return false;
        for (auto* layer : layersOf(*run))
            layer->setVisible(value.toInt() == Qt::Checked);
        return true;
    }
    Layer* layer = layerAt(index);
    if (!layer) return false;
    if (role == Qt::CheckStateRole) {
        layer->setVisible(value.toInt() == Qt::Checked);
        return true;
    }
    if (role == Qt::EditRole && !value.toString().trimmed().isEmpty()) {
        layer->setName(value.toString().trimmed());
        return true;
    }
    return false;
}

QStringList LayerListModel::mimeTypes() const {
    return {kDragged};
}

QMimeData* LayerListModel::mimeData(const QModelIndexList& indexes) const {
    const Layer* layer = indexes.isEmpty() ? nullptr : layerAt(indexes.first());
    if (!layer) return nullptr;
    auto* data = new QMimeData;
    data->setData(kDragged, QByteArray::number(layer->id()));
    return data;
}

std::pair<Layer*, int> LayerListModel::dragged(const QMimeData* data, int row,
                                               const QModelIndex& onto) const {
    const auto id = data->data(kDragged).toULongLong();
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& each) {
        return each.layer && each.layer->id() == id;
    });
    if (found == m_rows.end() || onto.internalId() != 0) return {nullptr, 0};
    const int from = int(found - m_rows.begin());
    if (onto.isValid() && (row >= 0 || runAt(onto))) return {nullptr, 0};  // into a group
    if (row < 0) row = onto.isValid() ? onto.row() : rowCount();  // onto a layer: before it
    // Between two rows the layer takes the place of the one that it is moved across.
    return {found->layer, row > from ? from - row + 1 : from - row};
}

bool LayerListModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int,
                                     const QModelIndex& parent) const {
    const auto [layer, places] = dragged(data, row, parent);
    return layer && action == Qt::MoveAction && places != 0;
}

bool LayerListModel::dropMimeData(const QMimeData* data, Qt::DropAction, int row, int,
                                  const QModelIndex& parent) {
    const auto [layer, places] = dragged(data, row, parent);
    // Never "true": the view would remove the row that it takes for moved away.
    if (layer) m_document->move(layer, places);
    return false;
}

void LayerListModel::showOnly(const QModelIndex& index) {
    Layer* layer = layerAt(index);
    if (layer && !layer->isResult()) m_document->showOnly(layer);
}

Qt::ItemFlags LayerListModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable;
    const Layer* layer = layerAt(index);
    if (!layer) return flags;
    flags |= Qt::ItemNeverHasChildren;
    // Names of results say how many samples they rest on and change with them.
    if (!layer->isResult()) flags |= Qt::ItemIsEditable | Qt::ItemIsDragEnabled;
    return flags;
}

void LayerListModel::makeThumbnails() {
    for (const auto* layer : m_document->layers()) {
        if (m_stale.count(layer->id()) == 0 || !layer->stack()) continue;
        m_pool.start(
            [this, id = layer->id(), stack = layer->stack(), channels = layer->channels()] {
                QImage image;
                try {
                    image = makeThumbnail(*stack, channels, kThumbnailSide);
                } catch (const std::exception& e) {
                    log::debug(std::string("No thumbnail: ") + e.what());
                    return;
                }
                QMetaObject::invokeMethod(
                    this,
                    [this, id, image] {
                        for (auto* layer : m_document->layers()) {
                            if (layer->id() != id) continue;
                            m_thumbnails.insert(id, image);
                            changed(indexOf(layer), {Qt::DecorationRole});
                        }
                    },
                    Qt::QueuedConnection);
            });
    }
    m_stale.clear();
}

}  // namespace posteria::ui
