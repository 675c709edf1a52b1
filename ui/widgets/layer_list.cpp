#include "ui/widgets/layer_list.h"

#include <QApplication>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

namespace posteria::ui::widgets {

namespace {

constexpr int kRow = 40, kEye = 16, kThumbnail = 30, kGap = 8;

QRect eyeRect(const QRect& row) {
    return {row.x() + kGap, row.y() + (row.height() - kEye) / 2, kEye, kEye};
}

class LayerDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {160, kRow};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const QRect row = option.rect.adjusted(4, 1, -4, -1);
        const bool visible = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        const bool selected = option.state & QStyle::State_Selected;
        const bool hovered = option.state & QStyle::State_MouseOver;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(selected  ? theme::colors().current
                          : hovered ? theme::colors().primary
                                    : theme::colors().foreground);
        painter->drawRoundedRect(row, 4, 4);
        icon(visible ? Symbol::Eye : Symbol::EyeOff)
            .paint(painter, eyeRect(row), Qt::AlignCenter,
                   selected ? QIcon::Selected : QIcon::Normal);
        QRect picture(eyeRect(row).right() + kGap, row.y() + (row.height() - kThumbnail) / 2,
                      kThumbnail, kThumbnail);
        painter->fillRect(picture, Qt::black);
        const auto thumbnail = index.data(Qt::DecorationRole).value<QImage>();
        if (!thumbnail.isNull()) {
            const auto scaled =
                thumbnail.scaled(picture.size() * painter->device()->devicePixelRatioF(),
                                 Qt::KeepAspectRatio, Qt::SmoothTransformation);
            QRectF target(QPointF(), scaled.size() / painter->device()->devicePixelRatioF());
            target.moveCenter(QRectF(picture).center());
            painter->drawImage(target, scaled);
        }
        painter->setPen(selected  ? theme::colors().onCurrent
                        : visible ? theme::colors().text
                                  : theme::colors().dimmed);
        const QRect text(picture.right() + kGap, row.y(), row.right() - picture.right() - 2 * kGap,
                         row.height());
        painter->drawText(
            text, Qt::AlignVCenter | Qt::AlignLeft,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        painter->restore();
    }

    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override {
        if (event->type() != QEvent::MouseButtonRelease) return false;
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QRect eye = eyeRect(option.rect.adjusted(4, 1, -4, -1)).adjusted(-6, -8, 4, 8);
        if (mouse->button() != Qt::LeftButton || !eye.contains(mouse->position().toPoint()))
            return false;
        if (mouse->modifiers() & Qt::AltModifier) {
            static_cast<LayerListModel*>(model)->showOnly(index);
            return true;
        }
        const bool visible = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, visible ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }

    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex&) const override {
        const int left = kGap + kEye + kGap + kThumbnail + kGap;
        editor->setGeometry(option.rect.adjusted(left, 6, -8, -6));
    }
};

}  // namespace

LayerList::LayerList(Document* document, LayerListModel* model, QWidget* parent)
    : QListView(parent), m_document(document), m_layers(model) {
    setObjectName(QStringLiteral("layerList"));
    setModel(model);
    setItemDelegate(new LayerDelegate(this));
    setMouseTracking(true);
    setEditTriggers(DoubleClicked | EditKeyPressed);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setUniformItemSizes(true);
    setDragDropMode(InternalMove);
    setDropIndicatorShown(true);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (!m_showing && current.isValid())
                    m_document->select(m_layers->layerAt(current.row()));
            });
    connect(document, &Document::selectionChanged, this, &LayerList::showSelection);
    connect(model, &QAbstractItemModel::modelReset, this, &LayerList::showSelection);
    showSelection();
}

void LayerList::selectNeighbour(int rows) {
    const int row = m_layers->rowOf(m_document->selected());
    if (Layer* layer = m_layers->layerAt(row + rows)) m_document->select(layer);
}

void LayerList::showSelection() {
    m_showing = true;
    const int row = m_layers->rowOf(m_document->selected());
    setCurrentIndex(row < 0 ? QModelIndex() : m_layers->index(row));
    m_showing = false;
}

}  // namespace posteria::ui::widgets
