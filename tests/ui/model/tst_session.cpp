// Sessions as files: what is written comes back, folders can be moved, and what is wrong is named.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/base/error.h"
#include "tests/ui/models.h"
#include "tests/ui/runs.h"
#include "tests/ui/stacks.h"
#include "ui/model/session.h"

using namespace posteria;
using namespace posteria::ui;

namespace {

image::StackPtr fileStack(const std::string& path, int channels) {
    auto info = test::countingStack(16, channels, "counting", 5)->info();
    std::vector<image::Plane> planes;
    const auto stack = test::countingStack(16, channels, "counting", 5);
    for (int c = 0; c < channels; ++c)
        for (int z = 0; z < 5; ++z)
            planes.push_back(stack->readPlane({0, c, z}));
    info.path = path;
    return image::makeMemoryStack(info, std::move(planes));
}

// A document of two images, shown in another way than they come, and a result.
struct Scene {
    Document document;
    RestoreSettings settings;
    Layer *first, *second;

    Scene() {
        first = document.addImage(fileStack("/data/a.tif", 1));
        second = document.addImage(fileStack("/data/deep/b.tif", 2), "renamed");
        document.addImage(test::countingStack(16), "made in memory");
        document.select(first);
        first->setDisplay(
            {true, 0.25, Blending::Additive, Interpolation::Cubic, {Rendering::Iso, 0.1, 0.75}});
        second->setVisible(false);
        auto channel = second->channels()[1];
        channel.colormap = "viridis";
        channel.limits = {-3.5, 1e5};
        channel.automatic = false;
        channel.gamma = 0.5;
        second->setChannel(1, channel);
        document.view().setViewport({100, 100});
        document.view().setZ(3);
        document.view().setAxisOrder({image::Axis::Z, image::Axis::X, image::Axis::Y});
        document.view().setSlab({5, image::Projection::Maximum});
        document.view().setView({0.4, 0.7}, 0.01);
        document.view().setCrosshair({0.3, 0.2});
        settings.setModels(test::twoModels());
        settings.setSamples(7);
        settings.setSeed(12345678901234567890ull);
        settings.setSeverity(0.4);
    }
};

QJsonObject object(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

}  // namespace

class TestSession : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void whatIsWrittenComesBack() {
        Scene scene;
        const auto taken = takeSession(scene.document, scene.settings, "ortho");
        QCOMPARE(taken.leftOut, QStringList("made in memory"));
        const auto text = writeSession(taken, "/data/all.posteria-session");
        const auto session = readSession(text, "/data/all.posteria-session");
        QCOMPARE(session.images.size(), std::size_t(2));
        QCOMPARE(session.images[1].path, QString("/data/deep/b.tif"));
        QCOMPARE(session.layout, QString("ortho"));

        Document document;
        RestoreSettings settings;
        settings.setModels(test::twoModels());
        document.view().setViewport({100, 100});
        std::vector<Layer*> layers;
        for (const auto& image : session.images)
            layers.push_back(document.addImage(
                fileStack(image.path.toStdString(), image.path.endsWith("b.tif") ? 2 : 1),
                image.name));
        applySession(session, layers, document);
        applySession(session, settings);
        QCOMPARE(document.selected(), layers[0]);
        for (const auto& [now, before] :
             {std::pair{layers[0], scene.first}, std::pair{layers[1], scene.second}}) {
            QCOMPARE(now->name(), before->name());
            QCOMPARE(now->isVisible(), before->isVisible());
            QVERIFY(now->display() == before->display());
            QVERIFY(now->channels() == before->channels());
        }
        const auto &view = document.view(), &was = scene.document.view();
        QCOMPARE(view.axisOrder(), was.axisOrder());
        QVERIFY(view.slab() == was.slab());
        QCOMPARE(view.z(), was.z());
        QCOMPARE(view.center(), was.center());
        QCOMPARE(view.scale(), was.scale());
        QCOMPARE(view.crosshair(), was.crosshair());
        QVERIFY(view.isCrosshairVisible());
        QCOMPARE(settings.samples(), 7);
        QCOMPARE(settings.seed(), 12345678901234567890ull);
        QCOMPARE(settings.severity(), std::optional<double>(0.4));
    }

    void runsComeBackWithTheirFiles() {
        Scene scene;
        auto request = test::requestFor(scene.document);
        request.model = "split-two";
        request.sampler = "indi";
        request.seed = 98765432109876543ull;
        request.selection.c = {0};
        Run* run = scene.document.startRun(request, false);
        run->take(test::snapshotOf(3, 4));
        // While it runs, and while its results lie in no file, it is left out.
        const auto inFiles = [&](const std::vector<image::StackPtr>& series) {
            const auto& s = *run->snapshot();
            return series == std::vector{s.mean}  ? QString("/data/r/mean.ome.tif")
                   : series == std::vector{s.std} ? QString("/data/r/std.ome.tif")
                   : series == s.kept             ? QString("/data/r/samples.ome.tif")
                                                  : QString();
        };
        QVERIFY(takeSession(scene.document, scene.settings, "grid", inFiles).runs.empty());
        run->stop(false);
        const auto without = takeSession(scene.document, scene.settings, "grid");
        QVERIFY(without.runs.empty());
        QVERIFY(without.leftOut.contains(run->mean()->name()));
        run->setSpread(Run::Spread::Exceedance);
        run->setThresholdShare(0, 0.25);
        run->showSample(1);
        run->uncertainty()->setOpacity(0.5);
        scene.document.select(run->uncertainty());
        const auto taken = takeSession(scene.document, scene.settings, "grid", inFiles);
        QCOMPARE(taken.runs.size(), std::size_t(1));
        QVERIFY(!taken.leftOut.contains(run->mean()->name()));
        const auto text = writeSession(taken, "/data/all.posteria-session");
        QVERIFY(text.contains("\"mean\": \"r/mean.ome.tif\""));
        const auto session = readSession(text, "/moved/all.posteria-session");
        QCOMPARE(session.runs.size(), std::size_t(1));
        const auto& kept = session.runs[0];
        QCOMPARE(kept.mean, QString("/moved/r/mean.ome.tif"));
        QCOMPARE(kept.samples, QString("/moved/r/samples.ome.tif"));
        QCOMPARE(kept.selected, std::optional(Layer::Role::Uncertainty));

        Document document;
        Layer* input = document.addImage(scene.first->stack());
        const auto was = test::snapshotOf(3, 4);
        Run* now = restoreRun(kept, input, document, was->mean, was->std, was->kept);
        QCOMPARE(document.runs().size(), std::size_t(1));
        QCOMPARE(now->input(), input);
        QCOMPARE(now->title(), run->title());
        QCOMPARE(now->parameters().section('\n', 2), run->parameters().section('\n', 2));
        QCOMPARE(now->request().seed, request.seed);
        QCOMPARE(now->request().selection.c, request.selection.c);
        QCOMPARE(now->keptSamples(), 3);
        QCOMPARE(now->shownSample(), 1);
        QVERIFY(now->spread() == Run::Spread::Exceedance);
        QCOMPARE(now->thresholds(), run->thresholds());
        QCOMPARE(now->uncertainty()->name(), run->uncertainty()->name());
        QCOMPARE(now->uncertainty()->opacity(), 0.5);
        QVERIFY(now->uncertainty()->channels() == run->uncertainty()->channels());
        QVERIFY(now->state() == Run::State::Finished);
    }

    void sessionsOfTheFirstVersionAreRead() {
        Scene scene;
        auto root = object(writeSession(takeSession(scene.document, scene.settings, "grid"),
                                        "/data/all.posteria-session"));
        root["version"] = 1;
        auto view = root["view"].toObject();
        for (const auto* key : {"axes", "slab", "projection"})
            view.remove(QLatin1String(key));
        root["view"] = view;
        auto images = root["images"].toArray();
        for (auto image : images) {
            auto object = image.toObject();
            object.remove(QStringLiteral("interpolation"));
            image = object;
        }
        root["images"] = images;
        const auto session =
            readSession(QJsonDocument(root).toJson(), "/data/all.posteria-session");
        QCOMPARE(session.axes, image::kStraight);
        QCOMPARE(session.slab.thickness, 1);
        QCOMPARE(session.images[0].shown.layer.interpolation, Interpolation::Nearest);
        QCOMPARE(session.images[0].shown.layer.blending, Blending::Additive);
    }

    void aFolderCanBeMovedWhole() {
        Scene scene;
        const auto text = writeSession(takeSession(scene.document, scene.settings, "grid"),
                                       "/data/all.posteria-session");
        QVERIFY(!text.contains("/data"));
        const auto moved = readSession(text, "/elsewhere/all.posteria-session");
        QCOMPARE(moved.images[0].path, QString("/elsewhere/a.tif"));
        QCOMPARE(moved.images[1].path, QString("/elsewhere/deep/b.tif"));
    }

    // The file that is missing keeps its place; the others are shown as they were.
    void missingImagesAreLeftOut() {
        Scene scene;
        const auto session = takeSession(scene.document, scene.settings, "grid");
        Document document;
        Layer* second = document.addImage(fileStack("/data/deep/b.tif", 2), "renamed");
        applySession(session, {nullptr, second}, document);
        QVERIFY(!second->isVisible());
        QCOMPARE(second->channels()[1].colormap, QString("viridis"));
        // A model that is no longer there leaves the panel alone.
        RestoreSettings settings;
        auto models = test::twoModels();
        models.erase(models.begin());
        settings.setModels(models);
        const auto before = settings.samples();
        applySession(session, settings);
        QCOMPARE(settings.samples(), before);
    }

    void whatIsWrongIsNamed_data() {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("named");
        const auto row = [](const char* name, const char* place, const QJsonValue& value,
                            const char* named) {
            QTest::newRow(name) << QString(place) << value << QString(named);
        };
        row("no session", "format", "other", "not a session");
        row("later version", "version", 99, "later version");
        row("no list", "images", 5, "\"images\"");
        row("scale of nothing", "view.scale", 0, "\"view.scale\"");
        row("no number", "view.z", "three", "\"view.z\"");
        row("no pair", "view.center", QJsonArray{1}, "\"view.center\"");
        row("severity too large", "restore.severity", 1.5, "\"restore.severity\"");
        row("seed", "restore.seed", "x", "\"restore.seed\"");
        row("opacity", "image.opacity", 2, "\"images[0].opacity\"");
        row("blending", "image.blending", "magic", "\"images[0].blending\"");
        row("path", "image.path", "", "\"images[0].path\"");
        row("colormap", "channel.colormap", "mud", "\"images[0].channels[0].colormap\"");
        row("limits", "channel.high", -1e6, "\"images[0].channels[0].high\"");
    }
    void whatIsWrongIsNamed() {
        QFETCH(QString, place);
        QFETCH(QJsonValue, value);
        QFETCH(QString, named);
        Scene scene;
        auto root = object(writeSession(takeSession(scene.document, scene.settings, "grid"),
                                        "/data/x.posteria-session"));
        const auto part = place.section('.', 0, 0), key = place.section('.', 1);
        if (key.isEmpty()) {
            root[place] = value;
        } else if (part == "image" || part == "channel") {
            auto images = root["images"].toArray();
            auto image = images[0].toObject();
            if (part == "image") {
                image[key] = value;
            } else {
                auto channels = image["channels"].toArray();
                auto channel = channels[0].toObject();
                channel[key] = value;
                channels[0] = channel;
                image["channels"] = channels;
            }
            images[0] = image;
            root["images"] = images;
        } else {
            auto object = root[part].toObject();
            object[key] = value;
            root[part] = object;
        }
        try {
            readSession(QJsonDocument(root).toJson(), "/data/x.posteria-session");
            QFAIL("nothing was refused");
        } catch (const Error& e) {
            QVERIFY2(QString::fromStdString(e.message()).contains(named), e.message().c_str());
            QCOMPARE(e.where(), std::string("/data/x.posteria-session"));
            QVERIFY(!e.hint().empty());
        }
    }

    void rubbishIsRefused() {
        for (const QByteArray& text : {QByteArray(), QByteArray("{"), QByteArray("[1, 2]"),
                                       QByteArray("\x00\xff\x10", 3), QByteArray("null")})
            QVERIFY_EXCEPTION_THROWN(readSession(text, "/x"), Error);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
