// Undo and redo: what the user did, in steps as they were made, and nothing that happened by
// itself.
#include <QTest>

#include "tests/ui/runs.h"
#include "ui/model/history.h"

using namespace posteria;
using namespace posteria::ui;
using test::requestFor;
using test::snapshotOf;

namespace {

constexpr int kAnotherGoMs = 900;

void turn() {
    QTest::qWait(1);  // changes are recorded once a turn of the event loop
}

}  // namespace

class TestHistory : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void displayIsUndoneAndRedone() {
        Document document;
        History history(&document);
        auto* layer = document.addImage(test::countingStack(32, 2, "cells"));
        turn();
        QVERIFY(!history.steps()->canUndo());
        layer->setOpacity(0.5);
        turn();
        QTest::qWait(kAnotherGoMs);
        auto channel = layer->channels()[1];
        channel.colormap = "viridis";
        channel.limits = {3, 700};
        channel.automatic = false;
        layer->setChannel(1, channel);
        turn();
        QCOMPARE(history.steps()->count(), 2);
        QVERIFY(history.steps()->undoText().contains("cells"));
        history.steps()->undo();
        QVERIFY(layer->channels()[1].colormap != "viridis");
        QVERIFY(layer->channels()[1].automatic);
        QCOMPARE(layer->opacity(), 0.5);
        history.steps()->undo();
        QCOMPARE(layer->opacity(), 1.0);
        turn();
        QCOMPARE(history.steps()->count(), 2);  // undoing is no step
        history.steps()->redo();
        history.steps()->redo();
        QCOMPARE(layer->opacity(), 0.5);
        QVERIFY(layer->channels()[1] == channel);
    }

    void aDragIsOneStep() {
        Document document;
        History history(&document);
        auto* layer = document.addImage(test::countingStack(32));
        turn();
        for (int i = 1; i <= 20; ++i) {
            layer->setOpacity(1 - 0.03 * i);
            turn();
        }
        QCOMPARE(history.steps()->count(), 1);
        history.steps()->undo();
        QCOMPARE(layer->opacity(), 1.0);
        // Another layer is another step, however soon.
        auto* second = document.addImage(test::countingStack(32));
        turn();
        layer->setOpacity(0.3);
        turn();
        second->setOpacity(0.3);
        turn();
        QCOMPARE(history.steps()->count(), 2);
    }

    void theViewIsUndoneWithItsFit() {
        Document document;
        History history(&document);
        document.view().setViewport({200, 200});
        document.addImage(test::countingStack(32, 1, "stack", 9));
        turn();
        ViewState& view = document.view();
        const auto scale = view.scale();
        const auto z = view.z();
        view.zoomAt({1, 1}, 4);
        turn();
        QTest::qWait(kAnotherGoMs);
        view.setZ(z + 2);
        turn();
        QCOMPARE(history.steps()->count(), 2);
        history.steps()->undo();
        QCOMPARE(view.z(), z);
        QVERIFY(!view.isFitted());
        history.steps()->undo();
        QVERIFY(view.isFitted());
        QCOMPARE(view.scale(), scale);
        // A fitted view follows its window: nobody's doing.
        history.reset();
        turn();
        view.setViewport({300, 100});
        turn();
        QVERIFY(!history.steps()->canUndo());
    }

    void whatHappensByItselfIsNoStep() {
        Document document;
        History history(&document);
        auto* image = document.addImage(test::countingStack(32, 1, "cells"));
        turn();
        const auto plane = image->stack()->readPlane({});
        image->takeLimits(0, plane);
        turn();
        Run* run = document.startRun(requestFor(document), false);
        run->take(snapshotOf(2, 4));
        turn();
        run->take(snapshotOf(3, 4));
        turn();
        auto* other = document.addImage(test::countingStack(48, 1, "other size"));
        turn();
        QVERIFY(!image->isVisible() && other->isVisible());
        QVERIFY2(!history.steps()->canUndo(), qPrintable(history.steps()->undoText()));
        // The samples follow their mean: one step together.
        document.select(run->mean());
        turn();
        auto channel = run->mean()->channels()[0];
        channel.gamma = 0.5;
        run->mean()->setChannel(0, channel);
        turn();
        QCOMPARE(history.steps()->count(), 1);
        QCOMPARE(run->sample()->channels()[0].gamma, 0.5);
        history.steps()->undo();
        QCOMPARE(run->mean()->channels()[0].gamma, 1.0);
        QCOMPARE(run->sample()->channels()[0].gamma, 1.0);
        history.steps()->redo();
        document.remove(run->mean());
        history.steps()->undo();  // of a layer that has gone: nothing
        QCOMPARE(document.layers().size(), std::size_t(2));
    }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
