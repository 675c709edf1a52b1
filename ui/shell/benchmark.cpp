#include "ui/shell/benchmark.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QScreen>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/base/version.h"
#include "ui/shell/benchmark_files.h"

namespace posteria::ui::shell {

namespace {

QJsonObject figures(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return values[std::size_t(
            std::min(part * double(values.size()), double(values.size() - 1)))];
    };
    return {{QStringLiteral("median"), at(0.5)}, {QStringLiteral("p99"), at(0.99)}};
}

// Of rates the bad end is the low one.
QJsonObject rates(std::vector<double> values) {
    for (auto& value : values)
        value = -value;
    auto result = figures(std::move(values));
    for (auto key : {QStringLiteral("median"), QStringLiteral("p99")})
        result[key] = -result[key].toDouble();
    return result;
}

// Resident memory of this process; -1 where the system does not say.
double residentMb() {
    std::ifstream file("/proc/self/status");
    for (std::string word; file >> word;) {
        double kilobytes = 0;
        if (word == "VmRSS:" && file >> kilobytes) return kilobytes / 1024;
    }
    return -1;
}

// Pixels that differ everywhere, cheap to make.
image::StackPtr madeUp(image::PixelType type, int side, int channels, int slices) {
    image::StackInfo info;
    info.name = "benchmark";
    info.type = type;
    info.shape = {1, channels, slices, side, side};
    info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
    std::vector<image::Plane> planes;
    for (int p = 0; p < channels * slices; ++p) {
        void* data = nullptr;
        planes.push_back(image::Plane::allocate(type, side, side, &data));
        for (std::int64_t i = 0; i < std::int64_t(side) * side; ++i) {
            const auto value = std::uint16_t((i * 2654435761u + std::uint32_t(p) * 977u) >> 16);
            if (type == image::PixelType::UInt16)
                static_cast<std::uint16_t*>(data)[i] = value;
            else
                static_cast<float*>(data)[i] = value;
        }
    }
    return image::makeMemoryStack(info, std::move(planes));
}

// Lets the event loop turn until the condition holds; false after the time given.
template <class F>
bool waitUntil(F&& holds, int timeoutMs) {
    QEventLoop loop;
    QElapsedTimer clock;
    QTimer poll;
    bool held = false;
    clock.start();
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        held = held || holds();  // what held may not hold any more when the loop has ended
        if (held || clock.elapsed() > timeoutMs) loop.quit();
    });
    poll.start(5);
    loop.exec();
    return held;
}

// How long the event loop was held up at a time, while it runs.
class Heartbeat {
  public:
    Heartbeat() {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_gaps.push_back(double(m_clock.nsecsElapsed()) / 1e6);
            m_clock.restart();
        });
    }
    void start() {
        m_clock.start();
        m_timer.start(2);
    }
    // Median, p99 and the longest, which is what counts, in ms; null where it never beat.
    QJsonValue stop() {
        m_timer.stop();
        if (m_gaps.empty()) return QJsonValue::Null;
        auto result = figures(m_gaps);
        result[QStringLiteral("longest")] = *std::max_element(m_gaps.begin(), m_gaps.end());
        return result;
    }

  private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_gaps;
};

QString rendererName() {
    QOpenGLContext context;
    QOffscreenSurface surface;
    surface.create();
    if (!context.create() || !context.makeCurrent(&surface)) return {};
    const auto* name = reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
    return QString::fromLatin1(name);
}

}  // namespace

Benchmark::Benchmark(MainWindow* window, double startMs) : m_window(window), m_startMs(startMs) {}

void Benchmark::clear() {
    auto& document = m_window->document();
    while (!document.layers().empty())
        document.remove(document.layers().front());
    waitUntil([this] { return m_window->isIdle(); }, 2000);
}

QJsonObject Benchmark::sliceChange(int side, int slices) {
    m_window->document().addImage(madeUp(image::PixelType::UInt16, side, 1, slices));
    waitUntil([this] { return m_window->isIdle(); }, 10000);
    auto& view = m_window->document().view();
    std::vector<double> times;
    QElapsedTimer clock;
    for (int i = 0; i < 40; ++i) {
        clock.start();
        view.setZ((view.z() + 1) % slices);
        m_window->canvas()->grabFrame();
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    clear();
    return figures(std::move(times));
}

QJsonObject Benchmark::contrastOfFourPanes() {
    auto& document = m_window->document();
    document.addImage(madeUp(image::PixelType::UInt16, 2048, 1, 1));
    engine::RestorationRequest request;
    request.input = document.input()->stack();
    request.samples = 2;
    auto snapshot = std::make_shared<posterior::Snapshot>();
    snapshot->samples = snapshot->requested = 2;
    snapshot->region = request.input->bounds();
    snapshot->mean = snapshot->std = madeUp(image::PixelType::Float32, 2048, 1, 1);
    snapshot->kept = {madeUp(image::PixelType::Float32, 2048, 1, 1)};
    Run* run = document.startRun(request, true);
    run->take(snapshot);
    run->stop(false);
    waitUntil([this] { return m_window->isIdle(); }, 10000);
    std::vector<double> perSecond;
    QElapsedTimer clock;
    for (int i = 0; i < 60; ++i) {
        clock.start();
        for (auto* layer : document.layers())
            layer->setLimits(0, {double(i), 30000.0 + 300 * i});
        m_window->canvas()->grabFrame();
        perSecond.push_back(1e9 / double(clock.nsecsElapsed()));
    }
    return rates(std::move(perSecond));
}

QJsonObject Benchmark::cursorValue() {
    auto& view = m_window->document().view();
    const auto bounds = view.bounds();
    std::vector<double> times;
    QElapsedTimer clock;
    for (int i = 0; i < 1000; ++i) {
        const double x = std::fmod(i * 0.618034, 1.0), y = std::fmod(i * 0.754878, 1.0);
        clock.start();
        view.setCursor(bounds.topLeft() + QPointF(x * bounds.width(), y * bounds.height()));
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    view.setCursor(std::nullopt);
    clear();
    return figures(std::move(times));
}

bool Benchmark::addSmallImage() {
    if (!waitUntil([this] { return m_window->modelsListed(); }, 5000) ||
        !m_window->settings().model())
        return false;
    m_window->document().addImage(madeUp(image::PixelType::UInt16, 256, 1, 1));
    return waitUntil([this] { return m_window->isIdle(); }, 2000);
}

QJsonValue Benchmark::restoreStall() {
    if (!addSmallImage()) return QJsonValue::Null;
    m_window->settings().setSamples(4);
    Heartbeat heartbeat;
    m_window->restore(true);
    heartbeat.start();
    waitUntil([this] { return m_window->isIdle(); }, 120000);
    const auto result = heartbeat.stop();
    const bool failed = m_window->lastError().has_value();
    clear();
    return failed ? QJsonValue(QJsonValue::Null) : result;
}

void Benchmark::openLargeStack(QJsonObject& result) {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("stack.tif"));
    std::vector<double> times, memory;
    for (int i = 0; i < 5 && writeHollowStack(path, 2048, 2048, 512); ++i) {
        QElapsedTimer clock;
        clock.start();
        m_window->open({path});
        const bool shown = waitUntil(
            [this] { return !m_window->document().isEmpty() && m_window->isIdle(); }, 10000);
        if (!shown) break;
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
        memory.push_back(residentMb());
        clear();
    }
    result[QStringLiteral("open_4gb_ms")] =
        times.empty() ? QJsonValue(QJsonValue::Null) : figures(times);
    result[QStringLiteral("open_4gb_rss_mb")] =
        times.empty() ? QJsonValue(QJsonValue::Null) : figures(memory);
}

QJsonValue Benchmark::panPyramid() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("pyramid.tif"));
    if (!writeSharedPyramid(path, 30000)) return QJsonValue::Null;
    m_window->open({path});
    const bool shown =
        waitUntil([this] { return !m_window->document().isEmpty() && m_window->isIdle(); }, 20000);
    if (!shown) {
        clear();
        return QJsonValue::Null;
    }
    auto& view = m_window->document().view();
    Heartbeat heartbeat;
    heartbeat.start();
    // In to single pixels, across, and out again, as fast as the window follows.
    for (int i = 0; i < 240; ++i) {
        if (i < 60) view.zoomAt(view.center(), 1.08);
        if (i >= 60 && i < 180) view.pan({i % 40 < 20 ? -90.0 : 60.0, -40.0});
        if (i >= 180) view.zoomAt(view.center(), 1 / 1.08);
        QElapsedTimer frame;
        frame.start();
        waitUntil([&] { return frame.elapsed() >= 16; }, 1000);
    }
    const auto result = heartbeat.stop();
    clear();
    return result;
}

void Benchmark::movie(QJsonObject& result) {
    const QTemporaryDir folder;
    const QSize before = m_window->size();
    m_window->document().addImage(madeUp(image::PixelType::UInt16, 512, 1, 301));
    waitUntil([this] { return m_window->isIdle(); }, 10000);
    m_window->resize(before + QSize(1920, 1080) - m_window->canvas()->size());
    waitUntil([this] { return m_window->isIdle(); }, 10000);
    auto* movies = m_window->findChild<MovieExport*>();
    std::vector<double> times;
    QElapsedTimer clock;
    const auto watch = QObject::connect(movies, &MovieExport::progress, [&] {
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
        clock.restart();
    });
    MovieOptions options;
    options.last = 300;
    options.backAndForth = true;
    Heartbeat heartbeat;
    clock.start();
    movies->write(options, folder.filePath(QStringLiteral("movie.avi")));
    heartbeat.start();
    waitUntil([this] { return m_window->isIdle(); }, 120000);
    result[QStringLiteral("movie_stall_ms")] = heartbeat.stop();
    QObject::disconnect(watch);
    // Frames come in pairs where two threads compress: only tens of them tell.
    std::vector<double> tens;
    for (std::size_t i = 0; i + 10 <= times.size(); i += 10)
        tens.push_back(std::accumulate(times.begin() + i, times.begin() + i + 10, 0.0) / 10);
    QJsonValue frame = QJsonValue::Null;
    if (times.size() == 600) {
        auto all = figures(tens);
        all[QStringLiteral("first")] = tens.front();
        all[QStringLiteral("last")] = tens.back();
        frame = all;
    }
    result[QStringLiteral("movie_1080p_ms")] = frame;
    m_window->resize(before);
    clear();
}

QJsonValue Benchmark::firstSample() {
    if (!addSmallImage()) return QJsonValue::Null;
    m_window->settings().setSteps(8);
    m_window->settings().setSamples(2);
    std::vector<double> times;
    QElapsedTimer clock;
    for (int i = 0; i < 5; ++i) {
        clock.start();
        m_window->restore(true);
        const bool seen = waitUntil(
            [this] {
                const Run* run = m_window->document().activeRun();
                return run && run->keptSamples() > 0 && m_window->canvas()->isSettled();
            },
            30000);
        if (!seen) break;
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
        waitUntil([this] { return m_window->isIdle(); }, 30000);
    }
    clear();
    return times.empty() ? QJsonValue(QJsonValue::Null) : figures(std::move(times));
}

QJsonObject Benchmark::memoryAfterDelete() {
    std::vector<double> ratios;
    for (int i = 0; i < 3; ++i) {
        const double before = residentMb();
        m_window->document().addImage(madeUp(image::PixelType::UInt16, 8192, 1, 8));
        waitUntil([this] { return m_window->isIdle(); }, 10000);
        const std::weak_ptr<const image::Stack> pixels = m_window->document().input()->stack();
        clear();
        waitUntil([&] { return pixels.expired(); }, 5000);
        ratios.push_back(residentMb() / before);
    }
    return figures(std::move(ratios));
}

QJsonObject Benchmark::run() {
    QJsonObject result;
    result[QStringLiteral("start_ms")] = figures({m_startMs});
    result[QStringLiteral("idle_rss_mb")] = figures({residentMb()});
    result[QStringLiteral("slice_2048_ms")] = sliceChange(2048, 12);
    result[QStringLiteral("slice_8192_ms")] = sliceChange(8192, 4);
    result[QStringLiteral("contrast_four_panes_fps")] = contrastOfFourPanes();
    result[QStringLiteral("cursor_value_ms")] = cursorValue();
    result[QStringLiteral("delete_1gb_rss_ratio")] = memoryAfterDelete();
    result[QStringLiteral("restore_stall_ms")] = restoreStall();
    result[QStringLiteral("first_sample_ms")] = firstSample();
    openLargeStack(result);
    result[QStringLiteral("pan_30000_stall_ms")] = panPyramid();
    movie(result);
    result[QStringLiteral("renderer")] = rendererName();
    const QSize screen = QGuiApplication::primaryScreen()->size();
    result[QStringLiteral("screen")] =
        QStringLiteral("%1x%2").arg(screen.width()).arg(screen.height());
    result[QStringLiteral("versions")] =
        QJsonObject{{QStringLiteral("posteria"), QLatin1String(kVersion)},
                    {QStringLiteral("qt"), QLatin1String(qVersion())}};
    return result;
}

}  // namespace posteria::ui::shell
