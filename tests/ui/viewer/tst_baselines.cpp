// What every rendering of a volume and every blending of layers looks like, against pictures kept
// beside the test. Words are cut off: fonts are the system's.
#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <memory>

#include "tests/ui/viewer/image_baseline.h"
#include "tests/ui/viewer/volume_stack.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_panes.h"
#include "ui/viewer/volume_view.h"

using namespace posteria;
using namespace posteria::ui;
using namespace posteria::ui::viewer;

Q_DECLARE_METATYPE(posteria::ui::Rendering)
Q_DECLARE_METATYPE(posteria::ui::Blending)
Q_DECLARE_METATYPE(posteria::ui::viewer::Renderer)

namespace {

constexpr int kWidth = 48, kHeight = 36, kDepth = 12;
constexpr int kTitle = 30;  // pixels above the picture
const QSize kPicture(200, 160);

constexpr std::pair<Rendering, const char*> kRenderings[] = {
    {Rendering::Mip, "mip"},
    {Rendering::Minip, "minip"},
    {Rendering::AttenuatedMip, "attenuated-mip"},
    {Rendering::Average, "average"},
    {Rendering::Translucent, "translucent"},
    {Rendering::Iso, "iso"}};
constexpr std::pair<Blending, const char*> kBlendings[] = {{Blending::Translucent, "translucent"},
                                                           {Blending::Additive, "additive"},
                                                           {Blending::Minimum, "minimum"},
                                                           {Blending::Opaque, "opaque"}};

// A ball, a rod behind it and one before it, a hole through everything, on a ground that brightens
// to the right.
int things(int x, int y, int z) {
    if (x >= 38 && x < 44 && y >= 6 && y < 14) return 0;
    const double ball = std::hypot(std::hypot(x - 18, y - 18), 3.0 * (z - 6));
    if (ball < 11) return int(230 - 8 * ball);
    if (z >= 9 && y >= 24 && y < 28) return 190;
    if (z < 2 && x >= 28 && x < 32) return 120;
    return 20 + x;
}

// Circles over the whole plane, brighter from the left to the right.
int rings(int x, int y, int) {
    const double r = std::hypot(x - 30, y - 12);
    return int(std::fmod(r, 12) < 6 ? 40 + 4 * x : 10);
}

void show(Layer& layer, const char* colormap) {
    layer.setLimits(0, {0, 255});
    auto channel = layer.channels()[0];
    channel.colormap = QLatin1String(colormap);
    layer.setChannel(0, channel);
}

// Without the title, of the size of the baselines.
QImage cut(const QImage& frame) {
    return frame.copy(QRect({0, kTitle}, kPicture)).convertToFormat(QImage::Format_RGB32);
}

QImage rendered(Rendering rendering) {
    ViewState state;
    Layer layer("things", test::volumeStack(kWidth, kHeight, kDepth, things));
    show(layer, "gray");
    layer.setVolumeDisplay({rendering, 0.05, 0.5});
    state.setImage(layer.stack()->info());
    VolumeView view;
    view.resize(kPicture.width(), kPicture.height() + kTitle);
    view.setScaleBarVisible(false);
    view.setViewState(&state);
    view.setLayer(&layer);
    view.show();
    const auto settled = [&] { return QTest::qWaitFor([&] { return view.isSettled(); }, 20000); };
    if (!QTest::qWaitForWindowExposed(&view) || !settled()) return {};
    // A little from the side and from above.
    QTest::mousePress(&view, Qt::LeftButton, {}, {100, 100});
    const QPointF to(150, 140);
    QMouseEvent move(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    QApplication::sendEvent(&view, &move);
    QTest::mouseRelease(&view, Qt::LeftButton, {}, to.toPoint());
    QWheelEvent wheel(to, view.mapToGlobal(to), {}, {0, -240}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &wheel);
    return settled() ? cut(view.grabFrame()) : QImage();
}

QImage blended(Blending blending, Renderer renderer) {
    ViewState state;
    Layer below("below", test::volumeStack(kWidth, kHeight, kDepth, things));
    Layer above("above", test::volumeStack(kWidth, kHeight, kDepth, rings));
    show(below, "gray");
    show(above, "green");
    auto display = above.display();
    display.opacity = 0.6;
    display.blending = blending;
    above.setDisplay(display);
    state.setImage(below.stack()->info());
    state.setZ(6);
    LinkedPanes panes(renderer);
    panes.resize(kPicture.width(), kPicture.height() + kTitle);
    panes.setScaleBarVisible(false);
    panes.setViewState(&state);
    panes.setPanes({{"blended", {&below, &above}}});
    panes.show();
    if (!QTest::qWaitForWindowExposed(&panes) ||
        !QTest::qWaitFor([&] { return panes.isSettled(); }, 20000))
        return {};
    return cut(panes.grabFrame());
}

}  // namespace

class TestBaselines : public QObject {
    Q_OBJECT

  public:
    static void initMain() { prepareGraphics(); }

  private Q_SLOTS:
    void volumes_data() {
        QTest::addColumn<Rendering>("rendering");
        for (const auto& [rendering, name] : kRenderings)
            QTest::newRow(name) << rendering;
    }
    void volumes() {
        QFETCH(Rendering, rendering);
        const QString wrong = test::unlikeBaseline(
            rendered(rendering), QStringLiteral("volume-%1").arg(QTest::currentDataTag()));
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

    // Painting and OpenGL show the same.
    void layers_data() {
        QTest::addColumn<Blending>("blending");
        QTest::addColumn<Renderer>("renderer");
        QTest::addColumn<QString>("baseline");
        for (const auto& [blending, name] : kBlendings) {
            const auto baseline = QStringLiteral("blending-%1").arg(name);
            QTest::addRow("%s, raster", name) << blending << Renderer::Raster << baseline;
            QTest::addRow("%s, OpenGL", name) << blending << Renderer::OpenGL << baseline;
        }
    }
    void layers() {
        QFETCH(Blending, blending);
        QFETCH(Renderer, renderer);
        QFETCH(QString, baseline);
        const QString wrong = test::unlikeBaseline(blended(blending, renderer), baseline);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

    // Otherwise the tests above would let one mode pass for another.
    void noModeIsLikeAnother() {
        QStringList names;
        for (const auto& [rendering, name] : kRenderings)
            names << QStringLiteral("volume-%1").arg(name);
        for (const auto& [blending, name] : kBlendings)
            names << QStringLiteral("blending-%1").arg(name);
        for (const auto& a : names) {
            QVERIFY2(test::baseline(a).size() == kPicture, qPrintable(a));
            for (const auto& b : names) {
                const auto difference = test::differenceOf(test::baseline(a), test::baseline(b));
                QVERIFY2(difference.isAlike() == (a == b),
                         qPrintable(a + ", " + b + ": " + difference.text()));
            }
        }
    }

    // A picture of today against the baseline of another mode, and against none.
    void anotherPictureFailsAndIsKept() {
        QTemporaryDir folder;
        const QDir candidates(folder.path());
        const QImage picture = rendered(Rendering::Mip);
        const auto other = test::unlikeBaseline(picture, "volume-attenuated-mip", candidates);
        QVERIFY2(other.contains(folder.filePath("volume-attenuated-mip.candidate.png")),
                 qPrintable(other));
        const auto none = test::unlikeBaseline(picture, "volume-of-no-kind", candidates);
        QVERIFY2(none.startsWith("there is no baseline volume-of-no-kind.png"), qPrintable(none));
        QCOMPARE(QImage(folder.filePath("volume-of-no-kind.candidate.png")).size(), kPicture);
    }

    // What another version of the drawing library may do, and what it may not.
    void alikeIsWhatLooksAlike() {
        const QImage picture = test::baseline("volume-mip");
        QImage brighter = picture, moved = picture.copy(6, 0, picture.width(), picture.height());
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const QColor color = picture.pixelColor(x, y);
                const int more = ++count % 100 == 0 ? 40 : 1;
                brighter.setPixelColor(
                    x, y,
                    QColor(std::min(255, color.red() + more), std::min(255, color.green() + more),
                           std::min(255, color.blue() + more)));
            }
        QVERIFY(test::differenceOf(picture, brighter).isAlike());
        QVERIFY(!test::differenceOf(picture, moved).isAlike());
        QVERIFY(!test::differenceOf(picture, picture.scaled(100, 80)).isAlike());
        QVERIFY(!test::differenceOf({}, {}).isAlike());
    }
};

QTEST_MAIN(TestBaselines)
#include "tst_baselines.moc"
