#include "ui/model/calibration_pairs.h"

#include <QFileInfo>
#include <algorithm>

namespace posteria::ui {

CalibrationPairs::CalibrationPairs(QObject* parent) : QAbstractTableModel(parent) {}

int CalibrationPairs::count(State state) const {
    return int(std::count_if(m_pairs.begin(), m_pairs.end(),
                             [state](const Pair& pair) { return pair.state == state; }));
}

int CalibrationPairs::add(const std::vector<engine::ImagePair>& pairs) {
    std::vector<Pair> fresh;
    for (const auto& images : pairs) {
        const auto same = [&](const Pair& pair) { return pair.images == images; };
        if (std::any_of(m_pairs.begin(), m_pairs.end(), same) ||
            std::any_of(fresh.begin(), fresh.end(), same))
            continue;
        fresh.emplace_back();
        fresh.back().images = images;
    }
    if (fresh.empty()) return 0;
    beginInsertRows({}, rowCount(), rowCount() + int(fresh.size()) - 1);
    m_pairs.insert(m_pairs.end(), fresh.begin(), fresh.end());
    endInsertRows();
    Q_EMIT countsChanged();
    return int(fresh.size());
}

void CalibrationPairs::remove(QList<int> rows) {
    std::sort(rows.begin(), rows.end(), std::greater<>());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const int row : rows) {
        if (row < 0 || row >= rowCount()) continue;
        beginRemoveRows({}, row, row);
        m_pairs.erase(m_pairs.begin() + row);
        endRemoveRows();
    }
    Q_EMIT countsChanged();
}

void CalibrationPairs::restart() {
    for (int row = 0; row < rowCount(); ++row)
        setState(row, State::Waiting);
}

void CalibrationPairs::setState(int row, State state, const QString& problem) {
    auto& pair = m_pairs[std::size_t(row)];
    pair.state = state;
    pair.problem = problem;
    pair.fraction = 0;
    changed(row);
    Q_EMIT countsChanged();
}

void CalibrationPairs::setFraction(int row, double fraction) {
    auto& pair = m_pairs[std::size_t(row)];
    if (pair.state != State::Running) return;
    pair.fraction = fraction;
    changed(row);
}

void CalibrationPairs::changed(int row) {
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int CalibrationPairs::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_pairs.size());
}

int CalibrationPairs::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CalibrationPairs::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto& pair = m_pairs[std::size_t(index.row())];
    const auto path =
        QString::fromStdString(index.column() == Truth ? pair.images.truth : pair.images.input);
    switch (role) {
        case StateRole:
            return int(pair.state);
        case FractionRole:
            return pair.fraction;
        case Qt::ToolTipRole:
            return index.column() == Progress && !pair.problem.isEmpty() ? pair.problem : path;
        case Qt::DisplayRole:
            break;
        default:
            return {};
    }
    switch (index.column()) {
        case Input:
        case Truth:
            return QFileInfo(path).fileName();
        case Severity:
            return pair.images.severity ? QString::number(*pair.images.severity, 'g', 2)
                                        : QStringLiteral("–");
        default:
            break;
    }
    switch (pair.state) {
        case State::Waiting:
            return tr("waiting");
        case State::Running:
            return tr("%1 %").arg(int(100 * pair.fraction));
        case State::Done:
            return tr("done");
        case State::Failed:
            return pair.problem;
    }
    return {};
}

QVariant CalibrationPairs::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Input:
            return tr("Degraded");
        case Truth:
            return tr("Truth");
        case Severity:
            return tr("Severity");
        case Progress:
            return tr("State");
        default:
            return {};
    }
}

}  // namespace posteria::ui
