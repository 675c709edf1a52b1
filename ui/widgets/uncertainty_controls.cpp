#include "ui/widgets/uncertainty_controls.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QStandardItemModel>

#include "ui/widgets/threshold_controls.h"

namespace posteria::ui::widgets {

namespace {

// What the colours of the map mean, in a biologist's words.
QString explanation(Run::Spread spread) {
    switch (spread) {
        case Run::Spread::Deviation:
            return UncertaintyControls::tr("bright where the samples differ, in grey values");
        case Run::Spread::Relative:
            return UncertaintyControls::tr("bright where the doubt is large for the brightness");
        case Run::Spread::Interval:
            return UncertaintyControls::tr("nine of ten samples lie within so many grey values");
        case Run::Spread::Confidence:
            return UncertaintyControls::tr(
                "gray where the doubt is too large to tell the brightness");
        case Run::Spread::Exceedance:
            break;
    }
    return {};  // the threshold says it
}

}  // namespace

UncertaintyControls::UncertaintyControls(Document* document, DoubtLens* lens,
                                         ConfidenceContours* contours, QWidget* parent)
    : QWidget(parent), m_document(document), m_lens(lens), m_contours(contours) {
    setObjectName(QStringLiteral("uncertaintyControls"));
    const auto second = [this](const QString& text) {
        auto* label = new QLabel(text, this);
        label->setProperty("rank", QStringLiteral("second"));
        return label;
    };
    m_spread = new QComboBox(this);
    m_spread->setObjectName(QStringLiteral("spreadCombo"));
    m_spread->setAccessibleName(tr("Uncertainty shown as"));
    m_spread->setToolTip(tr("What the uncertainty pane shows"));
    for (const auto spread : Run::kSpreads)
        m_spread->addItem(Run::spreadName(spread), int(spread));
    m_thresholds = new ThresholdControls(this);
    m_contoursCheck = new QCheckBox(tr("contours"), this);
    m_contoursCheck->setObjectName(QStringLiteral("contoursCheck"));
    m_contoursCheck->setToolTip(
        tr("Outline what is above the threshold: thick where 95 % of the samples are, thin where "
           "at least 5 % are (Shift+D)"));
    m_lensCombo = new QComboBox(this);
    m_lensCombo->setObjectName(QStringLiteral("lensCombo"));
    m_lensCombo->setAccessibleName(tr("Lens"));
    m_lensCombo->setToolTip(tr("What is seen under the cursor over the mean (D for the next)"));
    m_lensCombo->addItem(tr("off"), int(DoubtLens::Mode::Off));
    m_lensCombo->addItem(tr("samples"), int(DoubtLens::Mode::Samples));
    m_lensCombo->addItem(tr("uncertainty"), int(DoubtLens::Mode::Uncertainty));
    m_explanation = second({});
    m_explanation->setObjectName(QStringLiteral("spreadExplanation"));
    m_explanation->setWordWrap(true);
    m_explanation->setMinimumWidth(0);
    m_explanation->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(10);
    row->addWidget(second(tr("uncertainty")));
    row->addWidget(m_spread);
    row->addWidget(m_thresholds, 1);
    row->addWidget(m_explanation, 1);
    row->addWidget(m_contoursCheck);
    row->addWidget(second(tr("lens")));
    row->addWidget(m_lensCombo);
    connect(m_spread, &QComboBox::activated, this, [this] {
        if (m_run) m_run->setSpread(static_cast<Run::Spread>(m_spread->currentData().toInt()));
    });
    connect(m_contoursCheck, &QCheckBox::toggled, contours, &ConfidenceContours::setVisible);
    connect(contours, &ConfidenceContours::visibleChanged, this, &UncertaintyControls::refresh);
    connect(m_lensCombo, &QComboBox::activated, this, [this] {
        m_lens->setMode(static_cast<DoubtLens::Mode>(m_lensCombo->currentData().toInt()));
    });
    connect(lens, &DoubtLens::changed, this, &UncertaintyControls::refresh);
    connect(document, &Document::activeRunChanged, this, &UncertaintyControls::follow);
    follow();
}

void UncertaintyControls::follow() {
    if (m_run) disconnect(m_run, nullptr, this, nullptr);
    m_run = m_document->activeRun();
    if (m_run) {
        connect(m_run, &Run::spreadChanged, this, &UncertaintyControls::refresh);
        connect(m_run, &Run::samplesChanged, this, &UncertaintyControls::refresh);
    }
    setVisible(m_run);
    refresh();
}

void UncertaintyControls::refresh() {
    if (!m_run) return;
    setEnabled(m_run->hasUncertainty());
    const auto spread = m_run->spread();
    const QSignalBlocker quietCombo(m_spread), quietLens(m_lensCombo),
        quietContours(m_contoursCheck);
    for (int i = 0; i < m_spread->count(); ++i)
        qobject_cast<QStandardItemModel*>(m_spread->model())
            ->item(i)
            ->setEnabled(m_run->offers(Run::kSpreads[i]));
    m_spread->setCurrentIndex(m_spread->findData(int(spread)));
    m_lensCombo->setCurrentIndex(m_lensCombo->findData(int(m_lens->mode())));
    m_contoursCheck->setChecked(m_contours->isVisible());
    m_thresholds->show(m_run);
    m_thresholds->setVisible(spread == Run::Spread::Exceedance || m_contours->isVisible());
    m_explanation->setVisible(!m_thresholds->isVisibleTo(this));
    m_explanation->setText(explanation(spread));
}

}  // namespace posteria::ui::widgets
