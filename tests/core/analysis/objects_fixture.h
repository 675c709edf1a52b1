// Made by make_objects_fixture.py with numpy 2.4.6, scikit-image 0.26.0.
#pragma once

namespace fixture {

inline constexpr double kLi = 132.184843055962;
inline constexpr double kTriangle = 124.96484375;
inline constexpr double kLiTurned = 331.29871101472;
inline constexpr double kTriangleTurned = 375.03515625;
inline constexpr double kThresholdWhole = 66.6064987182617;
// area, x, y, mean grey value
inline constexpr double kWhole[][4] = {
    {94, 14.0531914894, 12.1276595745, 182.489364624},
    {21, 50, 10, 165.952377319},
    {181, 100.077348066, 16.0773480663, 256.198883057},
    {264, 26.125, 48.9583333333, 203.143936157},
    {218, 69.9908256881, 55.0596330275, 243.261474609},
    {283, 82.7950530035, 66.3074204947, 233.25088501},
    {60, 112.05, 88.05, 228.166671753}};
inline constexpr double kThresholdParted = 66.6064987182617;
// area, x, y, mean grey value
inline constexpr double kParted[][4] = {
    {21, 50, 10, 165.952377319},
    {94, 14.0531914894, 12.1276595745, 182.489364624},
    {181, 100.077348066, 16.0773480663, 256.198883057},
    {139, 20.1079136691, 48.071942446, 202.964035034},
    {125, 32.816, 49.944, 203.343994141},
    {218, 69.9908256881, 55.0596330275, 243.261474609},
    {130, 85.9461538462, 60, 237.653839111},
    {153, 80.1176470588, 71.6666666667, 229.509811401},
    {60, 112.05, 88.05, 228.166671753}};
inline constexpr double kPearson = 0.861830770969391;
inline constexpr double kManders1 = 0.776849865913391;
inline constexpr double kManders2 = 0.76591831445694;

}  // namespace fixture
