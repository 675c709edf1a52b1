#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/fake_engine.h"
#include "ui/model/job_controller.h"

using namespace posteria;
using ui::JobController;

namespace {

image::StackPtr smallStack(int side = 64) {
    image::StackInfo info;
    info.type = image::PixelType::UInt16;
    info.shape = {1, 1, 1, side, side};
    void* data = nullptr;
    auto plane = image::Plane::allocate(info.type, side, side, &data);
    auto* pixels = static_cast<std::uint16_t*>(data);
    for (int i = 0; i < side * side; ++i)
        pixels[i] = std::uint16_t(100 + i % 50);
    return image::makeMemoryStack(info, {plane});
}

engine::RestorationRequest request(const std::string& model, int samples = 4) {
    engine::RestorationRequest r;
    r.input = smallStack();
    r.model = model;
    r.samples = samples;
    return r;
}

ui::EngineFactory fake(test::FakeEngineSettings settings = {}) {
    return [settings] { return std::make_unique<test::FakeEngine>(settings); };
}

}  // namespace

class TestJobController : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void deliversTheLastSnapshotBeforeTheEnd() {
        JobController jobs(fake());
        int samples = 0;
        bool ended = false;
        connect(&jobs, &JobController::snapshotReady, this,
                [&](quint64, const posterior::SnapshotPtr& s) {
                    QVERIFY(!ended);
                    QVERIFY(s->samples > samples);
                    samples = s->samples;
                });
        connect(&jobs, &JobController::finished, this, [&] { ended = true; });
        const auto id = jobs.start(request("ok", 6));
        QCOMPARE(id, jobs.currentJob());
        QVERIFY(jobs.busy());
        QTRY_VERIFY(ended);
        QCOMPARE(samples, 6);
        QVERIFY(!jobs.busy());
    }

    void engineIsMadeOnTheEngineThreadAndOnlyWhenNeeded() {
        std::atomic<QThread*> maker{nullptr};
        std::atomic<int> made{0};
        JobController jobs([&] {
            maker = QThread::currentThread();
            ++made;
            return std::make_unique<test::FakeEngine>();
        });
        QSignalSpy devices(&jobs, &JobController::devicesKnown);
        QCoreApplication::processEvents();
        QCOMPARE(made.load(), 0);
        jobs.preload();
        jobs.preload();
        QTRY_COMPARE(devices.size(), 1);
        QCOMPARE(devices[0][0].toStringList(), QStringList{"cpu"});
        QVERIFY(maker.load() != nullptr && maker.load() != QThread::currentThread());
        QSignalSpy finished(&jobs, &JobController::finished);
        jobs.start(request("ok", 1));
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(made.load(), 1);
    }

    void cancelEndsWithinHalfASecondAndKeepsWhatIsThere() {
        JobController jobs(fake());
        QSignalSpy snapshots(&jobs, &JobController::snapshotReady);
        QSignalSpy cancelled(&jobs, &JobController::cancelled);
        QSignalSpy finished(&jobs, &JobController::finished);
        const auto id = jobs.start(request("slow"));
        QTRY_VERIFY(snapshots.size() >= 1);
        QElapsedTimer clock;
        clock.start();
        jobs.cancel();
        QTRY_COMPARE(cancelled.size(), 1);
        QVERIFY2(clock.elapsed() < 500, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(cancelled[0][0].toULongLong(), id);
        QCOMPARE(finished.size(), 0);
        QVERIFY(!jobs.busy());
    }

    void aNewJobOvertakesTheOldOne() {
        JobController jobs(fake());
        QSignalSpy cancelled(&jobs, &JobController::cancelled);
        QSignalSpy snapshots(&jobs, &JobController::snapshotReady);
        QSignalSpy finished(&jobs, &JobController::finished);
        jobs.start(request("slow"));
        QTRY_VERIFY(snapshots.size() >= 1);
        snapshots.clear();
        const auto second = jobs.start(request("ok", 3));
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toULongLong(), second);
        QCOMPARE(cancelled.size(), 0);  // the first was dropped, not reported
        QVERIFY(!snapshots.isEmpty());
        for (const auto& call : snapshots)
            QCOMPARE(call[0].toULongLong(), second);
    }

    void atMostTenDeliveriesASecond() {
        test::FakeEngineSettings fast;
        fast.networkCall = std::chrono::milliseconds(1);
        fast.callsPerSample = 1;
        JobController jobs(fake(fast));
        QSignalSpy snapshots(&jobs, &JobController::snapshotReady);
        QSignalSpy progress(&jobs, &JobController::progress);
        QSignalSpy finished(&jobs, &JobController::finished);
        QElapsedTimer clock;
        clock.start();
        jobs.start(request("ok", 400));
        QTRY_COMPARE(finished.size(), 1);
        const double seconds = double(clock.elapsed()) / 1000;
        QVERIFY(seconds > 0.3);
        const double allowed = seconds * 10 + 2;  // the first and the last come at once
        QVERIFY2(snapshots.size() <= allowed, qPrintable(QString::number(snapshots.size())));
        QVERIFY(progress.size() <= allowed);
        const auto last = snapshots.last()[1].value<posterior::SnapshotPtr>();
        QCOMPARE(last->samples, 400);
    }

    void errorsArriveAsSentences_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("message");
        QTest::newRow("posteria") << "fail"
                                  << "model.safetensors: The weights of this model are damaged.";
        QTest::newRow("standard") << "crash"
                                  << "The restoration stopped with an unexpected error.";
        QTest::newRow("memory") << "memory"
                                << "There was not enough memory to go on.";
    }
    void errorsArriveAsSentences() {
        QFETCH(QString, model);
        QFETCH(QString, message);
        JobController jobs(fake());
        QSignalSpy failed(&jobs, &JobController::failed);
        jobs.start(request(model.toStdString()));
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][1].toString(), message);
        QVERIFY(!failed[0][2].toString().isEmpty());
        // The thread lives on.
        QSignalSpy finished(&jobs, &JobController::finished);
        jobs.start(request("ok", 1));
        QTRY_COMPARE(finished.size(), 1);
    }

    void anEngineThatCannotBeLoadedIsAFailedRun() {
        JobController jobs([]() -> std::unique_ptr<engine::Engine> {
            throw Error(ErrorKind::Failed, "The engine library is missing.",
                        "libposteria-engine.so", "Install Posteria again.");
        });
        QSignalSpy failed(&jobs, &JobController::failed);
        jobs.preload();
        jobs.start(request("ok"));
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][2].toString(), QString("Install Posteria again."));
    }

    void closesWhileRunning() {
        QElapsedTimer clock;
        {
            JobController jobs(fake());
            QSignalSpy snapshots(&jobs, &JobController::snapshotReady);
            jobs.start(request("slow"));
            QTRY_VERIFY(snapshots.size() >= 1);
            clock.start();
        }
        QVERIFY(clock.elapsed() < 500);
    }

    void theGuiThreadIsNeverHeldUp() {
        test::FakeEngineSettings fast;
        fast.networkCall = std::chrono::milliseconds(1);
        JobController jobs(fake(fast));
        QSignalSpy finished(&jobs, &JobController::finished);
        QTimer heartbeat;
        QElapsedTimer clock;
        qint64 longest = 0;
        connect(&heartbeat, &QTimer::timeout, this,
                [&] { longest = std::max(longest, clock.restart()); });
        heartbeat.setTimerType(Qt::PreciseTimer);
        heartbeat.start(5);
        clock.start();
        jobs.start(request("ok", 60));
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(longest > 0);
        QVERIFY2(longest <= 50, qPrintable(QString::number(longest)));
    }
};

QTEST_GUILESS_MAIN(TestJobController)
#include "tst_job_controller.moc"
