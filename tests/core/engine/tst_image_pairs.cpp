// Pairs of degraded images and truths are found in folders, and looked at before they are used.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/image_pairs.h"
#include "core/io/ome_tiff_writer.h"
#include "tests/ui/stacks.h"

using namespace posteria;
using namespace posteria::engine;

class TestImagePairs : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    std::string path(const char* name) const {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
    void write(const char* name, const image::StackPtr& stack) const {
        const QFileInfo file(QString::fromStdString(path(name)));
        QVERIFY(QDir().mkpath(file.path()));
        io::writeOmeTiff(path(name), {stack});
    }
    static std::string refusal(const std::function<void()>& action) {
        try {
            action();
        } catch (const Error& e) {
            return e.kind() == ErrorKind::Input ? e.what() : std::string("wrong kind: ") + e.what();
        }
        return "no error";
    }

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aFolderAsSimulateWritesIt() {
        for (const char* name : {"input_001.ome.tif", "input_000.ome.tif", "truth_000.ome.tif",
                                 "truth_001.ome.tif", "other.tif"})
            write(name, test::countingStack(8));
        auto pairs = pairsIn(m_folder->path().toStdString());
        QCOMPARE(pairs.size(), std::size_t(2));
        QCOMPARE(pairs[0].input, path("input_000.ome.tif"));
        QCOMPARE(pairs[1].truth, path("truth_001.ome.tif"));
        QVERIFY(!pairs[0].severity);
        writeTextFile(path("simulation.json"), R"({"severity": 0.25})");
        QCOMPARE(pairsIn(m_folder->path().toStdString())[1].severity.value(), 0.25);
        QFile::remove(QString::fromStdString(path("truth_001.ome.tif")));
        QVERIFY(refusal([&] {
                    pairsIn(m_folder->path().toStdString());
                }).find("no truth beside it") != std::string::npos);
        QVERIFY(refusal([&] { pairsIn(path("nowhere")); }).find("no pairs") != std::string::npos);
    }

    void twoFoldersByName() {
        write("dim/cell_1.tif", test::countingStack(8));
        write("dim/cell_2.tif", test::countingStack(8));
        write("clean/cell_2.ome.tif", test::countingStack(8));
        const auto pairs = pairsOf(path("dim"), path("clean"));
        QCOMPARE(pairs.size(), std::size_t(1));  // cell_1 has no truth
        QCOMPARE(pairs[0].input, path("dim/cell_2.tif"));
        QCOMPARE(pairs[0].truth, path("clean/cell_2.ome.tif"));
        QVERIFY(refusal([&] {
                    pairsOf(path("dim"), path("nowhere"));
                }).find("No image has a truth") != std::string::npos);
    }

    void pairsThatDoNotFitAreRefused() {
        package::ModelPackage model;
        model.outputs = {"a", "b"};
        write("input.tif", test::countingStack(8));
        write("truth.tif", test::countingStack(8, 2));
        write("small.tif", test::countingStack(7, 2));
        write("several.tif", test::countingStack(8, 3));
        QCOMPARE(refusal([&] {
                     requirePair({path("input.tif"), path("truth.tif"), {}}, model);
                 }),
                 std::string("no error"));
        QVERIFY(refusal([&] {
                    requirePair({path("input.tif"), path("small.tif"), {}}, model);
                }).find("the model's 2 channels") != std::string::npos);
        QVERIFY(refusal([&] {
                    requirePair({path("several.tif"), path("truth.tif"), {}}, model);
                }).find("several channels") != std::string::npos);
        QVERIFY(refusal([&] {
                    requirePair({path("input.tif"), path("gone.tif"), {}}, model);
                }).find("gone.tif") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestImagePairs)
#include "tst_image_pairs.moc"
