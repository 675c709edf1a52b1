// What other programs say about their pixels: files made here, byte by byte or with
// python3-tifffile, and real ones of Zeiss.
#include <QTemporaryDir>
#include <QtTest>
#include <ctime>

#include "core/base/error.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/io/oracle.h"
#include "tests/core/io/python.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

namespace {
const QString kSchema = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
}

class TestTiffDialects : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    // 5 GB in one classic TIFF: a directory, and planes that only arithmetic finds. Most of the
    // file is a hole.
    void imagejBeyondFourGigabytes() {
        constexpr qint64 kSide = 4096, kPlanes = 160, kStart = 4096;
        write("huge.tif",
              imagejHead(kSide, kSide,
                         "channels=2\nslices=80\nhyperstack=true\nunit=um\nspacing=0.4\n", kPlanes,
                         kStart));
        QFile huge(file("huge.tif"));
        QVERIFY(huge.open(QIODevice::ReadWrite));
        if (!huge.resize(kStart + kPlanes * kSide * kSide * 2))
            QSKIP("this disk holds no 5 GB file");
        for (const qint64 plane : {0, 1, 158, 159}) {
            QVERIFY(huge.seek(kStart + (plane * kSide * kSide + 7 * kSide + 5) * 2));
            const quint16 value = static_cast<quint16>(1000 + plane);
            QCOMPARE(huge.write(reinterpret_cast<const char*>(&value), 2), qint64(2));
        }
        huge.close();
        const auto stack = io::open(path("huge.tif"));
        QVERIFY(stack->shape() == (image::Shape{1, 2, 80, kSide, kSide}));
        QCOMPARE(stack->info().axes, std::string("ZCYX"));
        QCOMPARE(stack->info().voxelSize->z, 0.4);
        QCOMPARE(stack->info().bytes(), std::uint64_t(kPlanes * kSide * kSide * 2));
        QVERIFY(stack->info().warnings.empty());
        for (const auto& [c, z, value] : {std::tuple(0, 0, 1000.0), std::tuple(1, 0, 1001.0),
                                          std::tuple(0, 79, 1158.0), std::tuple(1, 79, 1159.0)}) {
            const auto plane = stack->read({0, c, z}, 0, {4, 6, 3, 3});
            QCOMPARE(plane.value(1, 1), value);
            QCOMPARE(plane.value(0, 0), 0.0);
        }
        // Cut short, the planes that are left cannot be trusted to be the whole.
        QVERIFY(huge.resize(kStart + kSide * kSide * 2 * 10));
        const auto cut = io::open(path("huge.tif"));
        QCOMPARE(cut->shape().planes(), std::int64_t(1));
        QCOMPARE(cut->info().warnings.size(), std::size_t(1));
    }

    void imagejLabelsNameChannels() {
        if (!hasTifffile()) QSKIP("python3-tifffile is not installed");
        const auto [code, output] = python::run(R"(
import sys, numpy, tifffile
a = numpy.zeros((3, 2, 8, 9), 'uint16')
labels = ['c:%d/2 z:%d/3 - %s' % (c + 1, z + 1, n) for z in range(3) for c, n in enumerate(['DNA', '\u03b1-tubulin'])]
tifffile.imwrite(sys.argv[1], a, imagej=True, metadata=dict(axes='ZCYX', Labels=labels))
labels[2] = 'something else'
tifffile.imwrite(sys.argv[2], a, imagej=True, metadata=dict(axes='ZCYX', Labels=labels))
)",
                                                {path("named.tif"), path("odd.tif")});
        QVERIFY2(code == 0, output.constData());
        const auto named = io::open(path("named.tif"))->info().channels;
        QCOMPARE(named[0].name, std::string("DNA"));
        QCOMPARE(named[1].name, std::string("\xCE\xB1-tubulin"));
        const auto odd = io::open(path("odd.tif"))->info().channels;
        QCOMPARE(odd[0].name, std::string());
        QCOMPARE(odd[1].name, std::string("\xCE\xB1-tubulin"));
    }

    void palettes() {
        if (!hasTifffile()) QSKIP("python3-tifffile is not installed");
        const auto [code, output] = python::run(R"(
import sys, numpy, tifffile
a = numpy.arange(80, dtype='uint8').reshape(8, 10)
ramp = numpy.zeros((3, 256), 'uint16'); ramp[1] = numpy.arange(256) * 257; ramp[2] = numpy.arange(256) * 128
tifffile.imwrite(sys.argv[1], a, photometric='palette', colormap=ramp)
tifffile.imwrite(sys.argv[2], a, photometric='palette', colormap=ramp[:, ::-1].copy())
)",
                                                {path("ramp.tif"), path("odd.tif")});
        QVERIFY2(code == 0, output.constData());
        const auto ramp = io::open(path("ramp.tif"));
        QCOMPARE(*ramp->info().channels[0].color, 0x00ff7fu);
        QCOMPARE(ramp->readPlane({}).value(9, 7), 79.0);
        QVERIFY(ramp->info().warnings.empty());
        const auto odd = io::open(path("odd.tif"));
        QVERIFY(!odd->info().channels[0].color);
        QCOMPARE(odd->info().warnings.size(), std::size_t(1));
    }

    // Levels as SubIFDs and as pages marked as reduced, of one plane and of a stack.
    void pyramids_data() {
        QTest::addColumn<bool>("subIfds");
        QTest::addColumn<int>("planes");
        QTest::newRow("SubIFDs") << true << 1;
        QTest::newRow("SubIFDs of a stack") << true << 3;
        QTest::newRow("pages") << false << 1;
        QTest::newRow("pages of a stack") << false << 3;
    }
    void pyramids() {
        if (!hasTifffile()) QSKIP("python3-tifffile is not installed");
        QFETCH(bool, subIfds);
        QFETCH(int, planes);
        const auto [code, output] =
            python::run(R"(
import sys, numpy, tifffile
subs, planes = sys.argv[2] == '1', int(sys.argv[3])
a = numpy.arange(200*300, dtype='uint16').reshape(200, 300)
with tifffile.TiffWriter(sys.argv[1]) as w:
    for p in range(planes):
        o = dict(photometric='minisblack', tile=(64, 64), metadata=None)
        w.write(a + p, subifds=2 if subs else None, **o)
        for step in (2, 4):
            w.write(a[::step, ::step] + p, subfiletype=1, **o)
)",
                        {path("p.tif"), subIfds ? "1" : "0", std::to_string(planes)});
        QVERIFY2(code == 0, output.constData());
        const auto all = io::openAll(path("p.tif"));
        QCOMPARE(all.size(), std::size_t(1));
        const auto& stack = *all.front();
        QVERIFY(stack.shape() == (image::Shape{1, 1, planes, 200, 300}));
        QCOMPARE(stack.info().levels.size(), std::size_t(3));
        QVERIFY(stack.info().tiled);
        for (int p = 0; p < planes; ++p) {
            for (int level = 0; level < 3; ++level) {
                const auto plane = stack.readPlane({0, 0, p}, level);
                QCOMPARE(plane.width(), std::int64_t(300 >> level));
                QCOMPARE(plane.value(10, 20),
                         ((20 << level) * 300 + (10 << level)) % 65536 + 0.0 + p);
            }
        }
    }

    // As slide scanners write them: the slide, a preview in strips, smaller slides, a label.
    void unmarkedPyramid() {
        if (!hasTifffile()) QSKIP("python3-tifffile is not installed");
        const auto [code, output] = python::run(R"(
import sys, numpy, tifffile
a = numpy.arange(400*640*3, dtype='uint32').astype('uint8').reshape(400, 640, 3)
with tifffile.TiffWriter(sys.argv[1]) as w:
    w.write(a, photometric='rgb', tile=(64, 64), metadata=None)
    w.write(a[::5, ::5], photometric='rgb', metadata=None)
    w.write(a[::4, ::4], photometric='rgb', tile=(64, 64), metadata=None)
    w.write(a[::16, ::16], photometric='rgb', tile=(16, 16), metadata=None)
    w.write(a[:90, :70], photometric='rgb', subfiletype=1, metadata=None)
)",
                                                {path("slide.tif")});
        QVERIFY2(code == 0, output.constData());
        const auto all = io::openAll(path("slide.tif"));
        QCOMPARE(all.size(), std::size_t(2));
        const auto& slide = *all.front();
        QVERIFY(slide.shape() == (image::Shape{1, 3, 1, 400, 640}));
        QCOMPARE(slide.info().levels.size(), std::size_t(3));
        QCOMPARE(slide.info().levels[2].width, std::int64_t(40));
        QCOMPARE(slide.readPlane({0, 1, 0}, 2).value(3, 2),
                 (32 * 640 * 3 + 48 * 3 + 1) % 256 + 0.0);
        QVERIFY(all[1]->shape() == (image::Shape{1, 3, 1, 80, 128}));
    }

    // A long recording: its hundred thousand pages are told apart without libtiff, and one among
    // them that is of another size is noticed.
    void hundredThousandPages() {
        constexpr quint32 kPages = 100000, kOdd = 70000;
        QByteArray out("II*\0\x08\0\0\0", 8);
        const auto put = [&out](quint32 value, int bytes) {
            for (int i = 0; i < bytes; ++i)
                out += static_cast<char>(value >> 8 * i);
        };
        for (quint32 page = 0; page < kPages; ++page) {
            const quint32 width = page == kOdd ? 8 : 16;
            const std::array<quint32, 3> tags[] = {
                {256, 4, width},    {257, 4, 16}, {258, 3, 8},  {259, 3, 1},         {262, 3, 1},
                {273, 4, 8 + page}, {277, 3, 1},  {278, 4, 16}, {279, 4, width * 16}};
            put(9, 2);
            for (const auto& [tag, kind, value] : tags) {
                put(tag, 2);
                put(kind, 2);
                put(1, 4);
                put(value, 4);
            }
            put(page + 1 < kPages ? static_cast<quint32>(out.size()) + 4 : 0, 4);
        }
        write("long.tif", out);
        const auto before = std::clock();
        const auto all = io::openAll(path("long.tif"));
        const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        QVERIFY2(seconds < 1, qPrintable(QString("took %1 s of the processor").arg(seconds)));
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0]->shape().z, std::int64_t(kPages - 1));
        QCOMPARE(all[1]->shape().x, std::int64_t(8));
        // The pixels lie in the first bytes of the file, one further for every page.
        QCOMPARE(all[0]->readPlane({0, 0, 99998}).value(0, 0),
                 static_cast<double>(static_cast<uchar>(out[8 + 99999])));
        // A list that leads back to its beginning.
        write("circle.tif", out.replace(out.size() - 4, 4, QByteArray("\x08\0\0\0", 4)));
        QVERIFY_EXCEPTION_THROWN(io::openAll(path("circle.tif")), Error);
    }

    void lambdaScan() {
        const auto name =
            oracle::folder() + "/real/spectral_mixture_hoechst_golgi_mito_lyso_cellmask_28ch.lsm";
        if (!QFile::exists(QString::fromStdString(name))) QSKIP("the shared data are absent");
        const auto info = io::open(name)->info();
        QCOMPARE(info.channels.size(), std::size_t(28));
        QVERIFY(std::abs(*info.channels[0].emissionNm - 422.8088) < 1e-3);
        QVERIFY(std::abs(*info.channels[27].emissionNm - *info.channels[0].emissionNm - 270) < 5);
        QCOMPARE(*info.channels[0].color, 0xffffffu);
        QVERIFY(!info.channels[0].name.empty());
        QVERIFY(std::abs(info.voxelSize->x - 0.131788) < 1e-6);
        QCOMPARE(info.voxelSize->z, 1.0);
    }

    void metamorph_data() {
        QTest::addColumn<QString>("order");
        QTest::addColumn<bool>("slices");
        QTest::newRow("slices") << "<" << true;
        QTest::newRow("time") << "<" << false;
        QTest::newRow("big-endian slices") << ">" << true;
    }
    void metamorph() {
        QFETCH(QString, order);
        QFETCH(bool, slices);
        const auto [code, output] =
            python::run(R"(
import sys, struct
e, slices = sys.argv[2], sys.argv[3] == '1'
w, h, n = 12, 10, 4
pixels = b''.join(struct.pack(e + '%dH' % (w*h), *[p*1000 + i for i in range(w*h)]) for p in range(n))
uic1 = 8 + len(pixels); uic2 = uic1 + 4*8; extra = uic2 + n*24
unit = struct.pack(e + 'I', 3) + b'um\0'
one = struct.pack(e + '8I', 4, 1, 5, extra, 6, extra + 8, 7, extra + 16)
two = b''.join(struct.pack(e + '6I', 3 if slices else 0, 10 if slices else 1, 2459809, 1000 + 2500*p, 0, 0) for p in range(n))
ifd = extra + 24
tags = [(256, 4, 1, w), (257, 4, 1, h), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1),
        (278, 4, 1, h), (279, 4, 1, w*h*2), (33628, 4, 4, uic1), (33629, 5, n, uic2)]
out = (b'II' if e == '<' else b'MM') + struct.pack(e + 'HI', 42, ifd) + pixels + one + two
out += struct.pack(e + '4I', 1075, 10000, 1076, 10000) + unit + b'\0'
assert len(out) == ifd, (len(out), ifd)
out += struct.pack(e + 'H', len(tags))
for tag, kind, count, value in tags:
    out += struct.pack(e + 'HHI', tag, kind, count)
    out += struct.pack(e + 'HH', value, 0) if kind == 3 else struct.pack(e + 'I', value)
open(sys.argv[1], 'wb').write(out + struct.pack(e + 'I', 0))
)",
                        {path("m.stk"), order.toStdString(), slices ? "1" : "0"});
        QVERIFY2(code == 0, output.constData());
        const auto stack = io::open(path("m.stk"));
        const auto& info = stack->info();
        QCOMPARE(info.axes, std::string(slices ? "ZYX" : "TYX"));
        QVERIFY(stack->shape() ==
                (slices ? image::Shape{1, 1, 4, 10, 12} : image::Shape{4, 1, 1, 10, 12}));
        QCOMPARE(info.voxelSize->x, 0.1075);
        QCOMPARE(info.voxelSize->y, 0.1076);
        if (slices) {
            QVERIFY(std::abs(info.voxelSize->z - 0.3) < 1e-12);
        } else {
            QCOMPARE(*info.timeIncrementS, 2.5);
        }
        QCOMPARE(stack->readPlane({slices ? 0 : 3, 0, slices ? 3 : 0}).value(11, 9), 3119.0);
    }

    // A description names files that lie elsewhere: they are not opened, whatever they are.
    void pathsStayInTheirFolder_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("up") << "../outside.ome.tif";
        QTest::newRow("down and up") << "sub/../../outside.ome.tif";
        QTest::newRow("absolute") << "ABSOLUTE";
    }
    void pathsStayInTheirFolder() {
        QFETCH(QString, name);
        if (name == "ABSOLUTE") name = file("outside.ome.tif");
        QVERIFY(QDir(m_folder->path()).mkpath("set/sub"));
        const auto made = stacks::make(image::PixelType::UInt8, {1, 1, 1, 6, 7});
        io::writeOmeTiff(path("outside.ome.tif"), {made});
        write("set/a.companion.ome", companion(name));
        try {
            io::openAll(path("set/a.companion.ome"));
            QFAIL("opened");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Input);
            QVERIFY2(QString::fromStdString(error.message()).contains("outside its own folder"),
                     error.message().c_str());
        }
        // A stub that sends the reader elsewhere for its description.
        const QString stub =
            "<OME xmlns='%1'><BinaryOnly MetadataFile='%2' UUID='urn:uuid:1'/></OME>";
        write("set/b.companion.ome", stub.arg(kSchema, name).toUtf8());
        QVERIFY_EXCEPTION_THROWN(io::openAll(path("set/b.companion.ome")), Error);
        // Below the folder is fine.
        io::writeOmeTiff(path("set/sub/inside.ome.tif"), {made});
        write("set/c.companion.ome", companion("sub/inside.ome.tif"));
        QCOMPARE(stacks::difference(*made, *io::open(path("set/c.companion.ome"))), std::string());
    }

    // Micro-Manager and others say when a plane was taken instead of how long a step lasts.
    void timesOfPlanesGiveTheStep() {
        const auto made = stacks::make(image::PixelType::UInt8, {1, 1, 3, 6, 7});
        io::writeOmeTiff(path("t.ome.tif"), {made});
        const QString text =
            "<OME xmlns='%1'><Image ID='Image:0'><Pixels ID='Pixels:0' DimensionOrder='XYZCT' "
            "Type='uint8' SizeX='7' SizeY='6' SizeZ='1' SizeC='1' SizeT='3' %2>"
            "<Channel ID='Channel:0:0'/><TiffData PlaneCount='3' IFD='0'>"
            "<UUID FileName='t.ome.tif'>urn:uuid:2</UUID></TiffData>"
            "<Plane TheZ='0' TheC='0' TheT='0' DeltaT='100' DeltaTUnit='ms'/>"
            "<Plane TheZ='0' TheC='0' TheT='1' DeltaT='2300' DeltaTUnit='ms'/>"
            "<Plane TheZ='0' TheC='0' TheT='2' DeltaT='4100' "
            "DeltaTUnit='ms'/></Pixels></Image></OME>";
        write("t.companion.ome", text.arg(kSchema, "").toUtf8());
        QVERIFY(std::abs(*io::open(path("t.companion.ome"))->info().timeIncrementS - 2.0) < 1e-12);
        write("t.companion.ome", text.arg(kSchema, "TimeIncrement='5'").toUtf8());
        QCOMPARE(*io::open(path("t.companion.ome"))->info().timeIncrementS, 5.0);
    }

    void complexNumbersAreNamed() {
        if (!hasTifffile()) QSKIP("python3-tifffile is not installed");
        const auto [code, output] = python::run(
            "import sys, numpy, tifffile\n"
            "tifffile.imwrite(sys.argv[1], numpy.ones((8, 9), 'complex64'))",
            {path("complex.tif")});
        QVERIFY2(code == 0, output.constData());
        try {
            io::open(path("complex.tif"));
            QFAIL("opened");
        } catch (const Error& error) {
            QCOMPARE(error.message(),
                     std::string("The pixels are complex numbers, which cannot be read."));
        }
    }

  private:
    static bool hasTifffile() {
        static const bool present = python::run("import tifffile").first == 0;
        return present;
    }
    static QByteArray companion(const QString& name) {
        const QString text =
            "<OME xmlns='%1'><Image ID='Image:0'><Pixels ID='Pixels:0' DimensionOrder='XYZCT' "
            "Type='uint8' SizeX='7' SizeY='6' SizeZ='1' SizeC='1' SizeT='1'>"
            "<Channel ID='Channel:0:0'/><TiffData IFD='0'><UUID FileName='%2'>urn:uuid:2</UUID>"
            "</TiffData></Pixels></Image></OME>";
        return text.arg(kSchema, name).toUtf8();
    }
    // A classic little-endian TIFF of ImageJ up to where the pixels of uint16 begin.
    static QByteArray imagejHead(qint64 width, qint64 height, const QByteArray& lines,
                                 qint64 planes, qint64 start) {
        const QByteArray text = "ImageJ=1.53t\nimages=" + QByteArray::number(planes) + "\n" +
                                lines + QByteArray(1, '\0');
        QByteArray out("II*\0\x08\0\0\0", 8);
        const auto put = [&out](quint32 value, int bytes) {
            for (int i = 0; i < bytes; ++i)
                out += static_cast<char>(value >> 8 * i);
        };
        const std::array<quint32, 4> tags[] = {{256, 4, 1, quint32(width)},
                                               {257, 4, 1, quint32(height)},
                                               {258, 3, 1, 16},
                                               {259, 3, 1, 1},
                                               {262, 3, 1, 1},
                                               {270, 2, quint32(text.size()), 200},
                                               {273, 4, 1, quint32(start)},
                                               {277, 3, 1, 1},
                                               {278, 4, 1, quint32(height)},
                                               {279, 4, 1, quint32(width * height * 2)},
                                               {282, 5, 1, 180},
                                               {283, 5, 1, 180}};
        put(12, 2);
        for (const auto& [tag, kind, count, value] : tags) {
            put(tag, 2);
            put(kind, 2);
            put(count, 4);
            put(value, 4);
        }
        put(0, 4);
        out.resize(180, '\0');
        put(10, 4);
        put(1, 4);
        out.resize(200, '\0');
        out += text;
        out.resize(start, '\0');
        return out;
    }
    void write(const QString& name, const QByteArray& bytes) {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly));
        QCOMPARE(out.write(bytes), bytes.size());
    }
    QString file(const QString& name) const { return m_folder->filePath(name); }
    std::string path(const QString& name) const { return file(name).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestTiffDialects)
#include "tst_tiff_dialects.moc"
