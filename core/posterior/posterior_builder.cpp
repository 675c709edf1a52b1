#include "core/posterior/posterior_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.h"

namespace posteria::posterior {

namespace {

std::size_t pixels(const image::Shape& shape) {
    return static_cast<std::size_t>(shape.planes() * shape.y * shape.x);
}

// New float32 planes, each filled by fill(pointer, index of the plane's first pixel, pixels).
template <class F>
std::vector<image::Plane> makePlanes(const image::Shape& shape, F&& fill) {
    const auto size = static_cast<std::size_t>(shape.y * shape.x);
    std::vector<image::Plane> planes;
    for (std::size_t i = 0; i < static_cast<std::size_t>(shape.planes()); ++i) {
        void* memory = nullptr;
        planes.push_back(
            image::Plane::allocate(image::PixelType::Float32, shape.x, shape.y, &memory));
        fill(static_cast<float*>(memory), i * size, size);
    }
    return planes;
}

double meanSquare(const std::vector<image::Plane>& planes) {
    double sum = 0, count = 0;
    for (const auto& plane : planes) {
        const float* p = plane.as<float>();
        for (std::int64_t i = 0; i < plane.size(); ++i)
            sum += static_cast<double>(p[i]) * p[i];
        count += static_cast<double>(plane.size());
    }
    return count > 0 ? sum / count : 0;
}

}  // namespace

image::StackInfo resultInfo(const image::StackInfo& input, const image::Shape& shape,
                            std::vector<image::ChannelInfo> channels) {
    if (shape.c != static_cast<std::int64_t>(channels.size())) {
        throw Error(ErrorKind::Usage, "The number of restored channels does not fit the shape.",
                    input.path);
    }
    image::StackInfo info;
    info.name = input.name;
    info.axes = "TCZYX";
    info.shape = shape;
    info.type = image::PixelType::Float32;
    info.voxelSize = input.voxelSize;
    info.timeIncrementS = input.timeIncrementS;
    info.channels = std::move(channels);
    return info;
}

PosteriorBuilder::PosteriorBuilder(image::StackInfo result, image::Rect region, int requested,
                                   std::uint64_t sampleByteBudget)
    : m_result(std::move(result)),
      m_region(region),
      m_requested(requested),
      m_moments(pixels(m_result.shape)),
      m_store(sampleByteBudget) {}

void PosteriorBuilder::setCalibration(std::vector<LinearCalibration> calibration) {
    if (!calibration.empty() &&
        calibration.size() != static_cast<std::size_t>(m_result.shape.planes())) {
        throw Error(ErrorKind::Usage, "The calibration does not fit the number of planes.");
    }
    m_calibration = std::move(calibration);
}

void PosteriorBuilder::addSample(std::vector<image::Plane> planes) {
    const auto fits = [&](const image::Plane& plane) {
        return plane.type() == image::PixelType::Float32 && plane.width() == m_result.shape.x &&
               plane.height() == m_result.shape.y;
    };
    if (static_cast<std::int64_t>(planes.size()) != m_result.shape.planes() ||
        !std::all_of(planes.begin(), planes.end(), fits)) {
        throw Error(ErrorKind::Usage, "A posterior sample does not have the result's shape.",
                    m_result.name);
    }
    for (const auto& plane : planes) {
        m_moments.addPart(plane.as<float>(), static_cast<std::size_t>(plane.size()));
    }
    m_mean.reset();
    m_std.reset();
    if (m_store.add(planes)) {
        m_kept.push_back(stack("sample " + std::to_string(m_kept.size() + 1), std::move(planes)));
    }
}

double PosteriorBuilder::relativeError(const image::Rect& part) const {
    constexpr double kUnknown = std::numeric_limits<double>::infinity();
    image::Rect own = part.empty() ? m_region : part.intersected(m_region);
    own.x -= m_region.x;
    own.y -= m_region.y;
    if (m_moments.count() < 2 || own.empty()) return kUnknown;
    const auto& shape = m_result.shape;
    std::vector<double> error(static_cast<std::size_t>(shape.c)), signal(error.size());
    std::vector<float> row(static_cast<std::size_t>(own.width));
    for (std::int64_t plane = 0; plane < shape.planes(); ++plane) {
        const auto c = static_cast<std::size_t>(plane / shape.z % shape.c);
        for (std::int64_t y = own.y; y < own.y + own.height; ++y) {
            const auto first = static_cast<std::size_t>((plane * shape.y + y) * shape.x + own.x);
            m_moments.writeStd(row.data(), first, row.size());
            for (const float s : row)
                error[c] += static_cast<double>(s) * s / m_moments.count();
            m_moments.writeMean(row.data(), first, row.size());
            for (const float m : row)
                signal[c] += static_cast<double>(m) * m;
        }
    }
    double most = 0;
    for (std::size_t c = 0; c < error.size(); ++c)
        most = std::max(most, signal[c] > 0 ? std::sqrt(error[c] / signal[c]) : kUnknown);
    return most;
}

image::StackPtr PosteriorBuilder::stack(const std::string& name,
                                        std::vector<image::Plane> planes) const {
    image::StackInfo info = m_result;
    info.name = name;
    return image::makeMemoryStack(std::move(info), std::move(planes));
}

void PosteriorBuilder::refresh() const {
    if (m_mean || m_moments.count() == 0) return;
    auto mean = makePlanes(m_result.shape, [&](float* out, std::size_t first, std::size_t n) {
        m_moments.writeMean(out, first, n);
    });
    const double rootMeanSquare = std::sqrt(meanSquare(mean));
    m_mean = stack("mean", std::move(mean));
    m_error = m_moments.standardError();
    m_relativeError = rootMeanSquare > 0 ? m_error / rootMeanSquare : 0;
    if (m_moments.count() < 2) return;

    image::StackInfo info = m_result;
    info.name = "standard deviation";
    if (!m_calibration.empty()) {
        for (auto& channel : info.channels)
            channel.name += " (calibrated)";
    }
    std::size_t index = 0;  // of the plane
    auto std = makePlanes(m_result.shape, [&](float* out, std::size_t first, std::size_t n) {
        m_moments.writeStd(out, first, n);
        if (m_calibration.empty()) return;
        const auto scale = static_cast<float>(m_calibration[index].scale);
        const auto offset = static_cast<float>(m_calibration[index++].offset);
        for (std::size_t i = 0; i < n; ++i)
            out[i] = std::max(0.0f, scale * out[i] + offset);
    });
    m_std = image::makeMemoryStack(std::move(info), std::move(std));
}

SnapshotPtr PosteriorBuilder::snapshot(std::vector<image::Plane> partial) const {
    refresh();
    auto result = std::make_shared<Snapshot>();
    result->samples = m_moments.count();
    result->requested = m_requested;
    result->mean = m_mean;
    result->std = m_std;
    result->kept = m_kept;
    if (!partial.empty()) result->partial = stack("sample being drawn", std::move(partial));
    result->region = m_region;
    result->stdCalibrated = m_std && !m_calibration.empty();
    result->diagnostics = m_diagnostics;
    result->diagnostics.monteCarloError = m_error;
    result->diagnostics.relativeMonteCarloError = m_relativeError;
    return result;
}

}  // namespace posteria::posterior
