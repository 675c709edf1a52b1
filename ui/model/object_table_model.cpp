#include "ui/model/object_table_model.h"

#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {

QString number(double value) {
    return QString::number(value, 'g', 4);
}

analysis::Draws scaled(analysis::Draws draws, double factor, double offset = 0) {
    for (double* value : {&draws.mean, &draws.median, &draws.low, &draws.high})
        *value = (*value + offset) * factor;
    draws.std *= factor;
    return draws;
}

}  // namespace

ObjectTableModel::ObjectTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void ObjectTableModel::setObjects(FoundObjectsPtr objects, std::size_t channel, const Grid& grid) {
    beginResetModel();
    m_objects = std::move(objects);
    m_channel = channel;
    m_grid = grid;
    endResetModel();
}

void ObjectTableModel::clear() {
    setObjects(nullptr, 0, {});
}

const analysis::ChannelObjects* ObjectTableModel::channel() const {
    return m_objects ? &m_objects->plane.channels[m_channel] : nullptr;
}

QPointF ObjectTableModel::position(int row) const {
    return {draws(row, X).mean, draws(row, Y).mean};
}

double ObjectTableModel::presence(int row) const {
    return channel()->objects[std::size_t(row)].presence;
}

int ObjectTableModel::samples() const {
    return channel() ? int(channel()->counts.size()) : 0;
}

int ObjectTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !channel() ? 0 : int(channel()->objects.size());
}

int ObjectTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

analysis::Draws ObjectTableModel::draws(int row, int column) const {
    const auto& spread = channel()->spreads[std::size_t(row)];
    switch (column) {
        case Area:
            return scaled(spread.area, m_grid.pixelSize.x() * m_grid.pixelSize.y());
        case Intensity:
            return spread.intensity;
        case X:
            return scaled(spread.x, m_grid.pixelSize.x(), m_grid.origin.x());
        default:
            return scaled(spread.y, m_grid.pixelSize.y(), m_grid.origin.y());
    }
}

QVariant ObjectTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int row = index.row(), column = index.column();
    if (role == Qt::TextAlignmentRole) return int(Qt::AlignRight | Qt::AlignVCenter);
    if (column == Number) {
        if (role == Qt::DisplayRole || role == SortRole) return row + 1;
        return {};
    }
    if (column == Presence) {
        if (role == SortRole) return presence(row);
        if (role == Qt::DisplayRole) return tr("%1 %").arg(std::lround(100 * presence(row)));
        if (role == Qt::ToolTipRole)
            return tr("In %1 of %2 samples")
                .arg(std::lround(presence(row) * samples()))
                .arg(samples());
        return {};
    }
    const auto figure = draws(row, column);
    if (role == SortRole) return figure.mean;
    if (role == Qt::DisplayRole)
        return QStringLiteral("%1 (%2–%3)")
            .arg(number(figure.mean), number(figure.low), number(figure.high));
    if (role == Qt::ToolTipRole)
        return tr("Mean, and 5 to 95 % of the samples that it is in; standard deviation %1")
            .arg(number(figure.std));
    return {};
}

QVariant ObjectTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString unit = m_grid.unit;
    switch (section) {
        case Number:
            return tr("object");
        case Presence:
            return tr("present");
        case Area:
            return tr("area (%1)").arg(unit + QChar(0xb2));  // squared
        case Intensity:
            return tr("intensity");
        case X:
            return tr("x (%1)").arg(unit);
        case Y:
            return tr("y (%1)").arg(unit);
        default:
            return {};
    }
}

}  // namespace posteria::ui
