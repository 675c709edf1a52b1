// Which libraries the two programs load when they start. Debian's LibTorch itself pulls in OpenCV
// and with it Qt 5; "posteria-cli loads no Qt" is therefore said of Qt 6 and of our own libraries'
// needs.
#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

class TestPrograms : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void windowStartsWithoutLibTorch();
    void commandLineKnowsNoWindow();
};

namespace {

const QString kWindow = POSTERIA_BIN_DIR "/posteria";
const QString kCommandLine = POSTERIA_BIN_DIR "/posteria-cli";

QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0) return {};
    return QString::fromUtf8(process.readAllStandardOutput());
}

// Everything the loader maps at start, by name.
QStringList closureOf(const QString& file) {
    static const QRegularExpression name("^\\s*(\\S+) =>", QRegularExpression::MultilineOption);
    QStringList names;
    auto matches = name.globalMatch(outputOf("ldd", {file}));
    while (matches.hasNext())
        names << matches.next().captured(1);
    return names;
}

// What the file itself asks for.
QStringList neededBy(const QString& file) {
    static const QRegularExpression name("\\(NEEDED\\).*\\[([^\\]]+)\\]");
    QStringList names;
    auto matches = name.globalMatch(outputOf(POSTERIA_READELF, {"-d", "-W", file}));
    while (matches.hasNext())
        names << matches.next().captured(1);
    return names;
}

QStringList matching(const QStringList& names, const char* pattern) {
    return names.filter(QRegularExpression(pattern));
}

}  // namespace

void TestPrograms::windowStartsWithoutLibTorch() {
    const QStringList closure = closureOf(kWindow);
    QVERIFY(!matching(closure, "^libQt6Widgets").isEmpty());
    QCOMPARE(matching(closure, "^lib(torch|c10|caffe2|posteria-engine)"), QStringList());
}

void TestPrograms::commandLineKnowsNoWindow() {
    const QStringList closure = closureOf(kCommandLine);
    QVERIFY(!matching(closure, "^libposteria").isEmpty());
    QCOMPARE(matching(closure, "^lib(Qt6|vtk)"), QStringList());
    QStringList ours{kCommandLine};
    for (const QString& library : matching(closure, "^libposteria"))
        ours << POSTERIA_LIB_DIR "/" + library;
    for (const QString& file : ours) {
        const QStringList needed = neededBy(file);
        QVERIFY2(!needed.isEmpty(), qPrintable(file));
        QVERIFY2(matching(needed, "^lib(Qt|vtk)").isEmpty(),
                 qPrintable(file + " needs " + needed.join(' ')));
    }
}

QTEST_GUILESS_MAIN(TestPrograms)
#include "tst_programs.moc"
