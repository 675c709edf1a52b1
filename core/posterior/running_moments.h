// Mean and standard deviation of posterior samples, one pass, one pair a pixel (Welford 1962). The
// update runs on each sample's difference from the first one: float32 then loses nothing to a
// bright background, at 12 bytes a pixel. A field of several planes is only a longer field. Used by
// one thread at a time; what it writes out belongs to the caller.
#pragma once

#include <cstddef>
#include <vector>

namespace posteria::posterior {

class RunningMoments {
  public:
    explicit RunningMoments(std::size_t size);

    // One more sample of the whole field. The second form takes it in consecutive parts (planes)
    // and counts it when the last pixel came; a part must fit in what is missing, and every sample
    // is finished before the next begins. Throws Error{Usage} otherwise.
    void add(const float* values, std::size_t n);
    void addPart(const float* values, std::size_t n);

    std::size_t size() const { return m_first.size(); }
    int count() const { return m_count; }  // whole samples

    // Of pixels [first, first + n); no sample may be half added. Mean is 0 without samples, the
    // unbiased (n - 1) standard deviation 0 with fewer than two.
    void writeMean(float* out, std::size_t first, std::size_t n) const;
    void writeStd(float* out, std::size_t first, std::size_t n) const;
    std::vector<float> mean() const;
    std::vector<float> std() const;
    // Root mean square over the field of std / sqrt(count): the Monte-Carlo error of the mean.
    double standardError() const;

  private:
    std::vector<float> m_first, m_offset,
        m_squares;             // offset: mean - first; squares: sum of (x - mean)^2
    std::size_t m_filled = 0;  // pixels of the sample being added
    int m_count = 0;
};

}  // namespace posteria::posterior
