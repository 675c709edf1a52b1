// Asks what a movie shows: the axis and its steps, how fast, how large, with words or without, and
// as what kind of file. What was chosen is kept in the settings. GUI thread only.
#pragma once

#include <QDialog>
#include <QSettings>
#include <QSize>
#include <vector>

#include "ui/shell/movie_steps.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QSpinBox;

namespace posteria::ui::shell {

class MovieDialog : public QDialog {
    Q_OBJECT
  public:
    struct Axis {
        MovieAxis axis;
        int count;
    };

    // At least one axis; the picture on the screen in pixels, and whether it can be finer than
    // that. The settings are not owned.
    MovieDialog(const std::vector<Axis>& axes, const QSize& picture, bool finer,
                QSettings* settings, QWidget* parent);

    MovieOptions options() const;

  private:
    void addRows(const QSize& picture, bool finer);
    void axisChanged();
    void tellLength();
    void keep();

    std::vector<Axis> m_axes;
    QSettings* m_settings;
    QFormLayout* m_form;
    QComboBox *m_axis, *m_size, *m_kind;
    QSpinBox *m_first, *m_last, *m_steps, *m_rate;
    QCheckBox *m_backAndForth, *m_labels;
    QLabel* m_length;
};

}  // namespace posteria::ui::shell
