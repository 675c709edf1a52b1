#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>

#include "core/base/file.h"
#include "core/plugin/plugin_host.h"

namespace fs = std::filesystem;
using namespace posteria;
using namespace posteria::plugin;

namespace {

std::string library(const std::string& name) {
    return POSTERIA_TEST_PLUGINS "/posteria_" + name + ".so";
}

PosteriaBuffer buffer(float* data, std::int64_t n, std::uint32_t type = POSTERIA_FLOAT32) {
    return {data, type, {1, 1, 1, 1, n}, {4 * n, 4 * n, 4 * n, 4 * n, 4}};
}

}  // namespace

class TestPluginHost : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void loadsAGoodPlugin() {
        const Plugin plugin = loadPlugin(library("plugin_good"));
        QVERIFY2(plugin.ready(), plugin.problem.c_str());
        QCOMPARE(plugin.id, std::string("org.example.scale"));
        QCOMPARE(plugin.version, std::string("1.2"));
        QCOMPARE(plugin.title, std::string("Scale"));
        QCOMPARE(plugin.kind, std::uint32_t(POSTERIA_DEGRADATION));
        QVERIFY(loadPlugin(library("plugin_newer_minor")).ready());
    }

    void callsThroughIt() {
        const Plugin plugin = loadPlugin(library("plugin_good"));
        const auto& degradation = plugin.table<PosteriaDegradation>();
        float in[] = {1, 2, 3}, out[3] = {};
        const auto x = buffer(in, 3);
        auto y = buffer(out, 3);
        double progress = 0;
        Call call(plugin, {}, [&](double fraction) { progress = fraction; });
        call.check(degradation.apply(call.services(), 0.5, &x, &y, call.error(), call.errorSize()),
                   ErrorKind::Failed);
        QCOMPARE(out[2], 1.5f);
        QCOMPARE(progress, 1.0);
    }

    void passesErrorsOn() {
        const Plugin plugin = loadPlugin(library("plugin_good"));
        const auto& degradation = plugin.table<PosteriaDegradation>();
        float pixels[3] = {};
        const auto wrong = buffer(pixels, 3, POSTERIA_UINT8), right = buffer(pixels, 3);
        auto out = buffer(pixels, 3);
        try {
            Call call(plugin, {});
            call.check(degradation.apply(call.services(), 0.5, &wrong, &out, call.error(),
                                         call.errorSize()),
                       ErrorKind::Input);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Input);
            QCOMPARE(error.message(), std::string("Only float32 can be scaled."));
        }
        const CancelToken token;
        token.cancel();
        try {
            Call call(plugin, token);
            call.check(degradation.apply(call.services(), 0.5, &right, &out, call.error(),
                                         call.errorSize()),
                       ErrorKind::Failed);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Cancelled);
        }
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("says");
        QTest::newRow("major") << "plugin_wrong_major"
                               << "built for version 2";
        QTest::newRow("short") << "plugin_too_short"
                               << "too short";
        QTest::newRow("kind") << "plugin_unknown_kind"
                              << "kind";
        QTest::newRow("id") << "plugin_no_id"
                            << "no usable id";
        QTest::newRow("function") << "plugin_no_function"
                                  << "lacks a function";
        QTest::newRow("table") << "plugin_short_table"
                               << "lacks a function";
        QTest::newRow("nothing") << "plugin_nothing"
                                 << "describes nothing";
        QTest::newRow("other library") << "not_a_plugin"
                                       << "not a Posteria plugin";
        QTest::newRow("absent") << "absent"
                                << "not a complete shared library";
    }

    void saysWhatIsWrong() {
        QFETCH(const QString, name);
        QFETCH(const QString, says);
        const Plugin plugin = loadPlugin(library(name.toStdString()));
        QVERIFY2(QString::fromStdString(plugin.problem).contains(says), plugin.problem.c_str());
        QVERIFY(!plugin.ready() && !plugin.functions);
    }

    // The loader itself faults on such files.
    void survivesDamagedLibraries() {
        const QTemporaryDir dir;
        const std::string path = dir.filePath("cut.so").toStdString();
        const auto size = fs::file_size(library("plugin_good"));
        for (std::uintmax_t keep : {std::uintmax_t(0), std::uintmax_t(3), std::uintmax_t(64),
                                    std::uintmax_t(500), size / 4, size / 2}) {
            fs::copy_file(library("plugin_good"), path, fs::copy_options::overwrite_existing);
            fs::resize_file(path, keep);
            QVERIFY(!loadPlugin(path).ready());
        }
        writeTextFile(path, "not a library");
        QVERIFY(!loadPlugin(path).ready());
    }

    void searchesFolders() {
        const QTemporaryDir first, second;
        const auto put = [](const char* name, const QTemporaryDir& dir, const char* as) {
            fs::copy_file(library(name), dir.filePath(as).toStdString());
        };
        put("plugin_wrong_major", first, "a.so");
        put("plugin_good", first, "b.so");
        put("plugin_good", second, "c.so");
        writeTextFile(second.filePath("readme.txt").toStdString(), "x");
        qputenv("POSTERIA_PLUGINS", (first.path() + ":/nowhere::" + second.path()).toUtf8());
        qputenv("XDG_DATA_HOME", first.path().toUtf8());
        const auto plugins = loadPlugins();
        // Those beside the program, where there are any, come last.
        QVERIFY(plugins.size() >= 3);
        QVERIFY(!plugins[0].ready());
        QVERIFY(plugins[1].ready());
        QVERIFY2(plugins[2].problem.find("found first") != std::string::npos,
                 plugins[2].problem.c_str());
    }
};

QTEST_APPLESS_MAIN(TestPluginHost)
#include "tst_plugin_host.moc"
