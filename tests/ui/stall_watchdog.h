// The net against a frozen window: how long one event keeps the GUI thread from its event loop.
// What counts is what the thread computed and how long it slept within the event (a file, a lock,
// another thread). What does not count is time it was ready and another program had the processor,
// nor, while it slept, the time that those it may have slept for (threads of this process, the X
// server) were kept from one. An event that runs an event loop of its own is over when that turns.
// GUI thread only; a second thread looks on and notes what a long event sleeps in.
#pragma once

#include <QApplication>
#include <QString>
#include <functional>
#include <memory>
#include <vector>

namespace posteria::test {

struct Stall {
    QString event;   // "Timer to posteria::ui::Reslicer 'name'"
    QString asleep;  // what it was seen to sleep in; empty where it was not
    double limit = 0, wall = 0, computed = 0, slept = 0;  // ms
    double held() const { return computed + slept; }
    QString text() const;
};

class StallWatchdog {
  public:
    // An event that may take longer, for a reason that the program can do nothing about. It is
    // measured by itself and left out of an event that it is sent within.
    struct Exclusion {
        const char* receiver;  // its object name
        QEvent::Type type;
        double limit;  // ms
        const char* reason;
    };
    using Report = std::function<void(const Stall&)>;

    // Reports every event that takes longer than limit, on this thread, when it is over.
    StallWatchdog(double limit, std::vector<Exclusion> exclusions, Report report);
    ~StallWatchdog();

    // Around every event.
    void enter(const QObject* receiver, const QEvent* event);
    void leave();

    double limit() const;
    Report setReport(Report report);  // the one before
    // Since the last reset.
    Stall longest() const;       // by what counts
    double longestWall() const;  // by the clock on the wall
    void reset();

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

// What QTEST_MAIN makes in tests of widgets: it fails the test that an event holds up.
class WatchedApplication : public QApplication {
  public:
    WatchedApplication(int& argc, char** argv);
    ~WatchedApplication() override;

    bool notify(QObject* receiver, QEvent* event) override;
    StallWatchdog& watchdog() { return m_watchdog; }

  private:
    StallWatchdog m_watchdog;
};

}  // namespace posteria::test
