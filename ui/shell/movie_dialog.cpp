#include "ui/shell/movie_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>

namespace posteria::ui::shell {

namespace {

using Kind = viewer::MovieWriter::Kind;

constexpr int kMostMagnification = 4, kMostWidth = 4096;  // beyond it players falter
constexpr int kMostTurnSteps = 1440;
const auto kAxisKey = QStringLiteral("movie/axis");
const auto kTurnStepsKey = QStringLiteral("movie/turnSteps");
const auto kRateKey = QStringLiteral("movie/framesPerSecond");
const auto kBackAndForthKey = QStringLiteral("movie/backAndForth");
const auto kMagnificationKey = QStringLiteral("movie/magnification");
const auto kLabelsKey = QStringLiteral("movie/labels");
const auto kKindKey = QStringLiteral("movie/kind");

// The entry with that value, or the first one.
void choose(QComboBox* combo, const QVariant& data) {
    combo->setCurrentIndex(std::max(combo->findData(data), 0));
}

QSpinBox* numberBox(const char* name, int from, int to) {
    auto* spin = new QSpinBox;
    spin->setObjectName(QLatin1String(name));
    spin->setRange(from, to);
    return spin;
}

}  // namespace

MovieDialog::MovieDialog(const std::vector<Axis>& axes, const QSize& picture, bool finer,
                         QSettings* settings, QWidget* parent)
    : QDialog(parent),
      m_axes(axes),
      m_settings(settings),
      m_form(new QFormLayout(this)),
      m_axis(new QComboBox),
      m_size(new QComboBox),
      m_kind(new QComboBox),
      m_first(numberBox("movieFirst", 1, 1)),
      m_last(numberBox("movieLast", 1, 1)),
      m_steps(numberBox("movieTurnSteps", 2, kMostTurnSteps)),
      m_rate(numberBox("movieRate", 1, 60)),
      m_backAndForth(new QCheckBox(tr("Back and forth"))),
      m_labels(new QCheckBox(tr("Titles, scale bar and colour bars"))),
      m_length(new QLabel) {
    setObjectName(QStringLiteral("movieDialog"));
    setWindowTitle(tr("Export Movie"));
    addRows(picture, finer);
    for (auto* spin : {m_first, m_last, m_steps, m_rate})
        connect(spin, &QSpinBox::valueChanged, this, &MovieDialog::tellLength);
    connect(m_first, &QSpinBox::valueChanged, m_last, &QSpinBox::setMinimum);
    connect(m_last, &QSpinBox::valueChanged, m_first, &QSpinBox::setMaximum);
    connect(m_backAndForth, &QCheckBox::toggled, this, &MovieDialog::tellLength);
    connect(m_axis, &QComboBox::currentIndexChanged, this, &MovieDialog::axisChanged);
    connect(this, &QDialog::accepted, this, &MovieDialog::keep);
    axisChanged();
}

void MovieDialog::addRows(const QSize& picture, bool finer) {
    m_axis->setObjectName(QStringLiteral("movieAxis"));
    for (const auto& axis : m_axes)
        m_axis->addItem(MovieSteps::name(axis.axis), int(axis.axis));
    choose(m_axis, m_settings->value(kAxisKey));
    m_form->addRow(tr("Along"), m_axis);

    m_first->setAccessibleName(tr("First"));
    m_last->setAccessibleName(tr("Last"));
    auto* range = new QHBoxLayout;
    range->addWidget(m_first, 1);
    range->addWidget(new QLabel(tr("to")));
    range->addWidget(m_last, 1);
    m_form->addRow(tr("From"), range);
    m_steps->setValue(m_settings->value(kTurnStepsKey, 120).toInt());
    m_steps->setAccessibleName(tr("Steps of the turn"));
    m_form->addRow(tr("In steps"), m_steps);

    m_rate->setValue(m_settings->value(kRateKey, MovieOptions().framesPerSecond).toInt());
    m_form->addRow(tr("Frames per second"), m_rate);
    m_backAndForth->setObjectName(QStringLiteral("movieBackAndForth"));
    m_backAndForth->setChecked(m_settings->value(kBackAndForthKey, false).toBool());
    m_form->addRow(QString(), m_backAndForth);

    m_size->setObjectName(QStringLiteral("movieSize"));
    for (int times = 1; times <= (finer ? kMostMagnification : 1); ++times) {
        const QSize size = picture * times;
        if (times > 1 && size.width() > kMostWidth) break;
        m_size->addItem(tr("%1 × %2 pixels").arg(size.width()).arg(size.height()), times);
    }
    choose(m_size, m_settings->value(kMagnificationKey, 1));
    m_form->addRow(tr("Size"), m_size);
    m_labels->setObjectName(QStringLiteral("movieLabels"));
    m_labels->setChecked(m_settings->value(kLabelsKey, true).toBool());
    m_form->addRow(QString(), m_labels);

    m_kind->setObjectName(QStringLiteral("movieKind"));
    m_kind->addItem(tr("Video (AVI)"), int(Kind::Video));
    m_kind->addItem(tr("Numbered pictures (PNG)"), int(Kind::Pictures));
    m_kind->setItemData(0, tr("Plays in VLC, ImageJ and PowerPoint"), Qt::ToolTipRole);
    m_kind->setItemData(1, tr("Lossless, in a folder of their own"), Qt::ToolTipRole);
    choose(m_kind, m_settings->value(kKindKey));
    m_form->addRow(tr("Write"), m_kind);
    m_length->setObjectName(QStringLiteral("movieLength"));
    m_form->addRow(tr("Length"), m_length);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* go = buttons->addButton(tr("Export…"), QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("movieExport"));
    m_form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
}

void MovieDialog::axisChanged() {
    const auto& axis = m_axes[std::size_t(m_axis->currentIndex())];
    const bool turn = axis.axis == MovieAxis::Turn;
    m_form->setRowVisible(1, !turn);
    m_form->setRowVisible(m_steps, turn);
    const int last = std::max(axis.count, 1);
    m_last->setRange(1, last);
    m_first->setRange(1, last);
    m_first->setValue(1);
    m_last->setValue(last);
    tellLength();
}

void MovieDialog::tellLength() {
    const auto frames = options().order().size();
    m_length->setText(
        tr("%1 frames, %2 s").arg(frames).arg(double(frames) / m_rate->value(), 0, 'f', 1));
}

MovieOptions MovieDialog::options() const {
    MovieOptions options;
    options.axis = m_axes[std::size_t(m_axis->currentIndex())].axis;
    const bool turn = options.axis == MovieAxis::Turn;
    options.first = turn ? 0 : m_first->value() - 1;
    options.last = (turn ? m_steps : m_last)->value() - 1;
    options.framesPerSecond = m_rate->value();
    options.backAndForth = m_backAndForth->isChecked();
    options.magnification = m_size->currentData().toInt();
    options.labels = m_labels->isChecked();
    options.kind = Kind(m_kind->currentData().toInt());
    return options;
}

void MovieDialog::keep() {
    const auto chosen = options();
    m_settings->setValue(kAxisKey, int(chosen.axis));
    if (chosen.axis == MovieAxis::Turn) m_settings->setValue(kTurnStepsKey, m_steps->value());
    m_settings->setValue(kRateKey, chosen.framesPerSecond);
    m_settings->setValue(kBackAndForthKey, chosen.backAndForth);
    m_settings->setValue(kMagnificationKey, chosen.magnification);
    m_settings->setValue(kLabelsKey, chosen.labels);
    m_settings->setValue(kKindKey, int(chosen.kind));
}

}  // namespace posteria::ui::shell
