// posteria-cli convert where the disk, the folder or another program is in the way: what is whole
// stays whole, nothing half is left, and one sentence says why.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

namespace {

const QString kProgram = QString(POSTERIA_BIN_DIR) + "/posteria-cli";

}  // namespace

class TestCliFaults : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_made = stacks::make(image::PixelType::UInt16, {1, 2, 3, 400, 500}, "cells");
        io::writeOmeTiff(path("cells.ome.tif").toStdString(), {m_made});
    }

    // A file system of 1 MB, filled to the last byte.
    void fullDisk_data() {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("none") << QStringList{"--compression", "none"};
        QTest::newRow("zstd, pyramid") << QStringList{"--compression", "zstd", "--pyramid"};
    }
    void fullDisk() {
        QFETCH(QStringList, options);
        const QString script =
            "mkdir disk && mount -t tmpfs -o size=1m tmpfs disk || exit 77; head -c 900000 "
            "/dev/zero > disk/other; "
            "echo whole > disk/out.ome.tif; \"$@\"; code=$?; ls -A disk; cat disk/out.ome.tif; "
            "exit $code";
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        process.start("unshare", QStringList{"-rm", "sh", "-c", script, "sh", kProgram, "convert",
                                             path("cells.ome.tif"), "disk/out.ome.tif", "-q"} +
                                     options);
        QVERIFY(process.waitForFinished(60000));
        if (process.error() == QProcess::FailedToStart || process.exitCode() == 77)
            QSKIP("no file system can be mounted here");
        const auto said = process.readAllStandardError();
        QVERIFY2(said.contains("The disk is full."), said.constData());
        QCOMPARE(said.count('\n'), 1);
        QCOMPARE(process.exitCode(), 1);
        // The old file of that name is untouched, and no temporary one is left.
        QCOMPARE(process.readAllStandardOutput(), QByteArray("other\nout.ome.tif\nwhole\n"));
    }

    void readOnlyFolder() {
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        process.start(
            "unshare",
            {"-rm", "sh", "-c",
             "mkdir locked && mount --bind locked locked && mount -o remount,bind,ro locked "
             "|| exit 77; \"$@\"; code=$?; ls -A locked; exit $code",
             "sh", kProgram, "convert", path("cells.ome.tif"), "locked/out.ome.tif", "-q"});
        QVERIFY(process.waitForFinished(60000));
        if (process.error() == QProcess::FailedToStart || process.exitCode() == 77)
            QSKIP("no folder can be made read-only here");
        const auto said = process.readAllStandardError();
        QVERIFY2(said.contains("The file cannot be written: Read-only file system."),
                 said.constData());
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardOutput().isEmpty());
    }

    // Whoever ends last wins; the file is always one of the two, whole.
    void twoProgramsOneOutput() {
        const auto other = stacks::make(image::PixelType::Float32, {1, 1, 4, 300, 300}, "other");
        io::writeOmeTiff(path("other.ome.tif").toStdString(), {other});
        std::vector<std::unique_ptr<QProcess>> programs;
        for (int i = 0; i < 4; ++i) {
            programs.push_back(std::make_unique<QProcess>());
            programs.back()->start(kProgram,
                                   {"convert", path(i % 2 ? "other.ome.tif" : "cells.ome.tif"),
                                    path("out.ome.tif"), "--pyramid", "-q"});
        }
        for (auto& program : programs) {
            QVERIFY(program->waitForFinished(60000));
            QVERIFY2(program->exitCode() == 0, program->readAllStandardError().constData());
        }
        const auto stack = io::open(path("out.ome.tif").toStdString());
        QVERIFY(stacks::difference(*stack, *m_made).empty() ||
                stacks::difference(*stack, *other).empty());
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 3);
    }

    // Reading a file and writing it under its own name: the reader keeps the old one to the end.
    void ontoItself() {
        QProcess process;
        process.start(kProgram, {"convert", path("cells.ome.tif"), path("cells.ome.tif"),
                                 "--compression", "zstd", "-q"});
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto stack = io::open(path("cells.ome.tif").toStdString());
        QCOMPARE(stacks::difference(*stack, *m_made), std::string());
        QCOMPARE(stack->info().compression, std::string("zstd"));
    }

    // kill -9 in the middle: what is left has no final name, and the next run clears it away.
    void killedInTheMiddle() {
        io::OmeTiffOptions options;
        options.compression = io::Compression::None;
        io::writeOmeTiff(path("large.ome.tif").toStdString(),
                         {stacks::make(image::PixelType::Float64, {1, 1, 64, 512, 512})}, options);
        const QStringList arguments{"convert", path("large.ome.tif"), path("out.ome.tif")};
        QProcess process;
        process.setReadChannel(QProcess::StandardError);
        process.start(kProgram, arguments);
        QVERIFY(process.waitForReadyRead(30000));
        process.kill();
        QVERIFY(process.waitForFinished(30000));
        QVERIFY(!QFile::exists(path("out.ome.tif")));
        for (const auto& name : QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden))
            QVERIFY2(name == "large.ome.tif" || name == "cells.ome.tif" ||
                         name.startsWith(".out.ome.tif.part-"),
                     qPrintable(name));
        QCOMPARE(QProcess::execute(kProgram, arguments + QStringList{"-q"}), 0);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden),
                 QStringList({"cells.ome.tif", "large.ome.tif", "out.ome.tif"}));
        QCOMPARE(io::open(path("out.ome.tif").toStdString())->shape().z, std::int64_t(64));
    }

  private:
    QString path(const QString& name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    image::StackPtr m_made;
};

QTEST_GUILESS_MAIN(TestCliFaults)
#include "tst_cli_faults.moc"
