#include "core/engine/input_planes.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/analysis/input_facts.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

using image::Rect;

namespace {

constexpr std::int64_t kBandBytes = 16 << 20;

// Sums of values less one of them, so that nothing is lost to a bright background.
struct Sums {
    double count = 0, sum = 0, squares = 0;

    void add(double count_, double sum_, double squares_) {
        count += count_, sum += sum_, squares += squares_;
    }
    double mean() const { return sum / count; }
    double variance() const { return std::max(0.0, squares / count - mean() * mean()); }
};

// Squares of up to kJudgedSide side by side in the region; what is left over at its ends is none.
class Blocks {
  public:
    explicit Blocks(const Rect& region)
        : m_region(region),
          m_width(std::min(kJudgedSide, region.width)),
          m_height(std::min(kJudgedSide, region.height)),
          m_across(region.width / m_width),
          m_sums(static_cast<std::size_t>(m_across * (region.height / m_height))) {}

    // The end of the run of pixels that begins at (x, y) and lies in one block, and its sums; none
    // outside of all.
    std::pair<std::int64_t, Sums*> at(std::int64_t x, std::int64_t y, std::int64_t end) {
        const auto column = x - m_region.x, row = y - m_region.y;
        const auto last = m_region.x + m_across * m_width;
        const auto rows = static_cast<std::int64_t>(m_sums.size()) / m_across * m_height;
        if (row < 0 || row >= rows || x >= last) return {end, nullptr};
        if (column < 0) return {std::min(end, m_region.x), nullptr};
        const auto block = column / m_width;
        auto* sums = &m_sums[static_cast<std::size_t>(row / m_height * m_across + block)];
        return {std::min(end, m_region.x + (block + 1) * m_width), sums};
    }

    Rect liveliest() const {
        const auto most = std::max_element(m_sums.begin(), m_sums.end(),
                                           [](const Sums& a, const Sums& b) {
                                               return a.variance() < b.variance();
                                           }) -
                          m_sums.begin();
        return {m_region.x + most % m_across * m_width, m_region.y + most / m_across * m_height,
                m_width, m_height};
    }

  private:
    Rect m_region;
    std::int64_t m_width, m_height, m_across;
    std::vector<Sums> m_sums;
};

PlaneStatistics measure(const image::Stack& stack, const image::PlaneIndex& plane,
                        const Rect& region, const CancelToken& token) {
    const auto bounds = stack.bounds();
    const auto rowBytes =
        bounds.width * static_cast<std::int64_t>(image::bytesPerPixel(stack.info().type));
    const auto bandRows = std::max<std::int64_t>(1, kBandBytes / rowBytes);
    Blocks blocks(region);
    Sums all;
    double shift = 0;
    image::Plane whole;  // where one band holds it
    for (std::int64_t top = 0; top < bounds.height; top += bandRows) {
        token.throwIfCancelled();
        const auto band =
            stack.read(plane, 0, {0, top, bounds.width, std::min(bandRows, bounds.height - top)});
        if (top == 0) shift = band.value(0, 0);
        if (band.height() == bounds.height) whole = band;
        image::visit(band, [&](const auto* p) {
            for (std::int64_t y = 0; y < band.height(); ++y) {
                for (std::int64_t x = 0; x < band.width();) {
                    const auto [end, block] = blocks.at(x, top + y, band.width());
                    double sum = 0, squares = 0;
                    const auto* row = p + y * band.width();
                    for (std::int64_t i = x; i < end; ++i) {
                        const double value = static_cast<double>(row[i]) - shift;
                        sum += value;
                        squares += value * value;
                    }
                    const auto count = static_cast<double>(end - x);
                    all.add(count, sum, squares);
                    if (block) block->add(count, sum, squares);
                    x = end;
                }
            }
        });
    }
    PlaneStatistics result;
    result.mean = shift + all.mean();
    result.std = std::sqrt(all.variance());
    // Not a number stays what it is: std::max drops it.
    if (!std::isfinite(all.squares)) result.std = all.squares;
    result.judged = blocks.liveliest();
    result.saturated = analysis::saturatedShare(
        result.judged == bounds && !whole.empty() ? whole : stack.read(plane, 0, result.judged));
    return result;
}

}  // namespace

InputPlanes::InputPlanes(image::StackPtr input, const Rect& region,
                         const package::ModelPackage& package, std::optional<double> cameraOffset,
                         CancelToken token)
    : m_input(std::move(input)),
      m_region(region),
      m_package(package),
      m_cameraOffset(cameraOffset),
      m_token(std::move(token)) {}

const PlaneStatistics& InputPlanes::statistics(const image::PlaneIndex& plane) {
    const Key key{plane.t, plane.c, plane.z};
    auto found = m_known.find(key);
    if (found == m_known.end())
        found = m_known.emplace(key, measure(*m_input, plane, m_region, m_token)).first;
    return found->second;
}

nn::Normalisation InputPlanes::normalisation(const image::PlaneIndex& plane) {
    const auto& known = statistics(plane);
    return nn::Normalisation::of(known.mean, known.std, m_package, m_cameraOffset);
}

at::Tensor InputPlanes::read(const image::PlaneIndex& plane, const Rect& rect) {
    const auto normalisation = this->normalisation(plane);
    return normalisation.input(tensor::fromPlane(m_input->read(plane, 0, rect))).unsqueeze(0);
}

}  // namespace posteria::engine
