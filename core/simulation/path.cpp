#include "core/simulation/path.h"

#include <cmath>

namespace posteria::simulation {

Path::Path(const PathSettings& settings, Rng& rng, Point start, double z, double direction)
    : m_settings(settings), m_point(start), m_z(z), m_direction(direction) {
    // <theta(s)^2> grows as 2 sigma^2 l s for s >> l, and as 2 s / persistence by definition.
    const double sigma = 1 / std::sqrt(settings.persistenceUm * settings.smoothnessUm);
    m_keep = std::exp(-settings.stepUm / settings.smoothnessUm);
    m_kick = sigma * std::sqrt(1 - m_keep * m_keep);
    m_slopeKeep = std::exp(-settings.stepUm / 3.0);
    m_slopeKick = settings.slope * std::sqrt(1 - m_slopeKeep * m_slopeKeep);
    m_curvature = sigma * rng.normal();
    m_slope = settings.slope * rng.normal();
}

void Path::advance(Rng& rng, double steer) {
    m_curvature = m_keep * m_curvature + m_kick * rng.normal();
    m_slope = m_slopeKeep * m_slope + m_slopeKick * rng.normal();
    m_direction += (m_curvature + steer) * m_settings.stepUm;
    m_point.x += m_settings.stepUm * std::cos(m_direction);
    m_point.y += m_settings.stepUm * std::sin(m_direction);
    m_z += m_settings.stepUm * std::sin(m_slope);
    if (std::abs(m_z) > m_settings.halfDepthUm) {
        m_z = std::copysign(2 * m_settings.halfDepthUm, m_z) - m_z;
        m_slope = -m_slope;
    }
}

double steerInside(const CellLayout& layout, const Path& path, double aheadUm, double strength) {
    const auto ahead = [&](double turn) {
        return Point{path.point().x + aheadUm * std::cos(path.direction() + turn),
                     path.point().y + aheadUm * std::sin(path.direction() + turn)};
    };
    if (layout.inside(ahead(0))) return 0;
    if (layout.inside(ahead(0.6))) return strength;
    if (layout.inside(ahead(-0.6))) return -strength;
    return 0;
}

}  // namespace posteria::simulation
