// What panels and dialogs put together again and again. GUI thread only.
#pragma once

#include <QHeaderView>
#include <QLabel>
#include <QStyle>
#include <QTableView>

namespace posteria::ui::widgets {

// The widget, which tests and scripts find by that name.
template <class W>
W* named(W* widget, const char* name) {
    widget->setObjectName(QLatin1String(name));
    return widget;
}

// Words of second rank, over several lines where they need them.
inline QLabel* quiet(QLabel* label) {
    label->setProperty("rank", QStringLiteral("second"));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

// A table of files, a row each; returns the header of its columns.
inline QHeaderView* asFileTable(QTableView* table, int rowHeight = 26) {
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    auto* header = table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    return header;
}

// What became of what the user asked for.
inline void tell(QLabel* label, const QString& text, bool error) {
    label->setText(text);
    label->setProperty("error", error);
    label->style()->unpolish(label);  // the theme's rule for errors applies, or no longer
    label->style()->polish(label);
}

}  // namespace posteria::ui::widgets
