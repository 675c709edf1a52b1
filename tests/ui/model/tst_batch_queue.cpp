// The table of a batch: who may go where, and that views can rely on it.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "ui/model/batch_queue.h"

using posteria::ui::BatchQueue;
using State = BatchQueue::State;

class TestBatchQueue : public QObject {
    Q_OBJECT

    std::unique_ptr<BatchQueue> m_queue;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    QString text(int row, int column) const {
        return m_queue->index(row, column).data().toString();
    }
    State state(int row) const { return m_queue->files()[std::size_t(row)].state; }

  private Q_SLOTS:
    void init() {
        m_queue = std::make_unique<BatchQueue>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_queue.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup() {
        m_tester.reset();
        m_queue.reset();
    }

    void aFileIsAddedOnce() {
        QSignalSpy counts(m_queue.get(), &BatchQueue::countsChanged);
        QCOMPARE(m_queue->add({"/d/a.tif", "/d/b.tif", "/d/a.tif"}), 2);
        QCOMPARE(m_queue->add({"/d/b.tif", "/d/c.tif"}), 1);
        QCOMPARE(m_queue->add({"/d/c.tif"}), 0);
        QCOMPARE(counts.size(), 2);
        QCOMPARE(m_queue->rowCount(), 3);
        QCOMPARE(text(1, BatchQueue::Name), QString("b.tif"));
        QCOMPARE(m_queue->index(1, 0).data(BatchQueue::PathRole).toString(), QString("/d/b.tif"));
        QCOMPARE(text(1, BatchQueue::Progress), QString("waiting"));
    }

    void aFileGoesThroughItsStates() {
        m_queue->add({"/d/a.tif", "/d/b.tif", "/d/c.tif", "/d/d.tif"});
        QCOMPARE(m_queue->next(), 0);
        m_queue->begin(0, 1);
        QCOMPARE(m_queue->running(), 0);
        QCOMPARE(m_queue->next(), 1);
        m_queue->tell(0.25, "sample 4 of 16");
        QCOMPARE(text(0, BatchQueue::Progress), QString("sample 4 of 16"));
        QCOMPARE(m_queue->index(0, 1).data(BatchQueue::FractionRole).toDouble(), 0.25);
        m_queue->finish(false, "/r/a.report.json", "severity 0.30", true);
        QVERIFY(state(0) == State::Done);
        QCOMPARE(text(0, BatchQueue::Note), QString("severity 0.30"));
        m_queue->begin(1, 1);
        m_queue->fail(1, "The file ends too early.", "Copy it again.");
        QVERIFY(state(1) == State::Failed);
        QCOMPARE(text(1, BatchQueue::Note), QString("The file ends too early. Copy it again."));
        m_queue->begin(2, 1);
        m_queue->stop(State::Waiting);
        QCOMPARE(text(2, BatchQueue::Progress), QString("paused"));
        QCOMPARE(m_queue->next(), 2);  // it goes on
        m_queue->begin(2, 1);
        QVERIFY(m_queue->files()[2].begun);
        m_queue->stop(State::Stopped);
        QCOMPARE(m_queue->next(), 3);
        for (const auto s : {State::Done, State::Failed, State::Stopped, State::Waiting})
            QCOMPARE(m_queue->count(s), 1);
        QCOMPARE(m_queue->running(), -1);
        m_queue->tell(0.5, "late news");  // of a file that has ended
        QCOMPARE(text(0, BatchQueue::Progress), QString("done"));
    }

    void whatHasEndedCanWaitAgain() {
        m_queue->add({"/d/a.tif", "/d/b.tif", "/d/c.tif"});
        m_queue->begin(0, 1);
        m_queue->stop(State::Stopped);
        m_queue->fail(1, "No.", {});
        m_queue->begin(2, 1);
        m_queue->retry({0, 1, 2, 7});
        QVERIFY(state(0) == State::Waiting && state(1) == State::Waiting);
        QVERIFY(m_queue->files()[0].begun);  // from the samples it kept
        QVERIFY(!m_queue->files()[1].begun);
        QCOMPARE(text(1, BatchQueue::Note), QString());
        QVERIFY(state(2) == State::Running);
    }

    void theFileUnderWayIsNotRemoved() {
        m_queue->add({"/d/a.tif", "/d/b.tif", "/d/c.tif"});
        m_queue->begin(1, 1);
        m_queue->remove({0, 0, 1, 2, -1, 9});
        QCOMPARE(m_queue->rowCount(), 1);
        QCOMPARE(m_queue->running(), 0);  // its row has changed, the file has not
        QCOMPARE(text(0, BatchQueue::Name), QString("b.tif"));
        m_queue->finish(true, "/r/b.report.json", {}, false);
        QCOMPARE(text(0, BatchQueue::Progress), QString("was there already"));
    }

    void aRowIsRemovedOnce() {
        m_queue->add({"/d/a.tif", "/d/b.tif", "/d/c.tif"});
        m_queue->remove({0, 0});
        QCOMPARE(m_queue->rowCount(), 2);
        QCOMPARE(text(0, BatchQueue::Name), QString("b.tif"));
    }
};

QTEST_GUILESS_MAIN(TestBatchQueue)
#include "tst_batch_queue.moc"
