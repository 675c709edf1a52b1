// What happens to files while they are read: cut, written to, replaced, slow.
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <thread>

#include "core/base/error.h"
#include "core/io/byte_source.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "core/io/tiff_file.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

namespace {

// A file as a distant disk gives it: every read takes a while.
class SlowBytes : public io::ByteSource {
  public:
    SlowBytes(const std::string& path, std::chrono::microseconds delay)
        : m_file(path), m_delay(delay) {}
    io::FileIdentity identity() const override { return m_file.identity(); }
    std::size_t read(std::uint64_t offset, void* out, std::size_t count) const override {
        std::this_thread::sleep_for(m_delay);
        ++m_reads;
        return m_file.read(offset, out, count);
    }
    int reads() const { return m_reads; }

  private:
    io::FileBytes m_file;
    std::chrono::microseconds m_delay;
    mutable std::atomic<int> m_reads{0};
};

class CountedBytes : public io::ByteSource {
  public:
    explicit CountedBytes(const std::string& path) : m_file(path) {}
    io::FileIdentity identity() const override { return m_file.identity(); }
    std::size_t read(std::uint64_t offset, void* out, std::size_t count) const override {
        m_taken += count;
        return m_file.read(offset, out, count);
    }
    std::size_t taken() const { return m_taken; }

  private:
    io::FileBytes m_file;
    mutable std::atomic<std::size_t> m_taken{0};
};

}  // namespace

class TestReadingFaults : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void cutWhileOpen_data() { codecs(); }
    void cutWhileOpen() {
        QFETCH(int, compression);
        const auto made = write("a.ome.tif", compression, 40);
        const auto stack = io::open(path("a.ome.tif"));
        stack->readPlane({0, 0, 0});
        QVERIFY(QFile::resize(file("a.ome.tif"), QFile(file("a.ome.tif")).size() / 2));
        // The planes at the end are gone; so is the trust in those at the beginning.
        for (const std::int64_t z : {39, 0})
            QCOMPARE(refusal(*stack, z),
                     std::string("The file was changed while it was being read."));
    }

    void writtenToWhileOpen_data() { codecs(); }
    void writtenToWhileOpen() {
        QFETCH(int, compression);
        write("b.ome.tif", compression, 5);
        const auto stack = io::open(path("b.ome.tif"));
        stack->readPlane({0, 0, 0});
        QFile writer(file("b.ome.tif"));
        QVERIFY(writer.open(QIODevice::ReadWrite));
        QVERIFY(writer.seek(writer.size() / 2));
        QCOMPARE(writer.write("other bytes"), qint64(11));
        writer.close();
        QCOMPARE(refusal(*stack, 4), std::string("The file was changed while it was being read."));
    }

    // Programs that save under a temporary name and rename: the opened image stays what it was.
    void replacedWhileOpen_data() { codecs(); }
    void replacedWhileOpen() {
        QFETCH(int, compression);
        const auto made = write("c.ome.tif", compression, 12);
        const auto stack = io::open(path("c.ome.tif"));
        io::writeOmeTiff(path("other.ome.tif"),
                         {stacks::make(image::PixelType::UInt8, {1, 1, 12, 20, 20})});
        QVERIFY(QFile::remove(file("c.ome.tif")));
        QVERIFY(QFile::rename(file("other.ome.tif"), file("c.ome.tif")));
        std::vector<std::thread> threads;
        std::atomic<int> wrong{0};
        for (int n = 0; n < 6; ++n) {  // more than there are handles kept for later
            threads.emplace_back([&] {
                try {
                    wrong += !stacks::difference(*made, *stack).empty();
                } catch (const Error&) {
                    ++wrong;
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(io::open(path("c.ome.tif"))->shape().x, std::int64_t(20));
    }

    // A set of more files than are kept open: one of them was exchanged in between.
    void exchangedInALargeSet() {
        const auto made = stacks::make(image::PixelType::UInt16, {1, 1, 1, 30, 40});
        QString xml =
            "<?xml version=\"1.0\"?><OME "
            "xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
            "<Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYZCT\" "
            "Type=\"uint16\" "
            "SizeX=\"40\" SizeY=\"30\" SizeZ=\"30\" SizeC=\"1\" SizeT=\"1\"><Channel "
            "ID=\"Channel:0:0\"/>";
        for (int z = 0; z < 30; ++z) {
            const auto name = QString("z%1.tif").arg(z);
            io::writeOmeTiff(path(name), {made});
            xml += QString(
                       "<TiffData FirstZ=\"%1\" IFD=\"0\"><UUID "
                       "FileName=\"%2\">urn:uuid:%1</UUID></TiffData>")
                       .arg(z)
                       .arg(name);
        }
        QFile companion(file("set.companion.ome"));
        QVERIFY(companion.open(QIODevice::WriteOnly));
        companion.write((xml + "</Pixels></Image></OME>").toUtf8());
        companion.close();
        const auto stack = io::open(path("set.companion.ome"));
        for (std::int64_t z = 0; z < 30; ++z)
            QCOMPARE(stack->readPlane({0, 0, z}).value(39, 29), made->readPlane({}).value(39, 29));
        io::writeOmeTiff(path("z3.tif"), {made});
        QCOMPARE(refusal(*stack, 3), std::string("The file was changed while it was being read."));
        QCOMPARE(stack->readPlane({0, 0, 4}).value(0, 0), 0.0);
    }

    // Opening asks a slow disk for blocks, not for every number of every directory.
    void slowDisk() {
        const auto made = write("d.ome.tif", 2, 400, 24);
        auto bytes = std::make_shared<SlowBytes>(path("d.ome.tif"), std::chrono::microseconds(500));
        const auto opened = std::make_shared<const io::TiffFile>(path("d.ome.tif"), bytes);
        QCOMPARE(opened->pages().size(), std::size_t(400));
        const auto blocks = bytes->identity().size / (16 << 10) + 1;
        QVERIFY2(bytes->reads() <= static_cast<int>(2 * blocks) + 8,
                 qPrintable(QString("%1 reads of %2 blocks").arg(bytes->reads()).arg(blocks)));
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int n = 0; n < 4; ++n) {
            threads.emplace_back([&, n] {
                for (std::size_t z = static_cast<std::size_t>(n); z < 400; z += 40) {
                    const auto& page = opened->pages()[z];
                    const auto plane = opened->read(page.offset, page, 0, {2, 3, 10, 10});
                    wrong += plane.value(4, 5) !=
                             made->readPlane({0, 0, static_cast<std::int64_t>(z)}).value(6, 8);
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }

    // A corner of an uncompressed image costs what the corner holds, however the rest is stored.
    void aCornerOfALargeStrip() {
        const auto made = stacks::make(image::PixelType::UInt16, {1, 1, 1, 1200, 1000});
        io::OmeTiffOptions options;
        options.compression = io::Compression::None;
        io::writeOmeTiff(path("e.ome.tif"), {made}, options);
        auto bytes = std::make_shared<CountedBytes>(path("e.ome.tif"));
        const io::TiffFile opened(path("e.ome.tif"), bytes);
        const auto& page = opened.pages().front();
        const auto before = bytes->taken();
        const auto corner = opened.read(page.offset, page, 0, {900, 1100, 50, 60});
        QVERIFY(bytes->taken() - before <= 60 * 50 * 2 + (64 << 10));
        for (int y = 0; y < 60; y += 7)
            QCOMPARE(corner.value(49, y), made->readPlane({}).value(949, 1100 + y));
        QCOMPARE(opened.read(page.offset, page, 0, {0, 3, 1000, 1100}).value(999, 1099),
                 made->readPlane({}).value(999, 1102));
    }

    void unusualNames_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("spaces") << " two  words .ome.tif";
        QTest::newRow("unicode") << QString::fromUtf8(
            "Zelle \xC2\xB5 \xE7\xB4\xB0\xE8\x83\x9E \xF0\x9F\x94\xAC.ome.tif");
        QTest::newRow("quotes") << "it's \"a\" $(name) 'x'.ome.tif";
        QTest::newRow("line break") << "two\nlines.ome.tif";
        QTest::newRow("255 bytes") << QString(247, 'n') + ".ome.tif";
        QTest::newRow("255 bytes of unicode") << QString(123, QChar(0xB5)) + "n.ome.tif";
    }
    void unusualNames() {
        QFETCH(QString, name);
        QVERIFY(name.toUtf8().size() <= 255);
        for (const bool pyramid : {false, true}) {
            const auto made = stacks::make(image::PixelType::UInt16, {1, 2, 1, 300, 400});
            io::OmeTiffOptions options;
            options.pyramid = pyramid;
            io::writeOmeTiff(path(name), {made}, options);
            QCOMPARE(stacks::difference(*made, *io::open(path(name))), std::string());
            QCOMPARE(names(), QStringList(name));
        }
    }

  private:
    static void codecs() {
        QTest::addColumn<int>("compression");
        QTest::newRow("none") << static_cast<int>(io::Compression::None);
        QTest::newRow("deflate") << static_cast<int>(io::Compression::Deflate);
    }
    image::StackPtr write(const QString& name, int compression, std::int64_t planes,
                          std::int64_t side = 64) {
        auto made = stacks::make(image::PixelType::UInt16, {1, 1, planes, side, side});
        io::OmeTiffOptions options;
        options.compression = static_cast<io::Compression>(compression);
        io::writeOmeTiff(path(name), {made}, options);
        return made;
    }
    static std::string refusal(const image::Stack& stack, std::int64_t z) {
        try {
            stack.readPlane({0, 0, z});
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Input ? error.message() : "another kind";
        }
        return "read";
    }
    QStringList names() const {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
    }
    QString file(const QString& name) const { return m_folder->filePath(name); }
    std::string path(const QString& name) const { return file(name).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestReadingFaults)
#include "tst_reading_faults.moc"
