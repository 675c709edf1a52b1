// The dock "regions": the table of the shapes drawn on a run, to be read and saved. Measures while
// it is visible. GUI thread only.
#pragma once

#include <QWidget>

#include "ui/model/region_table.h"

class QLabel;
class QPushButton;
class QTableView;

namespace posteria::ui::widgets {

class RegionPanel : public QWidget {
    Q_OBJECT
  public:
    explicit RegionPanel(Document* document, QWidget* parent = nullptr);

    RegionTable& table() { return m_table; }

  Q_SIGNALS:
    void saveRequested();

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void refresh();

    RegionTable m_table;
    QTableView* m_view;
    QLabel* m_message;
    QPushButton* m_save;
};

}  // namespace posteria::ui::widgets
