// Preferences and input presets in the window: what is chosen is applied at once, and kept.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>

#include "tests/ui/shell/window_fixture.h"
#include "ui/viewer/linked_panes.h"
#include "ui/widgets/axis_slider.h"
#include "ui/widgets/preferences_dialog.h"

using namespace posteria;
using ui::InputPreset;
using ui::Preferences;
using ui::widgets::AxisSlider;
using ui::widgets::theme::Theme;

class TestWindowPreferences : public QObject, test::WindowFixture {
    Q_OBJECT

    ui::widgets::PreferencesDialog* openDialog() {
        press(Qt::Key_Comma, Qt::ControlModifier);
        return child<ui::widgets::PreferencesDialog>("preferencesDialog");
    }
    void closeDialog(QPointer<QDialog> dialog) {
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        activate();
    }
    void choose(InputPreset preset) {
        auto* dialog = openDialog();
        auto* combo = test::child<QComboBox>(*dialog, "preferencesPreset");
        combo->setCurrentIndex(combo->findText(ui::presetWord(preset)));
        closeDialog(dialog);
    }
    void addImage() {
        add(test::countingStack(40, 1, "image", 5));
        m_window->canvas()->setFocus();
    }
    void wheel(int delta, Qt::KeyboardModifiers modifiers = {}) {
        auto* panes = child<ui::viewer::LinkedPanes>("linkedPanes");
        const QPointF at = panes->rect().center();
        QWheelEvent event(at, panes->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(panes, &event);
    }
    int recentShown() {
        int count = 0;
        for (const auto* action : child<QMenu>("menuRecent")->actions())
            count += action->objectName().startsWith("actionRecent:");
        return count;
    }

  public:
    TestWindowPreferences() : WindowFixture({1100, 800}) {}

  private Q_SLOTS:
    void initTestCase() { ui::widgets::theme::apply(*qApp); }
    void init() { freshWindow(); }
    void cleanup() {
        closeWindow();
        ui::widgets::theme::apply(*qApp);
    }

    void theThemeIsOneSettingInMenuAndDialog() {
        auto* dialog = openDialog();
        auto* combo = test::child<QComboBox>(*dialog, "preferencesTheme");
        auto* action = child<QAction>("actionLightTheme");
        combo->setCurrentIndex(1);
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Light);
        QVERIFY(action->isChecked());
        action->trigger();
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Dark);
        QCOMPARE(combo->currentIndex(), 0);
        combo->setCurrentIndex(1);
        closeDialog(dialog);
        showWindow();
        QVERIFY(child<QAction>("actionLightTheme")->isChecked());
        dialog = openDialog();
        QTest::mouseClick(test::child<QPushButton>(*dialog, "preferencesDefaults"), Qt::LeftButton);
        QCOMPARE(ui::widgets::theme::inUse(), Theme::Dark);
        QVERIFY(!child<QAction>("actionLightTheme")->isChecked());
        closeDialog(dialog);
    }

    void playingIsAsFastAsChosen() {
        addImage();
        auto* dialog = openDialog();
        test::child<QDoubleSpinBox>(*dialog, "preferencesSlices")->setValue(20);
        test::child<QDoubleSpinBox>(*dialog, "preferencesSamples")->setValue(5);
        QVERIFY(child<QToolButton>("zPlay")->toolTip().contains("20"));
        QVERIFY(child<QToolButton>("samplePlay")->toolTip().contains('5'));
        QCOMPARE(child<AxisSlider>("tSlider")->stepsPerSecond(), 20.0);
        QCOMPARE(child<AxisSlider>("sampleSlider")->stepsPerSecond(), 5.0);
        closeDialog(dialog);
        showWindow();
        QCOMPARE(child<AxisSlider>("zSlider")->stepsPerSecond(), 20.0);
    }

    // What a slider's own menu says holds until its preference is another one.
    void aSlidersOwnSpeedOutlivesOtherPreferences() {
        addImage();
        auto* slices = child<AxisSlider>("zSlider");
        auto* own = child<QDoubleSpinBox>("zSliderSpeed");
        own->setValue(3);
        auto* dialog = openDialog();
        test::child<QDoubleSpinBox>(*dialog, "preferencesSamples")->setValue(0.5);
        test::child<QSpinBox>(*dialog, "preferencesCache")->setValue(512);
        QCOMPARE(slices->stepsPerSecond(), 3.0);
        QCOMPARE(child<AxisSlider>("sampleSlider")->stepsPerSecond(), 0.5);
        test::child<QDoubleSpinBox>(*dialog, "preferencesSlices")->setValue(25);
        QCOMPARE(slices->stepsPerSecond(), 25.0);
        QCOMPARE(own->value(), 25.0);
        closeDialog(dialog);
        own->setValue(4);
        showWindow();
        QCOMPARE(child<AxisSlider>("zSlider")->stepsPerSecond(), 25.0);
    }

    void theScaleBarIsShownAtStartOrNot() {
        addImage();
        auto* bar = child<QAction>("actionScaleBar");
        QVERIFY(bar->isChecked());
        auto* dialog = openDialog();
        QTest::mouseClick(
            test::child<QCheckBox>(*dialog, "preferencesScaleBar"), Qt::LeftButton, {},
            {8, test::child<QCheckBox>(*dialog, "preferencesScaleBar")->height() / 2});
        QVERIFY(!bar->isChecked());
        // Shown again from the menu: other preferences leave it alone, and so does the next start.
        bar->setChecked(true);
        test::child<QSpinBox>(*dialog, "preferencesRecent")->setValue(5);
        QVERIFY(bar->isChecked());
        closeDialog(dialog);
        showWindow();
        QVERIFY(!child<QAction>("actionScaleBar")->isChecked());
    }

    void fewerRecentFilesAreListed() {
        QStringList paths;
        for (int i = 0; i < 4; ++i) {
            QImage image(8, 6, QImage::Format_Grayscale8);
            image.fill(i);
            paths << path(QStringLiteral("recent%1.png").arg(i));
            QVERIFY(image.save(paths.last()));
        }
        m_window->open(paths);
        QTRY_COMPARE(recentShown(), 4);
        QTRY_VERIFY(m_window->isIdle());
        auto* dialog = openDialog();
        auto* count = test::child<QSpinBox>(*dialog, "preferencesRecent");
        count->setValue(2);
        QCOMPARE(recentShown(), 2);
        count->setValue(3);
        QCOMPARE(recentShown(), 3);
        count->setValue(0);
        QCOMPARE(recentShown(), 0);
        count->setValue(10);
        QCOMPARE(recentShown(), 0);  // forgotten
        closeDialog(dialog);
    }

    void theCanvasIsToldPresetAndMemory() {
        closeWindow();
        Preferences(m_settings.get()).setCacheMegabytes(100);
        auto* canvas = new ui::viewer::NullCanvas;
        m_window = std::make_unique<ui::shell::MainWindow>(services, m_settings.get(), canvas);
        m_window->show();
        activate();
        QCOMPARE(canvas->cacheBytes(), std::uint64_t(100) << 20);
        QCOMPARE(canvas->inputPreset(), InputPreset::Napari);
        auto* dialog = openDialog();
        test::child<QSpinBox>(*dialog, "preferencesCache")->setValue(4096);
        test::child<QComboBox>(*dialog, "preferencesPreset")->setCurrentText("Slicer");
        QCOMPARE(canvas->cacheBytes(), std::uint64_t(4096) << 20);
        QCOMPARE(canvas->inputPreset(), InputPreset::Slicer);
        closeDialog(dialog);
    }

    void fijisWheelAndKeys() {
        addImage();
        const double fitted = view().scale();
        const auto z = view().z();
        press(Qt::Key_Period);  // napari has no such keys
        press(Qt::Key_Plus);
        QCOMPARE(view().z(), z);
        QCOMPARE(view().scale(), fitted);
        choose(InputPreset::Fiji);
        press(Qt::Key_Period);
        press(Qt::Key_Greater, Qt::ShiftModifier);
        QCOMPARE(view().z(), z + 2);
        press(Qt::Key_Comma);
        press(Qt::Key_Less);
        press(Qt::Key_Comma);
        QCOMPARE(view().z(), z - 1);
        wheel(-120);
        QCOMPARE(view().z(), z);
        wheel(480, Qt::ControlModifier);
        QVERIFY(std::abs(view().scale() * 2 - fitted) < 1e-9);
        press(Qt::Key_4);
        QCOMPARE(view().scale(), fitted);
        press(Qt::Key_Plus);
        press(Qt::Key_Plus);
        QVERIFY(std::abs(view().scale() * 2 - fitted) < 1e-9);
        press(Qt::Key_Minus);
        QVERIFY(view().scale() > fitted / 2 && view().scale() < fitted);
        press(Qt::Key_5);
        QCOMPARE(view().scale(), view().pixelSize().x() * m_window->devicePixelRatioF());
        auto* layer = m_window->document().layers()[0];
        const auto automatic = layer->channels()[0].limits;
        layer->setLimits(0, {3, 5});
        press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(m_window->isIdle());
        QTRY_COMPARE(layer->channels()[0].limits, automatic);
    }

    // Where panes are not linked, the keys are those of the pane used last.
    void fijisKeysMoveTheActivePane() {
        addImage();
        choose(InputPreset::Fiji);
        add(test::countingStack(40, 1, "other", 5));
        auto* panes = m_canvas->panes();
        panes->setPanes({{"one", {layers()[0]}}, {"two", {layers()[1]}}});
        child<QAction>("actionLinkAll")->trigger();
        panes->setActivePane(1);
        m_window->canvas()->setFocus();
        const auto z = view().z();
        const double scale = view().scale();
        press(Qt::Key_Period);
        press(Qt::Key_5);
        QCOMPARE(panes->viewAt(1)->z(), z + 1);
        QCOMPARE(panes->viewAt(1)->scale(), view().pixelSize().x() * m_window->devicePixelRatioF());
        QCOMPARE(view().z(), z);
        QCOMPARE(view().scale(), scale);
        // Linked again there is one view, and the keys are its.
        child<QAction>("actionLinkAll")->trigger();
        press(Qt::Key_Comma);
        QCOMPARE(view().z(), z - 1);
    }

    // A number is typed into a field as ever, and a key that a command has been given stays its.
    void fijisKeysAreNotTakenFromFieldsOrCommands() {
        addImage();
        choose(InputPreset::Fiji);
        QTRY_VERIFY(m_window->modelsListed());
        auto* steps = child<QSpinBox>("stepsSpin");
        steps->setFocus();
        steps->selectAll();
        const double scale = view().scale();
        QTest::keyClicks(steps, "45");
        QCOMPARE(steps->value(), 45);
        QCOMPARE(view().scale(), scale);
        m_window->canvas()->setFocus();
        child<QAction>("actionCrosshair")->setShortcut(QKeySequence("5"));
        press(Qt::Key_5);
        QVERIFY(view().isCrosshairVisible());
        QCOMPARE(view().scale(), scale);
    }

    void theShortcutsDialogShowsThePresetsGestures() {
        const auto gestures = [this] {
            press(Qt::Key_Slash, Qt::ControlModifier | Qt::AltModifier);
            QPointer<QDialog> dialog(child<QDialog>("shortcutsDialog"));
            QString text;
            for (const auto* label : dialog->findChildren<QLabel*>())
                if (label->text().contains("<table>")) text = label->text();
            closeDialog(dialog);
            return text;
        };
        const auto napari = gestures();
        QVERIFY(napari.contains("<b>Ctrl+wheel</b>&nbsp;&nbsp;&nbsp;</td><td>Step"));
        QVERIFY(!napari.contains("Ctrl+left drag"));
        choose(InputPreset::Slicer);
        const auto slicer = gestures();
        QVERIFY(slicer.contains("<b>Ctrl+wheel</b>&nbsp;&nbsp;&nbsp;</td><td>Zoom"));
        QVERIFY(slicer.contains("Ctrl+left drag"));
        choose(InputPreset::Fiji);
        const auto fiji = gestures();
        QVERIFY(fiji.contains("Ctrl+Shift+C"));
        QVERIFY(!fiji.contains("Ctrl+left drag"));
    }
};

QTEST_MAIN(TestWindowPreferences)
#include "tst_window_preferences.moc"
