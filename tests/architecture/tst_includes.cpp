// Every #include of core/, ui/ and app/ against the table of floors.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "include_rules.h"

class TestIncludes : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void treeKeepsItsFloors();
    void badTreeIsReported_data();
    void badTreeIsReported();
    void goodTreeIsNot();
};

namespace {

void write(const QString& root, const QString& path, const QByteArray& text) {
    QVERIFY(QDir(root).mkpath(QFileInfo(path).path()));
    QFile file(root + "/" + path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

}  // namespace

void TestIncludes::treeKeepsItsFloors() {
    QVERIFY(QDir(POSTERIA_SOURCE_DIR).exists("core/base/error.h"));
    const QStringList violations = includeViolations(POSTERIA_SOURCE_DIR);
    QVERIFY2(violations.isEmpty(), qPrintable("\n" + violations.join('\n')));
}

void TestIncludes::badTreeIsReported_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* path, const QByteArray& text,
                        const char* expected) {
        QTest::newRow(name) << QString(path) << text << QString(expected);
    };
    row("upward", "core/base/a.h", "#include \"core/image/plane.h\"\n", "only lower floors");
    row("sibling", "core/io/a.cpp", "#include \"core/posterior/snapshot.h\"\n",
        "only lower floors");
    row("package sees base only", "core/package/a.cpp", "#include \"core/image/plane.h\"\n",
        "sees only core/base/");
    row("command line sees no window", "app/posteria-cli/a.cpp", "#include \"ui/model/layer.h\"\n",
        "sees only core/");
    row("Qt in core", "core/analysis/a.cpp", "#include <QString>\n",
        "Qt Core and Gui is seen only by");
    row("Qt in the command line", "app/posteria-cli/a.cpp", "#include <QString>\n",
        "Qt Core and Gui is seen only by");
    row("widgets in the model", "ui/model/a.h", "#include <QWidget>\n",
        "Qt Widgets is seen only by");
    row("unknown Qt module", "ui/shell/a.cpp", "#include <QtNetwork/QTcpSocket>\n",
        "seen only by nobody");
    row("VTK in the shell", "ui/shell/a.cpp", "#  include <vtkNew.h>\n",
        "VTK is seen only by ui/viewer/");
    row("LibTorch in the window", "ui/widgets/a.cpp", "#include <ATen/core/Tensor.h>\n",
        "LibTorch is seen only by");
    row("LibTorch behind a header", "ui/shell/a.cpp", "#include \"core/nn/network.h\"\n",
        "ui/shell/a.cpp > core/nn/network.h > ATen/core/Tensor.h");
    row("LibTorch in the engine's header", "core/engine/engine.h", "#include <torch/types.h>\n",
        "ui/shell/window.cpp > core/engine/engine.h > torch/types.h");
    row("LibTorch too low", "core/posterior/a.cpp", "#include <c10/core/Device.h>\n",
        "LibTorch is seen only by");
    row("libtiff outside io", "core/image/a.cpp", "#include <tiffio.h>\n",
        "libtiff is seen only by core/io/");
    row("libtiff behind a header", "ui/model/a.cpp", "#include \"core/io/handle.h\"\n",
        "ui/model/a.cpp > core/io/handle.h > tiffio.h");
    row("log library", "core/io/a.cpp", "#include <spdlog/spdlog.h>\n",
        "spdlog is seen only by core/base/");
    row("unknown library", "core/base/a.cpp", "#include <boost/optional.hpp>\n", "does not know");
    row("not from the root", "core/image/a.cpp", "#include \"plane.h\"\n", "start at the root");
    row("no such file", "core/image/a.cpp", "#include \"core/base/gone.h\"\n", "no such file");
    row("no module", "core/misc/a.cpp", "#include <vector>\n", "belongs to no module");
}

void TestIncludes::badTreeIsReported() {
    QFETCH(QString, path);
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    QTemporaryDir tree;
    write(tree.path(), "core/image/plane.h", "#include <vector>\n");
    write(tree.path(), "core/posterior/snapshot.h", "#include \"core/image/plane.h\"\n");
    write(tree.path(), "core/nn/network.h", "#include <ATen/core/Tensor.h>\n");
    write(tree.path(), "core/io/handle.h", "#include <tiffio.h>\n");
    write(tree.path(), "core/engine/engine.h", "#include <memory>\n");
    write(tree.path(), "ui/model/layer.h", "#include <QObject>\n");
    write(tree.path(), "ui/shell/window.cpp", "#include \"core/engine/engine.h\"\n");
    QCOMPARE(includeViolations(tree.path()), QStringList());
    write(tree.path(), path, text);
    const QStringList violations = includeViolations(tree.path());
    QVERIFY2(violations.join('\n').contains(expected), qPrintable(violations.join('\n')));
    QVERIFY(violations.join('\n').contains(path));
}

void TestIncludes::goodTreeIsNot() {
    QTemporaryDir tree;
    write(tree.path(), "core/base/version.h.in", "");
    write(tree.path(), "core/engine/engine.h", "#include <memory>\n");
    write(tree.path(), "core/engine/engine.cpp",
          "#include <torch/torch.h>\n#include \"core/engine/engine.h\"\n");
    write(tree.path(), "core/io/reader.cpp", "#include <tiffio.h>\n#include <pugixml.hpp>\n");
    write(tree.path(), "ui/viewer/view.h", "#include <QOpenGLWidget>\n#include <vtkNew.h>\n");
    write(tree.path(), "ui/shell/window.cpp",
          "#include <QMainWindow>\n#include \"core/engine/engine.h\"\n#include "
          "\"ui/viewer/view.h\"\n#include \"window.moc\"\n");
    write(tree.path(), "app/posteria-cli/main.cpp",
          "#include <CLI/CLI.hpp>\n#include \"core/base/version.h\"\n");
    QCOMPARE(includeViolations(tree.path()), QStringList());
}

QTEST_APPLESS_MAIN(TestIncludes)
#include "tst_includes.moc"
