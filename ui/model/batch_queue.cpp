#include "ui/model/batch_queue.h"

#include <QFileInfo>
#include <QSet>
#include <algorithm>

namespace posteria::ui {

BatchQueue::BatchQueue(QObject* parent) : QAbstractTableModel(parent) {}

int BatchQueue::count(State state) const {
    return int(std::count_if(m_files.begin(), m_files.end(),
                             [state](const File& f) { return f.state == state; }));
}

int BatchQueue::running() const {
    const auto found = std::find_if(m_files.begin(), m_files.end(),
                                    [](const File& f) { return f.state == State::Running; });
    return found == m_files.end() ? -1 : int(found - m_files.begin());
}

int BatchQueue::next() const {
    const auto found = std::find_if(m_files.begin(), m_files.end(),
                                    [](const File& f) { return f.state == State::Waiting; });
    return found == m_files.end() ? -1 : int(found - m_files.begin());
}

int BatchQueue::row(const QString& path) const {
    const auto found =
        std::find_if(m_files.begin(), m_files.end(), [&](const File& f) { return f.path == path; });
    return found == m_files.end() ? -1 : int(found - m_files.begin());
}

int BatchQueue::add(const QStringList& paths) {
    QSet<QString> known;
    for (const auto& file : m_files)
        known.insert(file.path);
    std::vector<File> fresh;
    for (const auto& path : paths) {
        if (known.contains(path)) continue;
        known.insert(path);
        fresh.emplace_back();
        fresh.back().path = path;
    }
    if (fresh.empty()) return 0;
    const int first = rowCount();
    beginInsertRows({}, first, first + int(fresh.size()) - 1);
    m_files.insert(m_files.end(), fresh.begin(), fresh.end());
    endInsertRows();
    Q_EMIT countsChanged();
    return int(fresh.size());
}

void BatchQueue::remove(QList<int> rows) {
    std::sort(rows.begin(), rows.end(), std::greater<>());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const int row : rows) {
        if (row < 0 || row >= rowCount() || file(row).state == State::Running) continue;
        beginRemoveRows({}, row, row);
        m_files.erase(m_files.begin() + row);
        endRemoveRows();
    }
    Q_EMIT countsChanged();
}

void BatchQueue::retry(const QList<int>& rows) {
    for (const int row : rows) {
        if (row < 0 || row >= rowCount()) continue;
        auto& f = file(row);
        if (f.state == State::Running || f.state == State::Waiting) continue;
        const bool goesOn = f.state == State::Stopped;
        File fresh;
        fresh.path = f.path;
        fresh.begun = goesOn && f.begun;
        f = fresh;
        changed(row);
    }
    Q_EMIT countsChanged();
}

void BatchQueue::begin(int row, int round) {
    auto& f = file(row);
    f.state = State::Running;
    f.fraction = 0;
    f.stage.clear();
    f.round = round;
    changed(row);
    Q_EMIT countsChanged();
}

void BatchQueue::tell(double fraction, const QString& stage) {
    const int row = running();
    if (row < 0) return;
    file(row).fraction = fraction;
    file(row).stage = stage;
    changed(row);
}

void BatchQueue::finish(bool kept, const QString& report, const QString& note, bool warned) {
    const int row = running();
    if (row < 0) return;
    auto& f = file(row);
    f.state = kept ? State::Kept : State::Done;
    f.report = report;
    f.note = note;
    f.warned = warned;
    f.begun = false;
    changed(row);
    Q_EMIT countsChanged();
}

void BatchQueue::stop(State state) {
    const int row = running();
    if (row < 0) return;
    file(row).state = state;
    file(row).begun = true;
    changed(row);
    Q_EMIT countsChanged();
}

void BatchQueue::fail(int row, const QString& message, const QString& hint) {
    if (row < 0 || row >= rowCount()) return;
    auto& f = file(row);
    f.state = State::Failed;
    f.note = message;
    f.hint = hint;
    f.begun = false;
    changed(row);
    Q_EMIT countsChanged();
}

void BatchQueue::changed(int row) {
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int BatchQueue::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_files.size());
}

int BatchQueue::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString BatchQueue::stateText(const File& file) const {
    switch (file.state) {
        case State::Waiting:
            return file.begun ? tr("paused") : tr("waiting");
        case State::Running:
            return file.stage.isEmpty() ? tr("starting") : file.stage;
        case State::Done:
            return tr("done");
        case State::Kept:
            return tr("was there already");
        case State::Failed:
            return tr("failed");
        case State::Stopped:
            return tr("cancelled");
    }
    return {};
}

QVariant BatchQueue::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto& f = m_files[std::size_t(index.row())];
    switch (role) {
        case StateRole:
            return int(f.state);
        case FractionRole:
            return f.fraction;
        case PathRole:
            return f.path;
        case Qt::ToolTipRole:
            if (index.column() == Note && !f.note.isEmpty())
                return f.hint.isEmpty() ? f.note : f.note + QLatin1Char('\n') + f.hint;
            return f.path;
        case Qt::DisplayRole:
            break;
        default:
            return {};
    }
    switch (index.column()) {
        case Name:
            return QFileInfo(f.path).fileName();
        case Progress:
            return stateText(f);
        default:
            return f.hint.isEmpty() ? f.note : f.note + QLatin1Char(' ') + f.hint;
    }
}

QVariant BatchQueue::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Name:
            return tr("File");
        case Progress:
            return tr("State");
        case Note:
            return tr("Result");
        default:
            return {};
    }
}

}  // namespace posteria::ui
