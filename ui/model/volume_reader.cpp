#include "ui/model/volume_reader.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "ui/model/standing_pool.h"

namespace posteria::ui {

namespace {

constexpr int kProgressMs = 100;

std::int64_t blocks(std::int64_t size, std::int64_t block) {
    return (size + block - 1) / block;
}

bool keepsValues(image::PixelType type) {
    return type == image::PixelType::UInt8 || type == image::PixelType::UInt16;
}

// One channel's volume, averaged over blocks; NaN where there is nothing.
class Averaged {
  public:
    Averaged(std::int64_t width, std::int64_t height, const VolumeDetail& detail)
        : m_width(blocks(width, detail.blockXY)),
          m_height(blocks(height, detail.blockXY)),
          m_detail(detail) {
        clear();
    }
    std::int64_t width() const { return m_width; }
    std::int64_t height() const { return m_height; }

    void add(const image::Plane& plane) {
        image::visit(plane, [&](const auto* pixels) {
            const std::int64_t block = m_detail.blockXY;
            for (std::int64_t y = 0; y < plane.height(); ++y) {
                const auto row = static_cast<std::size_t>(y / block * m_width);
                for (std::int64_t x = 0; x < plane.width(); ++x, ++pixels) {
                    const auto value = static_cast<float>(*pixels);
                    if (!std::isfinite(value)) continue;
                    const auto at = row + static_cast<std::size_t>(x / block);
                    m_sums[at] += value;
                    ++m_counts[at];
                }
            }
        });
    }
    // Writes the averages of what was added and starts afresh.
    void take(float* out) {
        for (std::size_t i = 0; i < m_sums.size(); ++i) {
            out[i] = m_counts[i] ? m_sums[i] / static_cast<float>(m_counts[i])
                                 : std::numeric_limits<float>::quiet_NaN();
        }
        clear();
    }

  private:
    void clear() {
        m_sums.assign(static_cast<std::size_t>(m_width * m_height), 0);
        m_counts.assign(static_cast<std::size_t>(m_width * m_height), 0);
    }
    std::int64_t m_width, m_height;
    VolumeDetail m_detail;
    std::vector<float> m_sums;
    std::vector<std::uint32_t> m_counts;
};

// Into 16 bits, interleaved; returns offset and scale.
std::pair<double, double> pack(const std::vector<float>& values, bool asTheyAre, std::size_t c,
                               std::size_t channels, std::vector<std::uint16_t>& out) {
    float low = std::numeric_limits<float>::max(), high = std::numeric_limits<float>::lowest();
    for (const float v : values) {
        if (!std::isfinite(v)) continue;
        low = std::min(low, v);
        high = std::max(high, v);
    }
    if (low > high) low = high = 0;
    const double offset = asTheyAre ? 0 : low;
    const double scale = asTheyAre ? 1 : std::max((double(high) - low) / 65535, 1e-300);
    const auto factor = static_cast<float>(1 / scale);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float step =
            std::isfinite(values[i]) ? (values[i] - static_cast<float>(offset)) * factor : 0.0F;
        out[i * channels + c] = static_cast<std::uint16_t>(std::clamp(step + 0.5F, 0.0F, 65535.0F));
    }
    return {offset, scale};
}

// None where it was stopped.
std::optional<Volume> read(const VolumeRequest& request, const std::function<bool()>& stopped,
                           const std::function<void(int, int)>& progress) {
    const auto& info = request.stack->info();
    const VolumeDetail detail = chooseDetail(request);
    const auto& size = info.levels[static_cast<std::size_t>(detail.level)];
    const auto depth = static_cast<std::int64_t>(request.z.size());
    Averaged slab(size.width, size.height, detail);
    Volume volume;
    volume.request = request;
    volume.width = slab.width();
    volume.height = slab.height();
    volume.depth = blocks(depth, detail.blockZ);
    volume.voxelX = double(info.shape.x) / double(size.width) * double(detail.blockXY);
    volume.voxelY = double(info.shape.y) / double(size.height) * double(detail.blockXY);
    volume.voxelZ = double(detail.blockZ);
    const std::size_t channels = request.channels.size();
    const auto plane = static_cast<std::size_t>(volume.width * volume.height);
    const std::size_t voxels = plane * static_cast<std::size_t>(volume.depth);
    auto packed = std::make_shared<std::vector<std::uint16_t>>(voxels * channels);
    std::vector<float> values(voxels);
    const int planes = static_cast<int>(depth) * static_cast<int>(channels);
    int done = 0;
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::int64_t z = 0; z < depth; ++z) {
            if (stopped()) return std::nullopt;
            const std::int64_t own = request.z[static_cast<std::size_t>(z)];
            if (own >= 0)
                slab.add(
                    request.stack->readPlane({request.t, request.channels[c], own}, detail.level));
            if ((z + 1) % detail.blockZ == 0 || z + 1 == depth)
                slab.take(values.data() + plane * static_cast<std::size_t>(z / detail.blockZ));
            progress(++done, planes);
        }
        const auto [offset, scale] = pack(values, keepsValues(info.type), c, channels, *packed);
        volume.offset.push_back(offset);
        volume.scale.push_back(scale);
    }
    volume.voxels = std::move(packed);
    return volume;
}

}  // namespace

image::Plane Volume::middlePlane(std::size_t channel) const {
    const bool bytes = request.stack->info().type == image::PixelType::UInt8;
    void* memory = nullptr;
    auto plane = image::Plane::allocate(bytes ? image::PixelType::UInt8 : image::PixelType::Float32,
                                        width, height, &memory);
    const std::size_t channels = offset.size();
    const auto first = static_cast<std::size_t>(depth / 2 * width * height) * channels + channel;
    for (std::size_t i = 0; i < static_cast<std::size_t>(width * height); ++i) {
        const double value = offset[channel] + scale[channel] * (*voxels)[first + i * channels];
        if (bytes)
            static_cast<std::uint8_t*>(memory)[i] = static_cast<std::uint8_t>(value);
        else
            static_cast<float*>(memory)[i] = static_cast<float>(value);
    }
    return plane;
}

VolumeDetail chooseDetail(const VolumeRequest& request) {
    const auto& info = request.stack->info();
    const auto depth = static_cast<std::int64_t>(request.z.size());
    const auto fits = [&](const VolumeDetail& d) {
        const auto& size = info.levels[static_cast<std::size_t>(d.level)];
        const std::int64_t x = blocks(size.width, d.blockXY), y = blocks(size.height, d.blockXY);
        const std::int64_t z = blocks(depth, d.blockZ);
        return std::max({x, y, z}) <= request.longestSide &&
               static_cast<std::uint64_t>(x * y * z) * request.channels.size() * 2 <=
                   request.budgetBytes;
    };
    VolumeDetail detail;
    const auto last = static_cast<int>(info.levels.size()) - 1;
    while (!fits(detail)) {
        const auto& size = info.levels[static_cast<std::size_t>(detail.level)];
        const std::int64_t across =
            std::max(size.width, size.height) / std::max<std::int64_t>(detail.blockXY, 1);
        // Voxels are flat more often than not, so Z is thinned out only when it is the longest.
        if (blocks(depth, detail.blockZ) > std::max<std::int64_t>(across, 1))
            detail.blockZ *= 2;
        else if (detail.level < last)
            ++detail.level;
        else if (across > 1)
            detail.blockXY *= 2;
        else
            break;
    }
    return detail;
}

struct VolumeReader::Private {
    std::mutex mutex;
    std::optional<VolumeRequest> waiting;
    std::atomic<std::uint64_t> wanted{0};  // counts requests
    VolumeRequest last;                    // GUI thread only
    StandingPool pool{1};                  // last: its destructor waits for the thread
};

VolumeReader::VolumeReader(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}

VolumeReader::~VolumeReader() {
    cancel();
    d->pool.waitForDone();
}

void VolumeReader::request(const VolumeRequest& request) {
    if (!request.stack || request.channels.empty() || request == d->last) return;
    d->last = request;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        ++d->wanted;
        d->waiting = request;
    }
    d->pool.start([this] { serveNewest(); });
}

void VolumeReader::cancel() {
    d->last = {};
    const std::lock_guard<std::mutex> lock(d->mutex);
    ++d->wanted;
    d->waiting.reset();
}

void VolumeReader::serveNewest() {
    VolumeRequest request;
    std::uint64_t number = 0;
    {
        const std::lock_guard<std::mutex> lock(d->mutex);
        if (!d->waiting) return;
        request = *std::exchange(d->waiting, std::nullopt);
        number = d->wanted;
    }
    const auto tell = [this, number](auto&& what) {
        QMetaObject::invokeMethod(
            this,
            [this, number, what] {
                if (d->wanted == number) what();
            },
            Qt::QueuedConnection);
    };
    QElapsedTimer clock;
    clock.start();
    QString error;
    try {
        const auto volume = read(
            request, [&] { return d->wanted != number; },
            [&](int done, int planes) {
                if (clock.elapsed() < kProgressMs) return;
                clock.restart();
                tell([this, done, planes] { Q_EMIT progress(done, planes); });
            });
        if (volume) tell([this, v = *volume] { Q_EMIT volumeRead(v); });
        return;
    } catch (const Error& e) {
        error = QString::fromStdString(e.what());
    } catch (const std::bad_alloc&) {
        error = tr("There is not enough memory for this volume.");
    } catch (const std::exception& e) {
        error = QString::fromLocal8Bit(e.what());
    }
    tell([this, error] { Q_EMIT failed(error); });
}

}  // namespace posteria::ui
