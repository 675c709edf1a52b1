// Objects found off the GUI thread, and their table.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>
#include <limits>

#include "tests/ui/discs.h"
#include "ui/model/object_table_model.h"

using namespace posteria;
using namespace posteria::ui;
using Model = ObjectTableModel;

namespace {

constexpr int kSamples = 12;

analysis::ObjectRequest requestOf(std::vector<image::StackPtr> samples) {
    analysis::ObjectRequest request;
    request.samples = std::move(samples);
    request.channels = {0, 1};
    request.settings.resize(2);
    return request;
}

FoundObjectsPtr found(ObjectFinder& finder, analysis::ObjectRequest request) {
    FoundObjectsPtr result;
    const auto connection = QObject::connect(&finder, &ObjectFinder::found, &finder,
                                             [&](const auto& objects) { result = objects; });
    finder.find(std::move(request));
    [&] { QTRY_VERIFY(result); }();
    QObject::disconnect(connection);
    return result;
}

}  // namespace

class TestObjects : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsInAllSamplesWithProgress() {
        ObjectFinder finder;
        QSignalSpy progress(&finder, &ObjectFinder::progress),
            busy(&finder, &ObjectFinder::busyChanged);
        const auto objects = found(finder, requestOf(test::discSnapshot(kSamples)->kept));
        QCOMPARE(progress.size(), kSamples);
        QCOMPARE(progress.last().at(0).toInt(), kSamples);
        QCOMPARE(busy.size(), 2);
        QVERIFY(!finder.isBusy());
        QCOMPARE(objects->labels.size(), std::size_t(2));
        // Disc 8 is in 4 of 12.
        QCOMPARE(objects->plane.channels[0].counts.front(), 9.0);
        QCOMPARE(objects->plane.channels[0].counts.back(), 1.0);
        QCOMPARE(objects->labels[0]->readPlane({0, 0, 0}).value(18, 18), 1.0);
    }

    void triesTheNewestSettingsOnly() {
        ObjectFinder finder;
        QSignalSpy tried(&finder, &ObjectFinder::previewed);
        const auto sample = test::discStack(0, kSamples);
        analysis::SegmentationSettings settings;
        for (int area = 0; area < 200; ++area) {
            settings.minArea = area;
            finder.preview(sample, {0, 0, 0}, settings);
        }
        QTRY_VERIFY(!finder.isPreviewing());
        QCOMPARE(tried.size(), 1);
        // A disc has some 81 pixels: no one has 199.
        QCOMPARE(tried[0][0].value<TriedObjectsPtr>()->count, 0);
        settings.minArea = 0;
        finder.preview(sample, {0, 0, 0}, settings);
        finder.dropPreview();
        QTRY_VERIFY(!finder.isPreviewing());
        QCOMPARE(tried.size(), 1);
        finder.preview(sample, {0, 0, 0}, settings);
        QTRY_COMPARE(tried.size(), 2);
        QCOMPARE(tried[1][0].value<TriedObjectsPtr>()->count, 9);
    }

    void stopsWithinASample() {
        ObjectFinder finder;
        QSignalSpy stopped(&finder, &ObjectFinder::stopped), all(&finder, &ObjectFinder::found);
        std::vector<image::StackPtr> many;
        for (int i = 0; i < 500; ++i)
            many.push_back(test::discStack(0, kSamples));
        connect(&finder, &ObjectFinder::progress, &finder, &ObjectFinder::cancel);
        finder.find(requestOf(many));
        QTRY_COMPARE(stopped.size(), 1);
        QVERIFY(all.isEmpty());
        QVERIFY(!finder.isBusy());
    }

    void tellsWhatWentWrong() {
        ObjectFinder finder;
        QSignalSpy failed(&finder, &ObjectFinder::failed);
        finder.find(requestOf({test::floatStack(8, 2, std::numeric_limits<float>::quiet_NaN())}));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("not finite"));
        QVERIFY(!failed[0][1].toString().isEmpty());
        analysis::SegmentationSettings settings;
        settings.smoothing = -1;
        finder.preview(test::discStack(0, 2), {0, 0, 0}, settings);
        QTRY_COMPARE(failed.size(), 2);
    }

    void tableHasARowAnObject() {
        ObjectFinder finder;
        const auto objects = found(finder, requestOf(test::discSnapshot(kSamples)->kept));
        Model model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(model.isEmpty());
        QCOMPARE(model.samples(), 0);
        model.setObjects(objects, 0, {{100, 0}, {0.1, 0.1}, "µm"});
        QCOMPARE(model.rowCount(), 9);
        QCOMPARE(model.columnCount(), int(Model::Columns));
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        const auto value = [&](int row, int column) {
            return model.index(row, column).data(Model::SortRole).toDouble();
        };
        for (int row = 0; row < 9; ++row) {
            // Surest first: the discs in their order.
            QCOMPARE(value(row, Model::Number), row + 1.0);
            QVERIFY(std::abs(value(row, Model::Presence) - (kSamples - row) / double(kSamples)) <
                    1e-9);
            const auto centre = test::discCentre(row);
            QVERIFY(std::abs(value(row, Model::X) - 0.1 * (100 + centre.x())) < 0.03);
            QVERIFY(std::abs(value(row, Model::Y) - 0.1 * centre.y()) < 0.03);
            QCOMPARE(model.position(row), QPointF(value(row, Model::X), value(row, Model::Y)));
            // 81 pixels of 0.01 µm², and what smoothing adds.
            QVERIFY(value(row, Model::Area) > 0.7 && value(row, Model::Area) < 1.3);
            QVERIFY(text(row, Model::Area).contains('('));
        }
        QCOMPARE(text(0, Model::Presence), QString("100 %"));
        QCOMPARE(text(8, Model::Presence), QString("33 %"));
        QVERIFY(
            model.index(8, Model::Presence).data(Qt::ToolTipRole).toString().contains("4 of 12"));
        QCOMPARE(model.headerData(Model::Area, Qt::Horizontal).toString(), QString("area (µm²)"));
        model.setObjects(objects, 1, {});
        QCOMPARE(model.rowCount(), 9);
        QCOMPARE(text(8, Model::Presence), QString("100 %"));

        model.setObjects(objects, 0, {});
        QSortFilterProxyModel sorted;
        sorted.setSourceModel(&model);
        sorted.setSortRole(Model::SortRole);
        sorted.sort(Model::Presence, Qt::AscendingOrder);
        QCOMPARE(sorted.index(0, Model::Number).data().toInt(), 9);
        model.clear();
        QCOMPARE(sorted.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestObjects)
#include "tst_objects.moc"
