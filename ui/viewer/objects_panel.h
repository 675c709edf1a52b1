// The dock "objects": settings that are tried on the sample shown, objects found in all samples of
// the run in view, a table of them that is linked with the panes both ways, and how the counts of
// the samples spread. The objects found lie over the panes as a layer of labels, coloured by the
// share of the samples they are in; those of a trial as outlines. GUI thread only.
#pragma once

#include <QHash>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "ui/model/document.h"
#include "ui/model/labels_layer.h"
#include "ui/model/object_finder.h"
#include "ui/model/object_table_model.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace posteria::ui::viewer {

class PosteriorChart;
class SegmentationForm;

class ObjectsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ObjectsPanel(Document* document, QWidget* parent = nullptr);
    ~ObjectsPanel() override;

    // Selects the object at a place of the panes (ViewState's units); nothing where there is none.
    void selectAt(const QPointF& position);
    void showChannel(int channel);  // whose objects are in the table
    void find();                    // in all samples of the run in view
    QByteArray csv() const;         // of all channels, see core/analysis/object_table.h
    bool isBusy() const { return m_finder.isBusy() || m_finder.isPreviewing(); }

  Q_SIGNALS:
    void saveRequested();
    void busyChanged();
    void failed(const QString& message, const QString& hint);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    // What was found, and where.
    struct Result {
        FoundObjectsPtr objects;
        image::StackInfo samples;  // description of one
        Placement placement;       // of the labels
        QStringList channels;
    };

    void build();
    void follow();  // the active run
    void fillChannels();
    void settingsChanged();
    void tryOut();
    void take(const FoundObjectsPtr& objects);
    void showResult();  // of the channel chosen
    void clearResult();
    void showTrial(const TriedObjectsPtr& objects);
    void rowSelected();
    void updateButtons();
    QString countText() const;
    QString pairText() const;
    // Puts the stack into the layer, which is made where it is not there; the selection stays.
    void showLabels(QPointer<LabelsLayer>& layer, const QString& name, const image::StackPtr& stack,
                    const Placement& placement, const LabelColors& colors);
    void removeLabels(QPointer<LabelsLayer>& layer);
    // Of the samples at the slice in view; none where they do not reach it.
    std::optional<image::PlaneIndex> plane() const;
    Placement placement() const;

    Document* m_document;
    ObjectFinder m_finder;
    ObjectTableModel m_model;
    QSortFilterProxyModel* m_sorted;
    QComboBox* m_channel;
    SegmentationForm* m_form;
    QCheckBox* m_try;
    QPushButton *m_find, *m_cancel, *m_save;
    QProgressBar* m_progress;
    QLabel *m_state, *m_pairs;
    QTableView* m_table;
    QWidget* m_legend;
    PosteriorChart* m_chart;
    QTimer m_soon;
    QPointer<Run> m_run;                                    // whose samples are looked at
    QHash<int, analysis::SegmentationSettings> m_settings;  // by channel
    std::optional<Result> m_result, m_wanted;               // shown; being found
    QPointer<LabelsLayer> m_labels, m_trial;
    bool m_pointed = false;  // a row is being selected from a pane
};

}  // namespace posteria::ui::viewer
