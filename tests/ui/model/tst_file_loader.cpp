#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

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
    return {test::countingStack(16, 1, path)};
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
};

QTEST_GUILESS_MAIN(TestFileLoader)
#include "tst_file_loader.moc"
