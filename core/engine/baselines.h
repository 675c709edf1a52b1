// What restores without a network, measured on the fields that a model is measured on. Private to
// the engine.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "core/analysis/evaluation.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

// Richardson and Lucy's deconvolution with every field's true point spread function, seen again as
// the clean image is. It is given what nobody knows before a truth: of three backgrounds (none, the
// plane's lower tenth, its median) and 50 iterations what comes nearest to the truth. For tasks
// that blur; others have no figures.
class RichardsonLucyBaseline {
  public:
    void add(const training::Recipe& recipe, const training::HeldOutField& field);
    // Adds {"iterations", "channels": {name: {"mean": figures}}}; nothing where nothing was added.
    void write(nlohmann::ordered_json& baselines, const std::string& output) const;

  private:
    std::vector<analysis::Figures> m_figures;
    int m_iterations = 0;  // the sum
};

// Wiener's filter with the spectrum of every field's own truth, averaged over directions, and the
// variance that its camera's noise has on average: the best that any linear filter without a
// direction does. For the task denoise, of fields that are blurred as well (HeldOutField::psf) with
// their true point spread function; others have no figures.
class WienerBaseline {
  public:
    void add(const training::Recipe& recipe, const training::HeldOutField& field);
    // As above, with a note in place of iterations.
    void write(nlohmann::ordered_json& baselines, const std::string& output) const;

  private:
    std::vector<analysis::Figures> m_figures;
};

// Adds "compared" to held-out figures: what hdn gains over the noisy input and lacks to the
// one-shot network, and what ddrm gains over Wiener's filter, decibels of the mean, where both are
// there.
void writeComparisons(nlohmann::ordered_json& quality);

// Figures as quality.json writes them, of baselines and samplers alike.
nlohmann::ordered_json figuresJson(const analysis::Figures& figures);

}  // namespace posteria::engine
