// What the cache of planes keeps and what it lets go.
#include <torch/torch.h>

#include <QtTest>
#include <vector>

#include "core/physics/optics.h"
#include "core/physics/plane_cache.h"

using posteria::physics::PlaneCache;

class TestPlaneCache : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsByValue();
    void theOneUsedLongestAgoGoes();
    void staysWithinItsBytes();
    void aPsfIsTheSameFoundOrMade();
};

namespace {

at::Tensor plane(double value) {
    return torch::full({4, 4}, value, torch::kDouble);  // 128 bytes
}

}  // namespace

void TestPlaneCache::findsByValue() {
    PlaneCache cache(1024);
    QVERIFY(!cache.find({1, 2}).defined());
    cache.insert({1, 2}, plane(5));
    QVERIFY(torch::equal(cache.find({1, 2}), plane(5)));
    QVERIFY(!cache.find({1, 2.0000001}).defined());
    QVERIFY(!cache.find({1}).defined());
    cache.insert({1, 2}, plane(6));  // the first one stays
    QVERIFY(torch::equal(cache.find({1, 2}), plane(5)));
    QCOMPARE(cache.bytes(), std::size_t{128});
}

void TestPlaneCache::theOneUsedLongestAgoGoes() {
    PlaneCache cache(3 * 128);
    for (double key : {1, 2, 3})
        cache.insert({key}, plane(key));
    QVERIFY(cache.find({1}).defined());
    cache.insert({4}, plane(4));
    QVERIFY(!cache.find({2}).defined());
    for (double key : {1, 3, 4})
        QVERIFY(torch::equal(cache.find({key}), plane(key)));
}

void TestPlaneCache::staysWithinItsBytes() {
    PlaneCache cache(1000);
    for (int key = 0; key < 50; ++key)
        cache.insert({static_cast<double>(key)}, plane(key));
    QCOMPARE(cache.bytes(), std::size_t{7 * 128});
    cache.insert({99}, torch::zeros({12, 12}, torch::kDouble));  // larger than the cache
    QVERIFY(!cache.find({99}).defined());
    QVERIFY(cache.find({49}).defined());
}

void TestPlaneCache::aPsfIsTheSameFoundOrMade() {
    using posteria::physics::Optics;
    Optics optics;
    optics.model = Optics::Model::Vectorial;
    PlaneCache cache(1 << 20);
    const auto made = posteria::physics::psfAt(optics, {-0.5, 0, 0.5}, 33);
    auto kept = posteria::physics::psfAt(optics, {-0.5, 0, 0.5}, 33, &cache);
    QCOMPARE(cache.bytes(), std::size_t{3 * 33 * 33 * sizeof(double)});
    QVERIFY(torch::equal(kept, made));
    kept.zero_();  // a caller's planes are its own
    QVERIFY(torch::equal(posteria::physics::psfAt(optics, {-0.5, 0, 0.5}, 33, &cache), made));
    QCOMPARE(cache.bytes(), std::size_t{3 * 33 * 33 * sizeof(double)});
}

QTEST_APPLESS_MAIN(TestPlaneCache)
#include "tst_plane_cache.moc"
