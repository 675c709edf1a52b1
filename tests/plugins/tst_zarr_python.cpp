// Another program's view of the OME-Zarr we write, and ours of what it writes: python3-zarr.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/open.h"
#include "tests/core/io/stacks.h"
#include "tests/plugins/shipped.h"

using namespace posteria;

namespace {

// The system's Python: that of Debian's packages.
QByteArray failureOf(QString script, const QStringList& arguments = {}, const QString& how = {}) {
    script.replace("HOW", how);
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("/usr/bin/python3", QStringList{"-c", script} + arguments);
    if (!process.waitForFinished(60000)) return "did not finish";
    const auto output = process.readAll();
    return process.exitCode() == 0 ? QByteArray() : output + "failed";
}

}  // namespace

class TestZarrPython : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        if (!failureOf("import zarr, numcodecs").isEmpty()) QSKIP("python3-zarr is not installed");
        plugin::useImagePlugins(shipped::plugins());
    }

    void readsWhatWeWrite_data() {
        QTest::addColumn<int>("codec");
        QTest::addColumn<bool>("chosen");
        QTest::newRow("its own") << int(io::Compression::Deflate) << false;
        QTest::newRow("none") << int(io::Compression::None) << true;
        QTest::newRow("deflate") << int(io::Compression::Deflate) << true;
    }
    void readsWhatWeWrite() {
        QFETCH(int, codec);
        QFETCH(bool, chosen);
        auto made = stacks::make(image::PixelType::UInt16, {2, 3, 2, 300, 517});
        auto info = made->info();
        info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
        info.channels = {{"DNA", 0x0000ff, {}, {}, {}}, {"b", {}, {}, {}, {}}, {}};
        std::vector<image::Plane> planes;
        for (int i = 0; i < 12; ++i)
            planes.push_back(made->readPlane({i / 6, i / 2 % 3, i % 2}));
        io::WriteOptions options;
        options.tiff.pyramid = true;
        options.tiff.compression = io::Compression(codec);
        options.compressionChosen = chosen;
        io::writeImages(file("ours.ome.zarr"), {image::makeMemoryStack(info, planes)}, options);
        const auto failure = failureOf(R"(
import sys, zarr, numpy as np
g = zarr.open_group(sys.argv[1], mode='r')
m = g.attrs['multiscales'][0]
assert m['version'] == '0.4'
assert [a['name'] for a in m['axes']] == list('tczyx')
assert [a.get('unit') for a in m['axes']] == [None, None] + 3 * ['micrometer']
assert [d['path'] for d in m['datasets']] == ['0', '1', '2']
assert m['datasets'][1]['coordinateTransformations'] == [
    {'type': 'scale', 'scale': [1, 1, 0.3, 0.2, 0.2]},
    {'type': 'translation', 'translation': [0, 0, 0, 0.05, 0.05]}]
a = g['0']
assert a.shape == (2, 3, 2, 300, 517) and a.dtype == np.uint16, a.info
assert a.chunks == (1, 1, 1, 300, 512)
t, c, z, y, x = np.ogrid[:2, :3, :2, :300, :517]
expected = (x*7 + y*13 + z*31 + c*57 + t*101) % 120 * 500
assert (a[:] == expected).all()
e = np.pad(expected, [(0,0)]*4 + [(0,1)], mode='edge').astype(np.int64)
half = (e[..., ::2, ::2] + e[..., 1::2, ::2] + e[..., ::2, 1::2] + e[..., 1::2, 1::2] + 2) // 4
assert (g['1'][:] == half).all()
assert g['2'].shape == (2, 3, 2, 75, 130)
w = g.attrs['omero']['channels'][0]
assert w['label'] == 'DNA' and w['color'] == '0000FF'
assert w['window'] == {'min': 0, 'max': 59500, 'start': 0, 'end': 59500}, w
)",
                                       {path("ours.ome.zarr")});
        QVERIFY2(failure.isEmpty(), failure);
    }

    void isReadByUs_data() {
        QTest::addColumn<QString>("how");
        const auto row = [](const char* how) { QTest::newRow(how) << QString(how); };
        row("compressor=numcodecs.Blosc('lz4', 5, 1)");
        row("compressor=numcodecs.Blosc('lz4hc', 5, 2)");
        row("compressor=numcodecs.Blosc('zstd', 3, 2), dimension_separator='/'");
        row("compressor=numcodecs.Blosc('zlib', 5, 0)");
        row("compressor=numcodecs.Blosc('blosclz', 9, 1)");
        row("compressor=numcodecs.Zstd(5)");
        row("compressor=numcodecs.Zlib(9), dimension_separator='/'");
        row("compressor=numcodecs.GZip(1)");
        row("compressor=None, order='F'");
        row("compressor=numcodecs.Zlib(1), order='F', fill_value=120 * 500 // 2");
    }
    void isReadByUs() {
        QFETCH(QString, how);
        const auto failure = failureOf(R"(
import sys, zarr, numcodecs, numpy as np
t, c, z, y, x = np.ogrid[:2, :2, :3, :61, :83]
v = (x*7 + y*13 + z*31 + c*57 + t*101) % 120
root = zarr.open_group(sys.argv[1], mode='w')
root.attrs['bioformats2raw.layout'] = 3
for k, name in enumerate(['<u2', '>u2', '<f4', '>f8', '|i1']):
    d = np.dtype(name)
    w = v * 500 if d.kind == 'u' else v - 60 if d.kind == 'i' else v / 7 - 3
    g = root.create_group(str(k))
    g.create_dataset('0', data=w.astype(d), chunks=(1, 2, 2, 32, 30), HOW)
    g.attrs['multiscales'] = [{'version': '0.4', 'axes': [{'name': n} for n in 'tczyx'],
                               'datasets': [{'path': '0'}]}]
)",
                                       {path("theirs.zarr")}, how);
        QVERIFY2(failure.isEmpty(), failure);
        const auto read = io::openAll(file("theirs.zarr"));
        const image::PixelType types[] = {image::PixelType::UInt16, image::PixelType::UInt16,
                                          image::PixelType::Float32, image::PixelType::Float64,
                                          image::PixelType::Int8};
        QCOMPARE(read.size(), std::size(types));
        for (std::size_t k = 0; k < read.size(); ++k) {
            const auto made = stacks::make(types[k], {2, 2, 3, 61, 83});
            QCOMPARE(stacks::difference(*made, *read[k]), std::string());
        }
    }

  private:
    QString path(const char* name) const { return m_folder.filePath(name); }
    std::string file(const char* name) const { return path(name).toStdString(); }

    QTemporaryDir m_folder;

  private Q_SLOTS:
    void init() {
        for (const char* name : {"ours.ome.zarr", "theirs.zarr"})
            QDir(path(name)).removeRecursively();
    }
};

QTEST_APPLESS_MAIN(TestZarrPython)
#include "tst_zarr_python.moc"
