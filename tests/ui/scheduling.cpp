#include "tests/ui/scheduling.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace posteria::test {

namespace {

double ms(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

double readyMs(const std::string& folder) {
    std::ifstream file(folder + "/schedstat");
    double ran = 0, waited = 0;
    file >> ran >> waited;
    return waited / 1e6;
}

// 0: it is not on this machine.
int xServer() {
    const char* display = std::getenv("DISPLAY");
    if (!display || *display != ':') return 0;
    std::ifstream lock("/tmp/.X" + std::to_string(std::atoi(display + 1)) + "-lock");
    int id = 0;
    lock >> id;
    return id;
}

double stolenMs() {
    std::ifstream all("/proc/stat");
    std::string cpu;
    all >> cpu;
    double column = 0;
    for (int i = 0; i < 8; ++i)
        all >> column;
    return column * 1000.0 / double(::sysconf(_SC_CLK_TCK)) /
           std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

ThreadClock::ThreadClock() : m_file(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

ThreadClock::~ThreadClock() {
    if (m_file >= 0) ::close(m_file);
}

ThreadClock::Reading ThreadClock::read() const {
    Reading reading;
    reading.wall = ms(CLOCK_MONOTONIC);
    reading.computed = ms(CLOCK_THREAD_CPUTIME_ID);
    char text[80];
    const auto length = m_file < 0 ? 0 : ::pread(m_file, text, sizeof text - 1, 0);
    if (length > 0) {
        text[length] = 0;
        double ran = 0, waited = 0;
        if (std::sscanf(text, "%lf %lf", &ran, &waited) == 2) reading.ready = waited / 1e6;
    }
    return reading;
}

Waits Waits::now(int exceptThread) {
    static const int server = xServer();
    Waits waits;
    waits.m_wall = ms(CLOCK_MONOTONIC);
    waits.m_machine = stolenMs();
    std::error_code gone;  // threads come and go meanwhile
    for (std::filesystem::directory_iterator it("/proc/self/task", gone), end; !gone && it != end;
         it.increment(gone)) {
        const int id = std::atoi(it->path().filename().c_str());
        if (id != exceptThread) waits.m_threads[id] = readyMs(it->path());
    }
    if (server) waits.m_threads[-1] = readyMs("/proc/" + std::to_string(server));
    return waits;
}

double Waits::longestSince(const Waits& before) const {
    double longest = 0;
    for (const auto& [id, waited] : m_threads) {
        const auto known = before.m_threads.find(id);
        longest = std::max(longest, waited - (known == before.m_threads.end() ? 0 : known->second));
    }
    return longest + m_machine - before.m_machine;
}

QString whereAsleep(int thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/syscall");
    int number = -1;
    if (!(file >> number) || number < 0) return {};  // "running"
    const std::pair<int, const char*> names[] = {
        {SYS_read, "read"},           {SYS_pread64, "pread"},
        {SYS_write, "write"},         {SYS_futex, "futex"},
        {SYS_wait4, "wait4"},         {SYS_fsync, "fsync"},
        {SYS_recvmsg, "recvmsg"},     {SYS_ppoll, "ppoll"},
        {SYS_nanosleep, "nanosleep"}, {SYS_flock, "flock"},
        {SYS_fdatasync, "fdatasync"}, {SYS_close, "close"},
        {SYS_connect, "connect"},     {SYS_clock_nanosleep, "nanosleep"},
#ifdef SYS_poll
        {SYS_poll, "poll"},
#endif
#ifdef SYS_open
        {SYS_open, "open"},
#endif
        {SYS_openat, "openat"},
    };
    for (const auto& [known, name] : names)
        if (known == number) return QLatin1String(name);
    return QStringLiteral("system call %1").arg(number);
}

}  // namespace posteria::test
