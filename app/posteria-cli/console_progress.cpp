#include "app/posteria-cli/console_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace posteria::cli {

namespace {

std::string duration(double seconds) {
    const auto s = static_cast<long>(std::lround(std::max(0.0, seconds)));
    char text[32];
    if (s >= 3600) {
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    } else {
        std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
    }
    return text;
}

}  // namespace

ConsoleProgress::ConsoleProgress(std::string label, std::string unit, bool enabled)
    : m_label(std::move(label)),
      m_unit(std::move(unit)),
      m_enabled(enabled),
      m_terminal(::isatty(STDERR_FILENO) == 1),
      m_start(Clock::now()),
      m_shown(m_start) {}

ConsoleProgress::~ConsoleProgress() {
    if (m_openLine) std::fputc('\n', stderr);
}

std::string ConsoleProgress::line(double done, double total, const std::string& note) const {
    constexpr int kBarWidth = 28;
    const double seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
    const double fraction = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0.0;
    const double rate = seconds > 0 ? (done - m_first) / seconds : 0;
    std::string text = m_label + "  ";
    if (m_terminal) {
        const int filled = static_cast<int>(fraction * kBarWidth);
        text += '[' + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] ";
    }
    char figures[96];
    std::snprintf(figures, sizeof figures, "%3.0f %%  %.0f/%.0f %s  %.3g/s", 100 * fraction, done,
                  total, m_unit.c_str(), rate);
    text += figures;
    text += fraction < 1 && rate > 0 ? "  ETA " + duration((total - done) / rate)
                                     : "  in " + duration(seconds);
    if (!note.empty()) text += "  " + note;
    return text;
}

void ConsoleProgress::update(double done, double total, const std::string& note) {
    const auto now = Clock::now();
    if (!m_shownAny) m_first = done < total ? done : 0;  // resumed work starts in the middle
    const auto pause =
        m_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000);
    const bool complete = done >= total;
    if (!m_enabled || m_complete || (m_shownAny && !complete && now - m_shown < pause)) return;
    m_shown = now;
    m_shownAny = true;
    m_complete = complete;
    const std::string text = line(done, total, note);
    if (m_terminal) {
        std::fprintf(stderr, "\r\033[K%s", text.c_str());
        m_openLine = !complete;
        if (complete) std::fputc('\n', stderr);
    } else {
        std::fprintf(stderr, "%s\n", text.c_str());
    }
    std::fflush(stderr);
}

}  // namespace posteria::cli
