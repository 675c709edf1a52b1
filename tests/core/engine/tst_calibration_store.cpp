// Where a calibration is kept: with the user's own model, and else with a copy; the models that
// come with the program are never written to.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/calibration_store.h"

using namespace posteria;
using namespace posteria::engine;

namespace {

const std::string kBundled =
    POSTERIA_SOURCE_DIR "/resources/models/split-filaments-vesicles.posteria";

package::Calibration example() {
    package::Calibration c;
    c.sampler = {"cfm-heun", 3, 8};
    c.pairs = 7;
    c.channels = {{1.5, 0.125, 0.75, 1.5, 0, {}}, {2, 0, 1, 1.75, 0, {}}};
    return c;
}

}  // namespace

class TestCalibrationStore : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;
    std::string path(const char* name) const {
        return m_home->filePath(QLatin1String(name)).toStdString();
    }

  private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_home->path().toUtf8());
    }

    void aBundledModelIsCopied() {
        const auto model = package::readPackage(kBundled);
        const auto before = model.calibrationJson;
        const auto to = calibratedModel(model);
        QCOMPARE(to.name, std::string("split-filaments-vesicles-calibrated"));
        QCOMPARE(to.folder, path("posteria/models/split-filaments-vesicles-calibrated.posteria"));
        storeCalibration(model, example(), to);
        const auto copy = package::findPackage(to.name);
        QCOMPARE(copy.folder, to.folder);
        package::checkPackage(copy);  // with its weights, and whole
        QCOMPARE(package::readCalibration(copy)->channels[1].scale, 2.0);
        QVERIFY(copy.qualityJson.find("\"calibrated\"") == std::string::npos);
        QCOMPARE(package::readPackage(kBundled).calibrationJson, before);
        const QDir models(m_home->filePath("posteria/models"));
        QCOMPARE(models.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(),
                 1);

        // Of the user's own it is kept in place, and replaced by the next one.
        QCOMPARE(calibratedModel(copy).folder, to.folder);
        auto other = example();
        other.channels[1].scale = 3;
        storeCalibration(copy, other, calibratedModel(copy));
        QCOMPARE(package::readCalibration(package::findPackage(to.name))->channels[1].scale, 3.0);
        // So is the copy, when the bundled model is calibrated again.
        storeCalibration(model, example(), calibratedModel(model));
        QCOMPARE(package::readCalibration(package::findPackage(to.name))->channels[1].scale, 2.0);
    }

    void aModelFromElsewhereKeepsIt() {
        const auto model = package::readPackage(kBundled);
        storeCalibration(model, example(), {path("mine.posteria"), model.name});
        const auto mine = package::readPackage(path("mine.posteria"));
        QCOMPARE(mine.title, model.title);
        QCOMPARE(calibratedModel(mine).folder, path("mine.posteria"));
    }

    void whatIsNoModelIsNotReplaced() {
        QVERIFY(QDir(m_home->path()).mkdir("data"));
        writeTextFile(path("data/notes.txt"), "mine");
        QVERIFY_EXCEPTION_THROWN(
            storeCalibration(package::readPackage(kBundled), example(), {path("data"), "x"}),
            Error);
        QVERIFY(QFile::exists(QString::fromStdString(path("data/notes.txt"))));
    }
};

QTEST_APPLESS_MAIN(TestCalibrationStore)
#include "tst_calibration_store.moc"
