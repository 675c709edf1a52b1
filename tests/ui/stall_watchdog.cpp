#include "tests/ui/stall_watchdog.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <QAbstractEventDispatcher>
#include <QMetaEnum>
#include <QTest>
#include <QThread>
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/ui/scheduling.h"

namespace posteria::test {

namespace {

constexpr double kLimit = 250;         // ms; the program shows progress from 300 on
constexpr double kLookEvery = 25;      // ms
constexpr double kSaySoAfter = 10000;  // ms: a test that is stuck would be ended without a word
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSlower = 5;  // what sanitizers make of any program
#else
constexpr double kSlower = 1;
#endif

const std::vector<StallWatchdog::Exclusion> kExclusions{
    {"volumeSurface", QEvent::Paint, 1500 * kSlower,
     "software OpenGL compiles the rays' shader in the first picture of each rendering, and at "
     "rest a picture may take 700 ms (kPatientMs of volume_view.cpp)"},
    {"action3D", QEvent::Shortcut, 500 * kSlower,
     "the first volume makes the OpenGL context and gives the window another native one: the X "
     "server is asked many times"},
};

QString nameOf(const QMetaObject* type, const QString& name, int event) {
    const char* key = QMetaEnum::fromType<QEvent::Type>().valueToKey(event);
    QString text = key ? QString::fromLatin1(key) : QStringLiteral("event %1").arg(event);
    text += QStringLiteral(" to ") + QString::fromLatin1(type->className());
    return name.isEmpty() ? text : text + QStringLiteral(" '%1'").arg(name);
}

}  // namespace

QString Stall::text() const {
    QString text = QStringLiteral(
                       "%1 held up the GUI thread for %2 ms (limit %3 ms): computed %4, "
                       "slept %5; %6 ms on the wall")
                       .arg(event)
                       .arg(held(), 0, 'f', 0)
                       .arg(limit, 0, 'f', 0)
                       .arg(computed, 0, 'f', 0)
                       .arg(slept, 0, 'f', 0)
                       .arg(wall, 0, 'f', 0);
    return asleep.isEmpty() ? text : text + QStringLiteral("; ") + asleep;
}

struct StallWatchdog::Private {
    struct Frame {
        const QMetaObject* type;
        QString name;
        int event;
    };
    // A stretch without a turn of the event loop. Rest: of an event that had an event loop of its
    // own, since that turned last; another event then is one of that loop or one that was sent.
    enum class Stretch { None, Event, Rest };
    // What goes on after an excluded event, which is measured by itself.
    struct Paused {
        std::size_t owner;
        ThreadClock::Reading start;
    };

    double limit;
    std::vector<Exclusion> exclusions;
    Report report;
    std::vector<Frame> frames;
    Stretch stretch = Stretch::None;
    std::size_t owner = 0;  // the frame that the stretch belongs to, from 1
    bool turned = false;    // an event loop within the innermost frame turned last
    ThreadClock clock;
    ThreadClock::Reading start;
    std::optional<Paused> paused;
    Stall longest;
    double longestWall = 0;
    QMetaObject::Connection blocks, wakes;

    // Shared with the one that looks on.
    const int gui = int(::syscall(SYS_gettid));
    std::mutex mutex;
    std::condition_variable wake;
    bool done = false;
    double since = 0;  // ms, 0: no event is under way
    Frame current{nullptr, {}, 0};
    int looks = 0, sleeps = 0;
    QString asleep;
    std::deque<Waits> waits;  // the oldest first
    std::thread thread;

    const Exclusion* exclusionOf(const Frame& frame) const {
        for (const Exclusion& exclusion : exclusions)
            if (exclusion.type == frame.event && frame.name == QLatin1String(exclusion.receiver))
                return &exclusion;
        return nullptr;
    }

    void begin(Stretch kind, std::size_t frame) {
        stretch = kind;
        owner = frame;
        start = clock.read();
        const std::lock_guard lock(mutex);
        since = start.wall;
        current = frames[frame - 1];
        looks = sleeps = 0;
        asleep.clear();
    }

    void end() {
        stretch = Stretch::None;
        const auto now = clock.read();
        Stall stall;
        stall.wall = now.wall - start.wall;
        stall.computed = now.computed - start.computed;
        const Frame& frame = frames[owner - 1];
        const double ready = now.ready - start.ready;
        stall.slept = std::max(0.0, stall.wall - stall.computed - ready);
        {
            const std::lock_guard lock(mutex);
            since = 0;
            if (sleeps > 0)
                stall.asleep = QStringLiteral("asleep in %1 of %2 looks, in %3")
                                   .arg(sleeps)
                                   .arg(looks)
                                   .arg(asleep);
            if (stall.held() > std::max(longest.held(), limit / 10)) {
                // The newest look before the event began.
                const auto before = std::find_if(waits.rbegin(), waits.rend(), [&](const Waits& w) {
                    return w.wall() <= start.wall;
                });
                if (before != waits.rend())
                    stall.slept =
                        std::max(0.0, stall.slept - Waits::now(gui).longestSince(*before));
            }
        }
        longestWall = std::max(longestWall, stall.wall);
        if (stall.held() <= longest.held() && stall.held() <= limit) return;
        const Exclusion* exclusion = exclusionOf(frame);
        stall.limit = exclusion ? exclusion->limit : limit;
        stall.event = nameOf(frame.type, frame.name, frame.event);
        if (stall.held() > longest.held()) longest = stall;
        if (stall.held() > stall.limit) report(stall);
    }

    // An event loop within an event turns, which ends what the event has done so far. Where it goes
    // to sleep nothing is measured; where it does not, it may be about to return.
    void turn(bool toSleep) {
        if (frames.empty()) return;
        if (stretch == Stretch::Event) end();
        stretch = Stretch::None;
        paused.reset();
        turned = true;
        if (!toSleep) return begin(Stretch::Rest, frames.size());
        const std::lock_guard lock(mutex);
        since = 0;
    }

    void lookOn() {
        std::unique_lock lock(mutex);
        double told = 0;
        while (!wake.wait_for(lock, std::chrono::duration<double, std::milli>(kLookEvery),
                              [this] { return done; })) {
            lock.unlock();
            auto seen = Waits::now(gui);
            const QString where = whereAsleep(gui);
            lock.lock();
            waits.push_back(std::move(seen));
            // Those that may still be wanted: the last one before an event that is under way.
            const double from = since > 0 ? since : waits.back().wall();
            while (waits.size() > 2 && waits[1].wall() <= from)
                waits.pop_front();
            if (since <= 0) continue;
            ++looks;
            if (!where.isEmpty()) {
                ++sleeps;
                asleep = where;
            }
            if (waits.back().wall() - since > kSaySoAfter && told != since) {
                told = since;
                std::fprintf(stderr, "%s has been holding up the GUI thread for 10 s\n",
                             qPrintable(nameOf(current.type, current.name, current.event)));
            }
        }
    }
};

StallWatchdog::StallWatchdog(double limit, std::vector<Exclusion> exclusions, Report report)
    : d(std::make_unique<Private>()) {
    d->limit = limit;
    d->exclusions = std::move(exclusions);
    d->report = std::move(report);
    auto* dispatcher = QAbstractEventDispatcher::instance();
    d->blocks = QObject::connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock,
                                 [this] { d->turn(true); });
    d->wakes =
        QObject::connect(dispatcher, &QAbstractEventDispatcher::awake, [this] { d->turn(false); });
    d->thread = std::thread([this] { d->lookOn(); });
}

StallWatchdog::~StallWatchdog() {
    QObject::disconnect(d->blocks);
    QObject::disconnect(d->wakes);
    {
        const std::lock_guard lock(d->mutex);
        d->done = true;
    }
    d->wake.notify_all();
    d->thread.join();
}

void StallWatchdog::enter(const QObject* receiver, const QEvent* event) {
    if (d->stretch == Private::Stretch::Rest) d->end();
    d->frames.push_back({receiver->metaObject(), receiver->objectName(), event->type()});
    if (d->stretch == Private::Stretch::Event) {  // sent within another
        if (d->paused || !d->exclusionOf(d->frames.back())) return;
        d->paused = {d->owner, d->start};
    }
    d->begin(Private::Stretch::Event, d->frames.size());
    d->turned = false;
}

void StallWatchdog::leave() {
    const bool own = d->stretch != Private::Stretch::None && d->owner == d->frames.size();
    const auto started = d->start;
    if (own) d->end();
    d->frames.pop_back();
    if (own && d->paused) {
        const auto paused = *std::exchange(d->paused, std::nullopt);
        d->begin(Private::Stretch::Event, paused.owner);
        d->start = d->start - started + paused.start;
    } else if ((own || d->turned) && !d->frames.empty()) {
        // Of an event loop within the frame below, which goes on or returns.
        d->begin(Private::Stretch::Rest, d->frames.size());
    }
    d->turned = false;
}

double StallWatchdog::limit() const {
    return d->limit;
}

StallWatchdog::Report StallWatchdog::setReport(Report report) {
    return std::exchange(d->report, std::move(report));
}

Stall StallWatchdog::longest() const {
    return d->longest;
}

double StallWatchdog::longestWall() const {
    return d->longestWall;
}

void StallWatchdog::reset() {
    d->longest = {};
    d->longestWall = 0;
}

namespace {

void failTest(const Stall& stall) {
    // Before the first test and after the last there is none that could fail.
    if (QTest::currentTestFunction()) QTest::qFail(qPrintable(stall.text()), __FILE__, __LINE__);
}

}  // namespace

WatchedApplication::WatchedApplication(int& argc, char** argv)
    : QApplication(argc, argv), m_watchdog(kLimit * kSlower, kExclusions, failTest) {}

WatchedApplication::~WatchedApplication() {
    if (const auto longest = m_watchdog.longest(); !longest.event.isEmpty())
        std::fprintf(stderr, "longest event: %s\n", qPrintable(longest.text()));
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event) {
    // Events of other threads come this way, too.
    if (QThread::currentThread() != thread()) return QApplication::notify(receiver, event);
    m_watchdog.enter(receiver, event);
    const bool result = QApplication::notify(receiver, event);
    m_watchdog.leave();
    return result;
}

}  // namespace posteria::test
