#include <QtTest>
#include <algorithm>
#include <random>

#include "core/analysis/object_matching.h"
#include "tests/core/analysis/objects_images.h"

using namespace posteria::analysis;
using fixture::drawn;

namespace {

using Labels = std::vector<int>;

}  // namespace

class TestObjectMatching : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // Labels are other numbers for the same object in every sample, one is missing in one sample
    // and another is there once.
    void findsTheSameObjectEverywhere() {
        const std::vector<Labelling> samples{drawn({"111..22", "111..22", "......."}),
                                             drawn({".11..22", "111..2.", "......."}),
                                             drawn({"111....", "111....", "22....."})};
        const auto objects = matchObjects(samples);
        QCOMPARE(objects.size(), std::size_t(3));
        QCOMPARE(objects[0].labels, (Labels{1, 1, 1}));
        QCOMPARE(objects[1].labels, (Labels{2, 2, 0}));
        QCOMPARE(objects[2].labels, (Labels{0, 0, 2}));
        QCOMPARE(objects[0].presence, 1.0);
        QCOMPARE(objects[1].presence, 2 / 3.0);
        QCOMPARE(objects[2].presence, 1 / 3.0);
        // 1 of sample 0 and of sample 2 are alike wholly; support is a tie, the earlier one stands.
        QCOMPARE(objects[0].reference, 0);
        QCOMPARE(objects[2].reference, 2);
    }

    // IoU 3 / 9 and 6 / 9 with a joined pair: it is one with the larger of the two.
    void joinedPairGoesToItsLargerPart() {
        const std::vector<Labelling> samples{drawn({"111111222"}), drawn({"111111222"}),
                                             drawn({"111111111"})};
        const auto objects = matchObjects(samples);
        QCOMPARE(objects.size(), std::size_t(2));
        QCOMPARE(objects[0].labels, (Labels{1, 1, 1}));
        QCOMPARE(objects[1].labels, (Labels{2, 2, 0}));
        // Above 2/3 they are no longer the same.
        const auto strict = matchObjects(samples, 0.7);
        QCOMPARE(strict.size(), std::size_t(3));
        QCOMPARE(strict[2].labels, (Labels{0, 0, 1}));
    }

    void tiesGoToTheLargerObjectThenTheEarlierSampleThenTheLowerLabel() {
        // Nothing is alike: all supports are 0.
        const auto apart = matchObjects({drawn({"1..22.."}), drawn({"......1"})});
        QCOMPARE(apart.size(), std::size_t(3));
        QCOMPARE(apart[0].labels, (Labels{2, 0}));
        QCOMPARE(apart[1].labels, (Labels{1, 0}));
        QCOMPARE(apart[2].labels, (Labels{0, 1}));
        // Both halves have IoU 1/2 with the whole, which is larger and has as much support as each:
        // it becomes the reference and takes the lower label.
        const auto halves = matchObjects({drawn({"1122"}), drawn({"1111"})});
        QCOMPARE(halves[0].reference, 1);
        QCOMPARE(halves[0].labels, (Labels{1, 1}));
        QCOMPARE(halves[1].labels, (Labels{2, 0}));
    }

    void everyObjectOfEverySampleBelongsToOne() {
        const auto samples = scattered(12);
        const auto objects = matchObjects(samples);
        double presence = 0, count = 0;
        for (const auto& object : objects)
            presence += object.presence;
        for (std::size_t k = 0; k < samples.size(); ++k) {
            count += static_cast<double>(samples[k].count) / static_cast<double>(samples.size());
            std::vector<int> met(static_cast<std::size_t>(samples[k].count) + 1);
            for (const auto& object : objects)
                ++met[static_cast<std::size_t>(object.labels[k])];
            QVERIFY(std::all_of(met.begin() + 1, met.end(), [](int times) { return times == 1; }));
        }
        QVERIFY(std::abs(presence - count) < 1e-9);
        QVERIFY(std::is_sorted(objects.begin(), objects.end(), [](const auto& a, const auto& b) {
            return a.presence > b.presence;
        }));
    }

    void orderOfTheSamplesDoesNotMatter() {
        auto samples = scattered(10);
        const auto presences = [](const std::vector<MatchedObject>& objects) {
            std::vector<double> values;
            for (const auto& object : objects)
                values.push_back(object.presence);
            return values;
        };
        const auto straight = presences(matchObjects(samples));
        std::reverse(samples.begin(), samples.end());
        QCOMPARE(presences(matchObjects(samples)), straight);
        std::mt19937 random(5);
        std::shuffle(samples.begin(), samples.end(), random);
        QCOMPARE(presences(matchObjects(samples)), straight);
    }

    void consensusDrawsTheSurestOnTop() {
        const std::vector<Labelling> samples{
            drawn({"111...", "......"}), drawn({"111...", "......"}), drawn({"..1111", "2....."})};
        const auto objects = matchObjects(samples);
        QCOMPARE(objects.size(), std::size_t(3));
        const auto image = consensus(objects, samples).toPlane();
        const std::vector<double> expected{1, 1, 1, 2, 2, 2, 3, 0, 0, 0, 0, 0};
        for (int i = 0; i < 12; ++i)
            QCOMPARE(image.value(i % 6, i / 6), expected[static_cast<std::size_t>(i)]);
        const auto presence = presenceMap(samples);
        QCOMPARE(presence.value(2, 0), 1.0);
        QVERIFY(std::abs(presence.value(0, 0) - 2 / 3.0) < 1e-6);
        QVERIFY(std::abs(presence.value(0, 1) - 1 / 3.0) < 1e-6);
        QCOMPARE(presence.value(5, 1), 0.0);
    }

    void stopsWhenAsked() {
        int calls = 0;
        const auto stop = [&] {
            if (++calls == 3) throw 7;
        };
        QVERIFY_EXCEPTION_THROWN(matchObjects(scattered(5), kLeastOverlap, stop), int);
        QCOMPARE(calls, 3);
    }

    void nothingIsNothing() {
        QVERIFY(matchObjects({}).empty());
        const std::vector<Labelling> blank{drawn({"...", "..."}), drawn({"...", "..."})};
        QVERIFY(matchObjects(blank).empty());
        QVERIFY(consensus({}, blank).runs.empty());
        QCOMPARE(presenceMap(blank).value(1, 1), 0.0);
    }

  private:
    // Discs of a grid, each there with a probability of its own, shifted a little, of a size that
    // varies.
    static std::vector<Labelling> scattered(int count) {
        std::mt19937 random(23);
        std::vector<Labelling> samples;
        for (int k = 0; k < count; ++k) {
            std::vector<std::int32_t> labels(120 * 120);
            std::int32_t most = 0;
            for (int i = 0; i < 100; ++i) {
                if (static_cast<int>(random() % 100) >= i) continue;
                const int cx = 6 + 12 * (i % 10) + static_cast<int>(random() % 3);
                const int cy = 6 + 12 * (i / 10) + static_cast<int>(random() % 3);
                const int squared = 6 + static_cast<int>(random() % 16);
                ++most;
                for (int y = -4; y <= 4; ++y) {
                    for (int x = -4; x <= 4; ++x) {
                        if (x * x + y * y <= squared && cx + x < 120 && cy + y < 120)
                            labels[static_cast<std::size_t>((cy + y) * 120 + cx + x)] = most;
                    }
                }
            }
            samples.push_back(runsOf(labels.data(), 120, 120, most));
        }
        return samples;
    }
};

QTEST_APPLESS_MAIN(TestObjectMatching)
#include "tst_object_matching.moc"
