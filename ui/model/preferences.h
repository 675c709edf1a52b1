// What the user has chosen for the program as a whole: the one place for these settings' keys,
// defaults and ranges. Values are kept in the QSettings as they are set, and read from there; what
// lies outside a range is taken to its end. changed() tells that any of them is another one now, so
// that whoever uses a value applies it at once. GUI thread only.
#pragma once

#include <QObject>
#include <QSettings>

#include "ui/model/input_preset.h"

namespace posteria::ui {

class Preferences : public QObject {
    Q_OBJECT
  public:
    template <class T>
    struct Range {
        T least, most, usual;
    };
    static constexpr Range<double> kSlicesPerSecond{1, 30, 10};
    static constexpr Range<double> kSamplesPerSecond{0.5, 10, 2.5};  // slow enough to compare
    static constexpr Range<int> kCacheMegabytes{64, 65536, 256};
    static constexpr Range<int> kRecentFiles{0, 30, 10};

    // The settings are not owned.
    explicit Preferences(QSettings* settings, QObject* parent = nullptr);

    bool lightTheme() const;
    void setLightTheme(bool light);
    InputPreset inputPreset() const;
    void setInputPreset(InputPreset preset);
    // How fast playing goes through slices and time, and through samples.
    double slicesPerSecond() const;
    void setSlicesPerSecond(double steps);
    double samplesPerSecond() const;
    void setSamplesPerSecond(double steps);
    // At most, for slices that have been read from files; 1 MB is 2^20 bytes.
    int cacheMegabytes() const;
    void setCacheMegabytes(int megabytes);
    bool scaleBarAtStart() const;
    void setScaleBarAtStart(bool shown);
    // What a session does with results that lie in memory only.
    enum class Results { Ask, Keep, LeaveOut };
    Results sessionResults() const;
    void setSessionResults(Results results);
    int recentFiles() const;  // in File ▸ Open Recent
    void setRecentFiles(int count);

    void restoreDefaults();

  Q_SIGNALS:
    void changed();

  private:
    template <class T>
    T within(const QString& key, const Range<T>& range) const;
    template <class T>
    void set(const QString& key, T before, T value, const Range<T>& range);
    void store(const QString& key, const QVariant& value);

    QSettings* m_settings;
};

}  // namespace posteria::ui
