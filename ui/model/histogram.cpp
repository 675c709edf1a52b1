#include "ui/model/histogram.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include "core/base/log.h"

namespace posteria::ui {

namespace {
constexpr std::int64_t kLargestSide = 2048;
}

Histogram histogramOf(const image::Plane& plane, int bins) {
    Histogram result{fullLimits(plane), std::vector<double>(std::size_t(bins), 0)};
    image::visit(plane, [&](const auto* p) {
        const double scale = bins / (result.range.high - result.range.low);
        for (std::int64_t i = 0; i < plane.size(); ++i) {
            const double v = double(p[i]);
            if (!std::isfinite(v)) continue;
            const auto bin = std::clamp(int((v - result.range.low) * scale), 0, bins - 1);
            result.heights[std::size_t(bin)] += 1;
        }
    });
    const double most = *std::max_element(result.heights.begin(), result.heights.end());
    if (most > 0)
        for (auto& height : result.heights)
            height = std::sqrt(height / most);
    return result;
}

HistogramProvider::HistogramProvider(QObject* parent) : QObject(parent) {}

HistogramProvider::~HistogramProvider() {
    m_pool.clear();
    m_pool.waitForDone();
}

void HistogramProvider::request(const image::StackPtr& stack, const image::PlaneIndex& plane) {
    const quint64 number = ++m_request;
    m_pool.clear();  // what has not begun is of no interest any more
    m_pool.start([this, number, stack, plane] {
        const auto& levels = stack->info().levels;
        int level = 0;
        while (level + 1 < int(levels.size()) && levels[std::size_t(level)].width > kLargestSide)
            ++level;
        auto rect = stack->bounds(level);
        rect = {std::max<std::int64_t>(0, (rect.width - kLargestSide) / 2),
                std::max<std::int64_t>(0, (rect.height - kLargestSide) / 2),
                std::min(rect.width, kLargestSide), std::min(rect.height, kLargestSide)};
        try {
            const auto histogram = histogramOf(stack->read(plane, level, rect));
            QMetaObject::invokeMethod(
                this,
                [this, number, histogram] {
                    if (number == m_request) Q_EMIT ready(histogram);
                },
                Qt::QueuedConnection);
        } catch (const std::exception& e) {
            log::debug(std::string("No histogram: ") + e.what());
        }
    });
}

}  // namespace posteria::ui
