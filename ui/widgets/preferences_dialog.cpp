#include "ui/widgets/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace posteria::ui::widgets {

namespace {

constexpr int kFieldWidth = 180;

QString presetText(InputPreset preset) {
    switch (preset) {
        case InputPreset::Fiji:
            return PreferencesDialog::tr(
                "Wheel: slices. Ctrl+wheel: zoom. Keys: < > slices, + − zoom, 4 fit, 5 100 %, "
                "Ctrl+Shift+C auto-contrast.");
        case InputPreset::Slicer:
            return PreferencesDialog::tr(
                "Wheel: slices. Ctrl+wheel: zoom. Ctrl+left drag: window and level of the layer "
                "under the pointer.");
        case InputPreset::Napari:
            break;
    }
    return PreferencesDialog::tr("Wheel: zoom at the cursor. Ctrl+wheel: slices.");
}

template <class Box, class T>
Box* makeBox(const Preferences::Range<T>& range, T step, const QString& suffix) {
    auto* box = new Box;
    box->setRange(range.least, range.most);
    box->setSingleStep(step);
    box->setSuffix(suffix);
    // A number being typed is no wish yet: 2 on the way to 2048 would empty the memory.
    box->setKeyboardTracking(false);
    return box;
}

}  // namespace

PreferencesDialog::PreferencesDialog(Preferences* preferences, QWidget* parent)
    : QDialog(parent), m_preferences(preferences) {
    setObjectName(QStringLiteral("preferencesDialog"));
    setWindowTitle(tr("Preferences"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 12, 24, 18);
    column->setSpacing(20);
    m_form = new QFormLayout;
    m_form->setHorizontalSpacing(18);
    m_form->setVerticalSpacing(8);
    m_form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    column->addLayout(m_form);

    addHeading(tr("Appearance"));
    m_theme = new QComboBox;
    m_theme->addItem(tr("Dark"), false);
    m_theme->addItem(tr("Light"), true);
    addRow(tr("&Theme"), m_theme, "preferencesTheme", tr("Colours of the window"));
    m_scaleBar = new QCheckBox(tr("Show when the program starts"));
    addRow(tr("Scale &bar"), m_scaleBar, "preferencesScaleBar",
           tr("View ▸ Scale Bar shows and hides it at any time"));

    addHeading(tr("Mouse and keys"));
    m_preset = new QComboBox;
    for (const auto& [preset, word] : kInputPresets)
        m_preset->addItem(QLatin1String(word), int(preset));
    addRow(tr("&Habits of"), m_preset, "preferencesPreset",
           tr("What the wheel, the contrast drag and some keys do"));
    m_presetText = new QLabel;
    m_presetText->setObjectName(QStringLiteral("preferencesPresetText"));
    m_presetText->setProperty("rank", QStringLiteral("second"));
    m_presetText->setWordWrap(true);
    m_presetText->setFixedWidth(320);
    m_presetText->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_form->addRow(QString(), m_presetText);

    addHeading(tr("Playing"));
    m_slices = makeBox<QDoubleSpinBox>(Preferences::kSlicesPerSecond, 1.0, tr(" per second"));
    addRow(tr("S&lices and time points"), m_slices, "preferencesSlices",
           tr("At most: a plane that has to be read first may take longer"));
    m_samples = makeBox<QDoubleSpinBox>(Preferences::kSamplesPerSecond, 0.5, tr(" per second"));
    addRow(tr("S&amples"), m_samples, "preferencesSamples",
           tr("Slow enough to tell one sample from the next"));
    for (auto* box : {m_slices, m_samples})
        box->setDecimals(1);

    addHeading(tr("Memory and files"));
    m_cache = makeBox<QSpinBox>(Preferences::kCacheMegabytes, 64, tr(" MB"));
    addRow(tr("&Memory for slices"), m_cache, "preferencesCache",
           tr("Slices that have been read from files are kept, up to this much"));
    m_recent = makeBox<QSpinBox>(Preferences::kRecentFiles, 1, {});
    m_recent->setSpecialValueText(tr("none"));
    addRow(tr("&Recent files"), m_recent, "preferencesRecent",
           tr("How many File ▸ Open Recent lists; with none, what it has is forgotten"));

    m_results = new QComboBox;
    for (const auto& [results, name] : {std::pair{Preferences::Results::Ask, tr("Ask")},
                                        {Preferences::Results::Keep, tr("Keep beside the session")},
                                        {Preferences::Results::LeaveOut, tr("Leave out")}})
        m_results->addItem(name, int(results));
    addRow(tr("Resul&ts in sessions"), m_results, "preferencesResults",
           tr("What saving a session does with results that have not been saved to files"));

    auto* buttons =
        new QDialogButtonBox(QDialogButtonBox::RestoreDefaults | QDialogButtonBox::Close, this);
    for (auto* button : buttons->findChildren<QPushButton*>())
        button->setAutoDefault(false);  // Enter ends the typing of a number
    auto* defaults = buttons->button(QDialogButtonBox::RestoreDefaults);
    defaults->setObjectName(QStringLiteral("preferencesDefaults"));
    column->addWidget(buttons);
    connect(defaults, &QPushButton::clicked, preferences, &Preferences::restoreDefaults);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connectFields();
    connect(preferences, &Preferences::changed, this, &PreferencesDialog::refresh);
    refresh();
    // The longest explanation sets the height, so that choosing another preset moves nothing.
    int height = 0;
    for (const auto& [preset, word] : kInputPresets) {
        m_presetText->setText(presetText(preset));
        height = std::max(height, m_presetText->heightForWidth(m_presetText->width()));
    }
    m_presetText->setFixedHeight(height);
    refresh();
    column->setSizeConstraint(QLayout::SetFixedSize);
}

void PreferencesDialog::addHeading(const QString& text) {
    auto* heading = new QLabel(text);
    heading->setProperty("rank", QStringLiteral("head"));
    heading->setContentsMargins(0, 10, 0, 0);
    m_form->addRow(heading);
}

void PreferencesDialog::addRow(const QString& label, QWidget* field, const char* name,
                               const QString& toolTip) {
    field->setObjectName(QLatin1String(name));
    field->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    field->setAccessibleDescription(toolTip);
    field->setToolTip(toolTip);
    if (!qobject_cast<QCheckBox*>(field)) field->setFixedWidth(kFieldWidth);
    m_form->addRow(label, field);
}

void PreferencesDialog::connectFields() {
    auto* p = m_preferences;
    connect(m_theme, &QComboBox::currentIndexChanged, p,
            [this, p] { p->setLightTheme(m_theme->currentData().toBool()); });
    connect(m_scaleBar, &QCheckBox::toggled, p, &Preferences::setScaleBarAtStart);
    connect(m_preset, &QComboBox::currentIndexChanged, p,
            [this, p] { p->setInputPreset(InputPreset(m_preset->currentData().toInt())); });
    connect(m_slices, &QDoubleSpinBox::valueChanged, p, &Preferences::setSlicesPerSecond);
    connect(m_samples, &QDoubleSpinBox::valueChanged, p, &Preferences::setSamplesPerSecond);
    connect(m_cache, &QSpinBox::valueChanged, p, &Preferences::setCacheMegabytes);
    connect(m_recent, &QSpinBox::valueChanged, p, &Preferences::setRecentFiles);
    connect(m_results, &QComboBox::currentIndexChanged, p, [this, p] {
        p->setSessionResults(Preferences::Results(m_results->currentData().toInt()));
    });
}

void PreferencesDialog::refresh() {
    const auto& p = *m_preferences;
    const QSignalBlocker quietTheme(m_theme), quietBar(m_scaleBar), quietPreset(m_preset),
        quietSlices(m_slices), quietSamples(m_samples), quietCache(m_cache), quietRecent(m_recent),
        quietResults(m_results);
    m_theme->setCurrentIndex(m_theme->findData(p.lightTheme()));
    m_scaleBar->setChecked(p.scaleBarAtStart());
    m_preset->setCurrentIndex(m_preset->findData(int(p.inputPreset())));
    m_presetText->setText(presetText(p.inputPreset()));
    m_slices->setValue(p.slicesPerSecond());
    m_samples->setValue(p.samplesPerSecond());
    m_cache->setValue(p.cacheMegabytes());
    m_recent->setValue(p.recentFiles());
    m_results->setCurrentIndex(m_results->findData(int(p.sessionResults())));
}

}  // namespace posteria::ui::widgets
