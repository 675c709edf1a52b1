// The clean fields a model is trained on, simulated once and kept as float16 in memory and, for the
// next start, in a file; and the degraded patches drawn from them, fresh for every step. A draw
// depends on (recipe, stream) alone, so a resumed training sees what an unbroken one would have
// seen.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/training/recipe.h"

namespace posteria::training {

// One batch in normalised units: y [N, 1, P, P], x [N, C, P, P], severity [N].
struct Batch {
    at::Tensor y, x, severity;
    // Where asked for: a time [N] in (0, 1] for each image and the state [N, C, P, P] on the path
    // from x (time 0) to y (time 1). It is what is seen at that share of the severity and that
    // share of y's own noise, in units that go over from x's to y's:
    //     x_t = (l_t - (1 - t) mean - t m) / ((1 - t) std + t) + t n
    // with l_t the level and m the mean of y's, both over the standard deviation of y, and mean,
    // std those of Normalisation. For tasks with one restored channel.
    at::Tensor time, state;
    at::Tensor noise;  // [N, 3], the noise model of each y: rows of nn::noiseModels()
};

struct PatchSettings {
    int batch = 8, patch = 64;  // patch side in pixels
    // Severities spread evenly over a range of its own; none: as in the recipe.
    std::optional<std::pair<double, double>> severities = std::nullopt;
    bool states = false;  // whether time and state are wanted
};

// One whole held-out field in grey values above the offset, as `simulate` would write it.
struct HeldOutField {
    at::Tensor degraded;  // [H, W] grey values with offset
    at::Tensor truth;     // [C, H, W] grey values above the offset
    double severity = 0;
    std::uint64_t seed = 0;  // of the scene and its microscope
    at::Tensor psf;          // [side, side], of what blurred the truth; undefined: nothing
};

class FieldPool {
  public:
    // Simulates, or reads back from `cacheFile` when that was made by the same recipe.
    FieldPool(const Recipe& recipe, const std::string& cacheFile, const CancelToken& token,
              const std::function<void(int done, int total)>& progress);

    // Mean and standard deviation of each clean channel in units of the degraded field's standard
    // deviation, over the training fields at severities and photon numbers of the recipe.
    std::vector<double> targetMean() const { return m_targetMean; }
    std::vector<double> targetStd() const { return m_targetStd; }
    // package.severityScale: by how much more the fields vary at the default severity than at
    // others, on average; empty in a recipe that does not ask for it.
    std::vector<double> severityScale() const { return m_severityScale; }

    Batch draw(const PatchSettings& settings, std::uint64_t stream) const;
    std::int64_t fieldSize() const;  // pixels a side
    const Recipe& recipe() const { return m_recipe; }

  private:
    struct Exposure {
        double severity = 0;
        at::Tensor layers;         // [L, H, W] photons
        double mean = 0, std = 1;  // grey values of the degraded field, above offset
        double unit = 1;           // grey values: what its clean channels are measured in
    };
    // [C, P, P] of the path at a time, without its noise.
    at::Tensor levelOf(const Exposure& exposure, const at::Tensor& layers, double time) const;
    Exposure expose(std::int64_t field, double severity, double photons) const;
    void measureSeverityScale();
    void measureTargets();

    Recipe m_recipe;
    at::Tensor m_fields;  // [fields, L, H, W] float16, relative photons
    std::vector<double> m_targetMean, m_targetStd, m_severityScale;
};

// The i-th held-out field of a set that starts at firstSeed, at a severity drawn for it.
HeldOutField heldOutField(const Recipe& recipe, std::uint64_t firstSeed, int index);
// The same, seen through an objective of the recipe's deblurNa: the truth is blurred by that, too.
HeldOutField heldOutBlurred(const Recipe& recipe, std::uint64_t firstSeed, int index);
// The same scene at these severities, each with noise of its own.
std::vector<HeldOutField> heldOutSeries(const Recipe& recipe, std::uint64_t firstSeed, int index,
                                        const std::vector<double>& severities);

}  // namespace posteria::training
