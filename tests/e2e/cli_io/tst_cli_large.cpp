// posteria-cli info and convert on files larger than what they may take of the memory. The files
// are sparse: they are as long as they say, but the disk holds only a few of their pixels.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/open.h"

using namespace posteria;

namespace {

const QString kProgram = QString(POSTERIA_BIN_DIR) + "/posteria-cli";
constexpr std::int64_t kSide = 20000, kStripRows = 50, kStrips = kSide / kStripRows;

template <class T>
void put(QByteArray& bytes, T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// One page of 16-bit pixels in strips, BigTIFF; only the row in the middle is not zero.
bool writeSparse(const QString& path) {
    constexpr std::int64_t kStripBytes = kStripRows * kSide * 2;
    QByteArray head("II+\0\x08\0\0\0", 8);
    put<std::uint64_t>(head, 16);
    constexpr std::int64_t kTables = 16 + 8 + 10 * 20 + 8, kPixels = kTables + 2 * kStrips * 8;
    put<std::uint64_t>(head, 10);
    const auto tag = [&](int code, int type, std::uint64_t count, std::uint64_t value) {
        put<std::uint16_t>(head, static_cast<std::uint16_t>(code));
        put<std::uint16_t>(head, static_cast<std::uint16_t>(type));
        put<std::uint64_t>(head, count);
        put<std::uint64_t>(head, value);
    };
    tag(256, 4, 1, kSide);
    tag(257, 4, 1, kSide);
    tag(258, 3, 1, 16);
    tag(259, 3, 1, 1);
    tag(262, 3, 1, 1);
    tag(273, 16, kStrips, static_cast<std::uint64_t>(kTables));
    tag(277, 3, 1, 1);
    tag(278, 3, 1, kStripRows);
    tag(279, 16, kStrips, static_cast<std::uint64_t>(kTables + kStrips * 8));
    tag(339, 3, 1, 1);
    put<std::uint64_t>(head, 0);
    for (std::int64_t i = 0; i < kStrips; ++i)
        put<std::uint64_t>(head, static_cast<std::uint64_t>(kPixels + i * kStripBytes));
    for (std::int64_t i = 0; i < kStrips; ++i)
        put<std::uint64_t>(head, kStripBytes);
    QByteArray row;
    for (std::int64_t x = 0; x < kSide; ++x)
        put<std::uint16_t>(row, static_cast<std::uint16_t>(1 + x));
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(head) == head.size() &&
           file.seek(kPixels + kSide / 2 * kSide * 2) && file.write(row) == row.size() &&
           file.resize(kPixels + kSide * kSide * 2);
}

// Runs the program; its exit code and the most memory it had at a time, bytes.
std::pair<int, std::uint64_t> run(const QStringList& arguments) {
    std::vector<QByteArray> words{kProgram.toUtf8()};
    for (const auto& a : arguments)
        words.push_back(a.toUtf8());
    const pid_t child = ::fork();
    if (child == 0) {
        std::vector<char*> argv;
        for (auto& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        if (!std::freopen("/dev/null", "w", stdout)) ::_exit(126);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            static_cast<std::uint64_t>(usage.ru_maxrss) << 10};
}

}  // namespace

class TestCliLarge : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(writeSparse(path("large.tif")));
        QVERIFY(QFile(path("large.tif")).size() > 800'000'000);
    }

    void info() {
        const auto [code, memory] = run({"info", path("large.tif"), "--checksum"});
        QCOMPARE(code, 0);
        verifyMemory(memory);
    }

    void convert_data() {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("pyramid") << QStringList{"--pyramid", "--compression", "zstd"};
        QTest::newRow("strips") << QStringList{"--compression", "lzw"};
        QTest::newRow("large tiles") << QStringList{"--tile", "1024", "--compression", "zstd"};
    }
    void convert() {
        QFETCH(QStringList, options);
        const auto [code, memory] =
            run(QStringList{"convert", path("large.tif"), path("out.ome.tif"), "-q"} + options);
        QCOMPARE(code, 0);
        verifyMemory(memory);
        const auto stack = io::open(path("out.ome.tif").toStdString());
        QCOMPARE(stack->shape().x, kSide);
        const auto row = stack->read({}, 0, {0, kSide / 2 - 1, kSide, 2});
        for (std::int64_t x = 0; x < kSide; x += 777) {
            QCOMPARE(row.value(x, 0), 0.0);
            QCOMPARE(row.value(x, 1), double(1 + x));
        }
        const auto levels = stack->info().levels.size();
        QCOMPARE(levels, std::size_t(options.contains("--pyramid") ? 8 : 1));
        if (levels > 1) {
            const auto& size = stack->info().levels[1];
            QCOMPARE(size.width, kSide / 2);
            const auto half = stack->read({}, 1, {100, kSide / 4 - 1, 1, 2});
            QCOMPARE(half.value(0, 0), 0.0);
            // Pixels 200 and 201 of the row hold 201 and 202; the row below them holds nothing.
            QCOMPARE(half.value(0, 1), std::floor((201 + 202 + 2) / 4.0));
        }
        QVERIFY(QFile::remove(path("out.ome.tif")));
    }

  private:
    static void verifyMemory(std::uint64_t memory) {
        qInfo("%.0f MB", static_cast<double>(memory) / 1e6);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        QVERIFY2(memory < 300'000'000, qPrintable(QString::number(memory)));
#endif
    }
    QString path(const QString& name) const {
        return m_folder.filePath(name);
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestCliLarge)
#include "tst_cli_large.moc"
