// The document's layers as a tree, front layer first: images and what lies over them by themselves,
// the three layers of a run in a group that carries its name. The check state is the eye, the
// decoration a thumbnail made off the GUI thread from the layer's smallest level.
#pragma once

#include <QAbstractItemModel>
#include <QHash>
#include <QImage>
#include <QTimer>
#include <array>
#include <set>

#include "ui/model/document.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

class LayerListModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    // Layer::Role as int, of layers; whether the layer is linked with others; the same number for a
    // group as long as it is there.
    enum { RoleRole = Qt::UserRole + 1, LinkedRole, GroupRole };

    explicit LayerListModel(Document* document, QObject* parent = nullptr);
    ~LayerListModel() override;

    QModelIndex index(int row, int column = 0, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return 1; }
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

    Layer* layerAt(const QModelIndex& index) const;  // null for a group
    Run* runAt(const QModelIndex& index) const;      // null but for a group
    QModelIndex indexOf(const Layer* layer) const;   // invalid when it is not listed

  private:
    struct Row {
        Layer* layer = nullptr;  // or
        Run* run = nullptr;
    };
    static std::array<Layer*, 3> layersOf(const Run& run);  // front first
    // The image being dragged and how many places it would go to the front; null: not here.
    std::pair<Layer*, int> dragged(const QMimeData* data, int row, const QModelIndex& onto) const;
    void follow(Layer* layer);
    void layerChanged(const Layer* layer);
    void changed(const QModelIndex& index, const QList<int>& roles = {});
    void reload();
    void makeThumbnails();

    Document* m_document;
    std::vector<Row> m_rows;  // front first
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
