#include "ui/viewer/segmentation_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

namespace posteria::ui::viewer {

namespace {

constexpr int kManual = static_cast<int>(analysis::ThresholdRule::Manual);
constexpr int kMostArea = 1000000;

template <class Box, class T>
Box* spin(QWidget* parent, const char* name, const QString& accessible, const QString& tip, T low,
          T high) {
    auto* box = new Box(parent);
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessible);
    box->setToolTip(tip);
    box->setRange(low, high);
    box->setKeyboardTracking(false);
    return box;
}

}  // namespace

SegmentationForm::SegmentationForm(QWidget* parent) : QWidget(parent) {
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto row = [&](const QString& text, std::initializer_list<QWidget*> fields) {
        auto* line = new QHBoxLayout;
        line->setContentsMargins(0, 0, 0, 0);
        for (QWidget* field : fields)
            line->addWidget(field, 1);
        auto* label = new QLabel(text, this);
        label->setProperty("rank", QStringLiteral("second"));
        label->setBuddy(*fields.begin());
        form->addRow(label, line);
    };
    m_smoothing =
        spin<QDoubleSpinBox>(this, "objectsSmoothing", tr("Smoothing"),
                             tr("Gaussian before all else, its standard deviation"), 0.0, 20.0);
    m_smoothing->setSingleStep(0.5);
    m_smoothing->setSuffix(tr(" px"));
    row(tr("smoothing"), {m_smoothing});
    m_background = spin<QSpinBox>(
        this, "objectsBackground", tr("Background radius"),
        tr("Takes off what is wider than twice this; larger than any object"), 0, 200);
    m_background->setSuffix(tr(" px"));
    m_background->setSpecialValueText(tr("keep it"));
    row(tr("background"), {m_background});
    m_rule = new QComboBox(this);
    m_rule->setObjectName(QStringLiteral("objectsRule"));
    m_rule->setAccessibleName(tr("Threshold rule"));
    m_rule->addItems({tr("Otsu"), tr("Li"), tr("triangle"), tr("by hand")});
    m_rule->setToolTip(
        tr("How the grey value is found above which there are objects; anew in "
           "every sample"));
    m_threshold = spin<QDoubleSpinBox>(this, "objectsThreshold", tr("Threshold"),
                                       tr("Grey value above which there are objects"), -1e6, 1e6);
    row(tr("threshold"), {m_rule, m_threshold});
    m_split = new QCheckBox(tr("part touching ones"), this);
    m_split->setObjectName(QStringLiteral("objectsSplit"));
    m_split->setToolTip(tr("At the waist of their outline"));
    m_depth = spin<QDoubleSpinBox>(this, "objectsDepth", tr("Depth of the waist"),
                                   tr("How deep the waist must be: more parts fewer"), 0.0, 50.0);
    m_depth->setSingleStep(0.25);
    m_depth->setSuffix(tr(" px"));
    row(tr("objects"), {m_split, m_depth});
    m_minArea = spin<QSpinBox>(this, "objectsMinArea", tr("Smallest area"),
                               tr("Smaller ones are left out"), 0, kMostArea);
    m_minArea->setSuffix(tr(" px"));
    m_maxArea = spin<QSpinBox>(this, "objectsMaxArea", tr("Largest area"),
                               tr("Larger ones are left out"), 0, kMostArea);
    m_maxArea->setSuffix(tr(" px"));
    m_maxArea->setSpecialValueText(tr("no limit"));
    row(tr("area"), {m_minArea, m_maxArea});
    setSettings({});

    const auto tell = [this] {
        follow();
        Q_EMIT changed();
    };
    for (auto* box : {m_smoothing, m_threshold, m_depth})
        connect(box, &QDoubleSpinBox::valueChanged, this, tell);
    for (auto* box : {m_background, m_minArea, m_maxArea})
        connect(box, &QSpinBox::valueChanged, this, tell);
    connect(m_rule, &QComboBox::currentIndexChanged, this, tell);
    connect(m_split, &QCheckBox::toggled, this, tell);
}

analysis::SegmentationSettings SegmentationForm::settings() const {
    analysis::SegmentationSettings settings;
    settings.smoothing = m_smoothing->value();
    settings.backgroundRadius = m_background->value();
    settings.rule = static_cast<analysis::ThresholdRule>(m_rule->currentIndex());
    settings.threshold = m_threshold->value();
    settings.split = m_split->isChecked();
    settings.splitDepth = m_depth->value();
    settings.minArea = m_minArea->value();
    // A largest area below the smallest would leave nothing: the smallest counts.
    settings.maxArea =
        m_maxArea->value() > 0 ? std::max(m_maxArea->value(), m_minArea->value()) : 0;
    return settings;
}

void SegmentationForm::setSettings(const analysis::SegmentationSettings& settings) {
    const QSignalBlocker block(this);
    m_smoothing->setValue(settings.smoothing);
    m_background->setValue(settings.backgroundRadius);
    m_rule->setCurrentIndex(static_cast<int>(settings.rule));
    m_threshold->setValue(settings.threshold);
    m_split->setChecked(settings.split);
    m_depth->setValue(settings.splitDepth);
    m_minArea->setValue(int(settings.minArea));
    m_maxArea->setValue(int(settings.maxArea));
    follow();
}

void SegmentationForm::showThreshold(double greyValue) {
    if (m_rule->currentIndex() == kManual) return;
    const QSignalBlocker block(m_threshold);
    m_threshold->setValue(greyValue);
}

void SegmentationForm::follow() {
    m_threshold->setEnabled(m_rule->currentIndex() == kManual);
    m_depth->setEnabled(m_split->isChecked());
}

}  // namespace posteria::ui::viewer
