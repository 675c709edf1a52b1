// Tiles cover the image, and their weights sum to one.
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/image/tile_grid.h"

using namespace posteria::image;

class TestTileGrid : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void weightsSumToOne_data() {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("tile");
        QTest::addColumn<int>("overlap");
        QTest::addColumn<int>("shiftY");
        QTest::addColumn<int>("shiftX");
        const int sizes[][2] = {{64, 64}, {65, 100}, {63, 200}, {1, 1}, {129, 64}, {500, 333}};
        const int tiles[][2] = {{64, 0}, {64, 16}, {64, 32}, {32, 15}};
        const int shifts[][2] = {{0, 0}, {1, 0}, {17, 31}, {-5, 47}, {63, 1000}};
        for (const auto& size : sizes) {
            for (const auto& tile : tiles) {
                for (const auto& shift : shifts) {
                    QTest::addRow("%dx%d, tile %d overlap %d, shift %d %d", size[0], size[1],
                                  tile[0], tile[1], shift[0], shift[1])
                        << size[0] << size[1] << tile[0] << tile[1] << shift[0] << shift[1];
                }
            }
        }
    }
    void weightsSumToOne() {
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, tile);
        QFETCH(int, overlap);
        QFETCH(int, shiftY);
        QFETCH(int, shiftX);
        const TileGrid grid(height, width, tile, overlap, shiftY, shiftX);
        std::vector<double> sum(static_cast<std::size_t>(height) * static_cast<std::size_t>(width),
                                0.0);
        for (const auto& t : grid.tiles()) {
            QCOMPARE(t.rect.width, grid.tileWidth());
            QCOMPARE(t.rect.height, grid.tileHeight());
            QVERIFY(!t.visible.empty());
            QVERIFY(t.rect.contains(t.visible));
            const auto rows = grid.rowWeights(t), columns = grid.columnWeights(t);
            for (auto y = t.visible.y; y < t.visible.y + t.visible.height; ++y) {
                for (auto x = t.visible.x; x < t.visible.x + t.visible.width; ++x) {
                    sum[static_cast<std::size_t>(y * width + x)] +=
                        rows[static_cast<std::size_t>(y - t.rect.y)] *
                        columns[static_cast<std::size_t>(x - t.rect.x)];
                }
            }
        }
        double worst = 0;
        for (double s : sum)
            worst = std::max(worst, std::abs(s - 1.0));
        QVERIFY2(worst < 1e-5, qPrintable(QString::number(worst)));
    }

    void smallImageIsOneTile() {
        const TileGrid grid(64, 50, 64, 16, 9, 9);
        QCOMPARE(grid.tiles().size(), std::size_t(1));
        QVERIFY(grid.tiles().front().visible == (Rect{0, 0, 50, 64}));
        QVERIFY(grid.verticalSeams().empty() && grid.horizontalSeams().empty());
    }

    void seamsLieInTheOverlap() {
        const TileGrid grid(64, 160, 64, 16);
        QCOMPARE(grid.verticalSeams(), (std::vector<std::int64_t>{56, 104}));
        const TileGrid shifted(64, 160, 64, 16, 0, 10);
        QCOMPARE(shifted.verticalSeams().front(), std::int64_t(46));
    }

    void visibleRegionComesFirst() {
        TileGrid grid(256, 256, 64, 16);
        const auto count = grid.tiles().size();
        const Rect view{150, 150, 30, 30};
        grid.bringForward(view);
        QCOMPARE(grid.tiles().size(), count);
        bool left = false;
        for (const auto& t : grid.tiles()) {
            const bool touches = !t.visible.intersected(view).empty();
            QVERIFY2(!(touches && left), "a tile of the view comes after one that is not");
            left = left || !touches;
        }
        QVERIFY(!grid.tiles().front().visible.intersected(view).empty());
    }
};

QTEST_APPLESS_MAIN(TestTileGrid)
#include "tst_tile_grid.moc"
