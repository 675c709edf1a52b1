// Errors, files that are whole or not there, fingerprints, the stop token and the log.
#include <QTemporaryDir>
#include <QtTest>
#include <stdexcept>
#include <thread>

#include "core/base/cancel_token.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/fingerprint.h"
#include "core/base/log.h"

using namespace posteria;

class TestBase : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void errorText_data() {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("hint");
        QTest::addColumn<QString>("text");
        QTest::newRow("all") << "a.tif"
                             << "Copy it."
                             << "a.tif: It is empty. Copy it.";
        QTest::newRow("no place") << ""
                                  << "Copy it."
                                  << "It is empty. Copy it.";
        QTest::newRow("message only") << ""
                                      << ""
                                      << "It is empty.";
    }
    void errorText() {
        QFETCH(QString, where);
        QFETCH(QString, hint);
        QFETCH(QString, text);
        const Error error(ErrorKind::Input, "It is empty.", where.toStdString(),
                          hint.toStdString());
        QCOMPARE(QString(error.what()), text);
        QCOMPARE(error.message(), std::string("It is empty."));
    }

    void exitCodesOfTheContract() {
        QCOMPARE(exitCode(ErrorKind::Failed), 1);
        QCOMPARE(exitCode(ErrorKind::Usage), 2);
        QCOMPARE(exitCode(ErrorKind::Input), 3);
        QCOMPARE(exitCode(ErrorKind::Model), 4);
        QCOMPARE(exitCode(ErrorKind::Cancelled), 130);
    }

    void cancelReachesCopiesAndThreads() {
        const CancelToken token;
        const CancelToken copy = token;
        token.throwIfCancelled();
        std::thread([copy] { copy.cancel(); }).join();
        QVERIFY(token.cancelled());
        QVERIFY_THROWS_EXCEPTION(Error, token.throwIfCancelled());
        QVERIFY(!CancelToken().cancelled());
    }

    void pendingFileAppearsWhole() {
        const auto target = path("result.txt");
        {
            PendingFile pending(target);
            fill(pending.path(), "half");
            QVERIFY(!QFile::exists(QString::fromStdString(target)));
        }
        QCOMPARE(names(), QStringList());
        PendingFile pending(target);
        fill(pending.path(), "whole");
        pending.commit();
        QCOMPARE(names(), QStringList("result.txt"));
        QCOMPARE(readTextFile(target), std::string("whole"));
    }

    void pendingFileKeepsTheOldOneUntilCommit() {
        const auto target = path("kept.txt");
        writeTextFile(target, "old");
        {
            PendingFile pending(target);
            fill(pending.path(), "new");
        }
        QCOMPARE(readTextFile(target), std::string("old"));
        writeTextFile(target, "new");
        QCOMPARE(readTextFile(target), std::string("new"));
    }

    void longestNameStillFits() {
        const auto target = path(std::string(251, 'n') + ".txt");
        writeTextFile(target, "x");
        QCOMPARE(readTextFile(target), std::string("x"));
    }

    void missingFolderFails() {
        QCOMPARE(kindOf([&] { PendingFile pending(path("none/x.txt")); }), ErrorKind::Failed);
        fill(path("file"), "x");
        QCOMPARE(kindOf([&] { ensureFolder(path("file/below")); }), ErrorKind::Failed);
        ensureFolder(path("a/b/c"));
        ensureFolder(path("a/b/c"));
        writeTextFile(path("a/b/c/x.txt"), "x");
    }

    void readingChecksSizeAndPresence() {
        fill(path("long.txt"), std::string(100, 'x'));
        QCOMPARE(readTextFile(path("long.txt"), 100).size(), std::size_t(100));
        QCOMPARE(kindOf([&] { readTextFile(path("long.txt"), 99); }), ErrorKind::Input);
        QCOMPARE(kindOf([&] { readTextFile(path("none.txt")); }), ErrorKind::Input);
        QCOMPARE(kindOf([&] { sha256OfFile(path("none.txt")); }), ErrorKind::Input);
    }

    // FIPS 180-2 vectors, and lengths around the block's padding against Qt's own.
    // A folder's fingerprint is that of the list which sha256sum would print of its files.
    void fingerprintOfAFolder() {
        ensureFolder(path("folder/b"));
        writeTextFile(path("folder/b/x"), "abc");
        writeTextFile(path("folder/a"), "");
        const std::string list =
            sha256OfBytes("", 0) + "  a\n" + sha256OfBytes("abc", 3) + "  b/x\n";
        const auto whole = sha256OfPath(path("folder"));
        QCOMPARE(whole, sha256OfBytes(list.data(), list.size()));
        QCOMPARE(sha256OfPath(path("folder") + "/"), whole);
        QCOMPARE(sha256OfPath(path("folder/b/x")), sha256OfBytes("abc", 3));
        QCOMPARE(kindOf([&] { sha256OfPath(path("none")); }), ErrorKind::Input);
    }

    void sha256() {
        QCOMPARE(sha256OfBytes("", 0),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256OfBytes("abc", 3),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        for (int size :
             {1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 1 << 20, (1 << 20) + 7}) {
            QByteArray bytes(size, '\0');
            for (int i = 0; i < size; ++i)
                bytes[i] = static_cast<char>(i * 31 + size);
            const auto expected =
                QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
            QCOMPARE(sha256OfBytes(bytes.constData(), static_cast<std::uint64_t>(size)), expected);
            fill(path("hashed"), bytes.toStdString());
            QCOMPARE(sha256OfFile(path("hashed")), expected);
        }
    }

    void logFileGetsEveryDetail() {
        log::logToFile(path("run.log"));
        log::setLevel(log::Level::Off);
        log::debug("a detail");
        log::info("a line");
        const auto text = readTextFile(path("run.log"));
        QVERIFY(text.find("a detail") != std::string::npos &&
                text.find("a line") != std::string::npos);
        QCOMPARE(kindOf([&] { log::logToFile(m_folder->path().toStdString()); }),
                 ErrorKind::Failed);
    }

  private:
    std::string path(const std::string& name) const {
        return m_folder->path().toStdString() + "/" + name;
    }
    QStringList names() const {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
    }
    static void fill(const std::string& path, const std::string& text) {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(text));
    }
    static ErrorKind kindOf(const std::function<void()>& action) {
        try {
            action();
        } catch (const Error& error) {
            return error.kind();
        }
        throw std::logic_error("nothing was thrown");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestBase)
#include "tst_base.moc"
