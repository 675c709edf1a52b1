// Figures of the shapes drawn on the run in view, with the doubt that its samples leave: a row a
// closed shape and restored channel. Measured on a thread of its own, and only while somebody
// looks; what was asked for last is measured. Of the samples as drawn: uncalibrated. GUI thread
// only.
#pragma once

#include <QAbstractTableModel>
#include <QPointer>
#include <QTimer>
#include <vector>

#include "core/posterior/region_statistics.h"
#include "ui/model/document.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class RegionTable : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Region, Channel, Area, Mean, Integrated, Above, kColumns };

    explicit RegionTable(Document* document, QObject* parent = nullptr);
    ~RegionTable() override;

    void setActive(bool active);
    bool isBusy() const { return m_reading; }
    // Why there are no rows; empty where there are.
    QString message() const;
    // A row each, with mean, standard deviation and the quantiles 5, 50 and 95 % of every figure.
    QString csv() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    void measured();

  private:
    struct Wanted;  // a region of a channel
    struct Row {
        QString region, channel;
        double pixels = 0, threshold = 0;
        posterior::Distribution mean, integrated, above;
    };
    void follow();
    void update();
    std::vector<Wanted> wanted() const;
    double pixelArea() const;  // µm², or 1 where the image has no voxel size
    QString areaUnit() const;

    Document* m_document;
    QPointer<Run> m_run;
    std::vector<Row> m_rows;
    int m_samples = 0;  // that they rest on
    bool m_active = false, m_reading = false, m_again = false;
    QTimer m_soon;
    StandingPool m_pool;  // the first member to go: it waits for what is being measured
};

}  // namespace posteria::ui
