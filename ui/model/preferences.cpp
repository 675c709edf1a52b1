#include "ui/model/preferences.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace posteria::ui {

namespace {

const auto kLightThemeKey = QStringLiteral("window/lightTheme");
const auto kInputPresetKey = QStringLiteral("input/preset");
const auto kSlicesKey = QStringLiteral("playback/slicesPerSecond");
const auto kSamplesKey = QStringLiteral("playback/samplesPerSecond");
const auto kCacheKey = QStringLiteral("memory/sliceMegabytes");
const auto kScaleBarKey = QStringLiteral("window/scaleBar");
const auto kRecentKey = QStringLiteral("files/recentCount");
const auto kResultsKey = QStringLiteral("files/sessionResults");
constexpr std::pair<Preferences::Results, const char*> kResultsWords[] = {
    {Preferences::Results::Ask, "ask"},
    {Preferences::Results::Keep, "keep"},
    {Preferences::Results::LeaveOut, "leave out"}};

}  // namespace

Preferences::Preferences(QSettings* settings, QObject* parent)
    : QObject(parent), m_settings(settings) {}

// A file that somebody has edited may say anything.
template <class T>
T Preferences::within(const QString& key, const Range<T>& range) const {
    bool isNumber = false;
    const double value = m_settings->value(key).toDouble(&isNumber);
    if (!isNumber || std::isnan(value)) return range.usual;
    return T(std::clamp(value, double(range.least), double(range.most)));
}

template <class T>
void Preferences::set(const QString& key, T before, T value, const Range<T>& range) {
    value = std::clamp(value, range.least, range.most);
    if (value != before) store(key, value);
}

void Preferences::store(const QString& key, const QVariant& value) {
    m_settings->setValue(key, value);
    Q_EMIT changed();
}

bool Preferences::lightTheme() const {
    return m_settings->value(kLightThemeKey, false).toBool();
}

void Preferences::setLightTheme(bool light) {
    if (light != lightTheme()) store(kLightThemeKey, light);
}

InputPreset Preferences::inputPreset() const {
    return presetOf(m_settings->value(kInputPresetKey).toString()).value_or(InputPreset::Napari);
}

void Preferences::setInputPreset(InputPreset preset) {
    if (preset != inputPreset()) store(kInputPresetKey, presetWord(preset));
}

double Preferences::slicesPerSecond() const {
    return within(kSlicesKey, kSlicesPerSecond);
}

void Preferences::setSlicesPerSecond(double steps) {
    set(kSlicesKey, slicesPerSecond(), steps, kSlicesPerSecond);
}

double Preferences::samplesPerSecond() const {
    return within(kSamplesKey, kSamplesPerSecond);
}

void Preferences::setSamplesPerSecond(double steps) {
    set(kSamplesKey, samplesPerSecond(), steps, kSamplesPerSecond);
}

int Preferences::cacheMegabytes() const {
    return within(kCacheKey, kCacheMegabytes);
}

void Preferences::setCacheMegabytes(int megabytes) {
    set(kCacheKey, cacheMegabytes(), megabytes, kCacheMegabytes);
}

bool Preferences::scaleBarAtStart() const {
    return m_settings->value(kScaleBarKey, true).toBool();
}

void Preferences::setScaleBarAtStart(bool shown) {
    if (shown != scaleBarAtStart()) store(kScaleBarKey, shown);
}

Preferences::Results Preferences::sessionResults() const {
    const auto word = m_settings->value(kResultsKey).toString();
    for (const auto& [results, each] : kResultsWords)
        if (word == QLatin1String(each)) return results;
    return Results::Ask;
}

void Preferences::setSessionResults(Results results) {
    if (results == sessionResults()) return;
    for (const auto& [each, word] : kResultsWords)
        if (each == results) store(kResultsKey, QLatin1String(word));
}

int Preferences::recentFiles() const {
    return within(kRecentKey, kRecentFiles);
}

void Preferences::setRecentFiles(int count) {
    set(kRecentKey, recentFiles(), count, kRecentFiles);
}

void Preferences::restoreDefaults() {
    for (const auto& key : {kLightThemeKey, kInputPresetKey, kSlicesKey, kSamplesKey, kCacheKey,
                            kScaleBarKey, kRecentKey, kResultsKey})
        m_settings->remove(key);
    Q_EMIT changed();
}

}  // namespace posteria::ui
