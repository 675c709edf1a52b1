// Steps run one after the other on the engine's thread and give way to what the window restores.
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <thread>

#include "core/base/error.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/stacks.h"
#include "ui/model/engine_steps.h"

using namespace posteria;
using namespace posteria::ui;
using Kind = EngineSteps::Ending::Kind;

class TestEngineSteps : public QObject {
    Q_OBJECT

    std::unique_ptr<JobController> m_jobs;
    std::unique_ptr<EngineSteps> m_steps;
    QStringList m_log;  // GUI thread

    // Until it is stopped or let go.
    EngineSteps::Work busyUntil(std::atomic<bool>& go, std::atomic<int>& begun) {
        return [&go, &begun](engine::Engine&, const CancelToken& token, bool) {
            ++begun;
            while (!go) {
                token.throwIfCancelled();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        };
    }
    std::function<void(const EngineSteps::Ending&)> logs(const QString& name) {
        return [this, name](const EngineSteps::Ending& ending) {
            m_log << QStringLiteral("%1:%2").arg(name).arg(int(ending.kind));
        };
    }
    quint64 restore(const char* model, int samples = 2) {
        engine::RestorationRequest request;
        request.input = test::countingStack(16);
        request.model = model;
        request.samples = samples;
        return m_jobs->start(request);
    }

  private Q_SLOTS:
    void init() {
        m_log.clear();
        m_jobs =
            std::make_unique<JobController>([] { return std::make_unique<test::FakeEngine>(); });
        m_steps = std::make_unique<EngineSteps>(m_jobs.get());
    }
    void cleanup() {
        m_steps.reset();
        m_jobs.reset();
    }

    void stepsRunInTheOrderTheyCame() {
        std::atomic<bool> go{true};
        std::atomic<int> begun{0};
        for (const char* name : {"a", "b", "c"})
            m_steps->add(busyUntil(go, begun), logs(name));
        QCOMPARE(m_log.size(), 0);
        QTRY_COMPARE(m_log, (QStringList{"a:0", "b:0", "c:0"}));
        QCOMPARE(begun.load(), 3);
    }

    void aRestorationGoesFirstAndTheStepIsRepeated() {
        std::atomic<bool> go{false}, second{false};
        std::atomic<int> begun{0};
        QSignalSpy givingWay(m_steps.get(), &EngineSteps::givingWayChanged);
        QSignalSpy finished(m_jobs.get(), &JobController::finished);
        auto work = busyUntil(go, begun);
        m_steps->add(
            [&](engine::Engine& engine, const CancelToken& token, bool again) {
                second = again;
                work(engine, token, again);
            },
            logs("step"));
        QTRY_COMPARE(begun.load(), 1);
        restore("ok");
        QVERIFY(m_steps->isGivingWay());
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(m_log.isEmpty());  // its owner is not told
        QTRY_COMPARE(begun.load(), 2);
        QVERIFY(second);
        go = true;
        QTRY_COMPARE(m_log, QStringList{"step:0"});
        QCOMPARE(givingWay.size(), 2);
        QVERIFY(!m_steps->isGivingWay());
    }

    void aStepWaitsForARestorationUnderWay() {
        std::atomic<bool> go{true};
        std::atomic<int> begun{0};
        restore("slow");
        m_steps->add(busyUntil(go, begun), logs("step"));
        QTest::qWait(80);
        QCOMPARE(begun.load(), 0);
        m_jobs->cancel();
        QTRY_COMPARE(m_log, QStringList{"step:0"});
    }

    void cancelledStepsEndOnce() {
        std::atomic<bool> go{false};
        std::atomic<int> begun{0};
        const auto first = m_steps->add(busyUntil(go, begun), logs("first"));
        const auto second = m_steps->add(busyUntil(go, begun), logs("second"));
        QTRY_COMPARE(begun.load(), 1);
        m_steps->cancel(second);
        QVERIFY(m_log.isEmpty());  // not while cancel() is on the stack
        QTRY_COMPARE(m_log, QStringList{"second:1"});
        m_steps->cancel(first);
        QTRY_COMPARE(m_log, (QStringList{"second:1", "first:1"}));
        m_steps->cancel(first);
        QTest::qWait(30);
        QCOMPARE(m_log.size(), 2);
        QCOMPARE(begun.load(), 1);
    }

    // Also one that was stopped for a restoration and had not gone on yet.
    void cancelledWhileGivingWay() {
        std::atomic<bool> go{false};
        std::atomic<int> begun{0};
        const auto step = m_steps->add(busyUntil(go, begun), logs("step"));
        QTRY_COMPARE(begun.load(), 1);
        restore("slow");
        m_steps->cancel(step);
        QTRY_COMPARE(m_log, QStringList{"step:1"});
        m_jobs->cancel();
        QTRY_VERIFY(!m_jobs->busy());
        QTest::qWait(30);
        QCOMPARE(begun.load(), 1);
    }

    void errorsAreSentences() {
        JobController::Ending ending;
        m_steps->add(
            [](engine::Engine&, const CancelToken&, bool) {
                throw Error(ErrorKind::Input, "The file is damaged.", "a.tif", "Copy it again.");
            },
            [&](const EngineSteps::Ending& e) { ending = e; });
        QTRY_COMPARE(ending.message, QString("a.tif: The file is damaged."));
        QVERIFY(ending.kind == Kind::Failed);
        QCOMPARE(ending.hint, QString("Copy it again."));
    }

    void goesWhileAStepIsUnderWay() {
        std::atomic<bool> go{false};
        std::atomic<int> begun{0};
        m_steps->add(busyUntil(go, begun), logs("step"));
        QTRY_COMPARE(begun.load(), 1);
        m_steps.reset();
        m_jobs.reset();  // waits for the engine's thread
        QVERIFY(m_log.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestEngineSteps)
#include "tst_engine_steps.moc"
