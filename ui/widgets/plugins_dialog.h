// Plugins ▸ Installed Plugins…: the plugins that were found and why some are not used, and the
// folders that were searched. Follows a PluginListModel, which it does not own.
#pragma once

#include <QDialog>
#include <QLabel>
#include <QStringList>
#include <QTableView>

#include "ui/model/plugin_list_model.h"

namespace posteria::ui::widgets {

class PluginsDialog : public QDialog {
    Q_OBJECT
  public:
    PluginsDialog(PluginListModel* model, const QStringList& folders, QWidget* parent = nullptr);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void refresh();

    PluginListModel* m_model;
    QTableView* m_table;
    QLabel* m_count;
};

}  // namespace posteria::ui::widgets
