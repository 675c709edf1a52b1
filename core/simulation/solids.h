// Solid bodies filled with dye, drawn into a canvas: `density` fluorophores a cubic micrometre, so
// that the light of a body is proportional to its volume, also where it is thinner than a voxel.
// Bodies are clipped to the canvas before they are drawn: what lies outside costs nothing.
#pragma once

#include "core/simulation/canvas.h"

namespace posteria::simulation {

struct Position {
    double x = 0, y = 0, z = 0;  // micrometres, from the middle of the canvas
};

// A ball, volume 4/3 pi r^3.
void drawBall(Canvas& canvas, const Position& centre, double radius, double density);

// A line that tapers from radiusA at a to radiusB at b, volume pi L (rA^2 + rA rB + rB^2) / 3.
// Returns the length within the canvas. Its ends are flat; cutA and cutB, unit vectors, turn the
// planes they end in: two pieces that meet at an angle show no gap or overlap when both end in the
// plane between them. A cut that leans by more than 60 degrees, and the default, leaves an end
// square.
double drawTaperedLine(Canvas& canvas, const Position& a, double radiusA, const Position& b,
                       double radiusB, double density, const Position& cutA = {},
                       const Position& cutB = {});

}  // namespace posteria::simulation
