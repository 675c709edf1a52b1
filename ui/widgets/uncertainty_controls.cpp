#include "ui/widgets/uncertainty_controls.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QStandardItemModel>
#include <cmath>

namespace posteria::ui::widgets {

namespace {

constexpr int kThresholdSteps = 200;

// What the colours of the map mean, in a biologist's words.
QString explanation(Run::Spread spread) {
    switch (spread) {
        case Run::Spread::Deviation:
            return UncertaintyControls::tr("bright where the samples differ, in grey values");
        case Run::Spread::Relative:
            return UncertaintyControls::tr("bright where the doubt is large for the brightness");
        case Run::Spread::Interval:
            return UncertaintyControls::tr("nine of ten samples lie within so many grey values");
        case Run::Spread::Exceedance:
            break;
    }
    return {};  // the threshold says it
}

}  // namespace

UncertaintyControls::UncertaintyControls(Document* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
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
    m_caption = second(tr("threshold"));
    m_threshold = new QSlider(Qt::Horizontal, this);
    m_threshold->setObjectName(QStringLiteral("thresholdSlider"));
    m_threshold->setAccessibleName(tr("Threshold"));
    m_threshold->setRange(0, kThresholdSteps);
    m_threshold->setMinimumWidth(120);
    m_threshold->setMaximumWidth(320);
    m_value = new QLabel(this);
    m_value->setObjectName(QStringLiteral("thresholdValue"));
    m_explanation = second({});
    m_explanation->setObjectName(QStringLiteral("spreadExplanation"));
    m_explanation->setMinimumWidth(0);
    m_explanation->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(10);
    row->addWidget(second(tr("uncertainty")));
    row->addWidget(m_spread);
    row->addWidget(m_caption);
    row->addWidget(m_threshold, 1);
    row->addWidget(m_value);
    row->addWidget(m_explanation, 1);
    connect(m_spread, &QComboBox::activated, this, [this] {
        if (m_run) m_run->setSpread(static_cast<Run::Spread>(m_spread->currentData().toInt()));
    });
    connect(m_threshold, &QSlider::valueChanged, this, [this](int value) {
        if (m_run) m_run->setThresholdShare(double(value) / kThresholdSteps);
    });
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
    const QSignalBlocker quietCombo(m_spread), quietSlider(m_threshold);
    for (int i = 0; i < m_spread->count(); ++i)
        qobject_cast<QStandardItemModel*>(m_spread->model())
            ->item(i)
            ->setEnabled(m_run->offers(Run::kSpreads[i]));
    m_spread->setCurrentIndex(m_spread->findData(int(spread)));
    m_threshold->setValue(int(std::lround(m_run->thresholdShare() * kThresholdSteps)));
    for (auto* widget : {static_cast<QWidget*>(m_caption), static_cast<QWidget*>(m_threshold),
                         static_cast<QWidget*>(m_value)})
        widget->setVisible(spread == Run::Spread::Exceedance);
    QStringList values;
    const auto thresholds = m_run->thresholds();
    for (std::size_t c = 0; c < thresholds.size(); ++c) {
        const auto value = QString::number(thresholds[c], 'g', 3);
        values << (thresholds.size() > 1
                       ? QStringLiteral("%1 %2").arg(m_run->mean()->channelName(int(c)), value)
                       : value);
    }
    m_value->setText(values.join(QStringLiteral(", ")));
    m_value->setToolTip(tr("Grey values above the camera's dark level"));
    m_explanation->setText(explanation(spread));
}

}  // namespace posteria::ui::widgets
