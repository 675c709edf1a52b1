// Marks: their geometry, their layer and their table.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "core/image/edited_stack.h"
#include "tests/ui/stacks.h"
#include "ui/model/document.h"
#include "ui/model/labels_layer.h"
#include "ui/model/marks_table.h"

using namespace posteria;
using namespace posteria::ui;

namespace {
const Mark kBox{Mark::Kind::Rectangle, {{4, 1}, {1, 3}}};  // any two opposite corners
const Mark kRound{Mark::Kind::Ellipse, {{0, 0}, {4, 2}}};
const Mark kHook{Mark::Kind::Polygon, {{0, 0}, {4, 0}, {4, 4}, {2, 4}, {2, 2}, {0, 2}}};
const Mark kLine{Mark::Kind::Line, {{0, 0}, {3, 4}}};
const Mark kPoint{Mark::Kind::Point, {{1, 1}}};
}  // namespace

class TestMarks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void areasAndLengths() {
        QCOMPARE(areaOf(kBox), 6.0);
        QCOMPARE(lengthOf(kBox), 10.0);
        QVERIFY(std::abs(areaOf(kRound) - 2 * 3.14159265) < 1e-6);
        QVERIFY(std::abs(lengthOf(kRound) - 9.6884) < 0.01);  // Ramanujan's formula
        QCOMPARE(areaOf(kHook), 12.0);
        QCOMPARE(lengthOf(kHook), 16.0);
        QCOMPARE(lengthOf(kLine), 5.0);
        QCOMPARE(areaOf(kLine), 0.0);
        QCOMPARE(lengthOf(kPoint), 0.0);
    }

    void insideAndNear() {
        QVERIFY(contains(kBox, {2, 2}) && !contains(kBox, {0.5, 2}));
        QVERIFY(contains(kRound, {2, 1}) && !contains(kRound, {0.1, 0.1}));
        QVERIFY(contains(kHook, {3, 3}) && !contains(kHook, {1, 3}));
        QVERIFY(!contains(kLine, {1.5, 2}));
        QCOMPARE(distanceTo(kBox, {2, 2}), 1.0);  // to its outline
        QCOMPARE(distanceTo(kHook, {1, 3}), 1.0);
        QCOMPARE(distanceTo(kLine, {3, 4}), 0.0);
        QCOMPARE(distanceTo(kLine, {6, 8}), 5.0);
        QCOMPARE(distanceTo(kPoint, {1, 3}), 2.0);
    }

    void selectionStaysInRange() {
    void aLineCutsThemWhereItMeetsThem() {
        using Cuts = std::vector<std::pair<double, double>>;
        QCOMPARE(cutsOf(kBox, 2, 0), (Cuts{{1, 4}}));
        QCOMPARE(cutsOf(kBox, 3.5, 0), Cuts());
        QCOMPARE(cutsOf(kHook, 3, 0), (Cuts{{2, 4}}));
        QCOMPARE(cutsOf(kHook, 1, 0), (Cuts{{0, 4}}));
        const Mark fork{Mark::Kind::Polygon, {{0, 0}, {6, 0}, {6, 4}, {3, 2}, {0, 4}}};
        QCOMPARE(cutsOf(fork, 3, 0), (Cuts{{0, 1.5}, {4.5, 6}}));
        const auto round = cutsOf(kRound, 0.5, 0);  // (x - 2)²/4 + 1/4 = 1
        QCOMPARE(round.size(), std::size_t(1));
        QVERIFY(std::abs(round[0].first - (2 - std::sqrt(3))) < 0.01);
        QVERIFY(std::abs(round[0].second - (2 + std::sqrt(3))) < 0.01);
        QCOMPARE(cutsOf(kLine, 2, 0.1), (Cuts{{1.5, 1.5}}));
        QCOMPARE(cutsOf(kLine, 5, 0.1), Cuts());
        QCOMPARE(cutsOf(kPoint, 1.4, 0.5), (Cuts{{1, 1}}));
        QCOMPARE(cutsOf(kPoint, 1.6, 0.5), Cuts());
        const Mark flat{Mark::Kind::Line, {{5, 2}, {1, 2.1}}};
        QCOMPARE(cutsOf(flat, 1.8, 0.3), (Cuts{{1, 5}}));
    }

        MarkLayer layer("shapes", Layer::Role::Shapes);
        QSignalSpy changed(&layer, &MarkLayer::marksChanged);
        layer.setMarks({kBox, kRound});
        layer.setMarks({kBox, kRound});
        QCOMPARE(changed.size(), 1);
        layer.selectMark(1);
        layer.setMarks({kBox});
        QCOMPARE(layer.selectedMark(), -1);
        layer.selectMark(5);
        QCOMPARE(layer.selectedMark(), -1);
        QVERIFY(layer.isOverlay() && !layer.isResult() && !layer.stack());
    }

    void labelsGoAsFarAsTheirPixels() {
        image::StackInfo info;
        info.shape = {1, 1, 1, 4, 4};
        for (const auto& [type, last] : {std::pair{image::PixelType::UInt8, 255},
                                         {image::PixelType::Int16, 32767},
                                         {image::PixelType::UInt16, 65535}}) {
            info.type = type;
            LabelsLayer labels("labels", image::makeBlankStack(info));
            labels.setLabel(1000000);
            QCOMPARE(labels.label(), last);
            labels.setLabel(-3);
            QCOMPARE(labels.label(), 1);
        }
    }

    void theTableIsInPixelsWithTheAxesThereAre() {
        Document document;
        document.addImage(test::countingStack(40, 1, "stack", 3));  // 0.1 µm pixels
        MarkLayer shapes("shapes", Layer::Role::Shapes), points("points", Layer::Role::Points);
        Mark line = kLine;
        line.points = {{0.1, 0.2}, {0.3, 0.4}};
        line.z = 2;
        Mark box{Mark::Kind::Rectangle, {{0.4, 0.1}, {0.1, 0.3}}};
        shapes.setMarks({line, box});
        QCOMPARE(marksTable(shapes, document.view()),
                 QByteArray("index,shape-type,vertex-index,axis-0,axis-1,axis-2\n"
                            "0,line,0,2,2.000,1.000\n"
                            "0,line,1,2,4.000,3.000\n"
                            "1,rectangle,0,0,1.000,1.000\n"
                            "1,rectangle,1,0,1.000,4.000\n"
                            "1,rectangle,2,0,3.000,4.000\n"
                            "1,rectangle,3,0,3.000,1.000\n"));
        Document flat;
        flat.addImage(test::countingStack(40));
        points.setMarks({{Mark::Kind::Point, {{0.5, 0.25}}}});
        QCOMPARE(marksTable(points, flat.view()),
                 QByteArray("index,axis-0,axis-1\n0,2.500,5.000\n"));
    }
};

QTEST_GUILESS_MAIN(TestMarks)
#include "tst_marks.moc"
