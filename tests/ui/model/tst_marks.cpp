// Marks: their geometry, their layer and their table.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "core/base/error.h"
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

    void selectionStaysInRange() {
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

    void whatIsWrittenIsReadBack() {
        Document document;
        const auto stack = test::countingStack(40, 1, "stack", 3);  // 0.1 µm pixels
        document.addImage(stack);
        MarkLayer shapes("shapes", Layer::Role::Shapes);
        shapes.setMarks({{Mark::Kind::Line, {{0.1, 0.2}, {0.3, 0.4}}, 0, 2},
                         {Mark::Kind::Rectangle, {{0.1, 0.1}, {0.4, 0.3}}, 0, 1},
                         {Mark::Kind::Ellipse, {{1, 2}, {3, 2.5}}, 0, 0},
                         {Mark::Kind::Polygon, {{0, 0}, {1, 0}, {0, 1}}, 0, 0}});
        const auto table =
            readMarksTable(marksTable(shapes, document.view()), "t.csv", stack->info());
        QCOMPARE(table.role, Layer::Role::Shapes);
        QVERIFY(!table.everySlice);
        QCOMPARE(table.marks.size(), shapes.marks().size());
        for (std::size_t i = 0; i < table.marks.size(); ++i) {
            const Mark &read = table.marks[i], &kept = shapes.marks()[i];
            QCOMPARE(read.kind, kept.kind);
            QCOMPARE(read.z, kept.z);
            QCOMPARE(read.points.size(), kept.points.size());
            for (std::size_t k = 0; k < read.points.size(); ++k)
                QVERIFY((read.points[k] - kept.points[k]).manhattanLength() < 1e-4);
        }
    }

    // As napari 0.5 writes them, with a feature's column.
    void tablesOfNapariAreRead() {
        image::StackInfo info;
        info.shape = {5, 1, 7, 100, 100};
        auto table = readMarksTable(
            "index,axis-0,axis-1,axis-2,axis-3,name\r\n"
            "0.0,1.0,2.0,30.5,40.25,\"a, b\"\r\n1.0,4.0,6.2,0.0,1.0,c\r\n",
            "p.csv", info);
        QCOMPARE(table.role, Layer::Role::Points);
        QCOMPARE(table.marks, (std::vector<Mark>{{Mark::Kind::Point, {{40.25, 30.5}}, 1, 2},
                                                 {Mark::Kind::Point, {{1, 0}}, 4, 6}}));
        info.shape.t = 1;
        table = readMarksTable("index,axis-0,axis-1\n0,3,4\n", "p.csv", info);
        QVERIFY(table.everySlice);  // it tells no z
        // A square on its corner, a path of two pieces, and an ellipse that is turned.
        table = readMarksTable(
            "index,shape-type,vertex-index,axis-0,axis-1,axis-2\n"
            "0,rectangle,0,3,0,10\n0,rectangle,1,3,10,20\n"
            "0,rectangle,2,3,20,10\n0,rectangle,3,3,10,0\n"
            "1,path,0,0,0,0\n1,path,1,0,0,5\n1,path,2,0,5,5\n"
            "2,ellipse,0,0,0,10\n2,ellipse,1,0,10,20\n"
            "2,ellipse,2,0,20,10\n2,ellipse,3,0,10,0\n",
            "s.csv", info);
        QCOMPARE(table.marks.size(), std::size_t(4));
        QCOMPARE(table.marks[0],
                 (Mark{Mark::Kind::Polygon, {{10, 0}, {20, 10}, {10, 20}, {0, 10}}, 0, 3}));
        QCOMPARE(table.marks[1], (Mark{Mark::Kind::Line, {{0, 0}, {5, 0}}}));
        QCOMPARE(table.marks[2], (Mark{Mark::Kind::Line, {{5, 0}, {5, 5}}}));
        QCOMPARE(table.marks[3].kind, Mark::Kind::Polygon);
        for (const auto& point : table.marks[3].points)  // a circle that touches the square
            QVERIFY(std::abs(QLineF({10, 10}, point).length() - std::sqrt(50)) < 1e-9);
    }

    void aBadTableIsOneSentence_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << QByteArray() << "line 1: this is no table of points or shapes.";
        QTest::newRow("another table")
            << QByteArray("Area,Mean\n3,4\n") << "line 1: this is no table of points or shapes.";
        QTest::newRow("a word") << QByteArray("index,axis-0,axis-1\n0,1,2\n1,left,3\n")
                                << "line 3: “left” is no position.";
        QTest::newRow("not finite")
            << QByteArray("index,axis-0,axis-1\n0,nan,2\n") << "line 2: “nan” is no position.";
        QTest::newRow("short") << QByteArray("index,axis-0,axis-1\n0,1\n")
                               << "line 2: there are 2 columns instead of 3.";
        QTest::newRow("five axes") << QByteArray("index,axis-0,axis-1,axis-2,axis-3,axis-4\n")
                                   << "line 1: positions have 5 axes; t, z, y and x are read.";
        const QByteArray head("index,shape-type,vertex-index,axis-0,axis-1\n");
        QTest::newRow("corners") << head + "0,line,0,1,1\n0,line,1,2,2\n1,rectangle,0,1,1\n"
                                 << "line 4: this rectangle has 1 corners.";
        QTest::newRow("kind") << head + "0,blob,0,1,1\n"
                              << "line 2: “blob” is no kind of shape.";
    }
    void aBadTableIsOneSentence() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        try {
            readMarksTable(text, "t.csv", {});
            QFAIL("it was read");
        } catch (const Error& e) {
            QCOMPARE(QString::fromStdString(e.message()), message);
            QCOMPARE(e.where(), std::string("t.csv"));
            QVERIFY(e.kind() == ErrorKind::Input && !e.hint().empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestMarks)
#include "tst_marks.moc"
