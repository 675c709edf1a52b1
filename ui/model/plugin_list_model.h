// The plugins that were found, one a row: those in use, and those that are not, with the reason.
// GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/plugin/plugin_host.h"

namespace posteria::ui {

class PluginListModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Name, Kind, Version, State, ColumnCount };
    enum Role { ReadyRole = Qt::UserRole, PathRole };

    explicit PluginListModel(QObject* parent = nullptr);

    void setPlugins(std::vector<plugin::Plugin> plugins);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    std::vector<plugin::Plugin> m_plugins;
};

}  // namespace posteria::ui
