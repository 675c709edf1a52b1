// The watchdog itself: what holds up the GUI thread is reported whatever it is, and what only a
// busy machine does to it is not.
#include <sys/stat.h>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "tests/ui/scheduling.h"

using namespace posteria;
using test::Stall;

Q_DECLARE_METATYPE(std::function<void()>)

namespace {

constexpr int kHoldUp = 400;  // ms
constexpr char kCaught[] = "POSTERIA_TEST_OF_A_CAUGHT_TEST";

void compute(double milliseconds) {
    test::ThreadClock clock;
    const double end = clock.read().computed + milliseconds;
    while (clock.read().computed < end) {
    }
}

// Something a user might press.
class Button : public QObject {
    Q_OBJECT
  public:
    std::function<void()> work;

    bool event(QEvent* event) override {
        if (event->type() != QEvent::User && event->type() != QEvent::Paint)
            return QObject::event(event);
        work();
        return true;
    }
    void press() { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }
};

test::StallWatchdog& watchdog() {
    return dynamic_cast<test::WatchedApplication&>(*qApp).watchdog();
}

}  // namespace

// Started by the test below in a process of its own: it must fail, though it finds nothing wrong.
class TestCaught : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aSlotThatSleeps() {
        Button button;
        button.setObjectName("lazy");
        bool pressed = false;
        button.work = [&] {
            QThread::msleep(kHoldUp);
            pressed = true;
        };
        button.press();
        QTRY_VERIFY(pressed);
    }
};

class TestStallWatchdog : public QObject {
    Q_OBJECT

    std::vector<Stall> m_reported;
    test::StallWatchdog::Report m_failTest;
    QTemporaryDir m_folder;

    void press(const std::function<void()>& work) {
        Button button;
        button.setObjectName("pressed");
        bool done = false;
        button.work = [&] {
            work();
            done = true;
        };
        button.press();
        QTRY_VERIFY_WITH_TIMEOUT(done, 20000);
    }

  private Q_SLOTS:
    void init() {
        m_reported.clear();
        m_failTest = watchdog().setReport([this](const Stall& s) { m_reported.push_back(s); });
        watchdog().reset();
    }
    void cleanup() { watchdog().setReport(m_failTest); }

    void whatHoldsItUpIsReported_data() {
        QTest::addColumn<std::function<void()>>("work");
        QTest::addColumn<bool>("asleep");
        QTest::newRow("sleep") << std::function<void()>([] { QThread::msleep(kHoldUp); }) << true;
        QTest::newRow("busy loop") << std::function<void()>([] { compute(kHoldUp); }) << false;
        QTest::newRow("another thread") << std::function<void()>([] {
            QSemaphore ready;
            std::thread worker([&] {
                QThread::msleep(kHoldUp);
                ready.release();
            });
            ready.acquire();
            worker.join();
        }) << true;
        const QString pipe = m_folder.filePath("pipe");
        QCOMPARE(::mkfifo(qPrintable(pipe), 0600), 0);
        QTest::newRow("file") << std::function<void()>([pipe] {
            std::thread disk([&] {
                QFile file(pipe);
                if (!file.open(QIODevice::WriteOnly)) return;
                QThread::msleep(kHoldUp);
                file.write("at last");
            });
            QFile file(pipe);
            if (file.open(QIODevice::ReadOnly)) file.readAll();
            disk.join();
        }) << true;
    }
    void whatHoldsItUpIsReported() {
        QFETCH(std::function<void()>, work);
        QFETCH(bool, asleep);
        press(work);
        QCOMPARE(m_reported.size(), std::size_t(1));
        const Stall& stall = m_reported[0];
        QVERIFY2(stall.event == "User to Button 'pressed'", qPrintable(stall.event));
        QVERIFY2(stall.held() > watchdog().limit() && stall.held() <= stall.wall + 1,
                 qPrintable(stall.text()));
        QVERIFY2((asleep ? stall.slept : stall.computed) > 0.8 * kHoldUp, qPrintable(stall.text()));
        QCOMPARE(!stall.asleep.isEmpty(), asleep);
    }

    void theReceiverOfTheOuterEventIsNamed() {
        press([] {
            Button inner;
            inner.work = [] { compute(kHoldUp / 2); };
            QEvent event(QEvent::User);
            QCoreApplication::sendEvent(&inner, &event);
            QCoreApplication::sendEvent(&inner, &event);
        });
        QCOMPARE(m_reported.size(), std::size_t(1));
        QCOMPARE(m_reported[0].event, QString("User to Button 'pressed'"));
    }

    // The exclusions are measured by themselves, so that they hide nothing around them.
    void anExcludedEventIsLeftOutOfTheOneAround() {
        const auto around = [this](int before, int within, int after) {
            press([=] {
                compute(before);
                Button slow;
                slow.setObjectName("volumeSurface");
                slow.work = [=] { compute(within); };
                QEvent event(QEvent::Paint);
                QCoreApplication::sendEvent(&slow, &event);
                compute(after);
            });
        };
        around(20, kHoldUp, 20);
        QVERIFY2(m_reported.empty(), qPrintable(m_reported[0].text()));
        QCOMPARE(watchdog().longest().event, QString("Paint to Button 'volumeSurface'"));
        around(kHoldUp / 2, kHoldUp, kHoldUp / 2);
        QCOMPARE(m_reported.size(), std::size_t(1));
        QCOMPARE(m_reported[0].event, QString("User to Button 'pressed'"));
        QVERIFY2(m_reported[0].computed < 1.5 * kHoldUp, qPrintable(m_reported[0].text()));
        around(0, 4 * kHoldUp, 0);
        QCOMPARE(m_reported.size(), std::size_t(2));
        QCOMPARE(m_reported[1].event, QString("Paint to Button 'volumeSurface'"));
    }

    // Dialogs run an event loop within the event that opens them.
    void anEventLoopOfItsOwnIsNoHoldUp() {
        press([] {
            QDialog dialog;
            QTimer::singleShot(2 * kHoldUp, &dialog, &QDialog::accept);
            dialog.exec();
        });
        QVERIFY2(m_reported.empty(), qPrintable(m_reported[0].text()));
        press([] {
            QDialog dialog;
            QTimer::singleShot(10, &dialog, [&] {
                QThread::msleep(kHoldUp);
                dialog.accept();
            });
            dialog.exec();
        });
        QCOMPARE(m_reported.size(), std::size_t(1));
        press([] {
            QDialog dialog;
            QTimer::singleShot(10, &dialog, &QDialog::accept);
            dialog.exec();
            QThread::msleep(kHoldUp);
        });
        QCOMPARE(m_reported.size(), std::size_t(2));
        QCOMPARE(m_reported[1].event, QString("User to Button 'pressed'"));
    }

    // Many times as many programs as processors, for as long as it takes until the clock on the
    // wall alone would have raised the alarm several times.
    void aBusyMachineIsNoHoldUp() {
        std::vector<std::unique_ptr<QProcess>> others;
        for (unsigned i = 0; i < 6 * std::thread::hardware_concurrency(); ++i) {
            others.push_back(std::make_unique<QProcess>());
            others.back()->start("sh", {"-c", "ulimit -t 60; while :; do :; done"});
            QVERIFY(others.back()->waitForStarted());
        }
        QLabel label;
        label.resize(300, 200);
        label.show();
        int late = 0;
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; late < 3 && clock.elapsed() < 40000; ++i) {
            watchdog().reset();
            press([&] {
                label.setText(QString::number(i));
                compute(80);
                label.repaint();
                // A worker that computes while it is waited for.
                std::thread worker([] { compute(20); });
                worker.join();
            });
            late += watchdog().longestWall() > watchdog().limit();
        }
        for (auto& other : others) {
            other->kill();
            other->waitForFinished();
        }
        QVERIFY2(m_reported.empty(), qPrintable(m_reported[0].text()));
        if (late < 3) QSKIP("the machine has too many processors for the load of this test");
    }

    void aTestThatIsHeldUpFails() {
        QProcess test;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(kCaught, "1");
        test.setProcessEnvironment(environment);
        test.start(QCoreApplication::applicationFilePath(), QStringList());
        QVERIFY(test.waitForFinished());
        const auto output = test.readAllStandardOutput();
        QCOMPARE(test.exitCode(), 1);
        QVERIFY2(output.contains("FAIL!  : TestCaught::aSlotThatSleeps()"), output.constData());
        QVERIFY2(output.contains("User to Button 'lazy' held up the GUI thread for"),
                 output.constData());
    }
};

int main(int argc, char** argv) {
    QTEST_MAIN_SETUP()
    TestCaught caught;
    TestStallWatchdog watchdog;
    return QTest::qExec(
        qEnvironmentVariableIsSet(kCaught) ? static_cast<QObject*>(&caught) : &watchdog, argc,
        argv);
}
#include "tst_stall_watchdog.moc"
