// Seeing doubt: the palette of two measures, the lens and the contours.
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <set>

#include "tests/ui/runs.h"
#include "ui/model/confidence_contours.h"
#include "ui/model/doubt_lens.h"
#include "ui/model/suppressing_palette.h"

using namespace posteria;
using namespace posteria::ui;
using test::requestFor;
using test::snapshotOf;

namespace {

// Discs of radius 8 + k, 100 inside and 0 outside, softened over a pixel; channel 1 a tenth of it.
posterior::SnapshotPtr discs(int count) {
    auto snapshot = std::make_shared<posterior::Snapshot>(*snapshotOf(count, count, 64));
    for (int k = 0; k < count; ++k) {
        image::StackInfo info;
        info.type = image::PixelType::Float32;
        info.shape = {1, 2, 1, 64, 64};
        std::vector<image::Plane> planes;
        for (int c = 0; c < 2; ++c) {
            void* data = nullptr;
            planes.push_back(image::Plane::allocate(info.type, 64, 64, &data));
            for (int i = 0; i < 64 * 64; ++i) {
                const double off = 8.0 + k - std::hypot(i % 64 - 32, i / 64 - 32);
                static_cast<float*>(data)[i] =
                    float((c == 0 ? 100 : 10) * std::clamp(off + 0.5, 0.0, 1.0));
            }
        }
        snapshot->kept[std::size_t(k)] = image::makeMemoryStack(info, std::move(planes));
    }
    snapshot->mean = snapshot->kept[std::size_t(count) / 2];
    return snapshot;
}

double radiusOf(const ContourLines& contour, double pixel) {
    double sum = 0;
    for (const auto& line : contour.lines)
        sum += std::hypot(line.x1() / pixel - 32, line.y1() / pixel - 32);
    return sum / double(contour.lines.size());
}

}  // namespace

class TestDoubt : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // Correll et al.: a tree of 8, 4, 2 and 1 colours, gray at its root.
    void thePaletteTellsLessWhereDoubtIsLarger() {
        using Palette = SuppressingPalette;
        std::size_t before = 16;
        for (const double doubt : {0.1, 0.3, 0.6, 0.9}) {
            std::set<QRgb> colors;
            for (int i = 0; i <= 100; ++i)
                colors.insert(Palette::color(i / 100.0, doubt));
            QCOMPARE(colors.size(), before / 2);
            before = colors.size();
        }
        const QColor root(Palette::color(0.7, 1.0));
        QVERIFY(root.red() == root.green() && root.green() == root.blue());
        QCOMPARE(Palette::color(-3, -3), Palette::field(0, 0));
        QCOMPARE(Palette::color(9, 0), Palette::field(0, 7));
        QCOMPARE(Palette::field(0, 7), QRgb(0xfffde725));  // the ends of viridis
        QCOMPARE(Palette::field(0, 0), QRgb(0xff440154));
    }

    void theLensPlaysSamplesOverTheMean() {
        Document document;
        DoubtLens lens(&document);
        document.addImage(test::countingStack(32));
        auto* run = document.startRun(requestFor(document), false);
        lens.setMode(DoubtLens::Mode::Samples);
        auto panes = document.panes();
        run->take(snapshotOf(3, 3));
        panes = document.panes();
        lens.attachTo(panes);
        QVERIFY(!panes[0].lens && !panes[1].lens && !panes[3].lens);
        const Layer* seen = panes[2].lens;
        QVERIFY(seen && seen->stack());
        QVERIFY(seen->channels() == run->mean()->channels());
        QCOMPARE(seen->name(), QString("sample 1 of 3"));
        lens.setSamplesPerSecond(99);
        QCOMPARE(lens.samplesPerSecond(), DoubtLens::kFastest);
        std::set<double> values;
        QSignalSpy next(seen, &Layer::stackChanged);
        const QElapsedTimer clock = [] {
            QElapsedTimer t;
            t.start();
            return t;
        }();
        while (next.count() < 6 && next.wait(2000))
            values.insert(seen->stack()->readPlane({}).value(0, 0));
        QCOMPARE(values, (std::set<double>{0, 1, 2}));
        QVERIFY2(clock.elapsed() >= 500, "ten a second at most");
        // The sample pane keeps its own.
        QCOMPARE(run->shownSample(), 2);

        lens.setMode(DoubtLens::Mode::Uncertainty);
        panes = document.panes();
        lens.attachTo(panes);
        QCOMPARE(panes[2].lens, run->uncertainty());
        document.setInputHeld(true);
        panes = document.panes();
        lens.attachTo(panes);
        for (const auto& pane : panes)
            QVERIFY(!pane.lens);
        document.setInputHeld(false);
        document.remove(run->mean());
        panes = document.panes();
        lens.attachTo(panes);
        QVERIFY(!panes[0].lens);
    }

    void confidenceIsTheMeanSuppressedByItsDoubt() {
        Document document;
        document.addImage(test::countingStack(32));
        auto* run = document.startRun(requestFor(document), false);
        run->take(snapshotOf(4, 4));
        run->setSpread(Run::Spread::Confidence);
        const auto panes = document.panes();
        QCOMPARE(panes[3].layers, std::vector<Layer*>{run->mean()});
        QCOMPARE(panes[3].doubt, run->uncertainty());
        QCOMPARE(panes[3].deviation, run->uncertainty());
        QCOMPARE(panes[3].title, QString("uncertainty (mean × std, uncalibrated, n=4)"));
        QVERIFY(!panes[2].doubt);
        QCOMPARE(run->uncertainty()->stack(), run->snapshot()->std);
    }

    // Of discs of radius 8 … 18 five percent reach beyond 17.5 and ninety-five beyond 8.5 pixels.
    void contoursHoldFiveAndNinetyFivePercentOfTheSamples() {
        Document document;
        ConfidenceContours contours(&document);
        document.addImage(test::countingStack(64));
        auto* run = document.startRun(requestFor(document), false);
        run->take(discs(11));
        document.view().setViewport({640, 640});
        document.view().setChannel(0);
        QSignalSpy lines(&contours, &ConfidenceContours::linesChanged);
        contours.setVisible(true);
        QTRY_COMPARE(contours.lines().size(), 2u);
        const double pixel = document.view().pixelSize().x();
        QVERIFY(contours.lines()[0].inner && !contours.lines()[1].inner);
        const double inner = radiusOf(contours.lines()[0], pixel),
                     outer = radiusOf(contours.lines()[1], pixel);
        QVERIFY2(std::abs(inner - 8.5) < 0.3, qPrintable(QString::number(inner)));
        QVERIFY2(std::abs(outer - 17.5) < 0.3, qPrintable(QString::number(outer)));
        // The second channel has a level of its own.
        document.view().setChannel(1);
        QTRY_VERIFY(lines.count() >= 2 && !contours.isBusy());
        run->setThreshold(1, 9.9);
        const double level = run->thresholds()[1];
        QVERIFY(level > 5 && run->thresholds()[0] > 20);
        QTRY_VERIFY(!contours.isBusy());
        const int before = lines.count();
        run->setThreshold(1, 2);
        QTRY_VERIFY(lines.count() > before);
        QTRY_VERIFY(!contours.isBusy());
        QCOMPARE(contours.lines().size(), 2u);
        // All channels at once.
        document.view().setChannel(ViewState::kComposite);
        QTRY_COMPARE(contours.lines().size(), 4u);
        document.setInputHeld(true);
        QTRY_VERIFY(contours.lines().empty());
        document.setInputHeld(false);
        QTRY_COMPARE(contours.lines().size(), 4u);
        document.remove(run->mean());
        QTRY_VERIFY(contours.lines().empty());
    }
};

QTEST_GUILESS_MAIN(TestDoubt)
#include "tst_doubt.moc"
