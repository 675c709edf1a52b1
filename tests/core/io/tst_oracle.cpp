// Files of other programs: what we read against what tifffile and libtiff's tools read.
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/core/io/oracle.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

class TestOracle : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        for (const auto& row : oracle::rows())
            m_rows[row.at("file")] = row;
        if (m_rows.empty()) QSKIP("the shared data are absent");
    }

    void readable_data() { addRows("read"); }
    void readable() {
        QFETCH(QString, file);
        const auto& row = m_rows[file.toStdString()];
        const bool isSet = file.contains("/multifile_");
        if (file.endsWith(".dv")) {
            checkDeltaVision(row);
        } else if (row.at("axes").empty() && !isSet) {
            refuses(row);
        } else if (isSet) {
            checkSet(row);
        } else {
            checkFile(row);
        }
    }

    // An unusual codec or depth is read right, or refused in one sentence.
    void optional_data() { addRows("optional"); }
    void optional() {
        QFETCH(QString, file);
        const auto& row = m_rows[file.toStdString()];
        try {
            io::openAll(path(row));
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Input);
            const auto sentence = QString::fromStdString(error.message());
            QVERIFY(sentence.endsWith('.'));
            const bool isFormat = !file.endsWith(".tif") && !file.endsWith(".tiff");
            const QRegularExpression reason(isFormat ? "Zarr|folder|CZI|ND2"
                                                     : "codec \\w+|YCbCr|\\d+ bits|complex");
            QVERIFY2(reason.match(sentence).hasMatch(), qPrintable(sentence));
            return;
        }
        checkFile(row);
    }

    // A set with a file missing: the other planes are there, the lost ones are zeros, and it is
    // said.
    void incompleteSet() {
        const QTemporaryDir folder;
        const auto from =
            QString::fromStdString(oracle::folder()) + "/formats/ome/multifile_master/";
        for (const char* name : {"multifile-Z1.ome.tiff", "multifile-Z2.ome.tiff",
                                 "multifile-Z4.ome.tiff", "multifile-Z5.ome.tiff"}) {
            QVERIFY(QFile::copy(from + name, folder.filePath(name)));
        }
        const auto stack = io::open(folder.filePath("multifile-Z1.ome.tiff").toStdString());
        QCOMPARE(stack->shape().z, std::int64_t(5));
        QCOMPARE(stack->info().warnings.size(), std::size_t(1));
        stacks::Statistics lost, kept;
        stacks::accumulate(*stack, {0, 0, 2}, 0, lost);
        stacks::accumulate(*stack, {0, 0, 3}, 0, kept);
        QCOMPARE(lost.max, 0.0);
        QVERIFY(kept.sum > 0);
    }

  private:
    static std::string path(const oracle::Row& row) {
        return oracle::folder() + "/" + row.at("file");
    }

    void addRows(const std::string& expectation) {
        QTest::addColumn<QString>("file");
        for (const auto& [file, row] : m_rows) {
            if (row.at("expect") == expectation)
                QTest::newRow(file.c_str()) << QString::fromStdString(file);
        }
    }

    static bool close(long double a, long double b) {
        return std::abs(a - b) <= 1e-9L * std::max(std::abs(a), std::abs(b));
    }

    // One-bit pixels are True and False in the table.
    static long double number(const std::string& text) {
        return text == "True" ? 1 : text == "False" ? 0 : std::stold(text);
    }

    // What is no TIFF has no figures in the table: it is refused with a sentence.
    void refuses(const oracle::Row& row) {
        try {
            io::openAll(path(row));
            QFAIL("opened, although no reader knows the format");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Input);
        }
    }

    // The table knows no DeltaVision: the file's own header says what its pixels are.
    void checkDeltaVision(const oracle::Row& row) {
        QFile file(QString::fromStdString(path(row)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto bytes = file.readAll();
        float header[3] = {};  // smallest, largest, mean of the first wavelength
        std::memcpy(header, bytes.constData() + 76, sizeof header);
        const auto stack = io::open(path(row));
        const auto& info = stack->info();
        QCOMPARE(info.axes, std::string("CZYX"));
        QVERIFY(stack->shape() == (image::Shape{1, 2, 17, 128, 128}));
        QVERIFY(info.type == image::PixelType::UInt16);
        QVERIFY(std::abs(info.voxelSize->x - 0.13262) < 1e-6 &&
                std::abs(info.voxelSize->z - 0.3) < 1e-6);
        QCOMPARE(*info.channels[1].emissionNm, 632.0);
        stacks::Statistics first;
        for (std::int64_t z = 0; z < 17; ++z)
            stacks::accumulate(*stack, {0, 0, z}, 0, first);
        QCOMPARE(first.min, static_cast<double>(header[0]));
        QCOMPARE(first.max, static_cast<double>(header[1]));
        QVERIFY(std::abs(static_cast<double>(first.sum) / (17 * 128 * 128) - header[2]) < 1e-3);
        long double sum = 0;
        for (int i = 1024; i < bytes.size(); i += 2) {
            sum += static_cast<unsigned char>(bytes[i]) +
                   256 * static_cast<unsigned char>(bytes[i + 1]);
        }
        QCOMPARE(stacks::statistics(*stack).sum, sum);
    }

    void checkFile(const oracle::Row& row) {
        const auto all = io::openAll(path(row));
        const auto& stack = *all.front();
        checkShape(row, stack);
        const std::string type = row.at("np");
        QCOMPARE(std::string(image::pixelTypeName(stack.info().type)), type == "bool" ? "uint8"
                                                                       : type == "float16"
                                                                           ? "float32"
                                                                           : type);
        if (row.at("p0_sum").empty()) return;
        const auto samples = std::stoll(row.at("spp"));
        stacks::Statistics first;
        for (std::int64_t c = 0; c < samples; ++c)
            stacks::accumulate(stack, {0, c, 0}, 0, first);
        if (row.at("p0_min") != "nan" && !row.at("p0_min").empty()) {
            // The table gives a float with as many digits as tell it from its neighbours.
            const auto same = [&row](double ours, const std::string& theirs) {
                const auto value = number(theirs);
                if (row.at("np") == "float32")
                    return static_cast<float>(ours) == static_cast<float>(value);
                const long double spacing = row.at("np") == "float16" ? 0x1p-11L : 1e-9L;
                return std::abs(ours - value) <= spacing * std::abs(value);
            };
            QVERIFY2(same(first.min, row.at("p0_min")), "smallest value of the first page");
            QVERIFY2(same(first.max, row.at("p0_max")), "largest value of the first page");
        }
        QVERIFY2(close(first.sum, std::stold(row.at("p0_sum"))), "sum of the first page");
        checkTotal(row, all, samples);
    }

    void checkShape(const oracle::Row& row, const image::Stack& stack) {
        const std::string axes = row.at("axes");
        std::istringstream sizes(row.at("shape"));
        std::map<char, std::int64_t> expected;
        std::string ours;
        for (char axis : axes) {
            std::string size;
            std::getline(sizes, size, 'x');
            // Samples are channels; pages that nothing is said of are slices.
            const char name = axis == 'S' ? 'C' : axis == 'Q' || axis == 'I' ? 'Z' : axis;
            expected[name] = std::stoll(size);
            ours += name;
        }
        const auto sizeOf = [&expected](char axis) {
            return expected.count(axis) ? expected[axis] : 1;
        };
        const image::Shape shape{sizeOf('T'), sizeOf('C'), sizeOf('Z'), sizeOf('Y'), sizeOf('X')};
        QVERIFY2(stack.shape() == shape, "shape");
        QCOMPARE(stack.info().axes, ours);
        QCOMPARE(static_cast<std::int64_t>(stack.info().channels.size()), shape.c);
    }

    void checkTotal(const oracle::Row& row, const std::vector<image::StackPtr>& all,
                    std::int64_t samples) {
        long double planes = 0, withLevels = 0;
        std::int64_t pages = 0;
        for (const auto& stack : all) {
            pages += stack->shape().planes() / samples;
            for (std::size_t level = 0; level < stack->info().levels.size(); ++level) {
                const auto sum = stacks::statistics(*stack, static_cast<int>(level)).sum;
                withLevels += sum;
                if (level == 0) planes += sum;
            }
        }
        const auto total = std::stold(row.at("all_sum"));
        const auto decoded = std::stoll(row.at("pages_decoded"));
        // A MetaMorph stack hides planes behind one page; an LSM file has a thumbnail, which is no
        // plane.
        if (pages > decoded || QString::fromStdString(row.at("file")).endsWith(".lsm")) return;
        // Levels count as pages where they lie among them, not as SubIFDs.
        QVERIFY2(close(planes, total) || (pages < decoded && close(withLevels, total)),
                 "sum of all pages");
    }

    // A set of files opens as a whole from any of them: this file's plane is in it, and the total
    // is that of all files.
    void checkSet(const oracle::Row& row) {
        const auto all = io::openAll(path(row));
        const auto folder = row.at("file").substr(0, row.at("file").rfind('/'));
        long double expected = 0, total = 0;
        for (const auto& [file, other] : m_rows) {
            if (file.rfind(folder + "/", 0) == 0 && !other.at("p0_sum").empty())
                expected += std::stold(other.at("p0_sum"));
        }
        bool found = row.at("p0_sum").empty();
        for (const auto& stack : all) {
            QVERIFY(stack->info().warnings.empty());
            total += stacks::statistics(*stack).sum;
            const auto& s = stack->shape();
            for (std::int64_t i = 0; i < s.planes() && !found; ++i) {
                stacks::Statistics plane;
                stacks::accumulate(*stack, {i / (s.c * s.z), i / s.z % s.c, i % s.z}, 0, plane);
                found = close(plane.sum, std::stold(row.at("p0_sum"))) &&
                        close(plane.max, std::stold(row.at("p0_max")));
            }
        }
        QVERIFY2(found, "the file's own plane is missing");
        QVERIFY2(close(total, expected), "sum of all files");
    }

    std::map<std::string, oracle::Row> m_rows;
};

QTEST_APPLESS_MAIN(TestOracle)
#include "tst_oracle.moc"
