// What linked panes show, on both surfaces.
#include <QApplication>
#include <QFileInfo>
#include <QMainWindow>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <functional>
#include <memory>

#include "core/io/open.h"
#include "tests/ui/viewer/four_panes.h"
#include "ui/model/colormaps.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/viewer/linked_panes.h"

using namespace posteria;
using namespace posteria::test;
using namespace posteria::ui;
using namespace posteria::ui::viewer;

namespace {

GLenum openGlError(LinkedPanes& panes) {
    auto* widget = qobject_cast<QOpenGLWidget*>(panes.surface()->widget());
    if (!widget) return 0;
    widget->makeCurrent();
    const GLenum error = widget->context()->functions()->glGetError();
    widget->doneCurrent();
    return error;
}

bool isOpaque(const QImage& image) {
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) != 255) return false;
        }
    }
    return true;
}

}  // namespace

class TestLinkedPanes : public QObject {
    Q_OBJECT

  public:
    static void initMain() { prepareGraphics(); }

  private Q_SLOTS:
    void layoutIsTidy() {
        const QSize window(901, 601);
        const std::vector<std::pair<int, QSize>> cases = {{1, {901, 601}}, {2, {450, 601}},
                                                          {3, {450, 300}}, {4, {450, 300}},
                                                          {5, {299, 300}}, {6, {299, 300}}};
        for (const auto& [count, size] : cases) {
            const auto panes = paneLayout(count, window, 1);
            QCOMPARE(int(panes.size()), count);
            for (const auto& pane : panes) {
                QCOMPARE(pane.size(), size);
                QVERIFY(QRect(QPoint(0, 0), window).contains(pane));
            }
        }
    }

    void coloursAppearWhereTheyBelong_data() { rows(); }
    void coloursAppearWhereTheyBelong() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        scene.mean.setLimits(0, {0, 1000});
        QVERIFY(scene.show());
        const QImage frame = scene.panes->grabFrame();
        QCOMPARE(frame.size(), scene.panes->size() * scene.panes->devicePixelRatioF());
        QVERIFY(isOpaque(frame));
        QVERIFY(isOpaque(scene.panes->grab().toImage()));
        QVERIFY(isNear(scene.color(frame, 0, 16, 32), QColor(20, 20, 20)));
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(220, 220, 220)));
        QVERIFY(isNear(scene.color(frame, 1, 4, 32), Qt::black));  // not drawn yet
        QVERIFY(isNear(scene.color(frame, 1, 16, 32), QColor(255, 0, 255)));
        QVERIFY(isNear(scene.color(frame, 1, 48, 32), QColor(0, 255, 0)));
        QVERIFY(isNear(scene.color(frame, 3, 32, 32), QColor::fromRgb(colormap("magma")[255])));
        // The edge between the halves lies where the geometry says, to the pixel.
        const double ratio = scene.panes->devicePixelRatioF();
        const QPointF middle =
            scene.panes->fromPosition(scene.state.fromPixel({31.5, 32}), 0) * ratio;
        const QPoint edge(int(std::floor(middle.x())), int(middle.y()));
        QVERIFY(isNear(frame.pixelColor(edge - QPoint(2, 0)), QColor(20, 20, 20)));
        QVERIFY(isNear(frame.pixelColor(edge + QPoint(2, 0)), QColor(220, 220, 220)));
        QCOMPARE(openGlError(*scene.panes), GLenum(0));
    }

    void bothSurfacesShowTheSame() {
        QImage frames[2];
        for (int i = 0; i < 2; ++i) {
            Scene scene(i ? Renderer::OpenGL : Renderer::Raster);
            scene.panes->setScaleBarVisible(false);
            scene.panes->setPanes({{"", {&scene.input}},
                                   {"", {&scene.sample}},
                                   {"", {&scene.mean}},
                                   {"", {&scene.deviation}}});
            QVERIFY(scene.show());
            frames[i] = scene.panes->grabFrame();
        }
        QVERIFY(frames[0] == frames[1]);
    }

    // At the lower left of every pane, and nothing else changes.
    void axesAreDrawnWhereAskedFor() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        const QImage without = scene.panes->grabFrame();
        scene.panes->setAxesVisible(true);
        const QImage with = scene.panes->grabFrame();
        const double ratio = scene.panes->devicePixelRatioF();
        for (int i = 0; i < 4; ++i) {
            const QRect pane = QRectF(scene.panes->paneRect(i).topLeft() * ratio,
                                      scene.panes->paneRect(i).size() * ratio)
                                   .toRect()
                                   .adjusted(1, 1, -1, -1);
            const QRect corner(pane.left(), pane.center().y(), pane.width() / 3,
                               pane.height() / 2 - int(30 * ratio));
            QVERIFY(with.copy(corner) != without.copy(corner));
            const QRect upper(pane.topLeft(), QSize(pane.width(), pane.height() / 2));
            QVERIFY(with.copy(upper) == without.copy(upper));
        }
        scene.panes->setAxesVisible(false);
        QVERIFY(scene.panes->grabFrame() == without);
    }

    void aPictureInBetweenLeavesNoStaleSlice_data() { rows(); }
    void aPictureInBetweenLeavesNoStaleSlice() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        const QColor before = scene.color(scene.panes->grabFrame(), 0, 50, 20);
        scene.state.setZ(scene.state.z() + 1);
        scene.panes->surface()->widget()->repaint();
        QTRY_VERIFY(scene.panes->isSettled());
        const QColor after = scene.color(scene.panes->grabFrame(), 0, 50, 20);
        QVERIFY(after.green() < before.green() - 5);
    }

    void cursorReadsEveryPane() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QSignalSpy moved(scene.panes.get(), &LinkedPanes::cursorMoved);
        scene.moveMouse(scene.at(0, 40, 10));
        QVERIFY(moved.count() >= 1);
        QCOMPARE(scene.panes->paneValueText(0), QStringLiteral("220"));
        QCOMPARE(scene.panes->paneValueText(1), QStringLiteral("0 | 1000"));
        QCOMPARE(scene.panes->paneValueText(2), QStringLiteral("50 ± 20 | 1050 ± 21"));
        QCOMPARE(scene.panes->paneValueText(3), QStringLiteral("20 | 21"));
        QCOMPARE(*scene.panes->value(2, scene.state.fromPixel({3, 4}), 1), 1007.0);
        const QString text = scene.panes->valueText();
        QVERIFY2(text.startsWith("x 20.") && text.contains("µm, z 0.00 µm"), qPrintable(text));
        QVERIFY2(text.contains("mean: 50 ± 20 | 1050 ± 21"), qPrintable(text));
        scene.moveMouse(scene.at(3, 4, 10));  // the sample is not drawn there yet
        QCOMPARE(scene.panes->paneValueText(1), QString());
        scene.state.setChannel(1);
        QTRY_COMPARE(scene.panes->paneValueText(2), QStringLiteral("1014 ± 21"));
        scene.state.setZ(2);
        QTRY_COMPARE(scene.panes->paneValueText(2), QStringLiteral("1214 ± 21"));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(scene.panes.get(), &leave);
        QCOMPARE(scene.panes->valueText(), QString());
    }

    void limitsComeFromThePixelsAndCanBeSet() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QCOMPARE(scene.input.channels()[0].limits, (Limits{0, 255}));
        QCOMPARE(scene.sample.channels()[0].limits, (Limits{0, 1000}));
        QCOMPARE(scene.deviation.channels()[0].limits, (Limits{0, 21}));
        scene.input.setLimits(0, {0, 440});
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(128, 128, 128)));
    }

    void offersAsManyChannelsAsAreShown() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QCOMPARE(scene.state.channelCount(), 2);
        scene.state.setChannel(1);
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 1, 16, 32), Qt::black));
        QVERIFY(isNear(scene.color(frame, 1, 48, 32), QColor(0, 255, 0)));
        QVERIFY(isNear(scene.color(frame, 0, 48, 32), QColor(220, 220, 220)));  // its only channel
    }

    void tellsTheVisiblePixels() {
        Scene scene(Renderer::Raster);
        QVERIFY(scene.show());
        QSignalSpy seen(scene.panes.get(), &LinkedPanes::visiblePixelsChanged);
        QCOMPARE(scene.state.visiblePixels(), (image::Rect{0, 0, kSide, kSide}));
        scene.state.zoomAt(scene.state.fromPixel({0, 0}), 8);
        QTRY_COMPARE(seen.count(), 1);
        const auto rect = seen[0][0].value<image::Rect>();
        QCOMPARE(rect.x, 0);
        QVERIFY(rect.width < kSide / 2 && rect.width > 2);
    }

    void newPixelsReplaceOldOnes_data() { rows(); }
    void newPixelsReplaceOldOnes() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        QVERIFY(scene.show());
        scene.input.setStack(
            makeStack(image::PixelType::UInt8, 1, 4, [](int, int, int, int) { return 99; }));
        QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 0, 48, 32), QColor(99, 99, 99)));
        scene.input.setVisible(false);
        QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 0, 48, 32), Qt::black));
    }

    void resultsOfAPartLieInTheirPlace() {
        Scene scene(Renderer::Raster);
        Layer part("part",
                   makeStack(
                       image::PixelType::UInt8, 1, 1, [](int, int, int, int) { return 255; }, 16));
        part.setPlacement({32, 8, {}, {2}});
        scene.panes->setPanes({{"", {&scene.input, &part}}});
        QVERIFY(scene.show());
        QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 0, 40, 12), QColor(220, 220, 220)));
        scene.state.setZ(2);
        QCoreApplication::processEvents();
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(scene.color(frame, 0, 40, 12), Qt::white));
        QVERIFY(isNear(scene.color(frame, 0, 33, 9), Qt::white));
        QVERIFY(isNear(scene.color(frame, 0, 47, 23), Qt::white));
        QVERIFY(isNear(scene.color(frame, 0, 50, 12), QColor(180, 180, 180)));
        QVERIFY(isNear(scene.color(frame, 0, 30, 12), QColor(20, 20, 20)));
    }

    void layersAndPanesMayGo_data() { rows(); }
    void layersAndPanesMayGo() {
        QFETCH(Renderer, renderer);
        Scene scene(renderer);
        auto extra =
            std::make_unique<Layer>("extra", makeStack(image::PixelType::UInt8, 1, 1, halves));
        scene.panes->setPanes({{"", {extra.get()}}, {"", {&scene.input}, extra.get()}});
        QVERIFY(scene.show());
        const QPoint spot = scene.at(0, 48, 20) * scene.panes->devicePixelRatioF();
        QVERIFY(isNear(scene.panes->grabFrame().pixelColor(spot), QColor(220, 220, 220)));
        extra.reset();
        QVERIFY(isNear(scene.panes->grabFrame().pixelColor(spot), Qt::black));
        scene.panes->setPanes({});
        const QImage frame = scene.panes->grabFrame();
        QVERIFY(isNear(frame.pixelColor(600, 300), Qt::black));
        QCOMPARE(scene.panes->valueText(), QString());
        for (int count = 1; count <= 6; ++count) {
            scene.panes->setPanes(
                std::vector<PaneSpec>(std::size_t(count), PaneSpec{"", {&scene.input}}));
            const QImage grid = scene.panes->grabFrame();
            for (int pane = 0; pane < count; ++pane) {
                QVERIFY(isNear(scene.color(grid, pane, 48, 20), QColor(220, 220, 220)));
            }
        }
        QCOMPARE(openGlError(*scene.panes), GLenum(0));
    }

    void survivesReparentingAndDestruction_data() { rows(); }
    void survivesReparentingAndDestruction() {
        QFETCH(Renderer, renderer);
        for (int round = 0; round < 3; ++round) {
            Scene scene(renderer);
            QVERIFY(scene.show());
            QMainWindow window;
            window.resize(640, 480);
            scene.panes->setParent(&window);
            window.setCentralWidget(scene.panes.get());
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            QTRY_VERIFY(scene.panes->isSettled());
            QVERIFY(
                isNear(scene.color(scene.panes->grabFrame(), 0, 48, 20), QColor(220, 220, 220)));
            QCOMPARE(openGlError(*scene.panes), GLenum(0));
            window.takeCentralWidget();
            scene.panes->setParent(nullptr);
            QVERIFY(scene.show());
            QVERIFY(isNear(scene.color(scene.panes->grabFrame(), 1, 48, 20), QColor(0, 255, 0)));
            QCOMPARE(openGlError(*scene.panes), GLenum(0));
        }
    }

    void showsARealFile_data() { rows(); }
    void showsARealFile() {
        QFETCH(Renderer, renderer);
        const QString path =
            QStringLiteral(POSTERIA_SHARED_DATA "/real/cell_dna_microtubules_actin_3ch_u16.tif");
        if (!QFileInfo::exists(path)) QSKIP("the shared microscopy files are not here");
        Layer layer("cell", io::open(path.toStdString()));
        ViewState state;
        LinkedPanes panes(renderer);
        panes.resize(700, 700);
        panes.setViewState(&state);
        state.setImage(layer.stack()->info());
        panes.setPanes({{"cell", {&layer}}});
        QSignalSpy failed(&panes, &LinkedPanes::failed);
        panes.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panes));
        QTRY_VERIFY(panes.isSettled() && !layer.needsLimits(2));
        QCOMPARE(failed.count(), 0);
        const QImage frame = panes.grabFrame();
        // Its three channels are cyan, magenta and yellow: all three of red, green and blue are
        // there.
        qint64 sums[3] = {0, 0, 0};
        for (int y = 0; y < frame.height(); ++y) {
            for (int x = 0; x < frame.width(); ++x) {
                const QRgb p = frame.pixel(x, y);
                sums[0] += qRed(p);
                sums[1] += qGreen(p);
                sums[2] += qBlue(p);
            }
        }
        for (const qint64 sum : sums)
            QVERIFY(sum / (frame.width() * frame.height()) > 10);
        const image::Plane plane = layer.stack()->readPlane({0, 1, 0});
        QCOMPARE(*panes.value(0, state.fromPixel({200, 123}), 1), plane.value(200, 123));
    }

    void unreadablePlanesAreTold() {
        class Broken : public image::PlaneSource {
            image::Plane read(const image::PlaneIndex&, int, const image::Rect&) const override {
                throw std::runtime_error("the disk is gone");
            }
        };
        image::StackInfo info;
        info.reader = "broken";
        info.shape = {1, 1, 1, 32, 32};
        Layer layer("broken",
                    std::make_shared<const image::Stack>(info, std::make_unique<Broken>()));
        ViewState state;
        LinkedPanes panes(Renderer::Raster);
        panes.setViewState(&state);
        state.setImage(layer.stack()->info());
        panes.setPanes({{"broken", {&layer}}});
        QSignalSpy failed(&panes, &LinkedPanes::failed);
        panes.show();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("the disk is gone"));
        QTRY_VERIFY(panes.isSettled());
    }
};

QTEST_MAIN(TestLinkedPanes)
#include "tst_linked_panes.moc"
