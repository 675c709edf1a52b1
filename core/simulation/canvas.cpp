#include "core/simulation/canvas.h"

#include <algorithm>

namespace posteria::simulation {

Canvas::Canvas(float* data, std::int64_t planes, std::int64_t height, std::int64_t width,
               double pixelUm, double zStepUm)
    : m_data(data),
      m_planes(planes),
      m_height(height),
      m_width(width),
      m_pixelUm(pixelUm),
      m_zStepUm(zStepUm),
      m_middleX(0.5 * static_cast<double>(width - 1)),
      m_middleY(0.5 * static_cast<double>(height - 1)),
      m_middleZ(0.5 * static_cast<double>(planes - 1)) {}

void Canvas::splat(double x, double y, double z, double amount) {
    const double column = columnOf(x), row = rowOf(y), plane = z / m_zStepUm + m_middleZ;
    if (column <= -1 || row <= -1 || plane <= -1 || column >= static_cast<double>(m_width) ||
        row >= static_cast<double>(m_height) || plane >= static_cast<double>(m_planes))
        return;
    m_total += amount;
    const auto x0 = static_cast<std::int64_t>(std::floor(column));
    const auto y0 = static_cast<std::int64_t>(std::floor(row));
    const auto z0 = static_cast<std::int64_t>(std::floor(plane));
    const double fx = column - static_cast<double>(x0), fy = row - static_cast<double>(y0);
    const double fz = plane - static_cast<double>(z0);
    for (int dz = 0; dz < 2; ++dz) {
        if (z0 + dz < 0 || z0 + dz >= m_planes) continue;
        for (int dy = 0; dy < 2; ++dy) {
            if (y0 + dy < 0 || y0 + dy >= m_height) continue;
            float* line = m_data + ((z0 + dz) * m_height + y0 + dy) * m_width;
            const double share = amount * (dz ? fz : 1 - fz) * (dy ? fy : 1 - fy);
            if (x0 >= 0) line[x0] += static_cast<float>(share * (1 - fx));
            if (x0 + 1 < m_width) line[x0 + 1] += static_cast<float>(share * fx);
        }
    }
}

void Canvas::addDiffuse(const std::function<double(double, double)>& level) {
    constexpr std::int64_t kStep = 4;  // pixels
    const auto rows = m_height / kStep + 2, columns = m_width / kStep + 2;
    const double perVoxel = m_pixelUm * m_pixelUm / static_cast<double>(m_planes);
    std::vector<float> grid(static_cast<std::size_t>(rows * columns));
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            grid[static_cast<std::size_t>(r * columns + c)] =
                static_cast<float>(perVoxel * level(xOf(static_cast<double>(c * kStep)),
                                                    yOf(static_cast<double>(r * kStep))));
    std::vector<float> line(static_cast<std::size_t>(m_width));
    for (std::int64_t y = 0; y < m_height; ++y) {
        const float* above = grid.data() + (y / kStep) * columns;
        const float* below = above + columns;
        const float fy = static_cast<float>(y % kStep) / kStep;
        for (std::int64_t x = 0; x < m_width; ++x) {
            const auto c = x / kStep;
            const float fx = static_cast<float>(x % kStep) / kStep;
            const float top = above[c] + fx * (above[c + 1] - above[c]);
            const float bottom = below[c] + fx * (below[c + 1] - below[c]);
            line[static_cast<std::size_t>(x)] = top + fy * (bottom - top);
        }
        for (std::int64_t z = 0; z < m_planes; ++z) {
            float* out = plane(z) + y * m_width;
            for (std::int64_t x = 0; x < m_width; ++x)
                out[x] += line[static_cast<std::size_t>(x)];
        }
    }
}

}  // namespace posteria::simulation
