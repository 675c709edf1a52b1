#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QTest>

#include "tests/ui/stacks.h"
#include "ui/widgets/layer_controls.h"
#include "ui/widgets/layer_list.h"
#include "ui/widgets/range_slider.h"

using namespace posteria;
using ui::widgets::LayerControls;

class TestLayerControls : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void changesTheSelectedLayersChannel() {
        ui::Document document;
        LayerControls controls(&document);
        QVERIFY(!controls.isEnabled());
        auto* layer = document.addImage(test::countingStack(32, 2, "cells"));
        QVERIFY(controls.isEnabled());
        QCOMPARE(controls.findChild<QLabel*>("layerName")->text(), QString("cells"));
        auto* channel = controls.findChild<QComboBox*>("channelCombo");
        auto* colormap = controls.findChild<QComboBox*>("colormapCombo");
        QCOMPARE(channel->count(), 2);
        channel->setCurrentIndex(1);
        colormap->setCurrentText("viridis");
        QCOMPARE(layer->channels()[1].colormap, QString("viridis"));
        QVERIFY(layer->channels()[0].colormap != QString("viridis"));
        controls.findChild<QSlider*>("gammaSlider")->setValue(50);
        QCOMPARE(layer->channels()[1].gamma, 0.5);
        controls.findChild<QSlider*>("opacitySlider")->setValue(30);
        QCOMPARE(layer->opacity(), 0.3);
        // What changes elsewhere is shown.
        auto display = layer->channels()[1];
        display.colormap = "magma";
        layer->setChannel(1, display);
        QCOMPARE(colormap->currentText(), QString("magma"));
    }

    void compositeOrOneByOne() {
        ui::Document document;
        LayerControls controls(&document);
        document.addImage(test::countingStack(32, 2));
        auto* composite = controls.findChild<QCheckBox*>("compositeCheck");
        auto* channel = controls.findChild<QComboBox*>("channelCombo");
        QVERIFY(composite->isChecked());
        channel->setCurrentIndex(1);
        QCOMPARE(document.view().channel(), ui::ViewState::kComposite);
        composite->setChecked(false);
        QCOMPARE(document.view().channel(), 1);
        channel->setCurrentIndex(0);
        QCOMPARE(document.view().channel(), 0);
        document.view().setChannel(1);  // by the slider below the canvas
        QCOMPARE(channel->currentIndex(), 1);
        composite->setChecked(true);
        QCOMPARE(document.view().channel(), ui::ViewState::kComposite);
    }

    void blendingIsChosenAndShown() {
        ui::Document document;
        LayerControls controls(&document);
        auto* layer = document.addImage(test::countingStack(32));
        auto* blending = controls.findChild<QComboBox*>("blendingCombo");
        QCOMPARE(blending->currentText(), QString("translucent"));
        blending->setCurrentText("minimum");
        QCOMPARE(layer->display().blending, ui::Blending::Minimum);
        auto display = layer->display();
        display.blending = ui::Blending::Opaque;
        layer->setDisplay(display);
        QCOMPARE(blending->currentText(), QString("opaque"));
    }

    void fullRangeAndAutomaticLimits() {
        ui::Document document;
        LayerControls controls(&document);
        auto* layer = document.addImage(test::countingStack(32));
        auto* full = controls.findChild<QPushButton*>("fullRange");
        // The range is known once the histogram has been made.
        const auto whole = [&] {
            QTest::mouseClick(full, Qt::LeftButton);
            return layer->channels()[0].limits == ui::Limits{0, 1023};
        };
        QTRY_VERIFY(whole());
        QVERIFY(!layer->channels()[0].automatic);
        QTest::mouseClick(controls.findChild<QPushButton*>("autoContrast"), Qt::LeftButton);
        QVERIFY(layer->channels()[0].automatic);
        QVERIFY(layer->needsLimits(0));
    }

    void theListSelectsHidesAndFollows() {
        ui::Document document;
        ui::LayerListModel model(&document);
        ui::widgets::LayerList list(&document, &model);
        list.resize(240, 300);
        auto* back = document.addImage(test::countingStack(32, 1, "back"));
        auto* front = document.addImage(test::countingStack(32, 1, "front"));
        QCOMPARE(list.currentIndex().row(), 0);
        const auto row = list.visualRect(model.index(1));
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(document.selected(), back);
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {},
                          QPoint(row.x() + 20, row.center().y()));
        QVERIFY(!back->isVisible());
        QTest::mouseClick(list.viewport(), Qt::LeftButton, Qt::AltModifier,
                          QPoint(row.x() + 20, row.center().y()));
        QVERIFY(back->isVisible() && !front->isVisible());
        list.selectNeighbour(-1);
        QCOMPARE(document.selected(), front);
        QCOMPARE(list.currentIndex().row(), 0);
    }
};

QTEST_MAIN(TestLayerControls)
#include "tst_layer_controls.moc"
