// Damaged and fuzzed files end in a stack or in one sentence, soon and without much memory.
#include <sys/resource.h>
#include <QElapsedTimer>
#include <QtTest>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/core/io/oracle.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

class TestDamagedFiles : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyFile_data() {
        QTest::addColumn<QString>("file");
        bool any = false;
        for (const auto& row : oracle::rows()) {
            if (row.at("expect") != "nocrash") continue;
            QTest::newRow(row.at("file").c_str()) << QString::fromStdString(row.at("file"));
            any = true;
        }
        if (!any) QSKIP("the shared data are absent");
    }

    void everyFile() {
        QFETCH(QString, file);
        const auto path = oracle::folder() + "/" + file.toStdString();
        [[maybe_unused]] const auto before = peakBytes();
        QElapsedTimer clock;
        clock.start();
        try {
            for (const auto& stack : io::openAll(path)) {
                for (std::size_t level = 0; level < stack->info().levels.size(); ++level) {
                    stacks::statistics(*stack, static_cast<int>(level));
                }
            }
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Input);
            QVERIFY(!error.message().empty());
            QVERIFY(!error.hint().empty());
        }
        QVERIFY2(clock.elapsed() < 20000, "took too long");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        // Bands of the test itself and the reader's recently decoded tiles come on top of the
        // limit.
        const auto allowed =
            (64u << 20) +
            8u * static_cast<std::uint64_t>(QFile(QString::fromStdString(path)).size()) +
            (96u << 20);
        QVERIFY2(peakBytes() - before <= allowed, "took too much memory");
#endif
    }

  private:
    static std::uint64_t peakBytes() {
        rusage usage = {};
        getrusage(RUSAGE_SELF, &usage);
        return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    }
};

QTEST_APPLESS_MAIN(TestDamagedFiles)
#include "tst_damaged_files.moc"
