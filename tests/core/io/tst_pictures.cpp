// PNG and JPEG pictures that Qt wrote, and damaged ones.
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/core/io/python.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

class TestPictures : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void grey() {
        QImage image(37, 21, QImage::Format_Grayscale8);
        for (int y = 0; y < 21; ++y) {
            for (int x = 0; x < 37; ++x)
                image.scanLine(y)[x] = static_cast<uchar>(x * 5 + y * 3);
        }
        QVERIFY(image.save(file("grey.png")));
        const auto stack = io::open(path("grey.png"));
        const auto& info = stack->info();
        QCOMPARE(info.reader, std::string("png"));
        QCOMPARE(info.axes, std::string("YX"));
        QCOMPARE(info.name, std::string("grey.png"));
        QVERIFY(stack->shape() == (image::Shape{1, 1, 1, 21, 37}));
        QVERIFY(info.type == image::PixelType::UInt8 && info.warnings.empty());
        QVERIFY(!info.voxelSize);
        QCOMPARE(stack->readPlane({}).value(36, 20), 240.0);
        QCOMPARE(stack->read({}, 0, {3, 4, 5, 6}).value(2, 1), 5.0 * 5 + 5 * 3);
    }

    void sixteenBits() {
        QImage image(30, 20, QImage::Format_Grayscale16);
        for (int y = 0; y < 20; ++y) {
            for (int x = 0; x < 30; ++x)
                reinterpret_cast<quint16*>(image.scanLine(y))[x] =
                    static_cast<quint16>(x * 2000 + y);
        }
        QVERIFY(image.save(file("deep.png")));
        const auto stack = io::open(path("deep.png"));
        QVERIFY(stack->info().type == image::PixelType::UInt16);
        QCOMPARE(stack->readPlane({}).value(29, 19), 58019.0);
    }

    void colours() {
        QImage image(16, 8, QImage::Format_RGB888);
        image.fill(QColor(200, 100, 50));
        image.setPixelColor(3, 2, QColor(1, 2, 3));
        QVERIFY(image.save(file("rgb.png")));
        const auto stack = io::open(path("rgb.png"));
        QCOMPARE(stack->info().axes, std::string("YXC"));
        QVERIFY(stack->shape() == (image::Shape{1, 3, 1, 8, 16}));
        QCOMPARE(stack->info().channels[2].name, std::string("Blue"));
        QCOMPARE(*stack->info().channels[2].color, 0x0000ffu);
        for (int c = 0; c < 3; ++c) {
            QCOMPARE(stack->readPlane({0, c, 0}).value(3, 2), c + 1.0);
            QCOMPARE(stack->readPlane({0, c, 0}).value(15, 7), c == 0   ? 200.0
                                                               : c == 1 ? 100.0
                                                                        : 50.0);
        }
    }

    void deepColoursWithAlpha() {
        QImage image(5, 4, QImage::Format_RGBA64);
        image.fill(QColor::fromRgba64(60000, 1000, 300, 65535));
        image.setPixelColor(4, 3, QColor::fromRgba64(1, 2, 3, 40000));
        QVERIFY(image.save(file("deep.png")));
        const auto stack = io::open(path("deep.png"));
        QVERIFY(stack->shape() == (image::Shape{1, 4, 1, 4, 5}));
        QCOMPARE(stack->info().channels[3].name, std::string("Alpha"));
        QCOMPARE(stack->readPlane({0, 0, 0}).value(0, 0), 60000.0);
        QCOMPARE(stack->readPlane({0, 3, 0}).value(4, 3), 40000.0);
    }

    void palette() {
        QImage image(9, 9, QImage::Format_Indexed8);
        image.setColorTable({qRgb(10, 20, 30), qRgb(200, 150, 100)});
        image.fill(0);
        image.setPixel(8, 7, 1);
        QVERIFY(image.save(file("palette.png")));
        const auto stack = io::open(path("palette.png"));
        QCOMPARE(stack->shape().c, std::int64_t(3));
        QCOMPARE(stack->readPlane({0, 1, 0}).value(0, 0), 20.0);
        QCOMPARE(stack->readPlane({0, 0, 0}).value(8, 7), 200.0);
    }

    // Grey values behind a palette of greys, as ImageJ and Qt write them.
    void greyPalette() {
        QImage image(11, 3, QImage::Format_Mono);
        image.setColorTable({qRgb(0, 0, 0), qRgb(255, 255, 255)});
        image.fill(0);
        image.setPixel(10, 2, 1);
        QVERIFY(image.save(file("mask.png")));
        const auto stack = io::open(path("mask.png"));
        QCOMPARE(stack->shape().c, std::int64_t(1));
        QCOMPARE(static_cast<double>(stacks::statistics(*stack).sum), 255.0);
        QCOMPARE(stack->readPlane({}).value(10, 2), 255.0);
    }

    // Grey of one, two and four bits keeps its numbers, as in TIFF.
    void fewBits_data() {
        QTest::addColumn<int>("bits");
        for (int bits : {1, 2, 4})
            QTest::addRow("%d", bits) << bits;
    }
    void fewBits() {
        QFETCH(int, bits);
        const auto [code, output] = python::run(R"(
import sys, struct, zlib
bits = int(sys.argv[2])
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
row = lambda y: bytes([0]) + (sum((x + y) % 2**bits << (8 // bits * 3 * bits - bits * (x + 1)) for x in range(8 // bits * 3))).to_bytes(3, 'big')
open(sys.argv[1], 'wb').write(bytes([137]) + b'PNG' + bytes([13, 10, 26, 10]) + chunk(b'IHDR', struct.pack('>IIBBBBB', 24 // bits, 5, bits, 0, 0, 0, 0))
    + chunk(b'IDAT', zlib.compress(b''.join(row(y) for y in range(5)))) + chunk(b'IEND', b''))
)",
                                                {path("few.png"), std::to_string(bits)});
        QVERIFY2(code == 0, output.constData());
        const auto plane = io::open(path("few.png"))->readPlane({});
        QCOMPARE(plane.width(), std::int64_t(24 / bits));
        for (int y = 0; y < 5; ++y) {
            for (int x = 0; x < 24 / bits; ++x)
                QCOMPARE(plane.value(x, y), (x + y) % (1 << bits) + 0.0);
        }
    }

    void jpeg() {
        QImage image(64, 48, QImage::Format_RGB888);
        image.fill(QColor(180, 90, 40));
        if (!image.save(file("photo.jpg"), "JPG", 95)) QSKIP("this Qt writes no JPEG");
        const auto stack = io::open(path("photo.jpg"));
        QCOMPARE(stack->info().reader, std::string("jpeg"));
        QCOMPARE(stack->info().compression, std::string("jpeg"));
        QCOMPARE(stack->info().warnings.size(), std::size_t(1));
        QVERIFY(stack->shape() == (image::Shape{1, 3, 1, 48, 64}));
        const double expected[] = {180, 90, 40};
        for (int c = 0; c < 3; ++c)
            QVERIFY(std::abs(stack->readPlane({0, c, 0}).value(30, 20) - expected[c]) <= 2);
        QImage grey(20, 10, QImage::Format_Grayscale8);
        grey.fill(77);
        QVERIFY(grey.save(file("grey.jpg"), "JPG", 95));
        QCOMPARE(io::open(path("grey.jpg"))->shape().c, std::int64_t(1));
        QVERIFY(std::abs(io::open(path("grey.jpg"))->readPlane({}).value(19, 9) - 77) <= 1);
    }

    void damaged_data() {
        QTest::addColumn<QString>("ending");
        QTest::newRow("png") << "png";
        QTest::newRow("jpeg") << "jpg";
    }
    void damaged() {
        QFETCH(QString, ending);
        QImage image(120, 90, QImage::Format_RGB888);
        for (int y = 0; y < 90; ++y) {
            for (int x = 0; x < 120; ++x)
                image.setPixelColor(x, y, QColor(x * 2, (x * y) % 256, (x ^ y) & 255));
        }
        if (!image.save(file("whole." + ending))) QSKIP("this Qt does not write the format");
        const auto whole = bytesOf("whole." + ending);
        for (int part = 0; part < 24; ++part)
            QVERIFY2(refused(whole.left(8 + whole.size() * part / 25)),
                     qPrintable(QString::number(part)));
        for (int at = 8; at < whole.size(); at += 7) {
            auto broken = whole;
            broken[at] = static_cast<char>(broken[at] ^ 0x5a);
            refused(broken);  // either way, without a crash
        }
    }

    // A header alone that asks for gigabytes is not believed.
    void announcesTooMuch() {
        QImage image(100, 100, QImage::Format_RGBA8888);
        image.fill(Qt::red);
        QVERIFY(image.save(file("small.png")));
        auto bytes = bytesOf("small.png");
        // Width and height of the first chunk, and its checksum.
        bytes.replace(16, 8, QByteArray::fromHex("0000ea600000ea60"));
        const auto sum = checksum(bytes.mid(12, 17));
        for (int i = 0; i < 4; ++i)
            bytes[29 + i] = static_cast<char>(sum >> (24 - 8 * i));
        write("bomb.png", bytes);
        try {
            io::open(path("bomb.png"));
            QFAIL("opened");
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.message()).contains("far more pixels"),
                     error.message().c_str());
        }
    }

    void changedWhileOpen() {
        QImage image(50, 50, QImage::Format_Grayscale8);
        image.fill(9);
        QVERIFY(image.save(file("a.png")));
        const auto stack = io::open(path("a.png"));
        write("a.png", bytesOf("a.png").left(60));
        QVERIFY_EXCEPTION_THROWN(stack->readPlane({}), Error);
    }

  private:
    static quint32 checksum(const QByteArray& bytes) {
        quint32 sum = 0xffffffffu;
        for (const char byte : bytes) {
            sum ^= static_cast<uchar>(byte);
            for (int i = 0; i < 8; ++i)
                sum = sum & 1 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
        }
        return ~sum;
    }
    bool refused(const QByteArray& bytes) {
        write("broken", bytes);
        try {
            stacks::statistics(*io::open(path("broken")));
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Input && error.message().back() == '.' &&
                   !error.hint().empty();
        }
        return false;
    }
    QByteArray bytesOf(const QString& name) const {
        QFile opened(file(name));
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
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

QTEST_GUILESS_MAIN(TestPictures)
#include "tst_pictures.moc"
