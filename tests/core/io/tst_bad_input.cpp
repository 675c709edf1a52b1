// What cannot be opened is refused in one sentence that says why and what to do.
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "core/io/reader.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

namespace {

// A reader of text files that begin with "PIXELS".
class ToyReader : public io::Reader {
  public:
    const char* name() const override { return "toy"; }
    bool canRead(const io::Candidate& candidate) const override {
        return std::string(candidate.head.begin(), candidate.head.end()).rfind("PIXELS", 0) == 0;
    }
    std::vector<image::StackPtr> openAll(const std::string&) const override {
        return {stacks::make(image::PixelType::UInt8, {1, 1, 1, 3, 4})};
    }
};

}  // namespace

class TestBadInput : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void missing() { refused("nothing.tif", "no such file"); }
    void empty() {
        write("empty.tif", {});
        refused("empty.tif", "empty");
    }
    void text() {
        write("notes.tif", "This is not an image, whatever its name says.");
        refused("notes.tif", "not an image");
    }
    void picture() {
        write("photo.tif", QByteArray("\xFF\xD8\xFF\xE0\0\0\0\0", 8));
        refused("photo.tif", "JPEG");
    }
    void folder() {
        QVERIFY(QDir(m_folder->path()).mkdir("folder"));
        refused("folder", "folder");
    }
    void headOnly() {
        write("head.tif", QByteArray("II*\0\x08\0\0\0", 8));
        refused("head.tif", "cut short");
    }

    // Cut anywhere, a file is refused at the latest when its pixels are read.
    void truncatedAnywhere() {
        const auto made = stacks::make(image::PixelType::UInt16, {1, 2, 3, 40, 50});
        for (auto codec : {io::Compression::None, io::Compression::Deflate}) {
            io::OmeTiffOptions options;
            options.compression = codec;
            io::writeOmeTiff(path("whole.tif"), {made}, options);
            QFile whole(QString::fromStdString(path("whole.tif")));
            QVERIFY(whole.open(QIODevice::ReadOnly));
            const auto bytes = whole.readAll();
            for (int part = 1; part < 24; ++part) {
                write("cut.tif", bytes.left(bytes.size() * part / 24));
                refused("cut.tif", "");
            }
        }
    }

    // Any byte changed: a stack or a refusal, nothing else.
    void flippedBytes() {
        const auto made = stacks::make(image::PixelType::UInt8, {1, 1, 2, 16, 16});
        io::writeOmeTiff(path("good.tif"), {made});
        QFile good(QString::fromStdString(path("good.tif")));
        QVERIFY(good.open(QIODevice::ReadOnly));
        const auto bytes = good.readAll();
        for (int at = 0; at < bytes.size(); ++at) {
            auto broken = bytes;
            broken[at] = static_cast<char>(broken[at] ^ (at % 2 ? 0xff : 0x81));
            write("broken.tif", broken);
            try {
                for (const auto& stack : io::openAll(path("broken.tif")))
                    stacks::statistics(*stack);
            } catch (const Error& error) {
                QCOMPARE(error.kind(), ErrorKind::Input);
            }
        }
    }

    void otherReadersAreAskedFirst() {
        write("toy.dat", "PIXELS 3 4");
        const ToyReader toy;
        QCOMPARE(io::openAll(path("toy.dat"), {&toy}).front()->shape().x, std::int64_t(4));
        refused("toy.dat", "not an image");
    }

  private:
    std::string path(const QString& name) const { return m_folder->filePath(name).toStdString(); }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    void refused(const QString& name, const char* word) {
        try {
            for (const auto& stack : io::openAll(path(name)))
                stacks::statistics(*stack);
            QFAIL(qPrintable("opened " + name));
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Input);
            QCOMPARE(error.where(), path(name));
            QVERIFY2(QString::fromStdString(error.message()).contains(word),
                     error.message().c_str());
            QVERIFY(error.message().back() == '.' && !error.hint().empty());
        }
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestBadInput)
#include "tst_bad_input.moc"
