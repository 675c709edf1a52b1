// Tiles against the whole plane, with a restorer whose reach is known: where it is smaller than the
// rim that tiles throw away, both must agree to rounding.
#include <QtTest>

#include "core/analysis/seam_score.h"
#include "core/base/error.h"
#include "core/sampling/tiled_sampler.h"
#include "core/tensor/convert.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

using namespace posteria;
using namespace posteria::sampling;

namespace {

// Smooths over 5 × 5 pixels, the image continued by reflection. Twice in a row it reaches 4 pixels.
at::Tensor smooth(const at::Tensor& x) {
    namespace F = torch::nn::functional;
    return at::avg_pool2d(F::pad(x, F::PadFuncOptions({2, 2, 2, 2}).mode(torch::kReflect)), 5, 1);
}

Restorer localRestorer() {
    Restorer r;
    r.mean = [](const at::Tensor& y) { return smooth(y); };
    r.velocity = [](const at::Tensor& x, const at::Tensor& y, double) {
        return smooth(y) - 0.5 * smooth(x);
    };
    return r;
}

at::Tensor field(std::int64_t height, std::int64_t width) {
    auto generator = tensor::makeGenerator(7, 0);
    return tensor::normal({1, height, width}, generator);
}

at::Tensor draw(const at::Tensor& y, const TileSettings& tiles, std::uint64_t gridSeed = 3,
                const PartialObserver& observer = {}) {
    const auto sampler = makeSampler({"cfm-euler", 2});
    const auto h = y.size(1), w = y.size(2);
    const NoiseField noise(11, 0, 1, h, w, {0, 0, w, h});
    return drawTiled(*sampler, localRestorer(), y, noise, gridSeed, tiles, at::kCPU, observer);
}

}  // namespace

class TestTiledSampler : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void tilesEqualTheWholePlane_data() {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("batch");
        QTest::newRow("square") << 200 << 200 << 1;
        QTest::newRow("odd sides, batches") << 131 << 257 << 3;
        QTest::newRow("one tile high") << 40 << 300 << 2;
    }
    void tilesEqualTheWholePlane() {
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, batch);
        const at::Tensor y = field(height, width);
        const at::Tensor whole = draw(y, {1024, 0, 1, 1, {}});
        const TileSettings tiles{64, 24, batch, 1, {}};
        for (std::uint64_t gridSeed : {1, 2, 3}) {
            const at::Tensor tiled = draw(y, tiles, gridSeed);
            QVERIFY2((tiled - whole).abs().max().item<float>() < 1e-5,
                     qPrintable(QString::number((tiled - whole).abs().max().item<float>())));
        }
    }

    void tilesLeaveNoSeam() {
        const at::Tensor y = field(512, 512);
        const TileSettings tiles{64, 24, 1, 1, {}};
        const at::Tensor tiled = draw(y, tiles);
        const auto grid = sampleGrid(512, 512, 3, tiles);
        const auto clean = analysis::seamScore(tensor::toPlane(tiled[0]), grid.verticalSeams(),
                                               grid.horizontalSeams());
        QVERIFY2(clean.pValue > 0.01, qPrintable(QString::number(clean.pValue)));
        // The check sees a seam where there is one: tiles with different offsets.
        at::Tensor broken = tiled[0].clone();
        double step = 2;  // twice the standard deviation of the noise in the sample
        for (auto x : grid.verticalSeams())
            broken.slice(1, x).add_(step = -step);
        for (auto y : grid.horizontalSeams())
            broken.slice(0, y).add_(step = -step);
        const auto seen = analysis::seamScore(tensor::toPlane(broken), grid.verticalSeams(),
                                              grid.horizontalSeams());
        QVERIFY2(seen.pValue < 0.01, qPrintable(QString::number(seen.pValue)));
    }

    void visibleRegionComesFirst() {
        const at::Tensor y = field(256, 256);
        TileSettings tiles{64, 24, 1, 1, {200, 200, 10, 10}};
        bool seen = false;
        int calls = 0;
        draw(y, tiles, 3, [&](const PartialPlane& p) {
            ++calls;
            if (!p.firstDone || seen) return;
            seen = true;
            QVERIFY(p.tilesDone <= 4);
            QVERIFY(p.tilesDone < p.tilesAll);
            QVERIFY(p.weight.slice(0, 200, 210).slice(1, 200, 210).min().item<float>() > 0.999f);
            QVERIFY(p.weight.min().item<float>() == 0.0f);
        });
        QVERIFY(seen);
        QVERIFY(calls > 4);
    }

    void gridMovesFromSampleToSample() {
        const TileSettings tiles{64, 24, 1, 1, {}};
        std::set<std::int64_t> origins;
        for (std::uint64_t seed = 0; seed < 16; ++seed)
            origins.insert(sampleGrid(300, 300, seed, tiles).tiles().front().rect.x);
        QVERIFY(origins.size() > 6);
        // Aligned grids start on multiples, so that a network which folds pixels sees the same
        // phase.
        const TileSettings aligned{64, 16, 1, 16, {}};
        for (std::uint64_t seed = 0; seed < 16; ++seed) {
            const auto grid = sampleGrid(300, 300, seed, aligned);
            for (const auto& tile : grid.tiles()) {
                QCOMPARE(tile.rect.x % 16, 0);
                QCOMPARE(tile.rect.y % 16, 0);
            }
        }
    }

    void noiseIsASamplesOwnAndARegionsPart() {
        const NoiseField whole(5, 2, 2, 60, 50, {0, 0, 50, 60}),
            part(5, 2, 2, 60, 50, {10, 20, 30, 25});
        QVERIFY(at::equal(part.field(0), whole.field(0).slice(1, 20, 45).slice(2, 10, 40)));
        QVERIFY(!at::equal(whole.field(0), whole.field(1)));
        const NoiseField other(5, 3, 2, 60, 50, {0, 0, 50, 60});
        QVERIFY(!at::equal(whole.field(0), other.field(0)));
    }

    // Fields as coarse as latents: a region at whole squares has the whole's, and so do its parts.
    void coarseNoiseIsARegionsPart() {
        const std::vector<NoiseLattice> lattices{{3, 2, 8}, {5, 8, 8}};
        const NoiseField whole(5, 2, lattices, 60, 50, {0, 0, 50, 60}),
            part(5, 2, lattices, 60, 50, {16, 24, 30, 36});
        QCOMPARE(whole.field(0).sizes(), at::IntArrayRef({3, 32, 28}));
        QCOMPARE(whole.field(1).sizes(), at::IntArrayRef({5, 8, 7}));
        QVERIFY(at::equal(part.field(0), whole.field(0).slice(1, 12, 32).slice(2, 8, 24)));
        QVERIFY(at::equal(part.field(1), whole.field(1).slice(1, 3, 8).slice(2, 2, 6)));
        QVERIFY(at::equal(part.field(0), whole.crop(0, {16, 24, 30, 36})));
        QVERIFY(
            at::equal(part.crop(1, {8, 16, 9, 8}), whole.field(1).slice(1, 5, 6).slice(2, 3, 5)));
        // A region that begins between two squares ends inside the field, too.
        const NoiseField between(5, 2, lattices, 60, 50, {3, 7, 47, 53});
        QCOMPARE(between.field(0).sizes(), at::IntArrayRef({3, 28, 24}));
    }

    // Asked for one corner the mean is drawn there alone; asked for the rest, that follows, no tile
    // twice, and the whole is what one call gives.
    void meanIsDrawnWhereItIsNeeded() {
        const at::Tensor y = field(300, 300);
        at::Tensor values = at::full({1, 300, 300}, 7.0);
        TiledMean mean(y, values);
        int calls = 0;
        Restorer counted = localRestorer();
        counted.mean = [&](const at::Tensor& x) {
            ++calls;
            return smooth(x);
        };
        const TileSettings tiles{128, 64, 1, 16, {}, {}};
        const at::Tensor whole = smooth(y.unsqueeze(0))[0];
        mean.complete({0, 0, 40, 40}, counted, tiles, at::kCPU);
        const int first = calls;
        const auto all = static_cast<int>(image::TileGrid(300, 300, 128, 64).tiles().size());
        QVERIFY(first > 0 && first < all);
        QVERIFY(at::allclose(values.slice(1, 0, 40).slice(2, 0, 40),
                             whole.slice(1, 0, 40).slice(2, 0, 40), 1e-5, 1e-5));
        mean.complete({0, 0, 300, 300}, counted, tiles, at::kCPU);
        mean.complete({50, 50, 100, 100}, counted, tiles, at::kCPU);
        QCOMPARE(calls, all);
        QVERIFY(at::allclose(values, whole, 1e-5, 1e-5));
    }

    // Memory that runs out halves the batch first, then the tile; the plane is the one that fits.
    void outOfMemoryHalvesWhatIsDrawnAtOnce() {
        const at::Tensor y = field(256, 256);
        const NoiseField noise(11, 0, 1, 256, 256, {0, 0, 256, 256});
        const auto sampler = makeSampler({"oneshot"});
        Restorer scarce = localRestorer();
        scarce.mean = [](const at::Tensor& x) {
            if (x.numel() > 128 * 128) throw std::bad_alloc();
            return smooth(x);
        };
        TileSettings tiles{256, 64, 2, 16, {}, {}};
        const at::Tensor drawn = drawTiledInMemory(*sampler, scarce, y, noise, 3, tiles, at::kCPU);
        QCOMPARE(tiles.batch, 1);
        QCOMPARE(tiles.tile, 128);
        QVERIFY(at::allclose(drawn, smooth(y.unsqueeze(0))[0], 1e-5, 1e-5));

        scarce.mean = [](const at::Tensor&) -> at::Tensor { throw std::bad_alloc(); };
        QVERIFY_EXCEPTION_THROWN(drawTiledInMemory(*sampler, scarce, y, noise, 3, tiles, at::kCPU),
                                 std::bad_alloc);
        QCOMPARE(tiles.tile, 64);
    }
};

QTEST_APPLESS_MAIN(TestTiledSampler)
#include "tst_tiled_sampler.moc"
