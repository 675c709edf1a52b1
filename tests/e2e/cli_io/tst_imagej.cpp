// What posteria-cli writes, seen by ImageJ: size, order, grey values and micrometres. ImageJ knows
// no OME-XML, so it gets a stack, in the order C fastest last that "Stack to Hyperstack" asks for.
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
        const auto said = imagej::run(
            "open(getArgument());\n"
            "getDimensions(w, h, c, z, t); getVoxelSize(vw, vh, vd, unit);\n"
            "print(w + ' ' + h + ' ' + nSlices + ' ' + bitDepth() + ' ' + d2s(vw, 6) + ' ' + "
            "d2s(vh, 6) + ' ' + unit);\n"
            "run('Stack to Hyperstack...', 'order=xyzct channels=3 slices=4 frames=2 "
            "display=Grayscale');\n"
            "for (i = 0; i < 24; i++) { Stack.setPosition(floor(i / 4) % 3 + 1, i % 4 + 1, floor(i "
            "/ 12) + 1);\n"
            "print(d2s(getPixel(69, 49), 4) + ' ' + d2s(getPixel(5, 2), 4)); }\n",
            path("out.ome.tif"), m_folder->path());
        const auto lines = said.split('\n', Qt::SkipEmptyParts);
        QVERIFY2(lines.size() == 25, qPrintable(said));
        const auto bits = QString::number(image::bytesPerPixel(pixelType) * 8);
        QCOMPARE(lines[0], "70 50 24 " + bits + QString::fromUtf8(" 0.108000 0.216000 \xC2\xB5m"));
        for (int i = 0; i < 24; ++i) {
            const auto values = lines[i + 1].split(' ');
            const int t = i / 12, c = i / 4 % 3, z = i % 4;
            QVERIFY(std::abs(values[0].toDouble() -
                             stacks::expectedValue(pixelType, t, c, z, 49, 69)) < 1e-3);
            QVERIFY(std::abs(values[1].toDouble() -
                             stacks::expectedValue(pixelType, t, c, z, 2, 5)) < 1e-3);
        }
    }

  private:
    QString path(const QString& name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestImagej)
#include "tst_imagej.moc"
