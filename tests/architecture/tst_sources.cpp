// What every source file keeps to: length, headers, names, no loose ends; and a tidy top level.
#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include "source_tree.h"

namespace {

const QString kRoot = POSTERIA_SOURCE_DIR;
constexpr int kLongestFile = 700;

// Hidden entries are free; "build" and the last two are ignored by git.
const QStringList kTopLevel{"CMakeLists.txt",
                            "CMakePresets.json",
                            "LICENSE",
                            "README.md",
                            "CHANGELOG.md",
                            "CONTRIBUTING.md",
                            "SECURITY.md",
                            "app",
                            "core",
                            "ui",
                            "resources",
                            "plugins",
                            "tests",
                            "packaging",
                            "build",
                            "CMakeUserPresets.json",
                            "compile_commands.json"};

QString lines(const QStringList& list) {
    return "\n" + list.join('\n');
}

}  // namespace

class TestSources : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void filesAreShort();
    void headersHaveOnePragmaAndAContract();
    void headersOpenNoNamespace();
    void nothingIsLeftUndone();
    void filesAreSnakeCase();
    void topLevelIsTidy();
    void testsOfWidgetsAreWatched();

  private:
    QStringList offending(const QRegularExpression& pattern, bool headersOnly) const;
    QStringList m_files;
};

void TestSources::initTestCase() {
    m_files = sourceFiles(kRoot, {"core", "ui", "app", "plugins"});
    QVERIFY(m_files.size() > 20);
}

void TestSources::filesAreShort() {
    QStringList offenders;
    for (const QString& file : m_files) {
        const auto count = linesOf(kRoot + "/" + file).size();
        if (count > kLongestFile) offenders << QString("%1: %2 lines").arg(file).arg(count);
    }
    QVERIFY2(offenders.isEmpty(), qPrintable(lines(offenders)));
}

void TestSources::headersHaveOnePragmaAndAContract() {
    QStringList offenders;
    for (const QString& file : m_files) {
        if (!isHeader(file)) continue;
        const QStringList text = linesOf(kRoot + "/" + file);
        if (text.count("#pragma once") != 1) offenders << file + ": no #pragma once";
        if (!text.first().startsWith("//") && !text.first().startsWith("/*"))
            offenders << file + ": does not open with what it is";
    }
    QVERIFY2(offenders.isEmpty(), qPrintable(lines(offenders)));
}

void TestSources::headersOpenNoNamespace() {
    const QStringList offenders = offending(QRegularExpression("^\\s*using\\s+namespace\\b"), true);
    QVERIFY2(offenders.isEmpty(), qPrintable(lines(offenders)));
}

void TestSources::nothingIsLeftUndone() {
    const QStringList offenders = offending(QRegularExpression("\\b(TODO|FIXME)\\b"), false);
    QVERIFY2(offenders.isEmpty(), qPrintable(lines(offenders)));
}

void TestSources::filesAreSnakeCase() {
    const QRegularExpression name("(^|/)[a-z][a-z0-9_]*\\.(h|h\\.in|c|cpp)$");
    QStringList offenders;
    for (const QString& file : m_files)
        if (!name.match(file).hasMatch()) offenders << file;
    QVERIFY2(offenders.isEmpty(), qPrintable(lines(offenders)));
}

void TestSources::topLevelIsTidy() {
    QStringList strangers;
    for (const QString& entry : QDir(kRoot).entryList(QDir::AllEntries | QDir::NoDotAndDotDot))
        if (!kTopLevel.contains(entry)) strangers << entry;
    QVERIFY2(strangers.isEmpty(), qPrintable(lines(strangers)));
}

// The watchdog comes with QTEST_MAIN (tests/ui/watched_main.h): a main of one's own would go
// without.
void TestSources::testsOfWidgetsAreWatched() {
    const QRegularExpression own("\\bQ(Gui)?Application\\s+\\w+\\(argc");
    QStringList offenders;
    const QStringList files = sourceFiles(kRoot, {"tests/ui"});
    QVERIFY(files.size() > 20);
    for (const QString& file : files)
        if (linesOf(kRoot + "/" + file).join('\n').contains(own)) offenders << file;
    QVERIFY2(offenders.isEmpty(), qPrintable(lines(offenders)));
}

QStringList TestSources::offending(const QRegularExpression& pattern, bool headersOnly) const {
    QStringList offenders;
    for (const QString& file : m_files) {
        if (headersOnly && !isHeader(file)) continue;
        const QStringList text = linesOf(kRoot + "/" + file);
        for (int i = 0; i < text.size(); ++i)
            if (pattern.match(text[i]).hasMatch())
                offenders << QString("%1:%2 %3").arg(file).arg(i + 1).arg(text[i].trimmed());
    }
    return offenders;
}

QTEST_APPLESS_MAIN(TestSources)
#include "tst_sources.moc"
