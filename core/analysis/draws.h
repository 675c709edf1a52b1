// What draws of a posterior say of one number, such as a count. Draws and truth of an ideal
// posterior can be exchanged, so the truth is as likely to have any rank among n draws: the
// interval counts ranks of n + 1 values. Safe from any thread.
#pragma once

#include <vector>

namespace posteria::analysis {

struct Draws {
    double mean = 0, std = 0, median = 0;  // std unbiased (n - 1), 0 for one draw
    double low = 0, high = 0;              // of the interval
};

inline constexpr double kIntervalShare = 0.9;

// Ends at the quantiles (1 ± share) / 2 by positions q (n + 1) in the sorted draws (type 6 of
// Hyndman & Fan 1996), outwards to whole positions; at the outermost draws where n is too small:
// these hold (n - 1) / (n + 1) of the truth, which `share` exceeds below 19 draws for 0.9. NaN
// counts for nothing; all is NaN where there are no draws.
Draws summarise(std::vector<double> values, double share = kIntervalShare);

// The share of the truth that such an interval of n draws holds, for an ideal posterior of numbers
// without ties; ties make it larger.
double promisedShare(int draws, double share = kIntervalShare);

}  // namespace posteria::analysis
