// The files of a batch and how far each of them is: a table to show, and the rules of who may go
// where. A file waits, runs, and ends as done, kept (its results were there), failed or stopped;
// what has ended can wait again. One file runs at a time. GUI thread only.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

namespace posteria::ui {

class BatchQueue : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum class State { Waiting, Running, Done, Kept, Failed, Stopped };
    enum Column { Name, Progress, Note, ColumnCount };
    enum Role { StateRole = Qt::UserRole, FractionRole, PathRole };

    struct File {
        QString path;
        State state = State::Waiting;
        double fraction = 0;  // of the file, while it runs
        QString stage;        // "sample 3 of 16"
        QString note;         // what there is to say of a result, or why there is none
        QString hint;         // the way out of a failure
        QString report;       // path, of a result
        bool warned = false;  // its report has warnings
        bool begun = false;   // stopped with samples that may have been kept
        int round = 0;        // of the settings it was restored with
    };

    explicit BatchQueue(QObject* parent = nullptr);

    const std::vector<File>& files() const { return m_files; }
    int count(State state) const;
    int running() const;                 // row; -1: none
    int next() const;                    // the first that waits; -1: none
    int row(const QString& path) const;  // -1: it is not in the table

    // Those that are not in the table yet, at its end; returns how many.
    int add(const QStringList& paths);
    // All of these rows but the one that runs.
    void remove(QList<int> rows);
    // Rows that have ended wait again.
    void retry(const QList<int>& rows);

    // Of a row that waits: it runs.
    void begin(int row, int round);
    // Of the one that runs; nothing happens where none does.
    void tell(double fraction, const QString& stage);
    void finish(bool kept, const QString& report, const QString& note, bool warned);
    void stop(State state);  // Waiting: it will go on, or Stopped
    // Of a row that runs or waits; nothing happens for one that is not there any more.
    void fail(int row, const QString& message, const QString& hint);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    void countsChanged();  // how many are in which state

  private:
    File& file(int row) { return m_files[std::size_t(row)]; }
    QString stateText(const File& file) const;
    void changed(int row);

    std::vector<File> m_files;
};

}  // namespace posteria::ui
