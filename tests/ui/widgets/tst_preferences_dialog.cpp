// The form of preferences by keys and clicks: every change is kept at once, and the form follows
// changes from elsewhere.
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "ui/widgets/preferences_dialog.h"

using namespace posteria::ui;
using widgets::PreferencesDialog;

class TestPreferencesDialog : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Preferences> m_preferences;
    std::unique_ptr<PreferencesDialog> m_dialog;

    template <class W>
    W* find(const char* name) {
        auto* found = m_dialog->findChild<W*>(QLatin1String(name));
        if (!found) qFatal("no widget is called %s", name);
        return found;
    }

  private Q_SLOTS:
    void init() {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath("settings.ini"), QSettings::IniFormat);
        m_settings->clear();
        m_preferences = std::make_unique<Preferences>(m_settings.get());
        m_dialog = std::make_unique<PreferencesDialog>(m_preferences.get(), nullptr);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
    }
    void cleanup() { m_dialog.reset(); }

    void everyChangeIsKeptAtOnce() {
        QTest::keyClick(find<QComboBox>("preferencesTheme"), Qt::Key_Down);
        QVERIFY(m_preferences->lightTheme());
        QTest::keyClick(find<QCheckBox>("preferencesScaleBar"), Qt::Key_Space);
        QVERIFY(!m_preferences->scaleBarAtStart());
        auto* text = find<QLabel>("preferencesPresetText");
        const auto napari = text->text();
        QTest::keyClick(find<QComboBox>("preferencesPreset"), Qt::Key_F);
        QCOMPARE(m_preferences->inputPreset(), InputPreset::Fiji);
        QVERIFY(text->text() != napari);
        QTest::keyClick(find<QComboBox>("preferencesPreset"), Qt::Key_Down);
        QCOMPARE(m_preferences->inputPreset(), InputPreset::Slicer);
        QTest::keyClick(find<QDoubleSpinBox>("preferencesSlices"), Qt::Key_Up);
        QCOMPARE(m_preferences->slicesPerSecond(), 11.0);
        QTest::keyClick(find<QDoubleSpinBox>("preferencesSamples"), Qt::Key_Down);
        QCOMPARE(m_preferences->samplesPerSecond(), 2.0);
        QTest::keyClick(find<QSpinBox>("preferencesRecent"), Qt::Key_Up);
        QCOMPARE(m_preferences->recentFiles(), 11);
    }

    // The memory is not emptied by the 2 on the way to 2048.
    void aNumberCountsOnceItHasBeenTyped() {
        auto* cache = find<QSpinBox>("preferencesCache");
        cache->selectAll();
        QTest::keyClicks(cache, "2048");
        QCOMPARE(m_preferences->cacheMegabytes(), 256);
        QTest::keyClick(cache, Qt::Key_Return);
        QCOMPARE(m_preferences->cacheMegabytes(), 2048);
        QVERIFY(m_dialog->isVisible());
    }

    void defaultsAreRestoredAndShown() {
        m_preferences->setInputPreset(InputPreset::Slicer);
        m_preferences->setCacheMegabytes(1024);
        m_preferences->setLightTheme(true);
        m_preferences->setScaleBarAtStart(false);
        QCOMPARE(find<QComboBox>("preferencesPreset")->currentText(), QString("Slicer"));
        QCOMPARE(find<QSpinBox>("preferencesCache")->value(), 1024);
        QCOMPARE(find<QComboBox>("preferencesTheme")->currentIndex(), 1);
        auto* defaults = find<QPushButton>("preferencesDefaults");
        QTest::mouseClick(defaults, Qt::LeftButton);
        QVERIFY(m_settings->allKeys().isEmpty());
        QCOMPARE(find<QComboBox>("preferencesPreset")->currentText(), QString("napari"));
        QCOMPARE(find<QSpinBox>("preferencesCache")->value(), 256);
        QCOMPARE(find<QComboBox>("preferencesTheme")->currentIndex(), 0);
        QVERIFY(find<QCheckBox>("preferencesScaleBar")->isChecked());
    }

    void theKeyboardReachesEverythingAndAllOfItHasAName() {
        QSet<QWidget*> reached;
        m_dialog->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
        for (int i = 0; i < 20; ++i) {
            QTest::keyClick(m_dialog.get(), Qt::Key_Tab);
            reached << m_dialog->focusWidget();
        }
        for (const char* name :
             {"preferencesTheme", "preferencesScaleBar", "preferencesPreset", "preferencesSlices",
              "preferencesSamples", "preferencesCache", "preferencesRecent"}) {
            auto* field = find<QWidget>(name);
            QVERIFY2(reached.contains(field), name);
            QVERIFY2(!field->accessibleName().isEmpty(), name);
        }
        QVERIFY(reached.contains(find<QPushButton>("preferencesDefaults")));
        // Choosing another preset moves nothing.
        const auto size = m_dialog->size();
        for (const auto& [preset, word] : kInputPresets) {
            m_preferences->setInputPreset(preset);
            QCoreApplication::processEvents();
            QCOMPARE(m_dialog->size(), size);
        }
    }
};

QTEST_MAIN(TestPreferencesDialog)
#include "tst_preferences_dialog.moc"
