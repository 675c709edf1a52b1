// The objects of one channel as a table: how sure each is, its area, intensity and place, each with
// the interval that the samples leave. Rows are in the order of the objects' numbers, surest first;
// SortRole has the bare numbers, so that a proxy can sort by any column. GUI thread only.
#pragma once

#include <QAbstractTableModel>
#include <QPointF>
#include <QString>
#include <optional>

#include "ui/model/object_finder.h"

namespace posteria::ui {

class ObjectTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Number, Presence, Area, Intensity, X, Y, Columns };
    static constexpr int SortRole = Qt::UserRole;

    // Where the samples lie on the document's grid, and how large its pixels are.
    struct Grid {
        QPointF origin;           // of the samples' first pixel, pixels
        QPointF pixelSize{1, 1};  // µm or 1 px
        QString unit = QStringLiteral("px");
    };

    explicit ObjectTableModel(QObject* parent = nullptr);

    void setObjects(FoundObjectsPtr objects, std::size_t channel, const Grid& grid);
    void clear();
    bool isEmpty() const { return rowCount() == 0; }
    // Null without objects.
    const analysis::ChannelObjects* channel() const;

    QPointF position(int row) const;  // of the mean centroid, µm or pixels as ViewState's
    double presence(int row) const;   // 0 … 1
    // The number of samples; 0 without objects.
    int samples() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    // The column's figure of a row, in its unit.
    analysis::Draws draws(int row, int column) const;

    FoundObjectsPtr m_objects;
    std::size_t m_channel = 0;
    Grid m_grid;
};

}  // namespace posteria::ui
