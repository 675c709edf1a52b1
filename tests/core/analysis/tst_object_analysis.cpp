#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/analysis/object_analysis.h"
#include "core/base/error.h"
#include "tests/core/analysis/objects_fixture.h"
#include "tests/core/analysis/objects_images.h"

using namespace posteria;
using namespace posteria::analysis;

namespace {

constexpr int kSide = 96, kPitch = 12, kSites = 64;

image::StackPtr stackOf(std::vector<image::Plane> channels) {
    image::StackInfo info;
    info.shape = {1, static_cast<std::int64_t>(channels.size()), 1, channels[0].height(),
                  channels[0].width()};
    info.type = image::PixelType::Float32;
    info.channels.resize(channels.size());
    return image::makeMemoryStack(info, std::move(channels));
}

// A posterior whose truth is one more draw: at every site of a grid a disc may be, each with a
// probability of its own; its place, size and brightness vary from draw to draw.
class Posterior {
  public:
    explicit Posterior(unsigned seed) : m_random(seed) {
        for (int site = 0; site < kSites; ++site)
            m_presence.push_back(site % 8 == 0 ? 1 : 0.05 + 0.4 * uniform());
    }

    const std::vector<double>& presence() const { return m_presence; }
    double expectedCount() const {
        return std::accumulate(m_presence.begin(), m_presence.end(), 0.0);
    }

    image::Plane draw(int* count = nullptr) {
        void* memory = nullptr;
        auto plane = image::Plane::allocate(image::PixelType::Float32, kSide, kSide, &memory);
        auto* out = static_cast<float*>(memory);
        std::normal_distribution<float> noise(20, 3);
        for (int i = 0; i < kSide * kSide; ++i)
            out[i] = noise(m_random);
        for (int site = 0; site < kSites; ++site) {
            if (uniform() >= m_presence[static_cast<std::size_t>(site)]) continue;
            if (count) ++*count;
            const double cx = 6 + kPitch * (site % 8) + uniform() - 0.5;
            const double cy = 6 + kPitch * (site / 8) + uniform() - 0.5;
            const double radius = 2.5 + uniform();
            const auto bright = static_cast<float>(80 + 40 * uniform());
            for (int y = int(cy) - 4; y <= int(cy) + 4; ++y) {
                for (int x = int(cx) - 4; x <= int(cx) + 4; ++x) {
                    if (std::hypot(x - cx, y - cy) <= radius) out[y * kSide + x] += bright;
                }
            }
        }
        return plane;
    }

  private:
    double uniform() { return std::uniform_real_distribution<double>(0, 1)(m_random); }

    std::mt19937 m_random;
    std::vector<double> m_presence;
};

SegmentationSettings byHand() {
    SegmentationSettings settings;
    settings.smoothing = 0.7;
    settings.rule = ThresholdRule::Manual;
    settings.threshold = 60;
    settings.minArea = 6;
    return settings;
}

ObjectRequest requestFor(std::vector<image::StackPtr> samples) {
    ObjectRequest request;
    request.samples = std::move(samples);
    for (std::int64_t c = 0; c < request.samples[0]->shape().c; ++c)
        request.channels.push_back(c);
    request.settings.assign(request.channels.size(), byHand());
    return request;
}

std::vector<image::StackPtr> drawn(Posterior& posterior, int count) {
    std::vector<image::StackPtr> samples;
    for (int k = 0; k < count; ++k)
        samples.push_back(stackOf({posterior.draw()}));
    return samples;
}

}  // namespace

class TestObjectAnalysis : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // Over many fields: the interval of 19 draws holds the count of the truth as often as it says,
    // the mean count is the truth's, and the objects of the mean image are far too few, since those
    // more often absent than present are below the threshold there.
    void countsOfSamplesHoldTheTruthAndThatOfTheMeanDoesNot() {
        const int fields = 300, draws = 19;
        double inside = 0, off = 0, squares = 0, ofMeanOff = 0;
        for (int field = 0; field < fields; ++field) {
            Posterior posterior(100 + static_cast<unsigned>(field));
            const auto result = analyseObjects(requestFor(drawn(posterior, draws)));
            const auto counts = summarise(result.channels[0].counts);
            int there = 0;
            const auto truth = posterior.draw(&there);
            const int count = segment(truth, byHand()).labels.count;
            QCOMPARE(count, there);
            inside += count >= counts.low && count <= counts.high;
            const double difference = counts.mean - count;
            off += difference / fields;
            squares += difference * difference / fields;
            ofMeanOff += double(result.channels[0].meanCount - count) / fields;
        }
        inside /= fields;
        const double error = std::sqrt((squares - off * off) / fields);
        const auto text = QString("inside %1, off %2 ± %3, of the mean %4")
                              .arg(inside)
                              .arg(off)
                              .arg(error)
                              .arg(ofMeanOff);
        // 0.9 is promised of numbers without ties; counts tie with the ends, which adds at most the
        // chance of a tie there.
        QVERIFY2(inside > 0.9 - 4 * std::sqrt(0.09 / fields), qPrintable(text));
        QVERIFY2(inside < 0.98, qPrintable(text));
        QVERIFY2(std::abs(off) < 4 * error, qPrintable(text));
        QVERIFY2(ofMeanOff < -10 * error, qPrintable(text));
    }

    // With many samples every site's object is found once, with its probability, place and size.
    void objectsHaveTheProbabilityOfTheirSite() {
        Posterior posterior(7);
        const int draws = 200;
        const auto result = analyseObjects(requestFor(drawn(posterior, draws))).channels[0];
        double sum = 0;
        for (const auto& object : result.objects)
            sum += object.presence;
        QVERIFY(std::abs(sum - summarise(result.counts).mean) < 1e-9);
        QCOMPARE(result.objects.size(), std::size_t(kSites));
        QCOMPARE(result.spreads.size(), result.objects.size());
        for (std::size_t i = 0; i < result.objects.size(); ++i) {
            const auto& spread = result.spreads[i];
            const int column = int(spread.x.mean) / kPitch, row = int(spread.y.mean) / kPitch;
            const double p = posterior.presence()[static_cast<std::size_t>(row * 8 + column)];
            const double error = std::sqrt(p * (1 - p) / draws);
            QVERIFY2(
                std::abs(result.objects[i].presence - p) <= 4 * error + 1e-9,
                qPrintable(QString("%1 instead of %2").arg(result.objects[i].presence).arg(p)));
            // Uniform over a pixel, give or take the outline's own scatter.
            QVERIFY(std::abs(spread.x.mean - (6 + kPitch * column)) < 0.5);
            QVERIFY(std::abs(spread.y.mean - (6 + kPitch * row)) < 0.5);
            QVERIFY(spread.x.low <= spread.x.median && spread.x.median <= spread.x.high);
            // Radii of 2.5 … 3.5.
            QVERIFY(spread.area.low > 10 && spread.area.high < 60);
            QVERIFY(spread.intensity.mean > 70 && spread.intensity.mean < 140);
        }
        QCOMPARE(result.labels.count, kSites);
        QCOMPARE(result.presence.width(), kSide);
    }

    void everySampleCountsOnItsOwn() {
        Posterior posterior(3);
        const auto samples = drawn(posterior, 5);
        const auto result = analyseObjects(requestFor(samples)).channels[0];
        for (std::size_t k = 0; k < samples.size(); ++k) {
            const auto labels = segment(samples[k]->readPlane({0, 0, 0}), byHand()).labels;
            QCOMPARE(result.counts[k], double(labels.count));
            double area = 0;
            for (const auto a : labels.areas())
                area += double(a);
            QCOMPARE(result.areaShares[k], area / (kSide * kSide));
            QCOMPARE(result.thresholds[k], 60.0);
        }
    }

    void colocalisationAgreesWithScikitImage() {
        const auto sample = stackOf({fixture::blobs(0), fixture::blobs(3)});
        auto request = requestFor({sample, sample});
        for (auto& settings : request.settings) {
            settings = SegmentationSettings();
            settings.smoothing = 1.5;
            settings.backgroundRadius = 15;
            settings.minArea = 20;
        }
        const auto result = analyseObjects(request);
        QCOMPARE(result.pairs.size(), std::size_t(1));
        const auto& pair = result.pairs[0];
        for (std::size_t k = 0; k < 2; ++k) {
            QVERIFY(std::abs(pair.pearson[k] - fixture::kPearson) < 1e-6);
            QVERIFY(std::abs(pair.manders1[k] - fixture::kManders1) < 1e-6);
            QVERIFY(std::abs(pair.manders2[k] - fixture::kManders2) < 1e-6);
        }
        // Of an empty channel nothing is defined.
        const auto flat = fixture::makePlane(96, 120, [](auto, auto) { return 5; });
        const auto none = analyseObjects(requestFor({stackOf({fixture::blobs(0), flat})}));
        QVERIFY(std::isnan(none.pairs[0].pearson[0]));
        QCOMPARE(none.pairs[0].manders1[0], 0.0);
        QVERIFY(std::isnan(none.pairs[0].manders2[0]));
        QCOMPARE(none.channels[1].counts, std::vector<double>{0});
        QVERIFY(none.channels[1].objects.empty());
    }

    void tellsProgressAndStops() {
        Posterior posterior(5);
        const auto request = requestFor(drawn(posterior, 6));
        std::vector<int> told;
        analyseObjects(request, [&](int done, int all) {
            told.push_back(done);
            QCOMPARE(all, 6);
        });
        QCOMPARE(told, (std::vector<int>{1, 2, 3, 4, 5, 6}));
        const CancelToken token;
        try {
            analyseObjects(
                request, [&](int, int) { token.cancel(); }, token);
            QFAIL("went on");
        } catch (const Error& e) {
            QCOMPARE(e.kind(), ErrorKind::Cancelled);
        }
    }

    void refusesWhatDoesNotFit() {
        Posterior posterior(5);
        const auto good = requestFor(drawn(posterior, 2));
        const auto kindOf = [&](auto&& change) {
            auto request = good;
            change(request);
            try {
                analyseObjects(request);
            } catch (const Error& e) {
                return e.kind();
            }
            return ErrorKind::Failed;
        };
        using R = ObjectRequest;
        QCOMPARE(kindOf([](R& r) { r.samples.clear(); }), ErrorKind::Usage);
        QCOMPARE(kindOf([](R& r) { r.channels = {1}; }), ErrorKind::Usage);
        QCOMPARE(kindOf([](R& r) { r.channels.clear(), r.settings.clear(); }), ErrorKind::Usage);
        QCOMPARE(kindOf([](R& r) { r.settings.clear(); }), ErrorKind::Usage);
        QCOMPARE(kindOf([](R& r) { r.z = 1; }), ErrorKind::Usage);
        QCOMPARE(kindOf([](R& r) { r.leastOverlap = 0; }), ErrorKind::Usage);
        QCOMPARE(kindOf([](R& r) { r.samples.push_back(stackOf({fixture::blobs(0)})); }),
                 ErrorKind::Input);
        QCOMPARE(kindOf([](R& r) {
                     r.samples[1] = stackOf({fixture::makePlane(kSide, kSide, [](auto x, auto) {
                         return x == 4 ? std::numeric_limits<double>::infinity() : 0;
                     })});
                 }),
                 ErrorKind::Input);
    }
};

QTEST_APPLESS_MAIN(TestObjectAnalysis)
#include "tst_object_analysis.moc"
