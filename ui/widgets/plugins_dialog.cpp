#include "ui/widgets/plugins_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

namespace posteria::ui::widgets {

namespace {

// What is not used is dimmed, and its reason carries a warning sign.
class RowDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(PluginListModel::ReadyRole).toBool()) return;
        if (index.column() != PluginListModel::State) {
            option->palette.setColor(QPalette::Text, theme::colors().dimmed);
            return;
        }
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->icon = icon(Symbol::Warning);
        option->decorationSize = {16, 16};
    }
};

}  // namespace

PluginsDialog::PluginsDialog(PluginListModel* model, const QStringList& folders, QWidget* parent)
    : QDialog(parent), m_model(model) {
    setObjectName(QStringLiteral("pluginsDialog"));
    setWindowTitle(tr("Installed plugins"));
    auto* column = new QVBoxLayout(this);
    m_count = new QLabel(this);
    m_count->setObjectName(QStringLiteral("pluginsCount"));
    column->addWidget(m_count);

    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("pluginsTable"));
    m_table->setModel(model);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(true);
    m_table->verticalHeader()->hide();
    auto* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(PluginListModel::State, QHeaderView::Stretch);
    column->addWidget(m_table, 1);

    auto* searched = new QLabel(
        tr("Folders searched, in this order; of two plugins with one id the first is used:") +
            QLatin1Char('\n') + folders.join(QLatin1Char('\n')),
        this);
    searched->setObjectName(QStringLiteral("pluginsFolders"));
    searched->setProperty("rank", QStringLiteral("second"));
    searched->setTextFormat(Qt::PlainText);
    searched->setTextInteractionFlags(Qt::TextSelectableByMouse);
    searched->setWordWrap(true);
    column->addWidget(searched);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* close = buttons->button(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("pluginsClose"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);

    connect(model, &QAbstractItemModel::modelReset, this, &PluginsDialog::refresh);
    resize(720, 380);
    refresh();
}

void PluginsDialog::resizeEvent(QResizeEvent* event) {
    QDialog::resizeEvent(event);
    m_table->resizeRowsToContents();
}

void PluginsDialog::refresh() {
    int used = 0;
    const int all = m_model->rowCount();
    for (int row = 0; row < all; ++row)
        used += m_model->index(row, 0).data(PluginListModel::ReadyRole).toBool();
    m_count->setText(all == 0      ? tr("There are no plugins.")
                     : used == all ? all == 1 ? tr("1 plugin is in use.")
                                              : tr("%1 plugins are in use.").arg(all)
                                   : tr("%1 of %2 plugins are in use.").arg(used).arg(all));
    m_table->resizeRowsToContents();
}

}  // namespace posteria::ui::widgets
