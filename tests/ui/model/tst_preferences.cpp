#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "ui/model/preferences.h"

using namespace posteria::ui;

class TestPreferences : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;

  private Q_SLOTS:
    void init() {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath("settings.ini"), QSettings::IniFormat);
        m_settings->clear();
    }

    void defaultsAreWhatTheProgramDidBefore() {
        const Preferences p(m_settings.get());
        QVERIFY(!p.lightTheme());
        QCOMPARE(p.inputPreset(), InputPreset::Napari);
        QCOMPARE(p.slicesPerSecond(), 10.0);
        QCOMPARE(p.samplesPerSecond(), 2.5);
        QCOMPARE(p.cacheMegabytes(), 256);
        QVERIFY(p.scaleBarAtStart());
        QCOMPARE(p.recentFiles(), 10);
        QVERIFY(m_settings->allKeys().isEmpty());
    }

    void valuesAreKeptAndToldOnce() {
        {
            Preferences p(m_settings.get());
            QSignalSpy changed(&p, &Preferences::changed);
            p.setLightTheme(true);
            p.setInputPreset(InputPreset::Slicer);
            p.setSlicesPerSecond(24.5);
            p.setSamplesPerSecond(0.5);
            p.setCacheMegabytes(2048);
            p.setScaleBarAtStart(false);
            p.setRecentFiles(0);
            QCOMPARE(changed.size(), 7);
            p.setRecentFiles(0);
            p.setSlicesPerSecond(24.5);
            QCOMPARE(changed.size(), 7);
        }
        m_settings->sync();
        QSettings later(m_folder.filePath("settings.ini"), QSettings::IniFormat);
        const Preferences p(&later);
        QVERIFY(p.lightTheme());
        QCOMPARE(p.inputPreset(), InputPreset::Slicer);
        QCOMPARE(p.slicesPerSecond(), 24.5);
        QCOMPARE(p.samplesPerSecond(), 0.5);
        QCOMPARE(p.cacheMegabytes(), 2048);
        QVERIFY(!p.scaleBarAtStart());
        QCOMPARE(p.recentFiles(), 0);
    }

    void whatIsOutOfRangeOrNonsenseIsMended() {
        Preferences p(m_settings.get());
        p.setSlicesPerSecond(1e9);
        QCOMPARE(p.slicesPerSecond(), 30.0);
        p.setCacheMegabytes(-1);
        QCOMPARE(p.cacheMegabytes(), 64);
        const auto keys = m_settings->allKeys();
        QCOMPARE(keys.size(), 2);
        for (const auto& key : keys)
            m_settings->setValue(key, "much");
        QCOMPARE(p.slicesPerSecond(), 10.0);
        QCOMPARE(p.cacheMegabytes(), 256);
        for (const auto& key : keys)
            m_settings->setValue(key, "1e300");
        QCOMPARE(p.cacheMegabytes(), 65536);
        p.setInputPreset(InputPreset::Fiji);
        const auto preset = m_settings->allKeys().filter("preset");
        QCOMPARE(preset.size(), 1);
        m_settings->setValue(preset[0], "another program");
        QCOMPARE(p.inputPreset(), InputPreset::Napari);
    }

    void defaultsAreRestored() {
        Preferences p(m_settings.get());
        m_settings->setValue("window/geometry", "stays");
        p.setLightTheme(true);
        p.setInputPreset(InputPreset::Fiji);
        p.setRecentFiles(3);
        p.setSamplesPerSecond(5);
        p.setSlicesPerSecond(5);
        p.setCacheMegabytes(500);
        p.setScaleBarAtStart(false);
        QSignalSpy changed(&p, &Preferences::changed);
        p.restoreDefaults();
        QVERIFY(changed.size() > 0);
        QCOMPARE(m_settings->allKeys(), QStringList("window/geometry"));
        QCOMPARE(p.inputPreset(), InputPreset::Napari);
    }

    void presetsSayWhatTheWheelAndTheDragDo() {
        const auto plain = Qt::NoModifier;
        const auto control = Qt::ControlModifier;
        QVERIFY(!wheelSteps(InputPreset::Napari, plain));
        QVERIFY(wheelSteps(InputPreset::Napari, control));
        for (const auto preset : {InputPreset::Fiji, InputPreset::Slicer}) {
            QVERIFY(wheelSteps(preset, plain));
            QVERIFY(!wheelSteps(preset, control));
        }
        QCOMPARE(wheelStep(InputPreset::Napari, 120), 1);
        QCOMPARE(wheelStep(InputPreset::Slicer, 120), 1);
        QCOMPARE(wheelStep(InputPreset::Fiji, 120), -1);
        QCOMPARE(wheelStep(InputPreset::Fiji, -120), 1);
        QVERIFY(dragsContrast(InputPreset::Slicer, control));
        QVERIFY(!dragsContrast(InputPreset::Slicer, plain));
        QVERIFY(!dragsContrast(InputPreset::Fiji, control));
        for (const auto& [preset, word] : kInputPresets)
            QCOMPARE(presetOf(presetWord(preset)), preset);
        QVERIFY(!presetOf("photoshop"));
    }
};

QTEST_GUILESS_MAIN(TestPreferences)
#include "tst_preferences.moc"
