// What the kernel says about threads: how long they computed, were ready without a processor, or
// slept. Milliseconds. Where the kernel does not say (no schedstat), nobody ever waits.
#pragma once

#include <QString>
#include <map>

namespace posteria::test {

// Of the thread that makes it; cheap enough for every event.
class ThreadClock {
  public:
    struct Reading {
        double wall = 0, computed = 0;
        double ready = 0;  // without a processor

        Reading operator+(const Reading& o) const {
            return {wall + o.wall, computed + o.computed, ready + o.ready};
        }
        Reading operator-(const Reading& o) const {
            return {wall - o.wall, computed - o.computed, ready - o.ready};
        }
    };

    ThreadClock();
    ~ThreadClock();
    ThreadClock(const ThreadClock&) = delete;
    ThreadClock& operator=(const ThreadClock&) = delete;

    Reading read() const;

  private:
    int m_file;
};

// How long those have been ready without a processor that a thread of this process may sleep for:
// its other threads, the X server, and this machine while its host ran others.
class Waits {
  public:
    static Waits now(int exceptThread);

    double wall() const { return m_wall; }  // as of ThreadClock
    double longestSince(const Waits& before) const;

  private:
    double m_wall = 0, m_machine = 0;
    std::map<int, double> m_threads;
};

// The system call that a thread of this process sleeps in; empty when it does not sleep.
QString whereAsleep(int thread);

}  // namespace posteria::test
