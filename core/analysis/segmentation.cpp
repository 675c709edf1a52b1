#include "core/analysis/segmentation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "core/analysis/thresholds.h"
#include "core/base/error.h"

namespace posteria::analysis {

namespace {

// OpenCV's complaints become ours at this module's edge.
template <class F>
auto guarded(F&& f) {
    try {
        return f();
    } catch (const cv::Exception& e) {
        throw Error(ErrorKind::Failed, "The image could not be segmented: " + e.err + ".", {},
                    e.code == cv::Error::StsNoMem ? "Choose a smaller region." : "");
    }
}

// A plane seen as OpenCV's matrix; shares the memory, which is not written to.
cv::Mat view(const image::Plane& plane) {
    return {static_cast<int>(plane.height()), static_cast<int>(plane.width()), CV_32F,
            const_cast<void*>(plane.data())};
}

double thresholdFor(const image::Plane& plane, const SegmentationSettings& settings) {
    switch (settings.rule) {
        case ThresholdRule::Otsu:
            return otsuThreshold({plane});
        case ThresholdRule::Li:
            return liThreshold({plane});
        case ThresholdRule::Triangle:
            return triangleThreshold({plane});
        case ThresholdRule::Manual:
            break;
    }
    return settings.threshold;
}

// The basins of a height map over a mask, grown from the highest pixel down, as int32 labels from
// 1; a basin whose peak stands less than `depth` above the saddle to a higher one becomes part of
// it. Pixels of one height go row by row; of two equal peaks the earlier one stands.
class Watershed {
  public:
    Watershed(const cv::Mat& heights, const cv::Mat& mask, double depth)
        : m_heights(heights), m_depth(depth), m_labels(heights.size(), CV_32S, cv::Scalar(0)) {
        std::vector<std::pair<float, int>> order;  // (height, index of the pixel)
        for (int y = 0; y < heights.rows; ++y) {
            for (int x = 0; x < heights.cols; ++x) {
                if (mask.at<std::uint8_t>(y, x))
                    order.emplace_back(heights.at<float>(y, x), y * heights.cols + x);
            }
        }
        std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : a.second < b.second;
        });
        for (const auto& [height, index] : order)
            flood(index / heights.cols, index % heights.cols, height);
        for (int y = 0; y < heights.rows; ++y) {
            for (int x = 0; x < heights.cols; ++x) {
                auto& label = m_labels.at<std::int32_t>(y, x);
                if (label != 0) label = root(label - 1) + 1;
            }
        }
    }

    const cv::Mat& labels() const { return m_labels; }
    std::int32_t count() const { return static_cast<std::int32_t>(m_parents.size()); }

  private:
    int root(int basin) {
        while (m_parents[basin] != basin)
            basin = m_parents[basin] = m_parents[m_parents[basin]];
        return basin;
    }

    void flood(int y, int x, float height) {
        int highest = -1;  // basin of the highest peak around
        int uphill = -1;   // basin of the highest neighbour
        float top = -1;
        int around[8], n = 0;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                const int v = y + dy, u = x + dx;
                if (v < 0 || u < 0 || v >= m_labels.rows || u >= m_labels.cols) continue;
                const auto label = m_labels.at<std::int32_t>(v, u);
                if (label == 0) continue;
                const int basin = root(label - 1);
                around[n++] = basin;
                if (highest < 0 || isHigher(basin, highest)) highest = basin;
                if (m_heights.at<float>(v, u) > top) {
                    top = m_heights.at<float>(v, u);
                    uphill = basin;
                }
            }
        }
        if (n == 0) {
            uphill = static_cast<int>(m_parents.size());
            m_parents.push_back(uphill);
            m_peaks.push_back(height);
        }
        for (int i = 0; i < n; ++i) {
            const int basin = root(around[i]);
            if (basin != highest && m_peaks[basin] - height < m_depth) m_parents[basin] = highest;
        }
        m_labels.at<std::int32_t>(y, x) = uphill + 1;
    }

    bool isHigher(int a, int b) const {
        return m_peaks[a] != m_peaks[b] ? m_peaks[a] > m_peaks[b] : a < b;
    }

    cv::Mat m_heights;
    double m_depth;
    cv::Mat m_labels;  // of the basin a pixel was given to, which may have been merged since
    std::vector<int> m_parents;
    std::vector<float> m_peaks;
};

Labelling labelsOf(const cv::Mat& mask, const SegmentationSettings& settings) {
    cv::Mat labels;
    std::int32_t most = 0;
    if (settings.split) {
        cv::Mat distance;
        cv::distanceTransform(mask, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
        const Watershed watershed(distance, mask, settings.splitDepth);
        labels = watershed.labels();
        most = watershed.count();
    } else {
        most = cv::connectedComponents(mask, labels, 8, CV_32S) - 1;
    }
    return makeLabelling(labels.ptr<std::int32_t>(), mask.cols, mask.rows, most, settings.minArea,
                         settings.maxArea);
}

}  // namespace

const std::vector<std::string>& thresholdRuleNames() {
    static const std::vector<std::string> names{"otsu", "li", "triangle", "manual"};
    return names;
}

void requireValid(const SegmentationSettings& settings) {
    const auto require = [](bool ok, const char* what) {
        if (!ok) throw Error(ErrorKind::Usage, std::string(what));
    };
    require(settings.smoothing >= 0 && settings.smoothing <= 100,
            "The smoothing must lie between 0 and 100 pixels.");
    require(settings.backgroundRadius >= 0 && settings.backgroundRadius <= 500,
            "The background radius must lie between 0 and 500 pixels.");
    require(std::isfinite(settings.threshold), "The threshold must be a number.");
    require(settings.splitDepth >= 0 && std::isfinite(settings.splitDepth),
            "The depth that parts objects must be 0 or more pixels.");
    require(settings.minArea >= 0 && settings.maxArea >= 0 && std::isfinite(settings.minArea) &&
                (settings.maxArea == 0 || settings.maxArea >= settings.minArea),
            "The largest area must not be below the smallest.");
}

image::Plane prepared(const image::Plane& plane, const SegmentationSettings& settings) {
    requireValid(settings);
    const float* p = plane.as<float>();
    if (!std::all_of(p, p + plane.size(), [](float v) { return std::isfinite(v); })) {
        throw Error(ErrorKind::Input, "Some pixels are not finite numbers.", {},
                    "Objects can be found where every pixel has a value only.");
    }
    void* memory = nullptr;
    auto result =
        image::Plane::allocate(image::PixelType::Float32, plane.width(), plane.height(), &memory);
    return guarded([&] {
        cv::Mat out = view(result);
        if (settings.smoothing > 0) {
            const int side = 2 * static_cast<int>(4 * settings.smoothing + 0.5) + 1;
            cv::GaussianBlur(view(plane), out, {side, side}, settings.smoothing, settings.smoothing,
                             cv::BORDER_REFLECT);
        } else {
            view(plane).copyTo(out);
        }
        if (settings.backgroundRadius > 0) {
            const int side = 2 * settings.backgroundRadius + 1;
            cv::morphologyEx(out, out, cv::MORPH_TOPHAT,
                             cv::getStructuringElement(cv::MORPH_RECT, {side, side}));
        }
        return result;
    });
}

Segmentation segment(const image::Plane& plane, const SegmentationSettings& settings) {
    const auto image = prepared(plane, settings);
    Segmentation result;
    result.threshold = thresholdFor(image, settings);
    result.labels = guarded([&] {
        // Compared in double precision: a threshold of float32 values may lie between two of them.
        cv::Mat mask(static_cast<int>(image.height()), static_cast<int>(image.width()), CV_8U);
        std::transform(
            image.as<float>(), image.as<float>() + image.size(), mask.ptr(),
            [&](float v) { return static_cast<double>(v) > result.threshold ? 255 : 0; });
        return labelsOf(mask, settings);
    });
    return result;
}

}  // namespace posteria::analysis
