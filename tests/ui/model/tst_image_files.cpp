#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "ui/model/image_files.h"

using namespace posteria::ui;

class TestImageFiles : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void numbersAreOrderedByTheirValue() {
        const QStringList expected{"a",
                                   "a1.tif",
                                   "A2.tif",
                                   "a02b.tif",
                                   "a10.tif",
                                   "b_9_100",
                                   "b_10_9",
                                   "b_10_10",
                                   "b_123456789012345678901",
                                   "b_223456789012345678901"};
        auto names = expected;
        std::reverse(names.begin(), names.end());
        std::sort(names.begin(), names.end(), naturalLess);
        QCOMPARE(names, expected);
        QVERIFY(naturalLess("a01", "a1") != naturalLess("a1", "a01"));
        QVERIFY(!naturalLess("a1", "a1"));
        QVERIFY(naturalLess("", "a") && !naturalLess("a", ""));
        QVERIFY(naturalLess("a000", "a1") && naturalLess("a0", "a00"));
    }

    void aFolderGivesItsOwnImagesOnly() {
        QTemporaryDir folder;
        const QDir dir(folder.path());
        for (const char* name : {"z10.tif", "z2.TIF", "notes.txt", ".hidden.tif", "model.json"}) {
            QFile file(dir.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        QVERIFY(dir.mkpath("below") && dir.mkpath("field.ome.zarr") && dir.mkpath("plain"));
        QFile below(dir.filePath("below/deep.tif"));
        QVERIFY(below.open(QIODevice::WriteOnly));
        QCOMPARE(imagesIn(folder.path()),
                 (QStringList{dir.filePath("field.ome.zarr"), dir.filePath("z2.TIF"),
                              dir.filePath("z10.tif")}));
        QCOMPARE(imagesIn(dir.filePath("plain")), QStringList());
        QCOMPARE(imagesIn(dir.filePath("nowhere")), QStringList());
        QVERIFY(isZarr(dir.filePath("field.ome.zarr")));
        QVERIFY(!isZarr(dir.filePath("below")));
        QFile mark(dir.filePath("plain/.zattrs"));
        QVERIFY(mark.open(QIODevice::WriteOnly));
        QVERIFY(isZarr(dir.filePath("plain")));
    }
};

QTEST_GUILESS_MAIN(TestImageFiles)
#include "tst_image_files.moc"
