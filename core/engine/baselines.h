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

// Figures as quality.json writes them, of baselines and samplers alike.
nlohmann::ordered_json figuresJson(const analysis::Figures& figures);

}  // namespace posteria::engine
