// The volume a scene is drawn into: fluorophore density, planes x height x width, float32,
// row-major. Positions are micrometres: (0, 0, 0) is the middle of the volume, x to the right, y
// down, z up through the planes. Every point is shared out among its eight neighbours (trilinear),
// so structures move smoothly with their sub-voxel position.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

namespace posteria::simulation {

class Canvas {
  public:
    // Draws into memory the caller owns, which must be zeroed.
    Canvas(float* data, std::int64_t planes, std::int64_t height, std::int64_t width,
           double pixelUm, double zStepUm);

    std::int64_t planes() const { return m_planes; }
    std::int64_t height() const { return m_height; }
    std::int64_t width() const { return m_width; }
    double pixelUm() const { return m_pixelUm; }
    double widthUm() const { return m_pixelUm * static_cast<double>(m_width); }
    double heightUm() const { return m_pixelUm * static_cast<double>(m_height); }
    double depthUm() const { return m_zStepUm * static_cast<double>(m_planes); }
    double areaUm2() const { return widthUm() * heightUm(); }
    double xOf(double column) const { return (column - m_middleX) * m_pixelUm; }
    double yOf(double row) const { return (row - m_middleY) * m_pixelUm; }
    double zOf(double plane) const { return (plane - m_middleZ) * m_zStepUm; }
    double columnOf(double x) const { return x / m_pixelUm + m_middleX; }
    double rowOf(double y) const { return y / m_pixelUm + m_middleY; }
    float* plane(std::int64_t z) { return m_data + z * m_height * m_width; }

    // Adds `amount` fluorophores at a point; what falls outside is lost.
    void splat(double x, double y, double z, double amount);
    // Adds level(x, y), fluorophores a square micrometre, spread evenly over the planes; level is
    // asked for on a coarse grid and interpolated.
    void addDiffuse(const std::function<double(double x, double y)>& level);
    double total() const { return m_total; }  // fluorophores drawn inside by splat()

  private:
    float* m_data;
    std::int64_t m_planes, m_height, m_width;
    double m_pixelUm, m_zStepUm, m_middleX, m_middleY, m_middleZ;
    double m_total = 0;
};

}  // namespace posteria::simulation
