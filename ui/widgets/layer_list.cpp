#include "ui/widgets/layer_list.h"

#include <QApplication>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <optional>

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

namespace posteria::ui::widgets {

namespace {

constexpr int kRow = 40, kGroupRow = 28, kEye = 16, kThumbnail = 30, kGap = 8;

QRect eyeRect(const QRect& row) {
    return {row.x() + kGap, row.y() + (row.height() - kEye) / 2, kEye, kEye};
}

// Of layers that have no picture.
std::optional<Symbol> symbolOf(const QModelIndex& index) {
    switch (Layer::Role(index.data(LayerListModel::RoleRole).toInt())) {
        case Layer::Role::Shapes:
            return Symbol::Polygon;
        case Layer::Role::Points:
            return Symbol::Points;
        default:
            return std::nullopt;
    }
}

void paintName(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
               const QRect& row, int left, const QColor& ink) {
    painter->setPen(ink);
    const QRect text(left, row.y(), row.right() - left - kGap, row.height());
    painter->drawText(
        text, Qt::AlignVCenter | Qt::AlignLeft,
        option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
}

class LayerDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
        return {160, index.data(LayerListModel::GroupRole).isValid() ? kGroupRow : kRow};
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
        const QColor ink = selected  ? theme::colors().onCurrent
                           : visible ? theme::colors().text
                                     : theme::colors().dimmed;
        if (index.data(LayerListModel::GroupRole).isValid()) {
            paintName(painter, option, index, row, eyeRect(row).right() + kGap, ink);
            painter->restore();
            return;
        }
        QRect picture(eyeRect(row).right() + kGap, row.y() + (row.height() - kThumbnail) / 2,
                      kThumbnail, kThumbnail);
        const auto symbol = symbolOf(index);
        if (!symbol) painter->fillRect(picture, Qt::black);
        const auto thumbnail = index.data(Qt::DecorationRole).value<QImage>();
        if (!thumbnail.isNull()) {
            const auto scaled =
                thumbnail.scaled(picture.size() * painter->device()->devicePixelRatioF(),
                                 Qt::KeepAspectRatio, Qt::SmoothTransformation);
            QRectF target(QPointF(), scaled.size() / painter->device()->devicePixelRatioF());
            target.moveCenter(QRectF(picture).center());
            painter->drawImage(target, scaled);
        } else if (symbol) {
            icon(*symbol).paint(painter, picture.adjusted(6, 6, -6, -6), Qt::AlignCenter,
                                selected ? QIcon::Selected : QIcon::Normal);
        }
        QRect room = row;
        if (index.data(LayerListModel::LinkedRole).toBool()) {
            room.setRight(row.right() - 22);
            icon(Symbol::Link)
                .paint(painter, QRect(room.right(), row.y(), 16, row.height()), Qt::AlignCenter,
                       selected ? QIcon::Selected : QIcon::Normal);
        }
        paintName(painter, option, index, room, picture.right() + kGap, ink);
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
    : QTreeView(parent), m_document(document), m_layers(model) {
    setObjectName(QStringLiteral("layerList"));
    setModel(model);
    setItemDelegate(new LayerDelegate(this));
    setHeaderHidden(true);
    setIndentation(12);
    setExpandsOnDoubleClick(false);
    setMouseTracking(true);
    setEditTriggers(DoubleClicked | EditKeyPressed);
    setSelectionMode(ExtendedSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setDragDropMode(InternalMove);
    setDropIndicatorShown(true);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (m_showing || !current.isValid()) return;
                const Run* run = m_layers->runAt(current);
                m_document->select(run ? run->mean() : m_layers->layerAt(current));
            });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        m_collapsed.insert(index.data(LayerListModel::GroupRole).toULongLong());
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        m_collapsed.erase(index.data(LayerListModel::GroupRole).toULongLong());
    });
    connect(document, &Document::selectionChanged, this, &LayerList::showSelection);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        expand();
        showSelection();
    });
    expand();
    showSelection();
}

void LayerList::expand() {
    for (int row = 0; row < m_layers->rowCount(); ++row) {
        const auto group = m_layers->index(row).data(LayerListModel::GroupRole);
        if (group.isValid() && m_collapsed.count(group.toULongLong()) == 0)
            setExpanded(m_layers->index(row), true);
    }
}

void LayerList::selectNeighbour(int rows) {
    auto index = m_layers->indexOf(m_document->selected());
    while (index.isValid()) {
        index = rows < 0 ? indexAbove(index) : indexBelow(index);
        Layer* layer = index.isValid() ? m_layers->layerAt(index) : nullptr;
        if (layer) return m_document->select(layer);
    }
}

std::vector<Layer*> LayerList::markedLayers() const {
    auto marked = selectionModel()->selectedIndexes();
    std::sort(marked.begin(), marked.end(), [this](const auto& a, const auto& b) {
        return visualRect(a).y() < visualRect(b).y();
    });
    std::vector<Layer*> layers;
    for (const auto& index : marked)
        if (Layer* layer = m_layers->layerAt(index)) layers.push_back(layer);
    return layers;
}

void LayerList::showSelection() {
    m_showing = true;
    const auto index = m_layers->indexOf(m_document->selected());
    // A group stays the current one while its mean is shown.
    const Run* run = m_layers->runAt(currentIndex());
    const bool isGroup = run && run->mean() == m_document->selected();
    if (!isGroup && index != currentIndex()) setCurrentIndex(index);
    m_showing = false;
}

}  // namespace posteria::ui::widgets
