// Volumes: right voxels, within the budget, and only the newest one.
#include <QTest>
#include <atomic>
#include <cmath>
#include <functional>
#include <optional>

#include "core/base/error.h"
#include "ui/model/volume_reader.h"

using namespace posteria;
using namespace posteria::ui;

namespace {

using Value = std::function<double(const image::PlaneIndex&, std::int64_t x, std::int64_t y)>;

// Like a file's: read when asked, float32 or uint16, with as many levels as wanted.
class Source : public image::PlaneSource {
  public:
    Source(image::PixelType type, Value value, std::atomic<int>* reads)
        : m_type(type), m_value(std::move(value)), m_reads(reads) {}
    image::Plane read(const image::PlaneIndex& plane, int level,
                      const image::Rect& r) const override {
        ++*m_reads;
        void* memory = nullptr;
        auto result = image::Plane::allocate(m_type, r.width, r.height, &memory);
        for (std::int64_t i = 0; i < r.width * r.height; ++i) {
            const double v =
                m_value(plane, (r.x + i % r.width) << level, (r.y + i / r.width) << level);
            if (m_type == image::PixelType::UInt16)
                static_cast<std::uint16_t*>(memory)[i] = std::uint16_t(v);
            else
                static_cast<float*>(memory)[i] = float(v);
        }
        return result;
    }

  private:
    image::PixelType m_type;
    Value m_value;
    std::atomic<int>* m_reads;
};

struct Case {
    std::atomic<int> reads{0};
    image::StackPtr stack(image::PixelType type, image::Shape shape, Value value, int levels = 1) {
        image::StackInfo info;
        info.reader = "test";
        info.type = type;
        info.shape = shape;
        info.channels.resize(std::size_t(shape.c));
        for (int level = 0; level < levels; ++level)
            info.levels.push_back({shape.y >> level, shape.x >> level});
        return std::make_shared<image::Stack>(
            info, std::make_unique<Source>(type, std::move(value), &reads));
    }
};

VolumeRequest whole(const image::StackPtr& stack, std::vector<int> channels = {0}) {
    VolumeRequest request;
    request.stack = stack;
    request.channels = std::move(channels);
    for (std::int64_t z = 0; z < stack->shape().z; ++z)
        request.z.push_back(z);
    return request;
}

Volume readNow(const VolumeRequest& request) {
    VolumeReader reader;
    std::optional<Volume> volume;
    QObject::connect(&reader, &VolumeReader::volumeRead, &reader,
                     [&](const Volume& v) { volume = v; });
    reader.request(request);
    if (!QTest::qWaitFor([&] { return volume.has_value(); })) return {};
    return *volume;
}

}  // namespace

class TestVolumeReader : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void smallVolumesComeAsTheyAre() {
        Case data;
        const auto stack = data.stack(image::PixelType::UInt16, {2, 3, 4, 5, 6},
                                      [](const auto& p, auto x, auto y) {
                                          return 10000 * p.t + 1000 * p.c + 100 * p.z + 10 * y + x;
                                      });
        auto request = whole(stack, {2, 0});
        request.t = 1;
        const Volume volume = readNow(request);
        QVERIFY(volume.voxels);
        QVERIFY(!volume.isCoarse());
        QCOMPARE(volume.width * 10000 + volume.height * 100 + volume.depth, 60504);
        QCOMPARE(volume.voxels->size(), std::size_t(6 * 5 * 4 * 2));
        const auto at = [&](int c, int x, int y, int z) {
            return int((*volume.voxels)[std::size_t(((z * 5 + y) * 6 + x) * 2 + c)]);
        };
        QCOMPARE(at(0, 3, 2, 1), 12123);
        QCOMPARE(at(1, 5, 4, 3), 10345);
        QCOMPARE(volume.scale, (std::vector<double>{1, 1}));
        QCOMPARE(volume.middlePlane(0).value(3, 2), 12223.0);
    }

    void floatsAreSpreadOverSixteenBitsAndMissingOnesAreSmallest() {
        Case data;
        const auto stack = data.stack(
            image::PixelType::Float32, {1, 1, 2, 4, 4},
            [](const auto&, auto x, auto y) { return x == 0 && y == 0 ? double(NAN) : -1.0 + x; });
        auto request = whole(stack);
        request.z = {0, -1, 1};  // the layer lacks the middle one
        const Volume volume = readNow(request);
        QVERIFY(volume.voxels);
        const auto value = [&](std::size_t i) {
            return volume.offset[0] + volume.scale[0] * (*volume.voxels)[i];
        };
        QCOMPARE(volume.depth, 3);
        QVERIFY(std::abs(value(3) - 2) < 1e-4);
        QVERIFY(std::abs(value(5)) < 1e-4);
        QCOMPARE(value(0), -1.0);
        QCOMPARE(value(16 + 3), -1.0);
    }

    void whatIsTooLargeIsAveraged() {
        Case data;
        const auto stack =
            data.stack(image::PixelType::UInt16, {1, 1, 4, 64, 64},
                       [](const auto& p, auto x, auto) { return x % 2 ? 100 : 300 + p.z; });
        auto request = whole(stack);
        request.budgetBytes = 64 * 64 * 4 * 2 / 4;
        const Volume volume = readNow(request);
        QVERIFY(volume.voxels && volume.isCoarse());
        QCOMPARE(volume.width, 32);
        QCOMPARE(volume.depth, 4);
        QCOMPARE(volume.voxelX, 2.0);
        QCOMPARE(volume.voxelZ, 1.0);
        QCOMPARE(int((*volume.voxels)[0]), 200);
        QCOMPARE(int((*volume.voxels).back()), 202);  // 201.5
        QVERIFY(volume.voxels->size() * 2 <= request.budgetBytes);
    }

    void aPyramidIsReadAtTheLevelThatFits() {
        Case data;
        const auto stack = data.stack(
            image::PixelType::UInt16, {1, 1, 3, 256, 256},
            [](const auto&, auto x, auto) { return x; }, 4);
        auto request = whole(stack);
        request.longestSide = 64;
        QCOMPARE(chooseDetail(request).level, 2);
        QCOMPARE(chooseDetail(request).blockXY, 1);
        const Volume volume = readNow(request);
        QCOMPARE(volume.width, 64);
        QCOMPARE(volume.voxelX, 4.0);
        request.longestSide = 16;
        QCOMPARE(chooseDetail(request).level, 3);
        QCOMPARE(chooseDetail(request).blockXY, 2);
    }

    void longStacksAreThinnedAlongZ() {
        Case data;
        const auto stack = data.stack(image::PixelType::UInt16, {1, 1, 100, 8, 8},
                                      [](const auto& p, auto, auto) { return p.z; });
        auto request = whole(stack);
        request.longestSide = 64;
        const Volume volume = readNow(request);
        QCOMPARE(volume.depth, 50);
        QCOMPARE(volume.width, 8);
        QCOMPARE(volume.voxelZ, 2.0);
        QCOMPARE(int((*volume.voxels)[64 * 3]), 7);  // of 6 and 7, rounded
    }

    void onlyTheNewestIsRead() {
        Case data;
        VolumeReader reader;
        std::vector<Volume> volumes;
        QObject::connect(&reader, &VolumeReader::volumeRead, &reader,
                         [&](const Volume& v) { volumes.push_back(v); });
        const auto stack = data.stack(image::PixelType::UInt16, {9, 1, 50, 32, 32},
                                      [](const auto& p, auto, auto) { return p.t; });
        auto request = whole(stack);
        for (request.t = 0; request.t < 8; ++request.t)
            reader.request(request);
        reader.request(request);
        QTRY_VERIFY(!volumes.empty());
        QCOMPARE(volumes.size(), std::size_t(1));
        QCOMPARE(volumes[0].request.t, 8);
        QVERIFY(data.reads < 9 * 50);
        reader.cancel();
        request.t = 2;
        reader.request(request);
        reader.cancel();
        QTest::qWait(50);
        QCOMPARE(volumes.size(), std::size_t(1));
    }

    void damageIsTold() {
        Case data;
        const auto stack = data.stack(
            image::PixelType::UInt16, {1, 1, 3, 8, 8}, [](const auto& p, auto, auto) -> double {
                if (p.z == 2) throw Error(ErrorKind::Input, "The plane is damaged.");
                return 0;
            });
        VolumeReader reader;
        QString message;
        QObject::connect(&reader, &VolumeReader::failed, &reader,
                         [&](const QString& m) { message = m; });
        reader.request(whole(stack));
        QTRY_VERIFY(message.contains("damaged"));
    }
};

QTEST_GUILESS_MAIN(TestVolumeReader)
#include "tst_volume_reader.moc"
