// A calibration from pairs to the model it is kept with; only the fit itself is a stand-in.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/fake_engine.h"
#include "tests/ui/stacks.h"
#include "ui/model/calibration_run.h"

using namespace posteria;
using namespace posteria::ui;
using State = CalibrationRun::State;
using PairState = CalibrationPairs::State;

class TestCalibrationRun : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<JobController> m_jobs;
    std::unique_ptr<EngineSteps> m_steps;
    std::unique_ptr<CalibrationPairs> m_pairs;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::unique_ptr<CalibrationRun> m_run;

    static package::ModelPackage model() {
        return package::readPackage(POSTERIA_SOURCE_DIR
                                    "/resources/models/split-filaments-vesicles.posteria");
    }
    static engine::RestorationRequest settings() {
        engine::RestorationRequest r;
        r.sampler = "cfm-heun";
        r.steps = 3;
        r.samples = 4;
        return r;
    }
    PairState state(int row) const { return m_pairs->pairs()[std::size_t(row)].state; }

  private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_home->path().toUtf8());
        m_jobs =
            std::make_unique<JobController>([] { return std::make_unique<test::FakeEngine>(); });
        m_steps = std::make_unique<EngineSteps>(m_jobs.get());
        m_pairs = std::make_unique<CalibrationPairs>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_pairs.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_run = std::make_unique<CalibrationRun>(m_steps.get(), m_pairs.get());
    }
    void cleanup() {
        m_run.reset();
        m_tester.reset();
        m_pairs.reset();
        m_steps.reset();
        m_jobs.reset();
    }

    void aPairIsAddedOnce() {
        QCOMPARE(m_pairs->add({{"/d/i1.tif", "/d/t1.tif", 0.3}, {"/d/i2.tif", "/d/t2.tif", {}}}),
                 2);
        QCOMPARE(m_pairs->add({{"/d/i1.tif", "/d/t1.tif", 0.3}}), 0);
        QCOMPARE(m_pairs->index(0, CalibrationPairs::Severity).data().toString(), QString("0.3"));
        QCOMPARE(m_pairs->index(1, CalibrationPairs::Truth).data().toString(), QString("t2.tif"));
        m_pairs->remove({0, 0, 5});
        QCOMPARE(m_pairs->rowCount(), 1);
    }

    void isFittedWithEveryPairAndKept() {
        m_pairs->add({{"/d/i1.tif", "/d/t1.tif", {}},
                      {"/d/fail.tif", "/d/t2.tif", {}},
                      {"/d/i3.tif", "/d/t3.tif", {}}});
        QSignalSpy news(m_run.get(), &CalibrationRun::calibrationChanged);
        m_run->start(model(), settings());
        QVERIFY(m_run->isBusy() && !m_run->calibration());
        QTRY_VERIFY(m_run->state() == State::Ready);
        QVERIFY(state(0) == PairState::Done && state(1) == PairState::Failed);
        QCOMPARE(m_pairs->pairs()[1].problem,
                 QString("/d/fail.tif: The file is damaged. Copy it again."));
        QCOMPARE(news.size(), 3);  // begun, and with each pair that could be used
        QCOMPARE(m_run->calibration()->pairs, 2);
        QCOMPARE(m_run->calibration()->sampler.steps, 3);

        QSignalSpy kept(m_run.get(), &CalibrationRun::kept);
        m_run->keep();
        QTRY_COMPARE(kept.size(), 1);
        const auto copy = package::findPackage(kept[0][1].toString().toStdString());
        QCOMPARE(QString::fromStdString(copy.folder), kept[0][0].toString());
        QVERIFY(copy.folder.rfind(m_home->path().toStdString(), 0) == 0);
        QCOMPARE(package::readCalibration(copy)->sampler.steps, 3);
        QCOMPARE(package::readCalibration(copy)->channels[1].reliability.bins.size(),
                 std::size_t(15));
        QVERIFY(m_run->state() == State::Idle);
    }

    void cancelledNothingIsKept() {
        m_pairs->add({{"/d/i1.tif", "/d/t1.tif", {}}, {"/d/i2.tif", "/d/t2.tif", {}}});
        m_run->start(model(), settings());
        QTRY_VERIFY(state(0) == PairState::Done);
        m_run->cancel();
        QTRY_VERIFY(!m_run->isBusy());
        QVERIFY(m_run->state() == State::Idle && !m_run->calibration());
        QCOMPARE(m_pairs->count(PairState::Waiting), 2);
        m_run->keep();
        QVERIFY(m_run->state() == State::Idle);
    }

    void aRestorationOfTheWindowGoesFirst() {
        m_pairs->add({{"/d/i1.tif", "/d/t1.tif", {}}, {"/d/i2.tif", "/d/t2.tif", {}}});
        m_run->start(model(), settings());
        QTRY_VERIFY(state(0) == PairState::Running);
        engine::RestorationRequest request;
        request.input = test::countingStack(16);
        request.model = "ok";
        request.samples = 2;
        QSignalSpy finished(m_jobs.get(), &JobController::finished);
        m_jobs->start(request);
        QTRY_COMPARE(finished.size(), 1);
        QTRY_VERIFY(m_run->state() == State::Ready);
        QCOMPARE(m_run->calibration()->pairs, 2);
    }

    void withoutAPairThatCanBeUsedItSaysSo() {
        m_pairs->add({{"/d/fail.tif", "/d/t1.tif", {}}});
        QSignalSpy failed(m_run.get(), &CalibrationRun::failed);
        m_run->start(model(), settings());
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(m_run->state() == State::Idle);
    }
};

QTEST_GUILESS_MAIN(TestCalibrationRun)
#include "tst_calibration_run.moc"
