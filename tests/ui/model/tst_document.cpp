#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/ui/runs.h"
#include "ui/model/layer_list_model.h"

using namespace posteria;
using test::requestFor;
using test::snapshotOf;
using ui::Document;
using ui::Layer;
using ui::Run;

namespace {

QStringList names(const QAbstractItemModel& model, const QModelIndex& parent = {}) {
    QStringList list;
    for (int row = 0; row < model.rowCount(parent); ++row)
        list << model.index(row, 0, parent).data().toString();
    return list;
}

}  // namespace

class TestDocument : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void whatBecomesLabelsLeavesAnImageInThePanes() {
        Document document;
        Layer* below = document.addImage(test::countingStack(16));
        Layer* above = document.addImage(test::countingStack(16));
        Layer* labels = document.convert(above);
        QVERIFY(labels);
        QCOMPARE(document.selected(), labels);
        QCOMPARE(document.base(), below);
        QCOMPARE(document.input(), below);
    }

    void oneImageOnePane() {
        Document document;
        QVERIFY(document.panes().empty());
        auto* layer = document.addImage(test::countingStack(32, 1, "cells"));
        QCOMPARE(document.selected(), layer);
        QCOMPARE(document.input(), layer);
        QCOMPARE(document.panes().size(), 1u);
        QCOMPARE(document.panes()[0].title, QString("cells"));
        QCOMPARE(document.view().shape().x, 32);
    }

    void anImageOfAnotherSizeHidesTheFirst() {
        Document document;
        auto* small = document.addImage(test::countingStack(32));
        auto* large = document.addImage(test::countingStack(64));
        QVERIFY(!small->isVisible() && large->isVisible());
        QCOMPARE(document.view().shape().x, 64);
        document.select(small);
        QVERIFY(small->isVisible() && !large->isVisible());
        QCOMPARE(document.view().shape().x, 32);
        auto* same = document.addImage(test::countingStack(32));
        QVERIFY(small->isVisible() && same->isVisible());
    }

    void aRunMakesFourPanesWhoseNamesCount() {
        Document document;
        document.addImage(test::countingStack(32, 1, "cells"));
        Run* run = document.startRun(requestFor(document), false);
        QCOMPARE(document.activeRun(), run);
        QCOMPARE(document.panes().size(), 4u);
        QCOMPARE(document.panes()[0].title, QString("input"));
        QCOMPARE(document.panes()[2].title, QString("mean"));
        QCOMPARE(document.panes()[2].deviation, run->uncertainty());
        QVERIFY(!run->mean()->stack());

        run->take(snapshotOf(1, 4));
        QCOMPARE(run->mean()->name(), QString("mean (n=1)"));
        QCOMPARE(run->sample()->name(), QString("sample 1 of 4"));
        QVERIFY(!run->hasUncertainty());
        QCOMPARE(document.view().shape().c, 2);

        run->take(snapshotOf(3, 4));
        QCOMPARE(run->sample()->name(), QString("sample 3 of 4"));
        QCOMPARE(run->uncertainty()->name(), QString("uncertainty (std, uncalibrated, n=3)"));
        QCOMPARE(run->sample()->stack(), run->snapshot()->kept[2]);
        // Looking back keeps what one looks at while samples come in.
        run->showSample(0);
        run->take(snapshotOf(4, 4));
        QCOMPARE(run->sample()->name(), QString("sample 1 of 4"));
        QCOMPARE(run->sample()->stack(), run->snapshot()->kept[0]);
        run->stop(false);
        QVERIFY(run->state() == Run::State::Stopped);
    }

    void relativeUncertaintyIsTheRatio() {
        Document document;
        document.addImage(test::countingStack(32));
        Run* run = document.startRun(requestFor(document), false);
        run->take(snapshotOf(2, 4));
        run->setSpread(Run::Spread::Relative);
        QCOMPARE(run->uncertainty()->name(),
                 QString("uncertainty (relative std, uncalibrated, n=2)"));
        const auto plane = run->uncertainty()->stack()->readPlane({0, 1, 0});
        QCOMPARE(plane.value(3, 3), double(2.f / 10.f));
        QVERIFY(document.panes()[2].deviation == nullptr);
        run->setSpread(Run::Spread::Deviation);
        QCOMPARE(run->uncertainty()->stack(), run->snapshot()->std);
    }

    void widthAndProbabilityAreOfTheSamples() {
        Document document;
        document.addImage(test::countingStack(32));
        Run* run = document.startRun(requestFor(document), false);
        QSignalSpy changed(run, &Run::spreadChanged);
        auto snapshot = std::make_shared<posterior::Snapshot>(*snapshotOf(4, 4));
        snapshot->stdCalibrated = true;
        snapshot->mean = test::countingStack(32, 2);
        run->take(snapshot);
        QCOMPARE(run->uncertainty()->name(), QString("uncertainty (std, calibrated, n=4)"));
        run->uncertainty()->setLimits(0, {1, 3});
        run->setSpread(Run::Spread::Interval);
        // Samples are 0, 1, 2 and 3 everywhere: from 0.15 to 2.85.
        QVERIFY(std::abs(run->uncertainty()->stack()->readPlane({}).value(2, 2) - 2.7) < 1e-6);
        QCOMPARE(run->uncertainty()->name(),
                 QString("uncertainty (5–95 % width, uncalibrated, n=4)"));
        QVERIFY(run->uncertainty()->needsLimits(0));

        // Means from 0 to 1023 and from 1000 to 2023, samples at 0, 300, 600 and 900.
        for (int k = 0; k < 4; ++k)
            snapshot->kept[std::size_t(k)] = test::floatStack(32, 2, 300.f * float(k));
        run->setSpread(Run::Spread::Exceedance);
        const auto thresholds = run->thresholds();
        QCOMPARE(thresholds.size(), 2u);
        QVERIFY(std::abs(thresholds[0] - 512) < 10 && std::abs(thresholds[1] - 1512) < 10);
        const auto probability = [run](int c) {
            return run->uncertainty()->stack()->readPlane({0, c, 0}).value(1, 1);
        };
        QCOMPARE(probability(0), 0.5);
        QCOMPARE(probability(1), 0.0);
        QVERIFY(run->uncertainty()->name().startsWith("uncertainty (P(x > "));
        QVERIFY(run->uncertainty()->channels()[1].limits == (ui::Limits{0, 1}));
        QVERIFY(document.panes()[2].deviation == nullptr);
        run->setThresholdShare(0, 0.25);
        run->setThresholdShare(1, 0.25);
        QCOMPARE(probability(0), 0.75);
        QCOMPARE(changed.count(), 4);
    }

    // With little memory a run keeps few samples or none: the maps made of them are not on offer.
    void mapsOfSamplesNeedSamples() {
        Document document;
        document.addImage(test::countingStack(32));
        Run* run = document.startRun(requestFor(document), false);
        using Spread = Run::Spread;
        run->setSpread(Spread::Relative);
        QVERIFY(run->spread() == Spread::Deviation);  // nothing to show yet
        auto snapshot = std::make_shared<posterior::Snapshot>(*snapshotOf(4, 4));
        snapshot->kept.clear();
        run->take(snapshot);
        for (const auto spread : {Spread::Interval, Spread::Exceedance}) {
            QVERIFY(!run->offers(spread));
            run->setSpread(spread);
            QVERIFY(run->spread() == Spread::Deviation);
        }
        for (const auto next : {Spread::Relative, Spread::Confidence, Spread::Deviation}) {
            run->showNextSpread();
            QVERIFY(run->spread() == next);
        }

        run->take(snapshotOf(4, 4));
        run->setSpread(Spread::Interval);
        auto fewer = std::make_shared<posterior::Snapshot>(*snapshotOf(4, 4));
        fewer->kept.resize(3);
        run->take(fewer);
        QCOMPARE(run->uncertainty()->name(),
                 QString("uncertainty (5–95 % width, uncalibrated, n=3)"));
        run->take(snapshot);
        QVERIFY(run->spread() == Spread::Deviation);
        QCOMPARE(run->uncertainty()->name(), QString("uncertainty (std, uncalibrated, n=4)"));
    }

    void resultsTakeTheModelsColoursAndUncertaintyItsOwn() {
        Document document;
        document.addImage(test::countingStack(32));
        Run* run = document.startRun(requestFor(document), false);
        run->take(snapshotOf(2, 4));
        QVERIFY(run->mean()->channels()[0].colormap != run->mean()->channels()[1].colormap);
        QCOMPARE(run->sample()->channels()[0].colormap, run->mean()->channels()[0].colormap);
        for (const auto& channel : run->uncertainty()->channels())
            QCOMPARE(channel.colormap, QString("magma"));
    }

    void previewsGiveWayAndRunsStay() {
        Document document;
        auto* image = document.addImage(test::countingStack(32));
        document.startRun(requestFor(document), true)->take(snapshotOf(2, 4));
        QCOMPARE(document.runs().size(), 1u);
        document.startRun(requestFor(document), false)->take(snapshotOf(2, 4));
        QCOMPARE(document.runs().size(), 1u);
        document.startRun(requestFor(document), false)->take(snapshotOf(2, 4));
        QCOMPARE(document.runs().size(), 2u);
        QCOMPARE(document.runs()[1]->mean()->name(), QString("mean (n=2) · run 2"));
        QCOMPARE(document.layers().size(), 7u);
        document.remove(document.selected());
        QCOMPARE(document.runs().size(), 1u);
        QCOMPARE(document.selected(), image);
        QCOMPARE(document.activeRun(), document.runs()[0].get());
        document.remove(image);
        QCOMPARE(document.input(), nullptr);
        QVERIFY(document.isEmpty());
    }

    void removingAnImageFreesItsPixels() {
        Document document;
        std::weak_ptr<const image::Stack> pixels;
        {
            auto stack = test::countingStack(32);
            pixels = stack;
            document.addImage(stack);
        }
        document.remove(document.selected());
        QVERIFY(pixels.expired());
        QVERIFY(document.panes().empty());
        QCOMPARE(document.selected(), nullptr);
    }

    void holdingTheInputShowsItEverywhere() {
        Document document;
        auto* image = document.addImage(test::countingStack(32));
        document.startRun(requestFor(document), false)->take(snapshotOf(2, 4));
        QSignalSpy panes(&document, &Document::panesChanged);
        document.setInputHeld(true);
        QCOMPARE(panes.size(), 1);
        for (const auto& pane : document.panes())
            QCOMPARE(pane.layers, std::vector<Layer*>{image});
        document.setInputHeld(false);
        QVERIFY(document.panes()[2].layers != std::vector<Layer*>{image});
    }

    void theListFollows() {
        Document document;
        ui::LayerListModel model(&document);
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        document.addImage(test::countingStack(32, 1, "cells"));
        QCOMPARE(names(model), QStringList{"cells"});
        Run* run = document.startRun(requestFor(document), false);
        run->take(snapshotOf(2, 4));
        QCOMPARE(run->settingsText(), QString("2 samples, seed 0"));
        QCOMPARE(names(model), (QStringList{run->title() + " · " + run->settingsText(), "cells"}));
        const auto group = model.index(0);
        QCOMPARE(model.runAt(group), run);
        QCOMPARE(names(model, group), (QStringList{"uncertainty (std, uncalibrated, n=2)",
                                                   "mean (n=2)", "sample 2 of 4"}));
        const auto mean = model.index(1, 0, group);
        QCOMPARE(model.indexOf(run->mean()), mean);
        QCOMPARE(model.layerAt(mean), run->mean());
        QVERIFY(model.setData(mean, Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(!run->mean()->isVisible());
        QVERIFY(model.setData(group, Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(!run->sample()->isVisible());
        QCOMPARE(group.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QVERIFY(model.setData(group, Qt::Checked, Qt::CheckStateRole));
        QVERIFY(run->sample()->isVisible() && run->mean()->isVisible());
        QVERIFY(group.data(Qt::ToolTipRole).toString().contains("seed: "));
        QVERIFY(model.setData(model.index(1), "my cells", Qt::EditRole));
        QCOMPARE(document.panes()[0].title, QString("input"));
        QVERIFY(!(model.flags(mean) & Qt::ItemIsEditable));
        QTRY_VERIFY(
            !model.index(1, 0, model.index(0)).data(Qt::DecorationRole).value<QImage>().isNull());
        document.remove(run->mean());
        QCOMPARE(names(model), QStringList{"my cells"});
    }

    void imagesAreMovedAmongThemselves() {
        Document document;
        ui::LayerListModel model(&document);
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto* a = document.addImage(test::countingStack(32, 1, "a"));
        document.addImage(test::countingStack(32, 1, "b"));
        document.addImage(test::countingStack(32, 1, "c"));
        QVERIFY(document.move(a, 1));
        QCOMPARE(names(model), (QStringList{"c", "a", "b"}));
        QCOMPARE(document.panes()[0].layers[1], a);
        QVERIFY(document.move(a, 9));
        QCOMPARE(names(model), (QStringList{"a", "c", "b"}));
        QVERIFY(!document.move(a, 1));
        QVERIFY(document.move(a, -9));
        QCOMPARE(names(model), (QStringList{"c", "b", "a"}));
        // Dragged: between two rows, below the last one, onto a row.
        const auto drop = [&](int from, int row, const QModelIndex& onto = {}) {
            const std::unique_ptr<QMimeData> data(model.mimeData({model.index(from)}));
            if (!data) return false;
            if (!model.canDropMimeData(data.get(), Qt::MoveAction, row, 0, onto)) return false;
            model.dropMimeData(data.get(), Qt::MoveAction, row, 0, onto);
            return true;
        };
        QVERIFY(drop(2, 1));
        QCOMPARE(names(model), (QStringList{"c", "a", "b"}));
        QVERIFY(drop(0, 3));
        QCOMPARE(names(model), (QStringList{"a", "b", "c"}));
        QVERIFY(drop(0, 2));
        QCOMPARE(names(model), (QStringList{"b", "a", "c"}));
        QVERIFY(drop(2, -1, model.index(0)));
        QCOMPARE(names(model), (QStringList{"c", "b", "a"}));
        QVERIFY(!drop(1, 1));
        QVERIFY(!drop(1, 2));
        // Results stay in front of the images.
        Run* run = document.startRun(requestFor(document), false);
        run->take(snapshotOf(2, 4));
        QVERIFY(!document.move(run->mean(), -1));
        QVERIFY(!drop(0, 3));  // the group
        QVERIFY(!drop(1, 0, model.index(0)));
        QVERIFY(!drop(3, 0) || model.runAt(model.index(0)) == run);
    }

    void linkedLayersAreShownAlike() {
        Document document;
        auto* a = document.addImage(test::countingStack(32, 1, "a"));
        auto* b = document.addImage(test::countingStack(32, 2, "b"));
        auto* c = document.addImage(test::countingStack(32, 1, "c"));
        a->setOpacity(0.5);
        document.links().link({a, b});
        QVERIFY(document.links().isLinked(a) && document.links().isLinked(b));
        QVERIFY(!document.links().isLinked(c));
        QCOMPARE(b->opacity(), 0.5);
        b->setLimits(0, {3, 9});
        QCOMPARE(a->channels()[0].limits, (ui::Limits{3, 9}));
        QVERIFY(!a->channels()[0].automatic);
        auto display = a->channels()[0];
        display.colormap = "viridis";
        display.automatic = true;
        display.limits = {100, 200};
        a->setChannel(0, display);
        QCOMPARE(b->channels()[0].colormap, QString("viridis"));
        QCOMPARE(b->channels()[0].limits, (ui::Limits{3, 9}));  // those of the data are a's own
        a->setVisible(false);
        QVERIFY(b->isVisible());
        QVERIFY(c->opacity() == 1 && c->channels()[0].colormap == "gray");
        document.links().link({b, c});  // leaves a alone
        QVERIFY(!document.links().isLinked(a));
        c->setOpacity(0.25);
        QVERIFY(b->opacity() == 0.25 && a->opacity() == 0.5);
        document.links().link({a, b, c});
        document.remove(c);
        QVERIFY(document.links().isLinked(b));
        document.links().unlink(a);
        QVERIFY(!document.links().isLinked(b));  // one alone is linked with none
        document.links().link({a, b});
        document.remove(a);
        QVERIFY(!document.links().isLinked(b));
    }

    // Shown alike and on the same pixels; of a result what it is now.
    void copiesAreImages() {
        Document document;
        auto* image = document.addImage(test::countingStack(32, 2, "cells"));
        QCOMPARE(document.duplicate(nullptr), nullptr);
        Run* run = document.startRun(requestFor(document), false);
        QCOMPARE(document.duplicate(run->mean()), nullptr);  // nothing has come yet
        run->take(snapshotOf(2, 4));
        auto channel = run->mean()->channels()[0];
        channel.colormap = "viridis";
        run->mean()->setChannel(0, channel);
        auto* copy = document.duplicate(run->mean());
        QVERIFY(copy && document.selected() == copy);
        QCOMPARE(copy->role(), Layer::Role::Image);
        QCOMPARE(copy->name(), QString("mean (n=2) copy"));
        QVERIFY(copy->channels() == run->mean()->channels());
        const auto then = run->mean()->stack();
        run->take(snapshotOf(3, 4));
        QCOMPARE(copy->stack(), then);
        QVERIFY(run->mean()->stack() != then);
        document.remove(run->mean());
        QCOMPARE(document.layers(), (std::vector<Layer*>{image, copy}));
    }

    void oneImageIsShownAloneAndThenAllOfItsSize() {
        Document document;
        auto* small = document.addImage(test::countingStack(16, 1, "small"));
        auto* a = document.addImage(test::countingStack(32, 1, "a"));
        auto* b = document.addImage(test::countingStack(32, 1, "b"));
        document.showOnly(a);
        QVERIFY(a->isVisible() && !b->isVisible() && !small->isVisible());
        document.showOnly(a);
        QVERIFY(a->isVisible() && b->isVisible() && !small->isVisible());
        a->setVisible(false);
        document.showOnly(a);
        QVERIFY(a->isVisible() && !b->isVisible());
    }

    void thumbnailsShowThePixels() {
        const auto stack = test::countingStack(128);
        ui::ChannelDisplay display;
        const auto image = ui::makeThumbnail(*stack, {display}, 64);
        QCOMPARE(image.size(), QSize(64, 64));
        QVERIFY(qGray(image.pixel(0, 0)) < 10);
        QVERIFY(qGray(image.pixel(63, 63)) > 240);
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
