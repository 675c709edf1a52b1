// A smooth persistent curve in three dimensions, walked step by step: its curvature in the plane is
// an Ornstein-Uhlenbeck process, so directions decorrelate over the persistence length without
// kinks; its slope in z stays small and it is reflected at the top and the bottom of the volume.
#pragma once

#include "core/simulation/cell_layout.h"

namespace posteria::simulation {

struct PathSettings {
    double stepUm = 0.05;
    double persistenceUm = 20;  // of the direction in the plane
    double smoothnessUm = 1.5;  // length over which the curvature changes
    double slope = 0.08;        // standard deviation of the angle out of the plane, radians
    double halfDepthUm = 1.1;   // |z| stays below
};

class Path {
  public:
    Path(const PathSettings& settings, Rng& rng, Point start, double z, double direction);

    Point point() const { return m_point; }
    double z() const { return m_z; }
    double direction() const { return m_direction; }
    // One step on. `steer` (1/um) is added to the curvature for this step.
    void advance(Rng& rng, double steer = 0);

  private:
    PathSettings m_settings;
    Point m_point;
    double m_z, m_direction, m_curvature, m_slope;
    double m_keep, m_kick, m_slopeKeep, m_slopeKick;
};

// Curvature that turns a path away from the cell's rim ahead of it; 0 where the way is free.
double steerInside(const CellLayout& layout, const Path& path, double aheadUm, double strength);

}  // namespace posteria::simulation
