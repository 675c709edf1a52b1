#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/base/error.h"
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

    void aTextNamesFilesFoldersAndPatterns() {
        QTemporaryDir folder;
        const QDir dir(folder.path());
        QVERIFY(dir.mkpath("day 1") && dir.mkpath("day 2"));
        for (const char* name : {"day 1/cell_2.tif", "day 1/cell_10.tif", "day 2/cell_1.tif",
                                 "day 2/cell_1.txt", "day 2/blank.tif"}) {
            QFile file(dir.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const auto full = [&](const QStringList& names) {
            QStringList paths;
            for (const auto& name : names)
                paths << dir.filePath(name);
            return paths;
        };
        QCOMPARE(imagesMatching(dir.filePath("day 2/blank.tif")), full({"day 2/blank.tif"}));
        QCOMPARE(imagesMatching(dir.filePath("day 1")),
                 full({"day 1/cell_2.tif", "day 1/cell_10.tif"}));
        QCOMPARE(imagesMatching(dir.filePath("day */cell_*")),
                 full({"day 1/cell_2.tif", "day 1/cell_10.tif", "day 2/cell_1.tif"}));
        QCOMPARE(imagesMatching(dir.filePath("day 2/{blank,cell_?}.tif")),
                 full({"day 2/blank.tif", "day 2/cell_1.tif"}));
        const auto refusal = [](const QString& text) {
            try {
                imagesMatching(text);
            } catch (const posteria::Error& e) {
                return QString::fromStdString(e.message());
            }
            return QString();
        };
        QVERIFY(refusal(dir.filePath("nothing_*.tif")).startsWith("No image has a name"));
        QVERIFY(refusal(dir.filePath("gone.tif")).startsWith("There is no such file"));
        QVERIFY(refusal(folder.path()).startsWith("There are no images"));
    }
};

QTEST_GUILESS_MAIN(TestImageFiles)
#include "tst_image_files.moc"
