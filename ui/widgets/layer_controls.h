// Contrast limits, gamma, colormap, opacity and blending of the selected layer, one channel at a
// time. A sample is shown with its mean's settings, so its controls are the mean's. Follows one
// Document.
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <functional>

#include "ui/model/document.h"
#include "ui/model/histogram.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSlider;

namespace posteria::ui::widgets {

class RangeSlider;

class LayerControls : public QWidget {
    Q_OBJECT
  public:
    explicit LayerControls(Document* document, QWidget* parent = nullptr);

  public Q_SLOTS:
    void autoContrast();
    void fullRange();

  private:
    void build();
    void follow();
    void refresh();
    void askForHistogram();
    int channel() const;
    void change(const std::function<void(ChannelDisplay&)>& edit);

    Document* m_document;
    QPointer<Layer> m_layer;
    HistogramProvider m_histograms;
    QTimer m_histogramDelay;
    Limits m_fullRange;
    QLabel *m_name, *m_low, *m_high, *m_gammaValue, *m_opacityValue, *m_channelLabel;
    QComboBox *m_channel, *m_colormap, *m_blending, *m_interpolation;
    QCheckBox *m_composite, *m_continuous;
    RangeSlider* m_contrast;
    QPushButton *m_auto, *m_full;
    QSlider *m_gamma, *m_opacity;
};

}  // namespace posteria::ui::widgets
