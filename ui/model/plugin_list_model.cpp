#include "ui/model/plugin_list_model.h"

#include <utility>

namespace posteria::ui {

PluginListModel::PluginListModel(QObject* parent) : QAbstractTableModel(parent) {}

void PluginListModel::setPlugins(std::vector<plugin::Plugin> plugins) {
    beginResetModel();
    m_plugins = std::move(plugins);
    endResetModel();
}

int PluginListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_plugins.size());
}

int PluginListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PluginListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto& plugin = m_plugins[std::size_t(index.row())];
    const bool known = !plugin.id.empty();
    switch (role) {
        case ReadyRole:
            return plugin.ready();
        case PathRole:
        case Qt::ToolTipRole:
            return QString::fromStdString(plugin.path);
        case Qt::DisplayRole:
            break;
        default:
            return {};
    }
    switch (index.column()) {
        case Name:
            return QString::fromStdString(plugin.title);
        case Kind:
            return known ? tr(plugin::kindName(plugin.kind)) : QString();
        case Version:
            return QString::fromStdString(plugin.version);
        default:
            return plugin.ready() ? tr("In use") : QString::fromStdString(plugin.problem);
    }
}

QVariant PluginListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Name:
            return tr("Plugin");
        case Kind:
            return tr("Kind");
        case Version:
            return tr("Version");
        case State:
            return tr("State");
        default:
            return {};
    }
}

}  // namespace posteria::ui
