#include "ui/widgets/model_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include "ui/widgets/sampler_titles.h"

namespace posteria::ui::widgets {

ModelForm::ModelForm(RestoreSettings* settings, const char* prefix, QWidget* parent)
    : QWidget(parent), m_settings(settings), m_form(new QFormLayout(this)) {
    const auto named = [prefix](auto* widget, const char* name) {
        widget->setObjectName(QLatin1String(prefix) + QLatin1String(name));
        return widget;
    };
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(10);
    m_form->setVerticalSpacing(7);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_model = named(new QComboBox(this), "Model");
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_sampler = named(new QComboBox(this), "Sampler");
    m_sampler->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_steps = named(new QSpinBox(this), "Steps");
    m_steps->setRange(1, 1000);
    m_samples = named(new QSpinBox(this), "Samples");
    m_samples->setRange(1, 1000);
    m_autoSeverity = named(new QCheckBox(tr("auto"), this), "AutoSeverity");
    m_autoSeverity->setToolTip(tr("Estimated by the model, or its default with a warning"));
    m_severity = named(new QDoubleSpinBox(this), "Severity");
    m_severity->setSingleStep(0.05);
    m_severity->setToolTip(tr("How degraded the images are: 0 is clean, 1 is fully degraded"));
    auto* severity = m_severityRow = new QHBoxLayout;
    severity->setSpacing(8);
    severity->addWidget(m_autoSeverity);
    severity->addWidget(m_severity, 1);
    addRow(tr("model"), m_model);
    addRow(tr("sampler"), m_sampler);
    addRow(tr("steps"), m_steps);
    addRow(tr("samples"), m_samples);
    addRow(tr("severity"), severity);

    connect(settings, &RestoreSettings::modelsChanged, this, &ModelForm::refresh);
    connect(settings, &RestoreSettings::changed, this, &ModelForm::refresh);
    connect(m_model, &QComboBox::activated, this,
            [this](int index) { m_settings->selectModel(m_model->itemData(index).toString()); });
    connect(m_sampler, &QComboBox::activated, this,
            [this](int index) { m_settings->setSampler(m_sampler->itemData(index).toString()); });
    connect(m_steps, &QSpinBox::valueChanged, settings, &RestoreSettings::setSteps);
    connect(m_samples, &QSpinBox::valueChanged, settings, &RestoreSettings::setSamples);
    const auto sendSeverity = [this] {
        m_settings->setSeverity(m_autoSeverity->isChecked()
                                    ? std::nullopt
                                    : std::optional<double>(m_severity->value()));
    };
    connect(m_autoSeverity, &QCheckBox::toggled, this, sendSeverity);
    connect(m_severity, &QDoubleSpinBox::valueChanged, this, sendSeverity);
    refresh();
}

void ModelForm::addRow(const QString& label, QWidget* field) {
    m_form->addRow(label, field);
    m_form->labelForField(field)->setProperty("rank", QStringLiteral("second"));
}

void ModelForm::addRow(const QString& label, QLayout* field) {
    m_form->addRow(label, field);
    m_form->labelForField(field)->setProperty("rank", QStringLiteral("second"));
}

void ModelForm::setLeastSamples(int least) {
    m_samples->setMinimum(least);
}

void ModelForm::refresh() {
    const QSignalBlocker blockers[] = {QSignalBlocker(m_model),    QSignalBlocker(m_sampler),
                                       QSignalBlocker(m_steps),    QSignalBlocker(m_samples),
                                       QSignalBlocker(m_severity), QSignalBlocker(m_autoSeverity)};
    m_model->clear();
    for (const auto& model : m_settings->models())
        m_model->addItem(QString::fromStdString(model.title), QString::fromStdString(model.name));
    m_model->setCurrentIndex(m_settings->modelIndex());
    m_sampler->clear();
    const auto* model = m_settings->model();
    m_model->setToolTip(model ? QString::fromStdString(model->description) : QString());
    for (std::size_t i = 0; model && i < model->samplers.size(); ++i) {
        m_sampler->addItem(samplerTitle(model->samplers[i].name),
                           QString::fromStdString(model->samplers[i].name));
        if (m_settings->sampler() == m_sampler->itemData(int(i)).toString())
            m_sampler->setCurrentIndex(int(i));
    }
    m_steps->setValue(m_settings->steps());
    m_samples->setValue(m_settings->samples());
    const bool oneShot = m_settings->sampler() == QLatin1String("oneshot");
    m_steps->setEnabled(model && !oneShot);
    m_samples->setEnabled(model && !oneShot);
    m_form->setRowVisible(m_severityRow, !model || model->task != "denoise");
    m_autoSeverity->setChecked(!m_settings->severity());
    m_severity->setEnabled(m_settings->severity().has_value());
    if (model) m_severity->setRange(model->minSeverity, model->maxSeverity);
    m_severity->setValue(
        m_settings->severity().value_or(model ? model->defaultSeverity : m_severity->value()));
}

}  // namespace posteria::ui::widgets
