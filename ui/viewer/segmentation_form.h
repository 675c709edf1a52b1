// The settings by which objects are found in one channel: what is done to the image, the threshold,
// and what counts as an object. GUI thread only.
#pragma once

#include <QWidget>

#include "core/analysis/segmentation.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace posteria::ui::viewer {

class SegmentationForm : public QWidget {
    Q_OBJECT
  public:
    explicit SegmentationForm(QWidget* parent = nullptr);

    analysis::SegmentationSettings settings() const;
    void setSettings(const analysis::SegmentationSettings& settings);  // changed() does not follow
    // The threshold that was last applied; where a rule finds it, it is shown as such.
    void showThreshold(double greyValue);

  Q_SIGNALS:
    void changed();  // by the user

  private:
    void follow();

    QDoubleSpinBox *m_smoothing, *m_threshold, *m_depth;
    QSpinBox *m_background, *m_minArea, *m_maxArea;
    QComboBox* m_rule;
    QCheckBox* m_split;
};

}  // namespace posteria::ui::viewer
