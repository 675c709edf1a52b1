// Readers and analyses through the host: what they say is passed on when it can be true, and
// refused with a sentence when it cannot.
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/io/open.h"
#include "core/plugin/image_plugins.h"
#include "core/plugin/plugin_calls.h"

using namespace posteria;

class TestImagePlugins : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        m_plugins = std::make_shared<const plugin::PluginSet>(std::vector<std::string>{
            POSTERIA_TEST_PLUGINS "/image", "/nowhere", POSTERIA_TEST_PLUGINS "/../plugins/image"});
        // A folder named twice counts once.
        QCOMPARE(m_plugins->all().size(), std::size_t(2));
        QCOMPARE(m_plugins->ofKind(POSTERIA_IMAGE_READER).size(), std::size_t(1));
        QVERIFY(m_plugins->ofKind(POSTERIA_IMAGE_WRITER).empty());
        plugin::useImagePlugins(m_plugins);
    }

    void opensThroughThePlugin() {
        const auto stack = io::open(file("truth"));
        const auto& info = stack->info();
        QCOMPARE(info.reader, std::string("org.example.liar"));
        QCOMPARE(info.name, std::string("truth"));
        QCOMPARE(info.axes, std::string("CYX"));
        QCOMPARE(info.shape, (image::Shape{1, 2, 1, 4, 6}));
        QVERIFY(info.type == image::PixelType::UInt16);
        QCOMPARE(info.voxelSize->x, 0.25);
        QCOMPARE(info.voxelSize->y, 0.25);
        QVERIFY(!info.timeIncrementS);
        QCOMPARE(info.channels[0].name, std::string("DNA"));
        QCOMPARE(*info.channels[0].color, 0x00ff00u);
        QVERIFY(!info.channels[1].color && !info.channels[0].displayRange);
        QCOMPARE(info.levels.size(), std::size_t(2));
        QCOMPARE(info.compression, std::string("runes"));
        QVERIFY(info.tiled);
        QCOMPARE(info.warnings, std::vector<std::string>{"A warning."});
        QCOMPARE(stack->read({0, 1, 0}, 0, {2, 1, 3, 2}).value(2, 1), 124.0);
        QCOMPARE(stack->readPlane({0, 0, 0}, 1).value(2, 1), 1012.0);
    }

    // A plugin built when the description was shorter.
    void olderOnesKnowLess() {
        const auto stack = io::open(file("older"));
        QCOMPARE(stack->info().axes, std::string("TCZYX"));
        QCOMPARE(stack->info().name, std::string("image.liar"));
        QCOMPARE(stack->info().levels.size(), std::size_t(1));
        QCOMPARE(stack->info().channels.size(), std::size_t(2));
    }

    void believesNoLie_data() {
        QTest::addColumn<QString>("says");
        for (const char* lie : {"nothing", "huge", "negative", "bytes"})
            QTest::newRow(lie) << "impossible size";
        QTest::newRow("type") << "unknown type of pixels";
        for (const char* lie : {"growing", "levels"})
            QTest::newRow(lie) << "impossible pyramid";
        for (const char* lie : {"short", "null"})
            QTest::newRow(lie) << "that is not there";
        QTest::newRow("empty") << "found no image";
        QTest::newRow("refusal") << "This is not to my liking.";
        QTest::newRow("silence") << "failed with number 5";
        QTest::newRow("unreadable") << "The pixels are gone.";
    }
    void believesNoLie() {
        QFETCH(const QString, says);
        const auto path = file(QTest::currentDataTag());
        try {
            io::open(path)->readPlane({});
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Input);
            QCOMPARE(error.where(), path);
            QVERIFY2(QString::fromStdString(error.message()).contains(says), error.what());
        }
    }

    void analyses() {
        const auto* count = m_plugins->ofKind(POSTERIA_ANALYSIS).front();
        PosteriaBuffer image = {nullptr, POSTERIA_UINT8, {1, 1, 1, 4, 5}, {20, 20, 20, 5, 1}};
        QCOMPARE(plugin::analyse(*count, image, nullptr),
                 std::string("{\"pixels\": 20, \"uncertain\": false}"));
        QCOMPARE(plugin::analyse(*count, image, &image),
                 std::string("{\"pixels\": 20, \"uncertain\": true}"));
        // Memory of the plugin's own, and a text without an end.
        for (const int channels : {2, 3}) {
            image.extent[1] = channels;
            QVERIFY_EXCEPTION_THROWN(plugin::analyse(*count, image, nullptr), Error);
        }
    }

    void tellsWhatToConvertWith() {
        writeTextFile(path("a.czi"), std::string("ZISRAWFILE") + std::string(100, '\0'));
        try {
            io::open(path("a.czi"));
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(error.message(),
                     std::string("The file is a Zeiss CZI file, which cannot be read."));
            QCOMPARE(
                error.hint(),
                std::string("Convert it with Bio-Formats: bfconvert \"a.czi\" \"a.ome.tif\"."));
        }
    }

  private:
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    std::string file(const std::string& lie) const {
        writeTextFile(path("image.liar"), "LIAR " + lie + "\n");
        return path("image.liar");
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const plugin::PluginSet> m_plugins;
};

QTEST_APPLESS_MAIN(TestImagePlugins)
#include "tst_image_plugins.moc"
