// Progress of one job on stderr. On a terminal: one bar, redrawn at most ten times a second, with
// percentage, rate and time left. Elsewhere: one line a step, at most one a second. Used by one
// thread at a time. The destructor ends the line, so an error message starts on its own.
#pragma once

#include <chrono>
#include <string>

namespace posteria::cli {

class ConsoleProgress {
  public:
    // `unit` is what is counted, in the plural: "planes".
    ConsoleProgress(std::string label, std::string unit, bool enabled = true);
    ~ConsoleProgress();
    ConsoleProgress(const ConsoleProgress&) = delete;
    ConsoleProgress& operator=(const ConsoleProgress&) = delete;

    // done of total units; `note` is shown behind the figures ("loss 0.012"). done == total ends
    // it.
    void update(double done, double total, const std::string& note = {});

  private:
    using Clock = std::chrono::steady_clock;
    std::string line(double done, double total, const std::string& note) const;

    std::string m_label, m_unit;
    double m_first = 0;  // done at the first update
    bool m_enabled, m_terminal, m_openLine = false, m_shownAny = false, m_complete = false;
    Clock::time_point m_start, m_shown;
};

}  // namespace posteria::cli
