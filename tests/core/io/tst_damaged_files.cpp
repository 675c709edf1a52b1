// Damaged and fuzzed files end in a stack or in one sentence, soon and without much memory. Each is
// read in a process of its own, so that a crash, a hang or an allocation is that file's.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <QElapsedTimer>
#include <QtTest>
#include <cstdio>
#include <new>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/core/io/oracle.h"
#include "tests/core/io/stacks.h"

using namespace posteria;

namespace {

enum Outcome { kClean = 0, kNoSentence = 1, kWrongException = 2 };

// Bytes of address space that this process has, or had at its largest.
std::uint64_t addressSpace(const char* field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(field, 0) == 0) return std::stoull(line.substr(line.find(':') + 1)) * 1024;
    }
    return 0;
}

Outcome readAll(const std::string& path) {
    try {
        for (const auto& stack : io::openAll(path)) {
            for (std::size_t level = 0; level < stack->info().levels.size(); ++level)
                stacks::statistics(*stack, static_cast<int>(level));
        }
    } catch (const Error& error) {
        const bool told = error.kind() == ErrorKind::Input && !error.message().empty() &&
                          error.message().back() == '.' && !error.hint().empty();
        return told ? kClean : kNoSentence;
    } catch (...) {
        return kWrongException;
    }
    return kClean;
}

}  // namespace

class TestDamagedFiles : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        void* shared = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        QVERIFY(shared != MAP_FAILED);
        m_grown = static_cast<std::uint64_t*>(shared);
    }

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
        const auto reader = ::fork();
        QVERIFY(reader >= 0);
        if (reader == 0) {
            const auto before = addressSpace("VmSize");
            const auto outcome = readAll(path);
            *m_grown = addressSpace("VmPeak") - before;
            ::_exit(outcome);
        }
        int status = 0;
        QVERIFY2(ended(reader, status), "took more than 5 s");
        QVERIFY2(WIFEXITED(status), "crashed");
        QVERIFY2(WEXITSTATUS(status) != kNoSentence, "no sentence with a way out");
        QCOMPARE(WEXITSTATUS(status), static_cast<int>(kClean));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        const auto size = static_cast<std::uint64_t>(QFile(QString::fromStdString(path)).size());
        QVERIFY2(*m_grown <= (64u << 20) + 8 * size,
                 qPrintable(QString("took %1 bytes").arg(*m_grown)));
#endif
    }

  private:
    static bool ended(pid_t child, int& status) {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 5000) {
            if (::waitpid(child, &status, WNOHANG) == child) return true;
            QTest::qWait(1);
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        return false;
    }

    std::uint64_t* m_grown = nullptr;  // of the process that read last
};

QTEST_APPLESS_MAIN(TestDamagedFiles)
#include "tst_damaged_files.moc"
