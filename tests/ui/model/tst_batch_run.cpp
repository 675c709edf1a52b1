// A batch of real files with a stand-in for the engine: results, reports and page are written as
// posteria-cli writes them; failures, pauses and cancelling leave whole files and nothing else.
#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "core/base/error.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/ui/fake_engine.h"
#include "tests/ui/stacks.h"
#include "ui/model/batch_run.h"

using namespace posteria;
using namespace posteria::ui;
using State = BatchQueue::State;

class TestBatchRun : public QObject {
    Q_OBJECT

    // Notes what it is asked for.
    class Engine : public test::FakeEngine {
      public:
        explicit Engine(TestBatchRun* test) : m_test(test) {}
        engine::RunReport run(const engine::RestorationRequest& request,
                              engine::RunObserver& observer, const CancelToken& token) override {
            ++m_test->m_runs;
            m_test->m_finished = int(request.finished.size());
            m_test->m_severity = request.severity.value_or(-1);
            return test::FakeEngine::run(request, observer, token);
        }
        std::optional<double> estimateSeverity(const std::vector<engine::RestorationRequest>& all,
                                               const CancelToken&) override {
            m_test->m_estimatedFrom = int(all.size());
            return 0.375;
        }

      private:
        TestBatchRun* m_test;
    };

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<JobController> m_jobs;
    std::unique_ptr<EngineSteps> m_steps;
    std::unique_ptr<BatchQueue> m_queue;
    std::unique_ptr<BatchRun> m_run;
    std::atomic<int> m_runs{0}, m_finished{0}, m_estimatedFrom{0};
    std::atomic<double> m_severity{0};

    QString path(const QString& name) const { return m_folder->filePath(name); }
    QString makeImage(const QString& name) const {
        QDir().mkpath(QFileInfo(path(name)).path());
        io::writeOmeTiff(path(name).toStdString(), {test::countingStack(24)});
        return path(name);
    }
    QString makeBroken(const QString& name) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("no image") < 0) qFatal("not written");
        return path(name);
    }
    engine::RestoreJob job(int samples = 3) const {
        engine::RestoreJob job;
        job.outputFolder = path("out").toStdString();
        job.settings.model =
            POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria";
        job.settings.sampler = "cfm-heun";
        job.settings.steps = 5;
        job.settings.samples = samples;
        return job;
    }
    QStringList written() const {
        return QDir(path("out"))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    State state(int row) const { return m_queue->files()[std::size_t(row)].state; }
    bool idle() const { return m_run->state() == BatchRun::State::Idle; }

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_runs = m_finished = m_estimatedFrom = 0;
        m_jobs = std::make_unique<JobController>([this] { return std::make_unique<Engine>(this); });
        m_steps = std::make_unique<EngineSteps>(m_jobs.get());
        m_queue = std::make_unique<BatchQueue>();
        m_run = std::make_unique<BatchRun>(m_steps.get(), m_queue.get());
    }
    void cleanup() {
        m_run.reset();
        m_queue.reset();
        m_steps.reset();
        m_jobs.reset();
        m_folder.reset();
    }

    void filesAreRestoredAndThePageIsWritten() {
        m_queue->add({makeImage("a.tif"), makeBroken("bad.tif"), makeImage("c.tif")});
        QSignalSpy summary(m_run.get(), &BatchRun::summaryWritten);
        m_run->start(job());
        QVERIFY(m_run->isBusy());
        QTRY_COMPARE(summary.size(), 1);
        QVERIFY(idle());
        QVERIFY(state(0) == State::Done && state(1) == State::Failed && state(2) == State::Done);
        QVERIFY2(m_queue->files()[1].note.contains("bad.tif"),
                 qPrintable(m_queue->files()[1].note));
        QCOMPARE(written(),
                 (QStringList{"a.mean.ome.tif", "a.report.json", "a.std.ome.tif", "c.mean.ome.tif",
                              "c.report.json", "c.std.ome.tif", "summary.html"}));
        QCOMPARE(io::open(path("out/c.mean.ome.tif").toStdString())->shape().c, std::int64_t(2));
        QFile page(m_run->summary());
        QVERIFY(page.open(QIODevice::ReadOnly));
        const auto html = QString::fromUtf8(page.readAll());
        QVERIFY(html.contains("<b>2</b> restored") && html.contains("<b>1</b> failed"));
        QVERIFY(html.contains("posteria-cli restore " + path("a.tif")));

        // What failed can be repaired and tried again; the others stay as they are.
        makeImage("bad.tif");
        m_queue->retry({1});
        m_run->start(job());
        QTRY_COMPARE(summary.size(), 2);
        QVERIFY(state(1) == State::Done);
        QCOMPARE(m_runs.load(), 3);
        QVERIFY(page.seek(0));
        QFile again(m_run->summary());
        QVERIFY(again.open(QIODevice::ReadOnly));
        QVERIFY(again.readAll().contains("<b>3</b> restored"));  // of all with these settings
    }

    void aPausedFileGoesOnFromItsSamples() {
        m_queue->add({makeImage("a.tif"), makeImage("b.tif")});
        m_run->start(job(40));
        QTRY_VERIFY(m_queue->files()[0].stage.startsWith("sample") &&
                    m_queue->files()[0].fraction > 0.1);
        m_run->pause();
        QTRY_COMPARE(m_queue->running(), -1);
        QVERIFY(m_run->state() == BatchRun::State::Paused);
        QVERIFY(state(0) == State::Waiting && m_queue->files()[0].begun);
        QCOMPARE(written(), QStringList{".a.partial"});
        QTest::qWait(50);
        QCOMPARE(m_runs.load(), 1);
        m_run->resume();
        QTRY_COMPARE(m_runs.load(), 2);
        QVERIFY(m_finished > 1);  // samples that need not be drawn again
        m_run->cancel();
        QTRY_VERIFY(idle());
    }

    void cancellingKeepsWhatIsFinished() {
        m_queue->add({makeImage("a.tif"), makeImage("b.tif"), makeImage("c.tif")});
        m_run->start(job(12));
        QTRY_VERIFY(state(0) == State::Done && m_queue->files()[1].fraction > 0.2);
        m_run->cancel();
        QTRY_VERIFY(idle());
        QVERIFY(state(1) == State::Stopped && state(2) == State::Waiting);
        QCOMPARE(written(), (QStringList{".b.partial", "a.mean.ome.tif", "a.report.json",
                                         "a.std.ome.tif", "summary.html"}));
        QFile page(m_run->summary());
        QVERIFY(page.open(QIODevice::ReadOnly));
        const auto html = page.readAll();
        QVERIFY(html.contains("<b>1</b> stopped") && html.contains("<b>1</b> not begun"));
        // The rest, another day: nothing of it stays behind.
        m_queue->retry({1});
        m_run->start(job(12));
        QTRY_VERIFY(idle());
        QVERIFY(state(1) == State::Done && state(2) == State::Done);
        QVERIFY(!written().contains(".b.partial"));
    }

    void aRestorationOfTheWindowGoesFirst() {
        m_queue->add({makeImage("a.tif")});
        m_run->start(job(30));
        QTRY_VERIFY(m_queue->files()[0].fraction > 0.1);
        QSignalSpy finished(m_jobs.get(), &JobController::finished);
        engine::RestorationRequest request;
        request.input = test::countingStack(16);
        request.model = "ok";
        request.samples = 2;
        m_jobs->start(request);
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(state(0) == State::Running);
        QTRY_VERIFY(idle());
        QVERIFY(state(0) == State::Done);
        QVERIFY(m_finished > 0);  // it had gone on from its samples
    }

    void resultsThatAreThereAreKeptOrReplaced() {
        m_queue->add({makeImage("a.tif")});
        m_run->start(job());
        QTRY_VERIFY(idle());
        const auto before = m_runs.load();
        auto keeping = job();
        keeping.resume = true;
        m_queue->retry({0});
        m_run->start(keeping);
        QTRY_VERIFY(idle());
        QVERIFY(state(0) == State::Kept);
        QCOMPARE(m_runs.load(), before);
        m_queue->retry({0});
        m_run->start(job());
        QTRY_VERIFY(idle());
        QVERIFY(state(0) == State::Done);
        QCOMPARE(m_runs.load(), before + 1);
    }

    void twoFilesOfOneNameAreNotMixed() {
        m_queue->add({makeImage("one/cell.tif"), makeImage("two/cell.ome.tif")});
        m_run->start(job());
        QTRY_VERIFY(idle());
        QVERIFY(state(0) == State::Done && state(1) == State::Failed);
        QVERIFY(m_queue->files()[1].note.contains("same name"));
    }

    void oneSeverityForFilesRecordedAlike() {
        m_queue->add(
            {makeImage("a.tif"), makeBroken("bad.tif"), makeImage("b.tif"), makeImage("c.tif")});
        auto alike = job();
        alike.oneAcquisition = true;
        m_run->start(alike);
        QTRY_VERIFY(idle());
        QCOMPARE(m_estimatedFrom.load(), 3);  // one cannot be read, which stops none of the others
        QVERIFY(state(1) == State::Failed && m_queue->count(State::Done) == 3);
        QCOMPARE(m_severity.load(), 0.375);
        QFile page(m_run->summary());
        QVERIFY(page.open(QIODevice::ReadOnly));
        QVERIFY(page.readAll().contains("--one-acquisition"));
    }

    void aFolderThatCannotBeWrittenFailsInWords() {
        m_queue->add({makeImage("a.tif")});
        auto nowhere = job();
        makeBroken("file");
        nowhere.outputFolder = path("file/out").toStdString();
        QSignalSpy failed(m_run.get(), &BatchRun::failed);
        m_run->start(nowhere);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(idle());
        QVERIFY(state(0) == State::Failed && !m_queue->files()[0].note.isEmpty());
        QVERIFY(failed[0][0].toString().startsWith("The summary could not be written."));
    }

    void goesWhileAFileIsUnderWay() {
        m_queue->add({makeImage("a.tif")});
        m_run->start(job(1000));
        QTRY_VERIFY(m_queue->running() == 0 && m_runs == 1);
        m_run.reset();
        m_steps.reset();
        m_jobs.reset();
        QVERIFY(!QFile::exists(path("out/a.report.json")));
    }
};

QTEST_GUILESS_MAIN(TestBatchRun)
#include "tst_batch_run.moc"
