// What we write, we read back; what is not finished is not there.
#include <sys/resource.h>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "core/base/error.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/io/stacks.h"

using namespace posteria;
using image::PixelType;
using io::Compression;

namespace {

ErrorKind kindOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    throw std::logic_error("nothing was thrown");
}

}  // namespace

class TestOmeTiffWriter : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void roundTrip_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("compression");
        QTest::addColumn<int>("tile");
        QTest::addColumn<int>("bigTiff");
        const PixelType types[] = {PixelType::UInt8,   PixelType::Int8,   PixelType::UInt16,
                                   PixelType::Int16,   PixelType::UInt32, PixelType::Int32,
                                   PixelType::Float32, PixelType::Float64};
        const char* codecs[] = {"none", "lzw", "deflate", "zstd"};
        for (const auto type : types) {
            for (int codec = 0; codec < 4; ++codec) {
                for (int tile : {0, 32}) {
                    const auto name = QString("%1 %2 %3")
                                          .arg(image::pixelTypeName(type), codecs[codec],
                                               tile ? "tiles" : "strips");
                    QTest::newRow(qPrintable(name))
                        << static_cast<int>(type) << codec << tile
                        << static_cast<int>(codec % 2 ? io::BigTiff::Yes : io::BigTiff::No);
                }
            }
        }
    }
    void roundTrip() {
        QFETCH(int, type);
        QFETCH(int, compression);
        QFETCH(int, tile);
        QFETCH(int, bigTiff);
        const auto made = stacks::make(static_cast<PixelType>(type), {2, 3, 2, 61, 83});
        io::OmeTiffOptions options;
        options.compression = static_cast<Compression>(compression);
        options.tile = tile;
        options.bigTiff = static_cast<io::BigTiff>(bigTiff);
        io::writeOmeTiff(file("a.ome.tif"), {made}, options);
        const auto read = io::open(file("a.ome.tif"));
        QCOMPARE(stacks::difference(*made, *read), std::string());
        QCOMPARE(read->info().axes, std::string("TCZYX"));
        QCOMPARE(read->info().tiled, tile > 0);
        QCOMPARE(read->info().compression, std::string(compression == 0   ? "none"
                                                       : compression == 1 ? "lzw"
                                                       : compression == 2 ? "deflate"
                                                                          : "zstd"));
        QCOMPARE(leftOvers(), 1);
    }

    void descriptionComesBack() {
        const auto pixels = stacks::make(PixelType::UInt16, {2, 2, 3, 8, 9});
        auto info = pixels->info();
        info.name = "Zelle \xC3\xA4 <1> & \"2\"";
        info.voxelSize = image::VoxelSize{0.108, 0.109, 0.3};
        info.timeIncrementS = 12.5;
        info.channels[0] = {"filaments", 0x00ff00, 488.0, 525.0, {}};
        info.channels[1] = {"\xCE\xB2-vesicles", 0xff00ff, {}, 670.5, {}};
        info.annotations = {{"model.name", "split"},
                            {"command", "posteria-cli restore 'a b.tif' --steps 8"},
                            {"note", "\xC2\xB5m & <more>"}};
        io::OmeTiffWriter writer(file("b.ome.tif"), {info});
        for (int i = 0; i < 12; ++i)
            writer.writePlane(pixels->readPlane({i / 6, i / 3 % 2, i % 3}));
        writer.finish();
        const auto read = io::open(file("b.ome.tif"))->info();
        QCOMPARE(read.name, info.name);
        QCOMPARE(read.voxelSize->x, 0.108);
        QCOMPARE(read.voxelSize->y, 0.109);
        QCOMPARE(read.voxelSize->z, 0.3);
        QCOMPARE(*read.timeIncrementS, 12.5);
        QCOMPARE(read.channels[0].name, info.channels[0].name);
        QCOMPARE(*read.channels[0].color, 0x00ff00u);
        QCOMPARE(*read.channels[0].excitationNm, 488.0);
        QCOMPARE(read.channels[1].name, info.channels[1].name);
        QCOMPARE(*read.channels[1].color, 0xff00ffu);
        QVERIFY(!read.channels[1].excitationNm);
        QCOMPARE(*read.channels[1].emissionNm, 670.5);
        QVERIFY(read.annotations == info.annotations);
    }

    void severalSeriesKeepApart() {
        const auto a = stacks::make(PixelType::Float32, {1, 2, 1, 20, 30}, "sample 1");
        const auto b = stacks::make(PixelType::UInt16, {3, 1, 2, 40, 10}, "sample 2");
        io::writeOmeTiff(file("c.ome.tif"), {a, b, a});
        const auto read = io::openAll(file("c.ome.tif"));
        QCOMPARE(read.size(), std::size_t(3));
        QCOMPARE(stacks::difference(*a, *read[0]), std::string());
        QCOMPARE(stacks::difference(*b, *read[1]), std::string());
        QCOMPARE(stacks::difference(*a, *read[2]), std::string());
        QCOMPARE(read[1]->info().name, std::string("sample 2"));
        QCOMPARE(read[1]->info().series, 1);
        QCOMPARE(kindOf([&] { io::open(file("c.ome.tif"), 3); }), ErrorKind::Input);
    }

    void pyramidLevelsAreMeans() {
        const auto made = stacks::make(PixelType::UInt16, {1, 2, 1, 700, 1031});
        io::OmeTiffOptions options;
        options.pyramid = true;
        io::writeOmeTiff(file("d.ome.tif"), {made}, options);
        const auto read = io::open(file("d.ome.tif"));
        QCOMPARE(stacks::difference(*made, *read), std::string());
        QCOMPARE(read->info().levels.size(), std::size_t(4));
        QCOMPARE(read->info().levels[1].width, std::int64_t(516));
        QCOMPARE(read->info().levels[3].height, std::int64_t(88));
        for (int level = 1; level < 3; ++level) {
            const auto fine = read->readPlane({0, 1, 0}, level - 1),
                       coarse = read->readPlane({0, 1, 0}, level);
            for (std::int64_t y = 0; y < fine.height() / 2; y += 7) {
                for (std::int64_t x = 0; x < fine.width() / 2; x += 5) {
                    const double mean =
                        (fine.value(2 * x, 2 * y) + fine.value(2 * x + 1, 2 * y) +
                         fine.value(2 * x, 2 * y + 1) + fine.value(2 * x + 1, 2 * y + 1)) /
                        4;
                    QVERIFY(std::abs(coarse.value(x, y) - mean) <= 0.5);
                }
            }
        }
        QCOMPARE(leftOvers(), 1);
    }

    // Decided before the first pixel, from the size without compression.
    void bigTiffOnlyWhereNeeded() {
        const auto versionOf = [this](std::int64_t side, io::BigTiff choice) {
            image::StackInfo info;
            info.shape = {1, 1, 1, side, side};
            info.type = PixelType::Float32;
            io::OmeTiffOptions options;
            options.bigTiff = choice;
            io::OmeTiffWriter writer(file("m.ome.tif"), {info}, options);
            const auto names = QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
            QFile pending(m_folder->filePath(names.value(0)));
            return pending.open(QIODevice::ReadOnly) ? static_cast<int>(pending.read(3).back())
                                                     : -1;
        };
        QCOMPARE(versionOf(1000, io::BigTiff::Auto), 42);
        QCOMPARE(versionOf(40000, io::BigTiff::Auto), 43);
        QCOMPARE(versionOf(1000, io::BigTiff::Yes), 43);
        QCOMPARE(versionOf(40000, io::BigTiff::No), 42);
    }

    void unfinishedLeavesNothing() {
        const auto made = stacks::make(PixelType::UInt8, {1, 1, 2, 10, 10});
        {
            io::OmeTiffWriter writer(file("e.ome.tif"), {made->info()});
            writer.writePlane(made->readPlane({}));
            QCOMPARE(kindOf([&] { writer.finish(); }), ErrorKind::Usage);
        }
        QCOMPARE(leftOvers(), 0);
    }

    void wrongPlanesAreRefused() {
        const auto made = stacks::make(PixelType::UInt8, {1, 1, 1, 10, 10});
        const auto other = stacks::make(PixelType::UInt8, {1, 1, 1, 10, 11});
        const auto real = stacks::make(PixelType::Float32, {1, 1, 1, 10, 10});
        io::OmeTiffWriter writer(file("f.ome.tif"), {made->info()});
        QCOMPARE(kindOf([&] { writer.writePlane(other->readPlane({})); }), ErrorKind::Usage);
        QCOMPARE(kindOf([&] { writer.writePlane(real->readPlane({})); }), ErrorKind::Usage);
        writer.writePlane(made->readPlane({}));
        QCOMPARE(kindOf([&] { writer.writePlane(made->readPlane({})); }), ErrorKind::Usage);
        auto wide = made->info();
        wide.type = PixelType::UInt64;
        QCOMPARE(kindOf([&] { io::OmeTiffWriter(file("g.ome.tif"), {wide}); }), ErrorKind::Usage);
    }

    void fullDiskLeavesNothing() {
        // A limit on the file size stands in for a full disk: write() fails in the same place.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit old = {};
        getrlimit(RLIMIT_FSIZE, &old);
        const rlimit small{64 << 10, old.rlim_max};
        const auto made = stacks::make(PixelType::Float32, {1, 1, 4, 300, 300});
        io::OmeTiffOptions options;
        options.compression = Compression::None;
        setrlimit(RLIMIT_FSIZE, &small);
        const auto kind = kindOf([&] { io::writeOmeTiff(file("h.ome.tif"), {made}, options); });
        setrlimit(RLIMIT_FSIZE, &old);
        QCOMPARE(kind, ErrorKind::Failed);
        QCOMPARE(leftOvers(), 0);
    }

    void missingFolderFails() {
        const auto made = stacks::make(PixelType::UInt8, {1, 1, 1, 10, 10});
        QCOMPARE(kindOf([&] { io::writeOmeTiff(file("none/here.tif"), {made}); }),
                 ErrorKind::Failed);
    }

    void cancelledLeavesNothing() {
        const auto made = stacks::make(PixelType::UInt8, {1, 1, 8, 10, 10});
        CancelToken token;
        const auto stopAtThree = [&token](std::int64_t done, std::int64_t) {
            if (done == 3) token.cancel();
        };
        QCOMPARE(
            kindOf([&] { io::writeOmeTiff(file("i.ome.tif"), {made}, {}, token, stopAtThree); }),
            ErrorKind::Cancelled);
        QCOMPARE(leftOvers(), 0);
    }

    void cancelledInsideALargePlane() {
        // A source that asks to stop while its first rows are read.
        struct Source : image::PlaneSource {
            CancelToken token;
            mutable std::int64_t rows = 0;
            image::Plane read(const image::PlaneIndex&, int,
                              const image::Rect& rect) const override {
                void* memory = nullptr;
                rows += rect.height;
                token.cancel();
                return image::Plane::allocate(PixelType::UInt16, rect.width, rect.height, &memory);
            }
        };
        auto source = std::make_unique<Source>();
        const auto& watched = *source;
        image::StackInfo info;
        info.shape = {1, 1, 1, 8192, 4096};
        info.type = PixelType::UInt16;
        const auto stack = std::make_shared<const image::Stack>(info, std::move(source));
        QCOMPARE(kindOf([&] { io::writeOmeTiff(file("n.ome.tif"), {stack}, {}, watched.token); }),
                 ErrorKind::Cancelled);
        QVERIFY(watched.rows > 0 && watched.rows < 8192);
        QCOMPARE(leftOvers(), 0);
    }

    void sameInputSameBytes() {
        const auto made = stacks::make(PixelType::UInt16, {1, 2, 1, 50, 50});
        io::writeOmeTiff(file("j.ome.tif"), {made});
        io::writeOmeTiff(file("k.ome.tif"), {made});
        QFile a(QString::fromStdString(file("j.ome.tif"))),
            b(QString::fromStdString(file("k.ome.tif")));
        QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
        QVERIFY(a.readAll() == b.readAll());
    }

    void rectanglesFromManyThreads() {
        const auto made = stacks::make(PixelType::UInt16, {2, 3, 4, 97, 131});
        for (int tile : {0, 32}) {
            io::OmeTiffOptions options;
            options.tile = tile;
            io::writeOmeTiff(file("l.ome.tif"), {made}, options);
            const auto read = io::open(file("l.ome.tif"));
            std::atomic<int> wrong{0};
            std::vector<std::thread> threads;
            for (int n = 0; n < 6; ++n) {
                threads.emplace_back([&, n] {
                    for (int i = 0; i < 200; ++i) {
                        const int k = i * 7 + n * 13;
                        const image::PlaneIndex index{k % 2, k % 3, k % 4};
                        const image::Rect rect{k % 90, k % 60, 1 + k % 40, 1 + k % 37};
                        const auto plane = read->read(index, 0, rect);
                        for (std::int64_t y = 0; y < plane.height(); ++y) {
                            for (std::int64_t x = 0; x < plane.width(); ++x) {
                                wrong += plane.value(x, y) !=
                                         stacks::expectedValue(PixelType::UInt16, index.t, index.c,
                                                               index.z, rect.y + y, rect.x + x);
                            }
                        }
                    }
                });
            }
            for (auto& thread : threads)
                thread.join();
            QCOMPARE(wrong.load(), 0);
        }
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  private:
    std::string file(const std::string& name) const {
        return m_folder->filePath(QString::fromStdString(name)).toStdString();
    }
    int leftOvers() const {
        return static_cast<int>(
            QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestOmeTiffWriter)
#include "tst_ome_tiff_writer.moc"
