// The pairs of a calibration, degraded image and truth, and how far each is, as a table. GUI thread
// only.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/engine/image_pairs.h"

namespace posteria::ui {

class CalibrationPairs : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum class State { Waiting, Running, Done, Failed };
    enum Column { Input, Truth, Severity, Progress, ColumnCount };
    enum Role { StateRole = Qt::UserRole, FractionRole };

    struct Pair {
        engine::ImagePair images;
        State state = State::Waiting;
        double fraction = 0;
        QString problem;  // of Failed: the sentence, and the way out
    };

    explicit CalibrationPairs(QObject* parent = nullptr);

    const std::vector<Pair>& pairs() const { return m_pairs; }
    int count(State state) const;

    // Those that are not in the table yet; returns how many.
    int add(const std::vector<engine::ImagePair>& pairs);
    void remove(QList<int> rows);
    void restart();  // all of them wait
    void setState(int row, State state, const QString& problem = {});
    void setFraction(int row, double fraction);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    void countsChanged();

  private:
    void changed(int row);

    std::vector<Pair> m_pairs;
};

}  // namespace posteria::ui
