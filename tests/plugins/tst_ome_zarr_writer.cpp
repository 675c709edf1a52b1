// Writing OME-Zarr through the plugin and reading it back: pixels of every type, what is known of
// them, pyramids like those of OME-TIFF, and nothing left behind when it does not come to its end.
#include <sys/resource.h>
#include <QDir>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/core/io/stacks.h"
#include "tests/plugins/shipped.h"

using namespace posteria;
using image::PixelType;

namespace {

io::WriteOptions withPyramid() {
    io::WriteOptions options;
    options.tiff.pyramid = true;
    return options;
}

}  // namespace

class TestOmeZarrWriter : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        const auto plugins = shipped::plugins();
        QVERIFY(shipped::find(*plugins, "posteria.ome-zarr-writer"));
        plugin::useImagePlugins(plugins);
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void keepsEveryType_data() {
        QTest::addColumn<int>("type");
        for (int type = 0; type <= int(PixelType::Float64); ++type)
            QTest::newRow(image::pixelTypeName(PixelType(type))) << type;
    }
    void keepsEveryType() {
        QFETCH(int, type);
        const auto made = stacks::make(PixelType(type), {2, 3, 2, 70, 133});
        io::WriteOptions options;
        options.tiff.tile = 32;  // five by three chunks a plane, those at the edges not full
        io::writeImages(file("a.ome.zarr"), {made}, options);
        const auto read = io::open(file("a.ome.zarr"));
        QCOMPARE(read->info().reader, std::string("posteria.ome-zarr"));
        QCOMPARE(stacks::difference(*made, *read), std::string());
    }

    void keepsWhatIsKnown() {
        const auto made = stacks::make(PixelType::UInt16, {2, 2, 3, 40, 50}, "cells \xCE\xB1");
        auto info = made->info();
        info.voxelSize = image::VoxelSize{0.1, 0.2, 0.3};
        info.timeIncrementS = 1.5;
        info.channels = {{"DNA", 0x0000ff, {}, {}, std::array<double, 2>{10, 3000}},
                         {"actin", {}, {}, {}, {}}};
        std::vector<image::Plane> planes;
        for (int i = 0; i < 12; ++i)
            planes.push_back(made->readPlane({i / 6, i / 3 % 2, i % 3}));
        io::writeImages(file("a.zarr"), {image::makeMemoryStack(info, planes)});
        const auto stack = io::open(file("a.zarr"));
        const auto& read = stack->info();
        QCOMPARE(read.name, info.name);
        QCOMPARE(read.axes, std::string("TCZYX"));
        QCOMPARE(read.voxelSize->x, 0.1);
        QCOMPARE(read.voxelSize->y, 0.2);
        QCOMPARE(read.voxelSize->z, 0.3);
        QCOMPARE(*read.timeIncrementS, 1.5);
        QCOMPARE(read.channels[0].name, std::string("DNA"));
        QCOMPARE(*read.channels[0].color, 0x0000ffu);
        QCOMPARE((*read.channels[0].displayRange)[1], 3000.0);
        QCOMPARE(read.channels[1].name, std::string("actin"));
        // The format asks for a colour, and two white channels could not be told apart.
        QCOMPARE(*read.channels[1].color, 0x00ff00u);
        // Without a range of its own, a channel gets that of its pixels.
        QCOMPARE((*read.channels[1].displayRange)[1], 119.0 * 500);
        QVERIFY(read.warnings.empty());
    }

    void claimsNoSizeThatIsNotKnown() {
        io::writeImages(file("a.zarr"), {stacks::make(PixelType::UInt8, {1, 1, 1, 8, 8})});
        const auto stack = io::open(file("a.zarr"));
        const auto& read = stack->info();
        QVERIFY(!read.voxelSize && !read.timeIncrementS && read.warnings.empty());
    }

    // Level by level the same pixels as in an OME-TIFF, odd sizes and several chunks included.
    void pyramidIsThatOfOmeTiff_data() {
        QTest::addColumn<int>("type");
        for (const auto type : {PixelType::UInt8, PixelType::Int16, PixelType::Float32})
            QTest::newRow(image::pixelTypeName(type)) << int(type);
    }
    void pyramidIsThatOfOmeTiff() {
        QFETCH(int, type);
        const auto made = stacks::make(PixelType(type), {1, 2, 1, 701, 1333});
        io::writeImages(file("a.ome.tif"), {made}, withPyramid());
        io::writeImages(file("a.ome.zarr"), {made}, withPyramid());
        const auto tiff = io::open(file("a.ome.tif")), zarr = io::open(file("a.ome.zarr"));
        QCOMPARE(zarr->info().levels.size(), std::size_t(4));
        for (int level = 0; level < 4; ++level) {
            const auto a = tiff->readPlane({0, 1, 0}, level), b = zarr->readPlane({0, 1, 0}, level);
            QCOMPARE(b.width(), a.width());
            QCOMPARE(b.height(), a.height());
            QVERIFY(std::memcmp(a.data(), b.data(),
                                std::size_t(a.size()) * image::bytesPerPixel(a.type())) == 0);
        }
    }

    void severalImages() {
        const auto one = stacks::make(PixelType::UInt8, {1, 1, 1, 20, 30}, "one"),
                   two = stacks::make(PixelType::Float32, {2, 1, 3, 10, 10}, "two");
        io::writeImages(file("a.ome.zarr"), {one, two});
        const auto read = io::openAll(file("a.ome.zarr"));
        QCOMPARE(read.size(), std::size_t(2));
        QCOMPARE(stacks::difference(*one, *read[0]), std::string());
        QCOMPARE(stacks::difference(*two, *read[1]), std::string());
        QCOMPARE(read[1]->info().name, std::string("1 two"));
    }

    void compressesAsAsked_data() {
        QTest::addColumn<int>("codec");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("none") << int(io::Compression::None) << QByteArray("none");
        QTest::newRow("deflate") << int(io::Compression::Deflate) << QByteArray("deflate");
        QTest::newRow("zstd") << int(io::Compression::Zstd) << QByteArray("blosc");
    }
    void compressesAsAsked() {
        QFETCH(int, codec);
        QFETCH(QByteArray, name);
        auto options = withPyramid();
        options.compressionChosen = true;
        options.tiff.compression = io::Compression(codec);
        const auto made = stacks::make(PixelType::UInt16, {1, 1, 2, 300, 400});
        io::writeImages(file("a.ome.zarr"), {made}, options);
        const auto read = io::open(file("a.ome.zarr"));
        QCOMPARE(read->info().compression, name.toStdString());
        QCOMPARE(stacks::difference(*made, *read), std::string());
    }

    void leavesNothingBehind_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("cancelled") << "cancelled"
                                   << "";
        QTest::newRow("full") << "full"
                              << "cannot be written";
        QTest::newRow("lzw") << "lzw"
                             << "no compression lzw";
        QTest::newRow("no folder") << "no folder"
                                   << "cannot be written";
    }
    void leavesNothingBehind() {
        QFETCH(QString, what);
        QFETCH(QString, says);
        const auto made = stacks::make(PixelType::Float64, {1, 1, 4, 300, 400});
        io::WriteOptions options;
        options.compressionChosen = what == "lzw" || what == "full";
        options.tiff.compression = what == "lzw" ? io::Compression::Lzw : io::Compression::None;
        const CancelToken token;
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        if (what == "full") {
            // A limit on the file size stands in for a full disk: write() fails in the same place.
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit small{16 << 10, before.rlim_max};
            setrlimit(RLIMIT_FSIZE, &small);
        }
        QString message;
        ErrorKind kind = ErrorKind::Usage;
        try {
            io::writeImages(file(what == "no folder" ? "none/a.zarr" : "a.zarr"), {made}, options,
                            token, [&](std::int64_t done, std::int64_t) {
                                if (what == "cancelled" && done == 2) token.cancel();
                            });
        } catch (const Error& error) {
            message = QString::fromStdString(error.message());
            kind = error.kind();
        }
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(kind == (what == "cancelled" ? ErrorKind::Cancelled : ErrorKind::Failed));
        QVERIFY2(message.contains(says), qPrintable(message));
        QCOMPARE(QDir(m_folder->path())
                     .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList());
    }

    void replacesNoFolder() {
        const auto made = stacks::make(PixelType::UInt8, {1, 1, 1, 8, 8});
        io::writeImages(file("a.zarr"), {made});
        try {
            io::writeImages(file("a.zarr/"), {stacks::make(PixelType::UInt16, {1, 1, 1, 9, 9})});
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(QString::fromStdString(error.message()).contains("not replaced"));
        }
        QCOMPARE(stacks::difference(*made, *io::open(file("a.zarr"))), std::string());
    }

  private:
    std::string file(const char* name) const { return m_folder->filePath(name).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestOmeZarrWriter)
#include "tst_ome_zarr_writer.moc"
