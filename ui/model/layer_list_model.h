// The document's layers as a list, front layer first, as the layer list shows them. The check state
// is the eye, the decoration a thumbnail made off the GUI thread from the layer's smallest level.
#pragma once

#include <QAbstractListModel>
#include <QHash>
#include <QImage>
#include <QTimer>
#include <set>

#include "ui/model/document.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class LayerListModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum { RoleRole = Qt::UserRole + 1 };  // Layer::Role as int

    explicit LayerListModel(Document* document, QObject* parent = nullptr);
    ~LayerListModel() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    // Images are dragged among the images.
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                         const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;
    // What an Alt-click on the eye does.
    void showOnly(const QModelIndex& index);

    Layer* layerAt(int row) const;
    int rowOf(const Layer* layer) const;  // -1 when it is not listed

  private:
    // The image being dragged and how many places it would go to the front; null: not here.
    std::pair<Layer*, int> dragged(const QMimeData* data, int row, const QModelIndex& onto) const;
    void follow(Layer* layer);
    void layerChanged(const Layer* layer);
    void reload();
    void makeThumbnails();

    Document* m_document;
    std::vector<Layer*> m_layers;  // back to front, as in the document
    QHash<quint64, QImage> m_thumbnails;
    std::set<quint64> m_stale;
    QTimer m_timer;
    StandingPool m_pool;
};

// A small picture of a stack's first visible channels with the given settings, at most `side`
// pixels.
QImage makeThumbnail(const image::Stack& stack, const std::vector<ChannelDisplay>& channels,
                     int side);

}  // namespace posteria::ui
