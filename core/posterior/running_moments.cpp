#include "core/posterior/running_moments.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace posteria::posterior {

namespace {

void update(const float* __restrict values, const float* __restrict first, float* __restrict offset,
            float* __restrict squares, std::size_t n, float weight) {
    for (std::size_t i = 0; i < n; ++i) {
        const float residual = values[i] - first[i];
        const float before = residual - offset[i];
        offset[i] += before * weight;
        squares[i] += before * (residual - offset[i]);
    }
}

}  // namespace

RunningMoments::RunningMoments(std::size_t size) : m_first(size), m_offset(size), m_squares(size) {}

void RunningMoments::add(const float* values, std::size_t n) {
    if (n != size() || m_filled != 0) {
        throw Error(ErrorKind::Usage, "A posterior sample does not have the size of the field.");
    }
    addPart(values, n);
}

void RunningMoments::addPart(const float* values, std::size_t n) {
    if (n > size() - m_filled) {
        throw Error(ErrorKind::Usage, "A posterior sample is larger than the field.");
    }
    if (m_count == 0) {
        std::copy_n(values, n, m_first.begin() + static_cast<std::ptrdiff_t>(m_filled));
    } else {
        update(values, m_first.data() + m_filled, m_offset.data() + m_filled,
               m_squares.data() + m_filled, n, 1.0f / static_cast<float>(m_count + 1));
    }
    m_filled += n;
    if (m_filled == size()) {
        m_filled = 0;
        ++m_count;
    }
}

void RunningMoments::writeMean(float* out, std::size_t first, std::size_t n) const {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = m_first[first + i] + m_offset[first + i];
}

void RunningMoments::writeStd(float* out, std::size_t first, std::size_t n) const {
    const float scale = m_count < 2 ? 0.0f : 1.0f / static_cast<float>(m_count - 1);
    for (std::size_t i = 0; i < n; ++i)
        out[i] = std::sqrt(m_squares[first + i] * scale);
}

std::vector<float> RunningMoments::mean() const {
    std::vector<float> result(size());
    writeMean(result.data(), 0, size());
    return result;
}

std::vector<float> RunningMoments::std() const {
    std::vector<float> result(size());
    writeStd(result.data(), 0, size());
    return result;
}

double RunningMoments::standardError() const {
    if (m_count < 2 || m_squares.empty()) return 0;
    double sum = 0;
    for (const float squares : m_squares)
        sum += squares;
    return std::sqrt(sum / static_cast<double>(size()) / (m_count - 1) / m_count);
}

}  // namespace posteria::posterior
