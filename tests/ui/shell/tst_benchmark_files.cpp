// The benchmark's large files are what they claim to be, and small on the disk.
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/open.h"
#include "ui/shell/benchmark_files.h"

using namespace posteria;
using namespace posteria::ui::shell;

class TestBenchmarkFiles : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

  private Q_SLOTS:
    void aHollowStackHasAllItsPages() {
        const QString path = m_folder.filePath("stack.tif");
        QVERIFY(writeHollowStack(path, 2048, 1024, 1100));
        QVERIFY(QFileInfo(path).size() > (qint64(1) << 32));
        const auto series = io::openAll(path.toStdString());
        QCOMPARE(series.size(), std::size_t(1));
        const auto& shape = series[0]->shape();
        QCOMPARE(shape.t * shape.z * shape.c, 1100);
        QCOMPARE(shape.x, 2048);
        const auto last = series[0]->readPlane({shape.t - 1, shape.c - 1, shape.z - 1});
        QCOMPARE(last.as<std::uint16_t>()[2048 * 1024 - 1], std::uint16_t(0));
    }

    void aSharedPyramidHasLevelsAndPixels() {
        const QString path = m_folder.filePath("pyramid.tif");
        QVERIFY(writeSharedPyramid(path, 30000));
        QVERIFY(QFileInfo(path).size() < (qint64(16) << 20));
        const auto series = io::openAll(path.toStdString());
        QCOMPARE(series.size(), std::size_t(1));
        const auto& levels = series[0]->info().levels;
        QCOMPARE(levels.size(), std::size_t(6));  // 30000 down to 937
        QCOMPARE(series[0]->shape().x, 30000);
        QCOMPARE(series[0]->bounds(5).width, 937);
        const auto part = series[0]->read({}, 0, {29900, 29900, 100, 100});
        QVERIFY(part.as<std::uint16_t>()[0] != part.as<std::uint16_t>()[5]);
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkFiles)
#include "tst_benchmark_files.moc"
