#include <QDir>
#include <QFile>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "core/base/error.h"
#include "tests/ui/stacks.h"
#include "ui/model/file_loader.h"

using namespace posteria;
using ui::FileLoader;

namespace {

std::vector<image::StackPtr> fakeOpen(const std::string& path) {
    if (path.find("bad") != std::string::npos)
        throw Error(ErrorKind::Input, "This is no image.", path, "Open another file.");
    if (path.find("odd") != std::string::npos) throw std::runtime_error("odd");
    if (path.find("folder") != std::string::npos && path.find('.') == std::string::npos)
        throw Error(ErrorKind::Input, "The folder is not an image that can be read.", path, "No.");
    const int side = path.find("wide") == std::string::npos ? 16 : 20;
    return {test::countingStack(side, 1, path)};
}

}  // namespace

class TestFileLoader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void filesComeInTheirOrderAndErrorsDoNotStopTheRest() {
        FileLoader loader(fakeOpen);
        QStringList told;
        connect(&loader, &FileLoader::opened, this,
                [&](const QString& path, const std::vector<image::StackPtr>& series) {
                    QCOMPARE(series.size(), 1u);
                    told << path;
                });
        connect(&loader, &FileLoader::failed, this,
                [&](const QString&, const QString& message, const QString& hint) {
                    QVERIFY(!hint.isEmpty());
                    told << message;
                });
        QSignalSpy busy(&loader, &FileLoader::busyChanged);
        loader.open({"/x/one.tif", "/x/bad.tif", "/x/odd.tif"});
        loader.open({"/x/two.tif"});
        QVERIFY(loader.isBusy());
        QTRY_VERIFY(!loader.isBusy());
        QCOMPARE(told, (QStringList{"/x/one.tif", "bad.tif: This is no image.",
                                    "odd.tif: this file could not be opened.", "/x/two.tif"}));
        QCOMPARE(busy.last()[0].toBool(), false);
    }

    void aCancelledFileIsDroppedAndTheNextNeedNotWait() {
        QSemaphore gate;
        FileLoader loader([&](const std::string& path) {
            if (path == "slow") gate.acquire();
            return fakeOpen(path);
        });
        QSignalSpy opened(&loader, &FileLoader::opened);
        loader.open({"slow", "waiting"});
        loader.cancel();
        QVERIFY(!loader.isBusy());
        loader.open({"next"});
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toString(), QString("next"));
        gate.release();
        loader.open({"last"});
        QTRY_COMPARE(opened.size(), 2);
        QCOMPARE(opened[1][0].toString(), QString("last"));
    }

    void filesBecomeOneLazyStackInNaturalOrder() {
        std::atomic<int> opened{0};
        QStringList order;
        FileLoader loader([&](const std::string& path) {
            if (opened++ < 3) order << QString::fromStdString(path);
            return fakeOpen(path);
        });
        image::StackPtr stack;
        connect(&loader, &FileLoader::stackOpened, this,
                [&](const image::StackPtr& s) { stack = s; });
        QSignalSpy progress(&loader, &FileLoader::progress);
        QSignalSpy single(&loader, &FileLoader::opened);
        loader.openAsStack({"/x/cell_z10.tif", "/x/cell_z9.tif", "/x/cell_z11.tif"});
        QCOMPARE(loader.currentName(), QString("3 files as one stack"));
        QTRY_VERIFY(!loader.isBusy());
        QVERIFY(stack);
        QCOMPARE(order, (QStringList{"/x/cell_z9.tif", "/x/cell_z10.tif", "/x/cell_z11.tif"}));
        QCOMPARE(stack->shape().z, std::int64_t(3));
        QCOMPARE(QString::fromStdString(stack->info().name), QString("cell_z · 3 files"));
        QCOMPARE(progress.size(), 3);
        QCOMPARE(progress.last()[0].toDouble(), 1.0);
        QCOMPARE(opened.load(), 4);  // the first plane was read
        QCOMPARE(stack->readPlane({0, 0, 2}).value(1, 1), 17.0);
        QCOMPARE(opened.load(), 5);
        // One file is no stack of files.
        loader.openAsStack({"/x/cell_z10.tif"});
        QTRY_VERIFY(!loader.isBusy());
        QCOMPARE(single.size(), 1);
    }

    void aFileThatDoesNotFitIsNamed() {
        FileLoader loader(fakeOpen);
        QSignalSpy failed(&loader, &FileLoader::failed);
        loader.openAsStack({"/x/1.tif", "/x/2wide.tif", "/x/3wide.tif"});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][1].toString(),
                 QString("2wide.tif has 20 × 20 pixels, the files before it 16 × 16 pixels."));
        QVERIFY(!failed[0][2].toString().isEmpty());
        loader.openAsStack({"/x/1.tif", "/x/2bad.tif"});
        QTRY_COMPARE(failed.size(), 2);
        QCOMPARE(failed[1][1].toString(), QString("2bad.tif: This is no image."));
    }

    void foldersAreLookedThroughWhereThatIsWishedFor() {
        QTemporaryDir place;
        QDir dir(place.path());
        for (const char* name : {"folder", "emptyfolder", "zfolder"})
            QVERIFY(dir.mkdir(name));
        for (const char* name : {"folder/z10.tif", "folder/z9.tif", "folder/notes.txt",
                                 "zfolder/.zattrs", "zfolder/label.png"}) {
            QFile file(dir.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const auto folder = dir.filePath("folder");
        const QStringList images{folder + "/z9.tif", folder + "/z10.tif"};
        FileLoader loader([&](const std::string& path) {
            // The temporary folder's own name says nothing.
            return fakeOpen(path.substr(place.path().size()));
        });
        QSignalSpy failed(&loader, &FileLoader::failed), found(&loader, &FileLoader::folderFound);
        loader.open({folder});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(found.size(), 0);
        loader.setLooksIntoFolders(true);
        loader.open({folder, dir.filePath("emptyfolder"), dir.filePath("zfolder")});
        QTRY_VERIFY(!loader.isBusy());
        QCOMPARE(found.size(), 1);
        QCOMPARE(found[0][0].toString(), folder);
        QCOMPARE(found[0][1].toStringList(), images);
        QCOMPARE(failed.size(), 3);
        QCOMPARE(failed[1][1].toString(),
                 QString("emptyfolder: There is no image to open in this folder."));
        // A damaged OME-Zarr image is not mistaken for a folder of pictures.
        QCOMPARE(failed[2][1].toString(),
                 QString("zfolder: The folder is not an image that can be read."));
        image::StackPtr stack;
        connect(&loader, &FileLoader::stackOpened, this,
                [&](const image::StackPtr& s) { stack = s; });
        loader.openAsStack({folder});
        QTRY_VERIFY(stack);
        QCOMPARE(QString::fromStdString(stack->info().name), QString("z · 2 files"));
    }

    // A slot may open further files, or give up, while it is being told of one.
    void whatIsToldMayOpenMoreOrCancel() {
        FileLoader loader(fakeOpen);
        QStringList told;
        connect(&loader, &FileLoader::opened, this, [&](const QString& path) {
            told << path;
            if (path == "1") loader.open({"3"});
            if (path == "3") loader.cancel();
        });
        QSignalSpy busy(&loader, &FileLoader::busyChanged);
        loader.open({"1", "2"});
        loader.open({"4"});
        QTRY_VERIFY(!loader.isBusy());
        QCOMPARE(told, (QStringList{"1", "2", "4", "3"}));
        QCOMPARE(busy.count(), 5);  // four files, and the end
        QCOMPARE(busy.last()[0].toBool(), false);
    }
};

QTEST_GUILESS_MAIN(TestFileLoader)
#include "tst_file_loader.moc"
