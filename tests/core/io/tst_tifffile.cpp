// Another program's view of what we write, and ours of what it writes: python3-tifffile.
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/io/python.h"
#include "tests/core/io/stacks.h"

using namespace posteria;
using python::run;

class TestTifffile : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        if (run("import tifffile").first != 0) QSKIP("python3-tifffile is not installed");
    }

    void readsWhatWeWrite_data() {
        QTest::addColumn<int>("compression");
        QTest::addColumn<int>("tile");
        QTest::newRow("none, strips") << 0 << 0;
        QTest::newRow("none, tiles") << 0 << 64;
        QTest::newRow("deflate, strips") << 2 << 0;
        QTest::newRow("deflate, tiles") << 2 << 64;
    }
    void readsWhatWeWrite() {
        QFETCH(int, compression);
        QFETCH(int, tile);
        const auto pixels = stacks::make(image::PixelType::UInt16, {2, 3, 4, 70, 90});
        auto info = pixels->info();
        info.voxelSize = image::VoxelSize{0.1, 0.1, 0.3};
        info.channels = {{"DNA", 0x0000ff, {}, {}, {}},
                         {"\xCE\xB1-tubulin", 0x00ff00, {}, {}, {}},
                         {"actin", 0xff0000, {}, {}, {}}};
        info.annotations = {{"model", "split"}};
        io::OmeTiffOptions options;
        options.compression = static_cast<io::Compression>(compression);
        options.tile = tile;
        options.pyramid = false;
        io::OmeTiffWriter writer(file("ours.ome.tif"), {info, info}, options);
        for (int series = 0; series < 2; ++series) {
            for (int i = 0; i < 24; ++i)
                writer.writePlane(*pixels, {i / 12, i / 4 % 3, i % 4});
        }
        writer.finish();
        const auto [code, output] = run(R"(
import sys, tifffile, xml.etree.ElementTree as E
with tifffile.TiffFile(sys.argv[1]) as f:
    assert f.is_ome and len(f.series) == 2
    s = f.series[1]
    assert s.axes == 'TCZYX' and s.shape == (2, 3, 4, 70, 90), (s.axes, s.shape)
    a = s.asarray()
    for t, c, z, y, x in [(0,0,0,0,0), (1,2,3,69,89), (1,0,2,33,70), (0,1,3,5,64)]:
        assert a[t,c,z,y,x] == (x*7 + y*13 + z*31 + c*57 + t*101) % 120 * 500
    ns = {'o': 'http://www.openmicroscopy.org/Schemas/OME/2016-06'}
    root = E.fromstring(f.ome_metadata)
    assert [c.get('Name') for c in root.findall('.//o:Image[1]//o:Channel', ns)] == ['DNA', '\u03b1-tubulin', 'actin']
    assert [m.text for m in root.findall('.//o:MapAnnotation//o:M', ns)] == ['split']
    p = root.find('.//o:Pixels', ns)
    assert float(p.get('PhysicalSizeZ')) == 0.3 and p.get('PhysicalSizeZUnit') == '\u00b5m'
)",
                                        {file("ours.ome.tif")});
        QVERIFY2(code == 0, output.constData());
    }

    // The rules of the schema (2016-06) that a reader may rely on.
    void obeysTheSchema() {
        const auto pixels = stacks::make(image::PixelType::Int16, {2, 2, 1, 20, 30});
        auto info = pixels->info();
        info.name = "a < b & \"c\"";
        info.voxelSize = image::VoxelSize{0.1, 0.2, 0.3};
        info.timeIncrementS = 0.5;
        info.channels = {{"DNA", 0x0000ff, 405.0, 461.5, {}}, {"", {}, {}, {}, {}}};
        info.annotations = {{"model", "split"}, {"command", "a & b"}};
        auto plain = pixels->info();
        io::OmeTiffWriter writer(file("ours.ome.tif"), {info, plain, info});
        for (int i = 0; i < 12; ++i)
            writer.writePlane(*pixels, {i / 2 % 2, i % 2, 0});
        writer.finish();
        const auto [code, output] = run(R"(
import sys, re, tifffile, xml.etree.ElementTree as E
with tifffile.TiffFile(sys.argv[1]) as f:
    text, pages = f.ome_metadata, len(f.pages)
ns = '{http://www.openmicroscopy.org/Schemas/OME/2016-06}'
root = E.fromstring(text)
assert root.tag == ns + 'OME' and 'ome.xsd' in text
def names(e): return [c.tag.replace(ns, '') for c in e]
def ordered(e, order):
    places = [order.index(n) for n in names(e)]
    assert places == sorted(places), names(e)
ordered(root, ['Image', 'StructuredAnnotations'])
ids = [e.get('ID') for e in root.iter() if e.get('ID') and not e.tag.endswith('Ref')]
assert len(ids) == len(set(ids)), ids
taken = []
for image in root.findall(ns + 'Image'):
    ordered(image, ['AcquisitionDate', 'Description', 'Pixels', 'AnnotationRef'])
    assert re.match(r'Image:\S+$', image.get('ID'))
    p = image.find(ns + 'Pixels')
    ordered(p, ['Channel', 'TiffData', 'Plane'])
    assert re.match(r'Pixels:\S+$', p.get('ID'))
    assert p.get('DimensionOrder') in 'XYZCT XYZTC XYCTZ XYCZT XYTCZ XYTZC'.split()
    assert p.get('Type') in 'int8 int16 int32 uint8 uint16 uint32 float double bit'.split()
    size = {a: int(p.get('Size' + a)) for a in 'XYZCT'}
    assert all(v >= 1 for v in size.values())
    for key, value in p.attrib.items():
        if key.startswith('PhysicalSize') and not key.endswith('Unit'): assert float(value) > 0 and p.get(key + 'Unit') == '\u00b5m'
    channels = p.findall(ns + 'Channel')
    assert sum(int(c.get('SamplesPerPixel', 1)) for c in channels) == size['C']
    for c in channels:
        assert re.match(r'Channel:\S+$', c.get('ID'))
        assert c.get('Color') is None or -2**31 <= int(c.get('Color')) < 2**31
        for key in ('ExcitationWavelength', 'EmissionWavelength'): assert c.get(key) is None or float(c.get(key)) > 0
    for d in p.findall(ns + 'TiffData'):
        first, count = int(d.get('IFD')), int(d.get('PlaneCount'))
        assert count == size['Z'] * size['C'] * size['T']
        taken += range(first, first + count)
    for ref in image.findall(ns + 'AnnotationRef'): assert ref.get('ID') in ids
assert taken == list(range(pages)), (taken, pages)
for m in root.iter(ns + 'MapAnnotation'):
    assert re.match(r'Annotation:\S+$', m.get('ID'))
    ordered(m, ['Value'])
    assert all(x.tag == ns + 'M' and x.get('K') for x in m.find(ns + 'Value'))
)",
                                        {file("ours.ome.tif")});
        QVERIFY2(code == 0, output.constData());
    }

    // tifffile's own reading of sizes and levels, for stacks with a pyramid, tiles and zstd-free
    // codecs.
    void findsOurPyramidInAStack() {
        const auto made = stacks::make(image::PixelType::Float32, {2, 1, 3, 300, 517});
        auto info = made->info();
        info.voxelSize = image::VoxelSize{0.1, 0.2, 0.5};
        info.timeIncrementS = 1.5;
        io::OmeTiffOptions options;
        options.pyramid = true;
        io::OmeTiffWriter writer(file("pyramid.ome.tif"), {info}, options);
        for (int i = 0; i < 6; ++i)
            writer.writePlane(*made, {i / 3, 0, i % 3});
        writer.finish();
        const auto [code, output] = run(R"(
import sys, tifffile, xml.etree.ElementTree as E
with tifffile.TiffFile(sys.argv[1]) as f:
    s = f.series[0]
    assert s.axes == 'TZYX', s.axes
    assert [l.shape for l in s.levels] == [(2,3,300,517), (2,3,150,259), (2,3,75,130)], [l.shape for l in s.levels]
    base, half = s.levels[0].asarray(), s.levels[1].asarray()
    mean = (base[..., 0::2, 0:516:2] + base[..., 1::2, 0:516:2] + base[..., 0::2, 1:516:2] + base[..., 1::2, 1:516:2]) / 4
    assert abs(half[..., :258] - mean).max() < 1e-4
    for page, scale in ((f.pages[0], 1), (f.pages[0].pages[0], 517 / 259)):
        n, d = page.tags['XResolution'].value
        assert page.tags['ResolutionUnit'].value == 3 and abs(1e4 * d / n / scale - 0.1) < 1e-4, (n, d)
    p = E.fromstring(f.ome_metadata).find('.//{*}Pixels')
    assert float(p.get('PhysicalSizeY')) == 0.2 and float(p.get('TimeIncrement')) == 1.5 and p.get('TimeIncrementUnit') == 's'
)",
                                        {file("pyramid.ome.tif")});
        QVERIFY2(code == 0, output.constData());
    }

    void findsOurPyramid() {
        const auto made = stacks::make(image::PixelType::UInt16, {1, 2, 1, 700, 1031});
        io::OmeTiffOptions options;
        options.pyramid = true;
        io::writeOmeTiff(file("pyramid.ome.tif"), {made}, options);
        const auto [code, output] = run(R"(
import sys, tifffile
with tifffile.TiffFile(sys.argv[1]) as f:
    assert [l.shape for l in f.series[0].levels] == [(2,700,1031), (2,350,516), (2,175,258), (2,88,129)], f.series[0].levels
)",
                                        {file("pyramid.ome.tif")});
        QVERIFY2(code == 0, output.constData());
    }

    // Axis orders and ImageJ dialects that no small public file shows.
    void weReadItsOrders_data() {
        QTest::addColumn<QString>("order");
        for (const char* order : {"TZC", "TCZ", "ZTC", "ZCT", "CTZ", "CZT"})
            QTest::newRow(order) << order;
    }
    void weReadItsOrders() {
        QFETCH(QString, order);
        const auto [code, output] = run(R"(
import sys, numpy, tifffile
order = sys.argv[2]
sizes = dict(T=2, C=3, Z=4)
a = numpy.zeros([sizes[o] for o in order] + [20, 30], 'uint16')
for t in range(2):
    for c in range(3):
        for z in range(4):
            place = dict(T=t, C=c, Z=z)
            a[tuple(place[o] for o in order)] = t*100 + c*10 + z + numpy.arange(600).reshape(20, 30) * 100
tifffile.imwrite(sys.argv[1], a, ome=True, photometric='minisblack', metadata=dict(axes=order + 'YX', PhysicalSizeX=250, PhysicalSizeXUnit='nm', PhysicalSizeY=0.5))
)",
                                        {file("theirs.ome.tif"), order.toStdString()});
        QVERIFY2(code == 0, output.constData());
        const auto read = io::open(file("theirs.ome.tif"));
        QCOMPARE(read->info().axes, order.toStdString() + "YX");
        QVERIFY(read->shape() == (image::Shape{2, 3, 4, 20, 30}));
        QCOMPARE(read->info().voxelSize->x, 0.25);
        QCOMPARE(read->info().voxelSize->y, 0.5);
        for (int i = 0; i < 24; ++i) {
            const int t = i / 12, c = i / 4 % 3, z = i % 4;
            QCOMPARE(read->readPlane({t, c, z}).value(29, 19), t * 100 + c * 10 + z + 59900.0);
        }
    }

    void weReadItsHyperstack() {
        const auto [code, output] = run(R"(
import sys, numpy, tifffile
a = numpy.arange(2*3*2*16*20, dtype='float32').reshape(2, 3, 2, 16, 20)
tifffile.imwrite(sys.argv[1], a, imagej=True, resolution=(1/0.065, 1/0.07),
    metadata=dict(axes='TZCYX', spacing=0.25, unit='um', finterval=2.0, mode='composite', Ranges=(1.0, 50.0, 3.0, 90.0),
                  LUTs=[numpy.stack([numpy.zeros(256), numpy.arange(256), numpy.zeros(256)]).astype('uint8'),
                        numpy.stack([numpy.arange(256), numpy.zeros(256), numpy.arange(256)]).astype('uint8')]))
)",
                                        {file("theirs.tif")});
        QVERIFY2(code == 0, output.constData());
        const auto read = io::open(file("theirs.tif"));
        const auto& info = read->info();
        QCOMPARE(info.axes, std::string("TZCYX"));
        QVERIFY(std::abs(info.voxelSize->x - 0.065) < 1e-6 &&
                std::abs(info.voxelSize->y - 0.07) < 1e-6);
        QCOMPARE(info.voxelSize->z, 0.25);
        QCOMPARE(*info.timeIncrementS, 2.0);
        QCOMPARE(*info.channels[0].color, 0x00ff00u);
        QCOMPARE(*info.channels[1].color, 0xff00ffu);
        QCOMPARE((*info.channels[1].displayRange)[1], 90.0);
        for (int i = 0; i < 12; ++i) {
            QCOMPARE(read->readPlane({i / 6, i % 2, i / 2 % 3}).value(0, 0), i * 320.0);
        }
    }

    // ImageJ stores signed pixels 32768 higher and says so with a calibration line.
    void weReadItsSignedPixels() {
        const auto [code, output] = run(R"(
import sys, numpy, tifffile
a = numpy.arange(200, dtype='uint16').reshape(10, 20) * 300
text = 'ImageJ=1.53t\ncf=0\nc0=-32768\nc1=1\nvunit=Gray Value\nmin=-32000\nmax=20000\n'
tifffile.imwrite(sys.argv[1], a, description=text, metadata=None)
)",
                                        {file("signed.tif")});
        QVERIFY2(code == 0, output.constData());
        const auto read = io::open(file("signed.tif"));
        QCOMPARE(std::string(image::pixelTypeName(read->info().type)), std::string("int16"));
        QCOMPARE(read->readPlane({}).value(0, 0), -32768.0);
        QCOMPARE(read->readPlane({}).value(19, 9), 199 * 300 - 32768.0);
        QCOMPARE((*read->info().channels[0].displayRange)[1], 20000.0);
    }

    // Beyond 4 GB ImageJ writes a single directory and the planes behind it; here with small
    // planes.
    void planesWithoutDirectories_data() {
        QTest::addColumn<QString>("order");
        QTest::newRow("little-endian") << "<";
        QTest::newRow("big-endian") << ">";
    }
    void planesWithoutDirectories() {
        QFETCH(QString, order);
        const auto [code, output] = run(R"(
import sys, numpy, struct
e = sys.argv[2]
w, h, n = 30, 20, 6
text = b'ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\nhyperstack=true\nunit=\\u00B5m\nspacing=0.5\n\0'
tags = [(256, 4, 1, w), (257, 4, 1, h), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (270, 2, len(text), None),
        (273, 4, 1, None), (277, 3, 1, 1), (278, 4, 1, h), (279, 4, 1, w*h*2), (282, 5, 1, None), (283, 5, 1, None)]
at = 8 + 2 + 12*len(tags) + 4
places = {270: at, 282: at + len(text), 283: at + len(text), 273: at + len(text) + 8}
out = (b'II' if e == '<' else b'MM') + struct.pack(e + 'HI', 42, 8) + struct.pack(e + 'H', len(tags))
for tag, kind, count, value in tags:
    value = places[tag] if value is None else value
    out += struct.pack(e + 'HHI', tag, kind, count)
    out += struct.pack(e + 'HH', value, 0) if kind == 3 else struct.pack(e + 'I', value)
out += struct.pack(e + 'I', 0) + text + struct.pack(e + 'II', 10, 1)
open(sys.argv[1], 'wb').write(out + numpy.arange(w*h*n).astype(e + 'u2').tobytes())
)",
                                        {file("big.tif"), order.toStdString()});
        QVERIFY2(code == 0, output.constData());
        const auto read = io::open(file("big.tif"));
        QVERIFY(read->shape() == (image::Shape{1, 2, 3, 20, 30}));
        QCOMPARE(read->info().voxelSize->x, 0.1);
        QCOMPARE(read->info().voxelSize->z, 0.5);
        for (int i = 0; i < 6; ++i) {
            QCOMPARE(read->read({0, i % 2, i / 2}, 0, {3, 4, 5, 6}).value(2, 1),
                     i * 600.0 + 5 * 30 + 5);
        }
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  private:
    std::string file(const char* name) const { return m_folder->filePath(name).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestTifffile)
#include "tst_tifffile.moc"
