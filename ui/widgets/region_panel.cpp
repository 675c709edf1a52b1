#include "ui/widgets/region_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace posteria::ui::widgets {

RegionPanel::RegionPanel(Document* document, QWidget* parent) : QWidget(parent), m_table(document) {
    setObjectName(QStringLiteral("regionPanel"));
    m_view = new QTableView(this);
    m_view->setObjectName(QStringLiteral("regionView"));
    m_view->setModel(&m_table);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setShowGrid(false);
    m_view->setAlternatingRowColors(true);
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_message = new QLabel(this);
    m_message->setObjectName(QStringLiteral("regionMessage"));
    m_message->setProperty("rank", QStringLiteral("second"));
    m_message->setWordWrap(true);
    m_save = new QPushButton(tr("Save as CSV…"), this);
    m_save->setObjectName(QStringLiteral("regionSave"));
    auto* line = new QHBoxLayout;
    line->addWidget(m_message, 1);
    line->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(m_view, 1);
    column->addLayout(line);
    connect(&m_table, &RegionTable::measured, this, &RegionPanel::refresh);
    connect(m_save, &QPushButton::clicked, this, &RegionPanel::saveRequested);
    refresh();
}

void RegionPanel::showEvent(QShowEvent* event) {
    m_table.setActive(true);
    QWidget::showEvent(event);
}

void RegionPanel::hideEvent(QHideEvent* event) {
    m_table.setActive(false);
    QWidget::hideEvent(event);
}

void RegionPanel::refresh() {
    const auto message = m_table.message();
    m_message->setText(message.isEmpty() ? tr("Median and 5–95 % of the samples, uncalibrated")
                                         : message);
    m_save->setEnabled(message.isEmpty());
    m_view->resizeColumnsToContents();
}

}  // namespace posteria::ui::widgets
