// What plugins/README.md tells a newcomer: install the SDK, build the template against it somewhere
// else, open a file with what came out. CMake and a C compiler do the work, as they would there.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>

#include "core/base/file.h"
#include "core/image/stack.h"
#include "core/io/open.h"
#include "core/plugin/image_plugins.h"

namespace fs = std::filesystem;
using namespace posteria;

namespace {

QByteArray failureOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(100000)) return "did not finish: " + process.readAll();
    const auto output = process.readAll();
    return process.exitCode() == 0 ? QByteArray() : output;
}

}  // namespace

class TestTemplate : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void buildsAgainstTheInstalledSdk() {
        const auto cmake = [](const QStringList& arguments) {
            return failureOf(POSTERIA_CMAKE, arguments);
        };
        QByteArray failure =
            cmake({"--install", POSTERIA_BUILD_DIR, "--component", "sdk", "--prefix", path("sdk")});
        QVERIFY2(failure.isEmpty(), failure);
        // Only this is there: what the template needs from the source tree would be missed.
        QVERIFY(QFile::exists(path("sdk/include/posteria/plugin_abi.h")));
        fs::copy(POSTERIA_SOURCE_DIR "/plugins/template", path("mine").toStdString());
        failure = cmake({"-S", path("mine"), "-B", path("mine/build"),
                         "-DCMAKE_PREFIX_PATH=" + path("sdk"),
                         "-DCMAKE_C_FLAGS=-std=c99 -pedantic -Wall -Wextra -Werror"});
        QVERIFY2(failure.isEmpty(), failure);
        failure = cmake({"--build", path("mine/build")});
        QVERIFY2(failure.isEmpty(), failure);
        m_plugins = std::make_shared<const plugin::PluginSet>(
            std::vector<std::string>{path("mine/build").toStdString()});
        QCOMPARE(m_plugins->all().size(), std::size_t(1));
        QVERIFY2(m_plugins->all()[0].ready(), m_plugins->all()[0].problem.c_str());
        QCOMPARE(m_plugins->all()[0].id, std::string("org.example.pgm"));
    }

    void opensImages() {
        QVERIFY(m_plugins);
        plugin::useImagePlugins(m_plugins);
        writeTextFile(path("a.pgm").toStdString(),
                      std::string("P5 # made by hand\n3 2\n255\nabcdef"));
        const auto small = io::open(path("a.pgm").toStdString());
        QCOMPARE(small->info().reader, std::string("org.example.pgm"));
        QCOMPARE(small->info().axes, std::string("YX"));
        QCOMPARE(small->readPlane({}).value(2, 1), double('f'));
        QCOMPARE(small->read({}, 0, {1, 1, 2, 1}).value(0, 0), double('e'));

        writeTextFile(path("b.pgm").toStdString(),
                      std::string("P5\n2 1\n4095\n") + std::string("\x01\x02\x0f\xff", 4));
        const auto deep = io::open(path("b.pgm").toStdString());
        QVERIFY(deep->info().type == image::PixelType::UInt16);
        QCOMPARE(deep->readPlane({}).value(0, 0), double(0x0102));
        QCOMPARE(deep->readPlane({}).value(1, 0), double(0x0fff));
    }

    void refusesDamagedOnes() {
        QVERIFY(m_plugins);
        writeTextFile(path("cut.pgm").toStdString(), "P5\n300 200\n255\nabc");
        try {
            io::open(path("cut.pgm").toStdString());
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Input);
            QCOMPARE(error.message(), std::string("The graymap is damaged or cut short."));
            QCOMPARE(error.where(), path("cut.pgm").toStdString());
        }
    }

  private:
    QString path(const QString& name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    std::shared_ptr<const plugin::PluginSet> m_plugins;
};

QTEST_APPLESS_MAIN(TestTemplate)
#include "tst_template.moc"
