// What is opened again and again, and closed, leaves nothing behind: memory, objects and threads
// of the real window stay as they were.
#include <unistd.h>
#include <QDir>
#include <QPushButton>
#include <atomic>
#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include "core/io/ome_tiff_writer.h"
#include "tests/ui/shell/window_fixture.h"
#include "ui/shell/batch_window.h"
#include "ui/viewer/graphics.h"

// Qt's own hooks for tools that look at programs: called for every object that comes and goes.
extern "C" Q_CORE_EXPORT quintptr qtHookData[];

using namespace posteria;
using ui::viewer::CanvasLayout;

namespace {

constexpr int kHookCount = 1, kAddHook = 3, kRemoveHook = 4;  // qhooks_p.h
std::atomic<int> objects{0};

void added(QObject*) {
    ++objects;
}
void removed(QObject*) {
    --objects;
}

constexpr double kMiB = 1 << 20;
constexpr double kBoundMiB = 6;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryTells = false;  // they keep what is freed
#else
constexpr bool kMemoryTells = true;
#endif

double residentMiB() {
    std::ifstream file("/proc/self/statm");
    double all = 0, resident = 0;
    file >> all >> resident;
    return resident * double(::sysconf(_SC_PAGESIZE)) / kMiB;
}

int threads() {
    return int(QDir("/proc/self/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot).size());
}

struct Count {
    double resident = residentMiB();
    int all = objects, widgets = int(QApplication::allWidgets().size()), threads = ::threads();
    QString text() const {
        return QStringLiteral("%1 MiB, %2 objects, %3 widgets, %4 threads")
            .arg(resident, 0, 'f', 1)
            .arg(all)
            .arg(widgets)
            .arg(threads);
    }
};

}  // namespace

class TestWindowLeaks : public QObject, test::WindowFixture {
    Q_OBJECT

    // Deferred deletions are done by the event loop, which a test function does not return to.
    Count count() {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::sendPostedEvents();
        return {};
    }
    // What has grown though each step leaves the window as it found it; empty: nothing. Caches and
    // pools are full after the first steps. Resident memory comes and goes by some MiB: a leak is
    // what the last quarter of the steps never falls below.
    QString grown(const std::function<void()>& step, int first, int times) {
        Count before, after;
        for (int i = 0; i < first + times && !QTest::currentTestFailed(); ++i) {
            step();
            const Count now = count();
            if (i < first) {
                before = {std::max(i ? before.resident : 0, now.resident), now.all, now.widgets,
                          std::max(i ? before.threads : 0, now.threads)};
            } else {
                const bool last = i > first + times * 3 / 4;
                after = {last ? std::min(after.resident, now.resident) : now.resident, now.all,
                         now.widgets, now.threads};
            }
        }
        QStringList more;
        if (kMemoryTells && after.resident >= before.resident + kBoundMiB) more << "memory";
        if (after.all > before.all) more << "objects";
        if (after.widgets > before.widgets) more << "widgets";
        if (after.threads > before.threads) more << "threads";
        const auto told =
            QStringLiteral("from %1 to %2 in %3 times").arg(before.text(), after.text()).arg(times);
        qInfo("%s", qPrintable(told));
        return more.isEmpty() ? QString() : more.join(", ") + ": " + told;
    }
    void verifyFlat(const std::function<void()>& step, int first, int times) {
        const QString more = grown(step, first, times);
        QVERIFY2(more.isEmpty(), qPrintable(more));
    }
    void showLayout(CanvasLayout layout) {
        m_window->showLayout(layout);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isIdle(), 20000);
    }

  public:
    TestWindowLeaks() : WindowFixture({900, 640}) {}
    static void initMain() {
        ui::viewer::prepareGraphics();
        if (qtHookData[kHookCount] <= kRemoveHook) return;
        qtHookData[kAddHook] = reinterpret_cast<quintptr>(&added);
        qtHookData[kRemoveHook] = reinterpret_cast<quintptr>(&removed);
    }

  private Q_SLOTS:
    void initTestCase() {
        ui::widgets::theme::apply(*qApp);
        io::writeOmeTiff(path("stack.ome.tif").toStdString(),
                         {test::countingStack(512, 2, "stack", 4)});  // 4 MiB
    }
    void init() { freshWindow(); }
    void cleanup() { closeWindow(); }

    void everyLeakIsNoticed_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"memory", "objects", "widgets", "threads", "nothing"})
            QTest::newRow(what) << what;
    }
    void everyLeakIsNoticed() {
        QFETCH(QString, what);
        if (what == "memory" && !kMemoryTells) QSKIP("sanitizers keep what is freed");
        std::vector<std::vector<char>> memory;
        std::vector<std::unique_ptr<QObject>> kept;
        std::vector<std::thread> threads;
        std::promise<void> end;
        const std::shared_future<void> ended = end.get_future().share();
        const auto more = grown(
            [&] {
                if (what == "memory") memory.emplace_back(1 << 20, 'x');
                if (what == "objects") kept.push_back(std::make_unique<QObject>());
                if (what == "widgets") kept.push_back(std::make_unique<QWidget>());
                if (what == "threads") threads.emplace_back([ended] { ended.wait(); });
            },
            5, 10);
        end.set_value();
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(more.section(':', 0, 0), what == "nothing"   ? QString()
                                          : what == "widgets" ? QString("objects, widgets")
                                                              : what);
    }

    // 80 stacks would be 320 MiB, and 80 planes on the screen 40.
    void aFileOpenedAndClosed() {
        verifyFlat(
            [this] {
                open({path("stack.ome.tif")});
                QCOMPARE(layers().size(), std::size_t(1));
                child<QAction>("actionRemoveLayer")->trigger();
                QVERIFY(layers().empty());
                QTRY_VERIFY(m_window->isIdle());
            },
            20, 80);
    }

    void theVolumeInAndOut() {
        open({path("stack.ome.tif")});
        verifyFlat(
            [this] {
                showLayout(CanvasLayout::Volume);
                showLayout(CanvasLayout::Grid);
            },
            5, 20);
    }

    void orthogonalViewsInAndOut() {
        open({path("stack.ome.tif")});
        verifyFlat(
            [this] {
                showLayout(CanvasLayout::Ortho);
                showLayout(CanvasLayout::Grid);
            },
            5, 20);
    }

    void aFileOpenedAndClosedInEveryView() {
        verifyFlat(
            [this] {
                open({path("stack.ome.tif")});
                showLayout(CanvasLayout::Volume);
                showLayout(CanvasLayout::Ortho);
                child<QAction>("actionRemoveLayer")->trigger();
                QVERIFY(layers().empty());
                showLayout(CanvasLayout::Grid);
            },
            5, 20);
    }

    void windowsMadeAndClosed() {
        verifyFlat(
            [this] {
                showWindow();
                open({path("stack.ome.tif")});
            },
            10, 20);
    }

    void windowsOfLongWorkMadeAndClosed() {
        verifyFlat(
            [this] {
                showWindow();
                for (const char* action : {"actionBatch", "actionCalibrate"})
                    trigger(action);
            },
            10, 20);
    }

    void aBatchAgainAndAgain() {
        services.models = [] {
            return std::vector<package::ModelPackage>{package::readPackage(
                POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria")};
        };
        showWindow();
        QTRY_VERIFY(m_window->modelsListed());
        trigger("actionBatch");
        auto* batch = child<ui::shell::BatchWindow>("batchWindow");
        batch->settings().setSamples(2);
        verifyFlat(
            [&] {
                batch->add({path("stack.ome.tif")});
                QTRY_COMPARE(batch->queue().rowCount(), 1);
                QTest::mouseClick(test::child<QPushButton>(*batch, "batchStart"), Qt::LeftButton);
                QTRY_VERIFY(m_window->isIdle());
                QVERIFY(batch->queue().files()[0].state == ui::BatchQueue::State::Done);
                batch->queue().remove({0});
                QTRY_VERIFY(m_window->isIdle());
            },
            10, 20);
    }

    void aLargeLayerGivesItsMemoryBack() {
        if (!kMemoryTells) QSKIP("sanitizers keep what is freed");
        const double before = residentMiB();
        image::StackInfo info;
        info.name = "large";
        info.type = image::PixelType::UInt16;
        info.shape = {1, 1, 32, 2048, 4096};  // 512 MiB
        std::vector<image::Plane> planes;
        for (int z = 0; z < 32; ++z) {
            void* data = nullptr;
            planes.push_back(image::Plane::allocate(info.type, 4096, 2048, &data));
            std::fill_n(static_cast<std::uint16_t*>(data), 4096 * 2048, std::uint16_t(100 * z));
        }
        add(image::makeMemoryStack(info, std::move(planes)));
        const double with = residentMiB();
        QVERIFY2(with > before + 500, qPrintable(QString::number(with - before)));
        child<QAction>("actionRemoveLayer")->trigger();
        QTRY_VERIFY2_WITH_TIMEOUT(residentMiB() < before + 24,
                                  qPrintable(QString::number(residentMiB() - before)), 1000);
    }
};

QTEST_MAIN(TestWindowLeaks)
#include "tst_window_leaks.moc"
