#include "ui/widgets/restore_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRandomGenerator>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/widgets/trust_words.h"

#include "ui/widgets/parts.h"
#include "ui/widgets/sampler_titles.h"

namespace posteria::ui::widgets {

namespace {

constexpr int kSeverityTicks = 100;

QString duration(double seconds) {
    const int s = int(std::ceil(seconds));
    if (s < 60) return RestorePanel::tr("%1 s left").arg(s);
    if (s < 3600) return RestorePanel::tr("%1 min %2 s left").arg(s / 60).arg(s % 60);
    return RestorePanel::tr("%1 h %2 min left").arg(s / 3600).arg(s % 3600 / 60);
}

// "0.35", or "filaments 0.35, vesicles 0.65" when the restored image has names for its channels.
QString byChannel(const std::vector<double>& values, int decimals,
                  const image::StackPtr& restored) {
    QStringList texts;
    for (std::size_t c = 0; c < values.size(); ++c) {
        const auto number = QString::number(values[c], 'f', decimals);
        const bool named = values.size() > 1 && restored && c < restored->info().channels.size() &&
                           !restored->info().channels[c].name.empty();
        texts << (named ? QStringLiteral("%1 %2").arg(
                              QString::fromStdString(restored->info().channels[c].name), number)
                        : number);
    }
    return texts.join(QStringLiteral(", "));
}

}  // namespace

RestorePanel::RestorePanel(RestoreSettings* settings, QWidget* parent)
    : QWidget(parent), m_settings(settings) {
    setObjectName(QStringLiteral("restorePanel"));
    build();
    wire();
    setInput({}, false);
}

void RestorePanel::build() {
    m_inputName = named(quiet(new QLabel(this)), "restoreInput");
    m_model = named(new QComboBox(this), "modelCombo");
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_openModel = named(new QPushButton(QStringLiteral("…"), this), "openModel");
    m_openModel->setFixedWidth(34);
    m_openModel->setToolTip(tr("Use a model from another folder"));
    m_description = named(quiet(new QLabel(this)), "modelDescription");
    m_sampler = named(new QComboBox(this), "samplerCombo");
    m_steps = named(new QSpinBox(this), "stepsSpin");
    m_steps->setRange(1, 1000);
    m_steps->setToolTip(tr("Steps of the sampler: more are slower and finer"));
    m_samples = named(new QSpinBox(this), "samplesSpin");
    m_samples->setRange(1, 1000);
    m_samples->setToolTip(
        tr("Posterior samples: their mean is the restored image, their spread the doubt"));
    m_autoSeverity = named(new QCheckBox(tr("auto"), this), "autoSeverity");
    m_autoSeverity->setToolTip(tr("Estimated by the model, or its default with a warning"));
    m_severity = named(new QSlider(Qt::Horizontal, this), "severitySlider");
    m_severity->setToolTip(tr("How degraded the input is: 0 is clean, 1 is fully degraded"));
    m_severityValue = named(new QLabel(this), "severityValue");
    m_severityValue->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.00")) + 4);
    m_seed = named(new QLineEdit(this), "seedEdit");
    m_seed->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,18}")), m_seed));
    m_seed->setToolTip(tr("The same seed gives the same samples"));
    m_newSeed = named(new QPushButton(tr("New"), this), "newSeed");
    m_device = named(new QComboBox(this), "deviceCombo");
    m_scope = named(new QComboBox(this), "scopeCombo");
    m_scope->addItems({tr("all planes"), tr("the plane shown")});
    m_scopeLabel = new QLabel(tr("planes"), this);
    m_preview = named(new QPushButton(tr("Preview"), this), "previewButton");
    m_preview->setToolTip(tr("Restore what is visible of this plane"));
    m_run = named(new QPushButton(tr("Run"), this), "runButton");
    m_run->setProperty("accent", true);
    m_run->setToolTip(tr("Restore"));
    m_cancel = named(new QPushButton(tr("Cancel"), this), "cancelButton");
    m_cancel->setToolTip(tr("Stop and keep what is there"));
    m_more = named(new QPushButton(this), "moreButton");
    m_more->setToolTip(tr("Adds to the run in view what asking for all at once would have drawn"));
    m_live = named(new QCheckBox(tr("live: restore at every change"), this), "liveCheck");
    m_live->setToolTip(tr("What is visible, first coarsely, then as set; the newest wish wins"));
    m_trust = named(new QPushButton(this), "trustButton");
    m_trust->setToolTip(tr("Can I trust this? What speaks for and against the result (Ctrl+J)"));
    m_trust->hide();
    m_enough = named(new QCheckBox(this), "enoughCheck");
    m_enough->setAccessibleName(tr("end the run at an error"));
    m_enough->setToolTip(
        tr("Ends the run once the Monte-Carlo error of the mean is below this share of it"));
    m_enoughPercent = named(new QDoubleSpinBox(this), "enoughPercent");
    m_enoughPercent->setRange(0.1, 50);
    m_enoughPercent->setDecimals(1);
    m_enoughPercent->setSuffix(tr(" %"));
    m_enoughPercent->setKeyboardTracking(false);
    m_enoughWhere = named(new QComboBox(this), "enoughWhere");
    m_enoughWhere->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_enoughWhere->addItem(tr("in view"), int(EnoughSettings::Where::Visible));
    m_enoughWhere->addItem(tr("in the shape"), int(EnoughSettings::Where::Shape));
    m_enoughWhere->addItem(tr("everywhere"), int(EnoughSettings::Where::Everywhere));
    m_progress = named(new QProgressBar(this), "runProgress");
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_state = named(new QLabel(this), "runState");
    m_timeLeft = named(quiet(new QLabel(this)), "runTimeLeft");
    m_timeLeft->setWordWrap(false);
    m_quality = named(quiet(new QLabel(this)), "runQuality");
    m_warnings = named(new QLabel(this), "runWarnings");
    m_warnings->setWordWrap(true);
    m_warnings->setTextFormat(Qt::PlainText);
    m_warnings->setStyleSheet(QStringLiteral("color: #e3b617;"));

    auto* modelRow = new QHBoxLayout;
    modelRow->setSpacing(6);
    modelRow->addWidget(m_model, 1);
    modelRow->addWidget(m_openModel);
    auto* severityRow = new QHBoxLayout;
    severityRow->setSpacing(8);
    severityRow->addWidget(m_autoSeverity);
    severityRow->addWidget(m_severity, 1);
    severityRow->addWidget(m_severityValue);
    auto* seedRow = new QHBoxLayout;
    seedRow->setSpacing(6);
    seedRow->addWidget(m_seed, 1);
    seedRow->addWidget(m_newSeed);
    auto* form = m_form = new QFormLayout;
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(7);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->addRow(tr("sampler"), m_sampler);
    form->addRow(tr("steps"), m_steps);
    form->addRow(tr("samples"), m_samples);
    auto* enoughRow = new QHBoxLayout;
    enoughRow->setSpacing(6);
    enoughRow->addWidget(m_enough);
    enoughRow->addWidget(m_enoughPercent);
    enoughRow->addWidget(m_enoughWhere, 1);
    form->addRow(tr("error <"), enoughRow);
    form->addRow(tr("severity"), severityRow);
    m_severityRow = severityRow;
    form->addRow(tr("seed"), seedRow);
    form->addRow(tr("device"), m_device);
    form->addRow(m_scopeLabel, m_scope);
    for (int row = 0; row < form->rowCount(); ++row)
        form->itemAt(row, QFormLayout::LabelRole)
            ->widget()
            ->setProperty("rank", QStringLiteral("second"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    buttons->addWidget(m_preview, 1);
    buttons->addWidget(m_run, 1);
    buttons->addWidget(m_cancel, 1);
    auto* stateRow = new QHBoxLayout;
    stateRow->addWidget(m_state, 1);
    stateRow->addWidget(m_timeLeft);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 10);
    column->setSpacing(8);
    column->addWidget(m_inputName);
    column->addLayout(modelRow);
    column->addWidget(m_description);
    column->addLayout(form);
    column->addSpacing(4);
    column->addLayout(buttons);
    column->addWidget(m_live);
    column->addWidget(m_more);
    column->addWidget(m_progress);
    column->addLayout(stateRow);
    column->addWidget(m_trust);
    column->addWidget(m_quality);
    column->addWidget(m_warnings);
    column->addStretch();
}

void RestorePanel::wire() {
    connect(m_settings, &RestoreSettings::modelsChanged, this, &RestorePanel::refresh);
    connect(m_settings, &RestoreSettings::changed, this, &RestorePanel::refresh);
    connect(m_model, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index >= 0) m_settings->selectModel(m_model->itemData(index).toString());
    });
    connect(m_sampler, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_settings->setSampler(m_sampler->itemData(index).toString()); });
    connect(m_steps, &QSpinBox::valueChanged, m_settings, &RestoreSettings::setSteps);
    connect(m_samples, &QSpinBox::valueChanged, m_settings, &RestoreSettings::setSamples);
    const auto sendSeverity = [this] {
        if (m_autoSeverity->isChecked())
            m_settings->setSeverity(std::nullopt);
        else
            m_settings->setSeverity(double(m_severity->value()) / kSeverityTicks);
    };
    connect(m_autoSeverity, &QCheckBox::toggled, this, sendSeverity);
    connect(m_severity, &QSlider::valueChanged, this, sendSeverity);
    connect(m_seed, &QLineEdit::editingFinished, this,
            [this] { m_settings->setSeed(m_seed->text().toULongLong()); });
    connect(m_newSeed, &QPushButton::clicked, this,
            [this] { m_settings->setSeed(QRandomGenerator::global()->bounded(1, 1000000)); });
    connect(m_device, &QComboBox::currentTextChanged, m_settings, &RestoreSettings::setDevice);
    connect(m_scope, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_settings->setWholeStack(index == 0); });
    connect(m_preview, &QPushButton::clicked, this, &RestorePanel::previewRequested);
    connect(m_run, &QPushButton::clicked, this, &RestorePanel::runRequested);
    connect(m_openModel, &QPushButton::clicked, this, &RestorePanel::openModelRequested);
    connect(m_trust, &QPushButton::clicked, this, &RestorePanel::trustRequested);
    connect(m_live, &QCheckBox::toggled, this, &RestorePanel::liveToggled);
    connect(m_more, &QPushButton::clicked, this,
            [this] { Q_EMIT moreRequested(m_settings->samples()); });
    const auto sendEnough = [this] {
        m_settings->setEnough(
            {m_enough->isChecked(), m_enoughPercent->value(),
             static_cast<EnoughSettings::Where>(m_enoughWhere->currentData().toInt())});
    };
    connect(m_enough, &QCheckBox::toggled, this, sendEnough);
    connect(m_enoughPercent, &QDoubleSpinBox::valueChanged, this, sendEnough);
    connect(m_enoughWhere, &QComboBox::currentIndexChanged, this, sendEnough);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_stopping = true;
        m_state->setText(tr("Stopping…"));
        refresh();
        Q_EMIT cancelRequested();
    });
    for (auto* child : findChildren<QWidget*>())
        child->installEventFilter(this);
}

bool RestorePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::KeyPress)
        Q_EMIT touched();
    return QWidget::eventFilter(watched, event);
}

void RestorePanel::setInput(const QString& name, bool severalPlanes) {
    m_hasInput = !name.isEmpty();
    const auto text = m_hasInput ? tr("input: %1").arg(name) : tr("Open an image to restore it.");
    if (text != m_inputName->text() && !m_busy) clearResult();
    m_inputName->setText(text);
    m_scope->setVisible(severalPlanes);
    m_scopeLabel->setVisible(severalPlanes);
    refresh();
}

void RestorePanel::setBusy(bool busy) {
    if (busy && !m_busy) {
        clearResult();
        m_state->setText(tr("Starting…"));
    }
    m_busy = busy;
    m_stopping = m_stopping && busy;
    if (!busy) m_timeLeft->clear();
    // A job of which nothing is told here: values are tried.
    if (!busy && m_state->text() == tr("Starting…")) m_state->clear();
    refresh();
}

void RestorePanel::showProgress(const engine::Progress& progress) {
    if (m_stopping) return;
    m_progress->setValue(int(progress.fraction * 1000));
    m_state->setText(progress.sample > 0
                         ? tr("sample %1 of %2").arg(progress.sample).arg(progress.samples)
                         : QString::fromStdString(progress.stage));
    m_timeLeft->setText(progress.secondsLeft < 0 ? QString() : duration(progress.secondsLeft));
}

void RestorePanel::showResult(const posterior::Snapshot& snapshot) {
    const auto& d = snapshot.diagnostics;
    QStringList lines;
    if (snapshot.samples > 1 && d.relativeMonteCarloError > 0)
        lines << tr("Mean of %1 samples, Monte-Carlo error %2 % of the signal")
                     .arg(snapshot.samples)
                     .arg(d.relativeMonteCarloError * 100, 0, 'g', 2);
    if (d.regionError >= 0)
        lines << tr("Where it is to be small: %1 %").arg(d.regionError * 100, 0, 'g', 2);
    if (!d.severity.empty())
        lines << (d.severityEstimated ? tr("Severity estimated: %1") : tr("Severity: %1"))
                     .arg(byChannel(d.severity, 2, snapshot.mean));
    if (snapshot.std)
        lines << (snapshot.stdCalibrated
                      ? tr("Uncertainty is calibrated")
                      : tr("Uncertainty is the samples' spread, not calibrated"));
    if (snapshot.stdCalibrated && !d.interval90.empty())
        lines << tr("90 % of the truth within mean ± std times %1, in images like the training's")
                     .arg(byChannel(d.interval90, 1, snapshot.mean));
    m_quality->setText(lines.join(QLatin1Char('\n')));
    QStringList warnings;
    for (const auto& warning : d.warnings)
        warnings << QString::fromStdString(warning);
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
}

void RestorePanel::showReport(const engine::RunReport& report) {
    m_progress->setValue(1000);
    showState((report.samples == 1   ? tr("Done: %1 sample in %2 s on %3")
               : report.stoppedEarly ? tr("Enough: %1 samples in %2 s on %3")
                                     : tr("Done: %1 samples in %2 s on %3"))
                  .arg(report.samples)
                  .arg(report.secondsTotal, 0, 'f', 1)
                  .arg(QString::fromStdString(report.device)));
    QStringList warnings;
    for (const auto& warning : report.warnings)
        warnings << QString::fromStdString(warning);
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    const auto lights = posterior::trustLights(report.trust);
    m_trust->setText(trustText(lights));
    QPixmap lamp(12, 12);
    lamp.fill(trustColor(posterior::verdict(lights)));
    m_trust->setIcon(lamp);
    m_trust->show();
}

void RestorePanel::clearResult() {
    m_progress->setValue(0);
    m_trust->hide();
    for (auto* label : {m_state, m_quality, m_warnings})
        label->clear();
}

void RestorePanel::setExtendable(bool extendable) {
    if (std::exchange(m_extendable, extendable) != extendable) refresh();
}

void RestorePanel::setLive(bool live) {
    const QSignalBlocker quiet(m_live);
    m_live->setChecked(live);
}

void RestorePanel::showState(const QString& text) {
    m_state->setText(text);
}

void RestorePanel::refresh() {
    const auto& models = m_settings->models();
    const auto* model = m_settings->model();
    const QSignalBlocker q1(m_model), q2(m_sampler), q3(m_steps), q4(m_samples), q5(m_autoSeverity),
        q6(m_severity), q7(m_device), q8(m_scope), q9(m_enough), q10(m_enoughPercent),
        q11(m_enoughWhere);
    bool same = m_model->count() == int(models.size());
    for (int i = 0; same && i < m_model->count(); ++i)
        same =
            m_model->itemData(i).toString() == QString::fromStdString(models[std::size_t(i)].name);
    if (!same) {
        m_model->clear();
        for (const auto& m : models)
            m_model->addItem(QString::fromStdString(m.title.empty() ? m.name : m.title),
                             QString::fromStdString(m.name));
    }
    m_model->setCurrentIndex(m_settings->modelIndex());
    m_description->setText(model ? QString::fromStdString(model->description)
                                 : tr("No model is installed. Choose a model's folder with “…”."));

    QStringList samplers;
    if (model)
        for (const auto& s : model->samplers)
            samplers << QString::fromStdString(s.name);
    m_sampler->clear();
    for (const auto& name : samplers)
        m_sampler->addItem(samplerTitle(name.toStdString()), name);
    m_sampler->setCurrentIndex(int(samplers.indexOf(m_settings->sampler())));
    m_steps->setValue(m_settings->steps());
    m_samples->setValue(m_settings->samples());
    const bool oneShot = m_settings->sampler() == QLatin1String("oneshot");
    m_steps->setEnabled(model && !oneShot);
    m_samples->setEnabled(model && !oneShot);

    const auto& enough = m_settings->enough();
    m_enough->setChecked(enough.used);
    m_enoughPercent->setValue(enough.percent);
    m_enoughWhere->setCurrentIndex(m_enoughWhere->findData(int(enough.where)));
    for (auto* widget :
         {static_cast<QWidget*>(m_enoughPercent), static_cast<QWidget*>(m_enoughWhere)})
        widget->setEnabled(enough.used && !oneShot);
    m_enough->setEnabled(model && !oneShot);
    m_more->setText(m_settings->samples() == 1 ? tr("Add 1 Sample")
                                               : tr("Add %1 Samples").arg(m_settings->samples()));
    m_more->setVisible(m_extendable);
    m_more->setEnabled(m_extendable && !m_busy);

    const auto severity = m_settings->severity();
    // Noise has no severity to set.
    m_form->setRowVisible(m_severityRow, !model || model->task != "denoise");
    if (model)
        m_severity->setRange(int(std::lround(model->minSeverity * kSeverityTicks)),
                             int(std::lround(model->maxSeverity * kSeverityTicks)));
    const double shown = severity.value_or(model ? model->defaultSeverity : 0.5);
    m_autoSeverity->setChecked(!severity);
    m_severity->setEnabled(severity.has_value());
    m_severity->setValue(int(std::lround(shown * kSeverityTicks)));
    m_severityValue->setText(severity ? QString::number(*severity, 'f', 2) : QString());

    if (!m_seed->hasFocus() || m_seed->text().toULongLong() != m_settings->seed())
        m_seed->setText(QString::number(m_settings->seed()));
    QStringList devices;
    for (int i = 0; i < m_device->count(); ++i)
        devices << m_device->itemText(i);
    if (devices != m_settings->devices()) {
        m_device->clear();
        m_device->addItems(m_settings->devices());
    }
    m_device->setCurrentText(m_settings->device());
    m_scope->setCurrentIndex(m_settings->wholeStack() ? 0 : 1);

    m_live->setEnabled(m_hasInput && model);
    m_preview->setEnabled(m_hasInput && model && !m_busy);
    m_run->setEnabled(m_hasInput && model && !m_busy);
    m_cancel->setEnabled(m_busy && !m_stopping);
}

}  // namespace posteria::ui::widgets
