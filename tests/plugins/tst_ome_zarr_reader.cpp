// OME-Zarr as it lies on the disk, through the plugin: layouts written by hand with known bytes,
// damaged ones, and real files.
#include <QDirIterator>
#include <QtTest>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/plugins/shipped.h"
#include "tests/plugins/zarr_folder.h"

using namespace posteria;

namespace {

const QString kShared = POSTERIA_SHARED_DATA "/formats/zarr/";

// Shape and chunks 4 x 4, uint16, C order; $1 is the compressor.
QByteArray smallArray(const QByteArray& compressor) {
    return R"({"zarr_format": 2, "shape": [4, 4], "chunks": [4, 4], "dtype": "<u2", "fill_value": 0,
               "order": "C", "filters": null, "dimension_separator": "/", "compressor": )" +
           compressor + "}";
}

std::string messageOf(const std::string& path, bool readPixels = false) {
    try {
        const auto stacks = io::openAll(path);
        if (readPixels) stacks.front()->readPlane({});
    } catch (const Error& error) {
        return error.kind() == ErrorKind::Input && error.where() == path ? error.message()
                                                                         : "wrong kind or place";
    }
    return "no error";
}

double sum(const image::Plane& plane) {
    double total = 0;
    for (std::int64_t y = 0; y < plane.height(); ++y) {
        for (std::int64_t x = 0; x < plane.width(); ++x)
            total += plane.value(x, y);
    }
    return total;
}

}  // namespace

class TestOmeZarrReader : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        const auto plugins = shipped::plugins();
        QVERIFY(shipped::find(*plugins, "posteria.ome-zarr"));
        plugin::useImagePlugins(plugins);
    }

    // 0, 257, 514, … as the codecs' own libraries pack it.
    void unpacks_data() {
        QTest::addColumn<QByteArray>("compressor");
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QByteArray>("name");
        const QByteArray raw =
            "0000010102020303040405050606070708080909"
            "0a0a0b0b0c0c0d0d0e0e0f0f";
        QTest::newRow("none") << QByteArray("null") << raw << QByteArray("none");
        QTest::newRow("blosc lz4")
            << QByteArray(R"({"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1})")
            << QByteArray("02013301200000002000000030000000") + raw << QByteArray("blosc");
        QTest::newRow("blosc zstd")
            << QByteArray(R"({"id": "blosc", "cname": "zstd", "clevel": 3, "shuffle": 1})")
            << QByteArray("02019301200000002000000030000000") + raw << QByteArray("blosc");
        QTest::newRow("zstd") << QByteArray(R"({"id": "zstd", "level": 3})")
                              << QByteArray("28b52ffd2020010100") + raw << QByteArray("zstd");
        QTest::newRow("zlib") << QByteArray(R"({"id": "zlib", "level": 6})")
                              << QByteArray(
                                     "789c05c187010020080020776effff36004024621651357bcf3d22"
                                     "b3aa7b66f7ee030a4800f1")
                              << QByteArray("deflate");
        QTest::newRow("gzip") << QByteArray(R"({"id": "gzip", "level": 6})")
                              << QByteArray(
                                     "1f8b08007deb046b00ff05c187010020080020776effff36004024"
                                     "621651357bcf3d22b3aa7b66f7ee03ced704e620000000")
                              << QByteArray("deflate");
    }
    void unpacks() {
        QFETCH(QByteArray, compressor);
        QFETCH(QByteArray, hex);
        QFETCH(QByteArray, name);
        const ZarrFolder zarr;
        zarr.writeImage(smallArray(compressor));
        zarr.write("0/0/0", QByteArray::fromHex(hex));
        const auto stack = io::open(zarr.path());
        QCOMPARE(stack->info().reader, std::string("posteria.ome-zarr"));
        QCOMPARE(stack->info().compression, name.toStdString());
        QVERIFY(stack->info().tiled);
        const auto plane = stack->readPlane({});
        for (int i = 0; i < 16; ++i)
            QCOMPARE(plane.value(i % 4, i / 4), 257.0 * i);
        // One byte short is an error, whatever the codec.
        zarr.write("0/0/0", QByteArray::fromHex(hex).chopped(1));
        const auto message = messageOf(zarr.path(), true);
        QCOMPARE(message, std::string("The chunk \"0/0/0\" is damaged or cut short."));
    }

    // Five by six pixels 10 y + x in chunks of four by four: stored whole at the edges; the last
    // one is missing.
    void placesChunks_data() {
        QTest::addColumn<QByteArray>("separator");
        QTest::addColumn<bool>("bigEndian");
        QTest::addColumn<bool>("columnsFirst");
        QTest::newRow("dot") << QByteArray(".") << false << false;
        QTest::newRow("slash") << QByteArray("/") << false << false;
        QTest::newRow("big endian") << QByteArray(".") << true << false;
        QTest::newRow("order F") << QByteArray("/") << true << true;
    }
    void placesChunks() {
        QFETCH(QByteArray, separator);
        QFETCH(bool, bigEndian);
        QFETCH(bool, columnsFirst);
        const ZarrFolder zarr;
        QByteArray array = R"({"zarr_format": 2, "shape": [5, 6], "chunks": [4, 4], "filters": [],
            "compressor": null, "fill_value": 777, "dimension_separator": "SEPARATOR",
            "dtype": "BYTES", "order": "ORDER"})";
        array.replace("SEPARATOR", separator).replace("BYTES", bigEndian ? ">u2" : "<u2");
        zarr.writeImage(array.replace("ORDER", columnsFirst ? "F" : "C"));
        for (int chunk = 0; chunk < 3; ++chunk) {
            const int top = chunk / 2, left = chunk % 2;
            std::vector<int> values;
            for (int i = 0; i < 16; ++i) {
                const int y = columnsFirst ? i % 4 : i / 4, x = columnsFirst ? i / 4 : i % 4;
                values.push_back(10 * (4 * top + y) + 4 * left + x);
            }
            zarr.write("0/" + QString::number(top) + separator + QString::number(left),
                       ZarrFolder::pixels(values, bigEndian));
        }
        const auto stack = io::open(zarr.path());
        QCOMPARE(stack->shape(), (image::Shape{1, 1, 1, 5, 6}));
        const auto expected = [](std::int64_t x, std::int64_t y) {
            return y >= 4 && x >= 4 ? 777.0 : double(10 * y + x);
        };
        for (const image::Rect& rect : {image::Rect{0, 0, 6, 5}, image::Rect{3, 2, 2, 3},
                                        image::Rect{5, 4, 1, 1}, image::Rect{1, 1, 1, 3}}) {
            const auto plane = stack->read({}, 0, rect);
            for (std::int64_t y = 0; y < rect.height; ++y) {
                for (std::int64_t x = 0; x < rect.width; ++x)
                    QCOMPARE(plane.value(x, y), expected(rect.x + x, rect.y + y));
            }
        }
        QCOMPARE(stack->info().voxelSize->x, 0.1);
        QCOMPARE(stack->info().voxelSize->y, 0.2);
        QCOMPARE(stack->info().axes, std::string("YX"));
    }

    // A damaged chunk is found when it is asked for, not before.
    void readsOnlyWhatIsAskedFor() {
        const ZarrFolder zarr;
        zarr.writeImage(smallArray("null").replace("\"chunks\": [4, 4]", "\"chunks\": [2, 4]"));
        zarr.write("0/0/0", ZarrFolder::pixels({1, 2, 3, 4, 5, 6, 7, 8}));
        zarr.write("0/1/0", "bad");
        const auto stack = io::open(zarr.path());
        QCOMPARE(stack->read({}, 0, {0, 0, 4, 2}).value(3, 1), 8.0);
        QVERIFY_EXCEPTION_THROWN(stack->read({}, 0, {0, 1, 4, 2}), Error);
        // Read once, a chunk is kept; what is on the disk meanwhile does not matter.
        zarr.remove("0/0/0");
        QCOMPARE(stack->read({}, 0, {2, 0, 1, 1}).value(0, 0), 3.0);
    }

    void knowsWhatOmeroSays() {
        const ZarrFolder zarr;
        writeFull(zarr, "");
        const auto stacks = io::openAll(zarr.path());
        QCOMPARE(stacks.size(), std::size_t(2));
        const auto& info = stacks[0]->info();
        QCOMPARE(info.axes, std::string("TCZYX"));
        QCOMPARE(info.shape, (image::Shape{2, 2, 3, 4, 6}));
        QCOMPARE(info.name, std::string("cells"));
        QCOMPARE(info.voxelSize->z, 0.5);
        QCOMPARE(info.voxelSize->y, 0.2);
        QCOMPARE(info.voxelSize->x, 0.1);
        QCOMPARE(*info.timeIncrementS, 0.03);
        QCOMPARE(info.channels[0].name, std::string("DNA"));
        QCOMPARE(*info.channels[0].color, 0x0000ffu);
        QCOMPARE((*info.channels[0].displayRange)[1], 4095.0);
        QCOMPARE(info.channels[1].name, std::string("\xCE\xB1-tubulin"));
        QVERIFY(!info.channels[1].displayRange);
        QCOMPARE(info.levels.size(), std::size_t(2));
        QCOMPARE(info.levels[1].width, std::int64_t(3));
        // Nothing but fill values; the smaller level has two planes for three.
        QCOMPARE(stacks[0]->readPlane({1, 1, 2}, 0).value(5, 3), 9.0);
        QCOMPARE(stacks[0]->readPlane({1, 1, 2}, 1).value(0, 0), 42.0);
        QCOMPARE(stacks[0]->readPlane({1, 1, 1}, 1).value(0, 0), 9.0);
        QCOMPARE(stacks[1]->info().name, std::string("labels/nuclei"));
        QCOMPARE(stacks[1]->info().axes, std::string("ZYX"));
        QVERIFY(stacks[1]->info().type == image::PixelType::UInt32);
        QCOMPARE(stacks[1]->info().series, 1);
        QVERIFY(info.warnings.empty());
        // Labels that cannot be read do not keep the image from being seen.
        zarr.write("labels/.zattrs", "{");
        const auto alone = io::openAll(zarr.path());
        QCOMPARE(alone.size(), std::size_t(1));
        QCOMPARE(alone[0]->info().warnings.size(), std::size_t(1));
    }

    void everySeriesOfBioformats2raw() {
        const ZarrFolder zarr;
        zarr.write(".zgroup", R"({"zarr_format": 2})");
        zarr.write(".zattrs", R"({"bioformats2raw.layout": 3})");
        writeFull(zarr, "0/");
        writeFull(zarr, "1/");
        auto stacks = io::openAll(zarr.path());
        QCOMPARE(stacks.size(), std::size_t(4));
        QCOMPARE(stacks[2]->info().name, std::string("1 cells"));
        QCOMPARE(stacks[3]->info().name, std::string("1/labels/nuclei"));
        // Named in OME/, in an order of their own; what is not there is a warning.
        zarr.write("OME/.zattrs", R"({"series": ["1", "gone", "0"]})");
        stacks = io::openAll(zarr.path());
        QCOMPARE(stacks.size(), std::size_t(4));
        QCOMPARE(stacks[0]->info().name, std::string("1 cells"));
        QCOMPARE(stacks[0]->info().warnings.size(), std::size_t(1));
    }

    void everyFieldOfAPlate() {
        const ZarrFolder zarr;
        zarr.write(".zattrs", R"({"plate": {"wells": [{"path": "A/1"}, {"path": "B/2"}]}})");
        for (const char* well : {"A/1/", "B/2/"}) {
            zarr.write(QString(well) + ".zattrs", R"({"well": {"images": [{"path": "0"}]}})");
            writeFull(zarr, QString(well) + "0/");
        }
        const auto stacks = io::openAll(zarr.path());
        QCOMPARE(stacks.size(), std::size_t(4));
        QCOMPARE(stacks[2]->info().name, std::string("B/2/0 cells"));
    }

    // OME-NGFF 0.5: two chunks of two by two in a shard; the second one is not there.
    void readsVersion3() {
        const ZarrFolder zarr;
        zarr.write("zarr.json", R"({"zarr_format": 3, "node_type": "group", "attributes": {"ome": {
            "version": "0.5", "multiscales": [{"axes": [
                {"name": "y", "type": "space", "unit": "micrometer"},
                {"name": "x", "type": "space", "unit": "micrometer"}], "datasets": [
                {"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [2, 3]}]}]}]
            }}})");
        const QByteArray array = R"({"zarr_format": 3, "node_type": "array", "shape": [2, 4],
            "data_type": "uint16", "fill_value": 5, "dimension_names": ["y", "x"],
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 4]}},
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "codecs": [{"name": "sharding_indexed", "configuration": {"chunk_shape": [2, 2],
                "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}, "crc32c"],
                "index_codecs": [{"name": "bytes", "configuration": {"endian": "little"}},
                                 {"name": "crc32c"}], "index_location": "end"}}]})";
        zarr.write("0/zarr.json", array);
        // Pixels 1 to 4 and their checksum, then the index (12 bytes at 0; nothing) and its own.
        const QByteArray shard = ZarrFolder::pixels({1, 2, 3, 4}) + QByteArray::fromHex(kCrc) +
                                 QByteArray::fromHex(
                                     "0000000000000000"
                                     "0c00000000000000") +
                                 QByteArray(16, '\xff') + QByteArray(4, '\0');
        zarr.write("0/c/0/0", shard);
        const auto stack = io::open(zarr.path());
        QCOMPARE(stack->info().voxelSize->x, 3.0);
        const auto plane = stack->readPlane({});
        QCOMPARE(plane.value(1, 1), 4.0);
        QCOMPARE(plane.value(0, 1), 3.0);
        QCOMPARE(plane.value(2, 0), 5.0);
        auto wrong = shard;
        wrong[0] = 'x';
        zarr.write("0/c/0/0", wrong);
        QCOMPARE(messageOf(zarr.path(), true),
                 std::string("The chunk \"0/c/0/0\" is damaged or cut short."));
        zarr.write("0/c/0/0", shard.left(20));
        QCOMPARE(messageOf(zarr.path(), true), std::string("The file \"0/c/0/0\" is cut short."));
    }

    void opensByItsDescription() {
        const ZarrFolder zarr;
        zarr.writeImage(smallArray("null"));
        for (const char* name : {".zattrs", ".zgroup"})
            QCOMPARE(io::open(zarr.path(name))->shape().x, std::int64_t(4));
        QCOMPARE(io::open(zarr.path() + "/")->shape().x, std::int64_t(4));
    }

    void refusesInOneSentence_data() {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* before, const char* after,
                            const char* says) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << QString(says);
        };
        row("absurd shape", "[4, 4], \"chunks\"", "[4, 1e30], \"chunks\"", "shape is impossible");
        row("negative shape", "[4, 4], \"chunks\"", "[-4, 4], \"chunks\"", "shape is impossible");
        row("no shape", "\"shape\"", "\"form\"", "shape is impossible");
        row("huge shape", "[4, 4], \"chunks\"", "[4, 99999999999], \"chunks\"",
            "shape is impossible");
        row("huge chunks", "\"chunks\": [4, 4]", "\"chunks\": [2000000000, 2000000000]",
            "too large");
        row("chunks of nothing", "\"chunks\": [4, 4]", "\"chunks\": [0, 4]", "impossible");
        row("chunks of other axes", "\"chunks\": [4, 4]", "\"chunks\": [4]", "axes of its shape");
        row("other axes", "[4, 4], \"chunks\": [4, 4]", "[1, 4, 4], \"chunks\": [1, 4, 4]",
            "axes do not fit");
        row("codec", "null}", "{\"id\": \"lzma\"}}", "codec \"lzma\"");
        row("filter", "\"filters\": null", "\"filters\": [{\"id\": \"delta\"}]",
            "filter \"delta\"");
        row("float16", "<u2", "<f2", "as <f2");
        row("complex", "<u2", "<c8", "as <c8");
        row("text", "\"<u2\"", "[]", "unknown type");
        row("version", "\"zarr_format\": 2", "\"zarr_format\": 4", "no known Zarr version");
        row("no JSON", "{", "[", "no JSON object");
    }
    void refusesInOneSentence() {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, says);
        const ZarrFolder zarr;
        auto array = smallArray("null");
        QVERIFY(array.contains(before));
        zarr.writeImage(array.replace(array.indexOf(before), before.size(), after));
        const auto message = QString::fromStdString(messageOf(zarr.path()));
        QVERIFY2(message.contains(says) && message.count('.') >= 1, qPrintable(message));
    }

    void staysInItsFolder() {
        const ZarrFolder zarr;
        zarr.writeImage(smallArray("null"));
        QFile secret(zarr.outside("secret"));
        QVERIFY(secret.open(QIODevice::WriteOnly));
        secret.write(QByteArray(32, 'x'));
        secret.close();
        QDir().mkpath(QString::fromStdString(zarr.path("0/0")));
        QVERIFY(QFile::link(secret.fileName(), QString::fromStdString(zarr.path("0/0/0"))));
        QCOMPARE(messageOf(zarr.path(), true),
                 std::string("\"0/0/0\" is a link to something outside the image's folder."));
        for (const char* path : {"../../etc", "/etc", "0/../../x"}) {
            QByteArray image =
                R"({"multiscales": [{"axes": ["y", "x"], "datasets": [{"path": "PATH"}]}]})";
            zarr.write(".zattrs", image.replace("PATH", path));
            const auto message = QString::fromStdString(messageOf(zarr.path()));
            QVERIFY2(message.contains("outside its folder"), qPrintable(message));
        }
    }

    void saysWhatIsMissing() {
        const ZarrFolder zarr;
        zarr.write(".zgroup", R"({"zarr_format": 2})");
        QVERIFY(messageOf(zarr.path()).find("no OME-NGFF image") != std::string::npos);
        zarr.write(".zattrs", R"({"bioformats2raw.layout": 3})");
        QCOMPARE(messageOf(zarr.path()), std::string("This Zarr folder lists no image."));
        zarr.writeImage(smallArray("null"));
        zarr.remove("0/.zarray");
        QCOMPARE(messageOf(zarr.path()), std::string("The image's array \"0\" is missing."));
        zarr.writeImage(smallArray("null"));
        QVERIFY(messageOf(zarr.path("0")).find("open the folder that it lies in") !=
                std::string::npos);
        // A folder of something else is nobody's image.
        QVERIFY(messageOf(zarr.outside("").toStdString()).find("The folder is not an image") == 0);
    }

    void realFiles_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("axes");
        QTest::addColumn<int>("series");
        QTest::addColumn<int>("levels");
        for (const char* axes : {"zyx", "tyx", "czyx", "tcyx", "tzyx"})
            QTest::newRow(axes) << QString("ngio_%1.zarr").arg(axes) << QString(axes).toUpper() << 2
                                << 2;
        QTest::newRow("viv") << "viv_bioformats2raw_data.zarr"
                             << "TCZYX" << 1 << 2;
        QTest::newRow("0.4") << "neuroglancer_simple_0.4"
                             << "YX" << 1 << 3;
        QTest::newRow("0.5") << "neuroglancer_simple_0.5"
                             << "YX" << 1 << 3;
    }
    void realFiles() {
        QFETCH(QString, name);
        QFETCH(QString, axes);
        QFETCH(int, series);
        QFETCH(int, levels);
        if (!QFile::exists(kShared + name)) QSKIP("the shared data are absent");
        const auto stacks = io::openAll((kShared + name).toStdString());
        QCOMPARE(int(stacks.size()), series);
        QCOMPARE(stacks[0]->info().axes, axes.toStdString());
        QCOMPARE(int(stacks[0]->info().levels.size()), levels);
        for (const auto& stack : stacks) {
            for (int level = 0; level < int(stack->info().levels.size()); ++level)
                QVERIFY(!stack->readPlane({}, level).empty());
        }
    }

    // The same picture in both versions.
    void versionsAgree() {
        if (!QFile::exists(kShared)) QSKIP("the shared data are absent");
        const auto old = io::open((kShared + "neuroglancer_simple_0.4").toStdString()),
                   now = io::open((kShared + "neuroglancer_simple_0.5").toStdString());
        for (int level = 0; level < 3; ++level) {
            QVERIFY(sum(old->readPlane({}, level)) > 0);
            QCOMPARE(sum(old->readPlane({}, level)), sum(now->readPlane({}, level)));
        }
        QCOMPARE(old->info().voxelSize->x, 0.03);
    }

  private:
    static constexpr const char* kCrc = "8b873032";

    // Five axes, two resolutions (the smaller one with fewer planes), channels, one label image.
    static void writeFull(const ZarrFolder& zarr, const QString& at) {
        zarr.write(at + ".zgroup", R"({"zarr_format": 2})");
        zarr.write(at + ".zattrs", R"({"multiscales": [{"version": "0.4", "name": "cells", "axes": [
            {"name": "t", "type": "time", "unit": "millisecond"}, {"name": "c", "type": "channel"},
            {"name": "z", "type": "space", "unit": "micrometer"},
            {"name": "y", "type": "space", "unit": "micrometer"},
            {"name": "x", "type": "space", "unit": "micrometer"}],
            "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 1, 0.5, 0.5]}],
            "datasets": [
                {"path": "0", "coordinateTransformations": [
                    {"type": "scale", "scale": [30, 1, 0.5, 0.4, 0.2]}]},
                {"path": "1", "coordinateTransformations": [
                    {"type": "scale", "scale": [30, 1, 0.75, 0.8, 0.4]},
                    {"type": "translation", "translation": [0, 0, 0, 0.2, 0.1]}]}]}],
            "omero": {"channels": [
                {"label": "DNA", "color": "0000FF", "window": {"start": 10, "end": 4095}},
                {"label": "\u03b1-tubulin", "color": "red"}]}})");
        const QByteArray array = R"({"zarr_format": 2, "dtype": "|u1", "compressor": null,
            "fill_value": 9, "order": "C", "filters": null, "dimension_separator": "/", )";
        zarr.write(at + "0/.zarray",
                   array + R"("shape": [2, 2, 3, 4, 6], "chunks": [1, 1, 1, 4, 4]})");
        zarr.write(at + "1/.zarray",
                   array + R"("shape": [2, 2, 2, 2, 3], "chunks": [1, 1, 1, 2, 3]})");
        zarr.write(at + "1/1/1/1/0/0", QByteArray(6, 42));
        zarr.write(at + "labels/.zattrs", R"({"labels": ["nuclei"]})");
        zarr.write(at + "labels/nuclei/.zattrs", R"({"image-label": {"source": {"image": "../../"}},
            "multiscales": [{"axes": [{"name": "z"}, {"name": "y"}, {"name": "x"}],
                             "datasets": [{"path": "0"}], "name": "nuclei"}]})");
        zarr.write(at + "labels/nuclei/0/.zarray",
                   R"({"zarr_format": 2, "dtype": "<u4", "compressor": null, "fill_value": 0,
                       "order": "C", "filters": null, "shape": [3, 4, 6], "chunks": [3, 4, 6]})");
    }
};

QTEST_APPLESS_MAIN(TestOmeZarrReader)
#include "tst_ome_zarr_reader.moc"
