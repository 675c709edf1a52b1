// What posteria-cli writes, seen by ImageJ: size, order, grey values and micrometres. ImageJ knows
// no OME-XML, so it gets a stack, which "Stack to Hyperstack" orders.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/io/stacks.h"
#include "tests/e2e/imagej.h"

using namespace posteria;

namespace {

const QString kProgram = QString(POSTERIA_BIN_DIR) + "/posteria-cli";

}  // namespace

class TestImagej : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        if (!imagej::isInstalled()) QSKIP("ImageJ (Debian's package imagej) is not installed");
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void opensWhatConvertWrites_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("compression");
        for (const char* compression : {"none", "lzw", "deflate"}) {
            for (const auto type :
                 {image::PixelType::UInt8, image::PixelType::UInt16, image::PixelType::Float32}) {
                QTest::newRow(
                    qPrintable(QString("%1 %2").arg(image::pixelTypeName(type), compression)))
                    << static_cast<int>(type) << compression;
            }
        }
    }
    void opensWhatConvertWrites() {
        QFETCH(int, type);
        QFETCH(QString, compression);
        const auto pixelType = static_cast<image::PixelType>(type);
        const auto pixels = stacks::make(pixelType, {2, 3, 4, 50, 70});
        auto info = pixels->info();
        info.voxelSize = image::VoxelSize{0.108, 0.216, 0.3};
        io::OmeTiffWriter writer(path("in.ome.tif").toStdString(), {info});
        for (int i = 0; i < 24; ++i)
            writer.writePlane(*pixels, {i / 12, i / 4 % 3, i % 4});
        writer.finish();
        QCOMPARE(QProcess::execute(kProgram, {"convert", path("in.ome.tif"), path("out.ome.tif"),
                                              "--compression", compression, "-q"}),
                 0);
        const auto lines = imagej::look(path("out.ome.tif"), 3, 4, 2, 69, 49);
        QVERIFY2(lines.size() == 25, qPrintable(lines.join('\n')));
        const auto bits = QString::number(image::bytesPerPixel(pixelType) * 8);
        QCOMPARE(lines[0], "70 50 24 " + bits + " 0.108000 0.216000 um");
        for (int i = 0; i < 24; ++i) {
            const double expected =
                stacks::expectedValue(pixelType, i / 12, i / 4 % 3, i % 4, 49, 69);
            QVERIFY(std::abs(lines[i + 1].toDouble() - expected) < 1e-3);
        }
    }

  private:
    QString path(const QString& name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestImagej)
#include "tst_imagej.moc"
