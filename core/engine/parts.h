// Cuts a plan into parts that fit into memory: some planes at a time or, where one alone is too
// large, squares of it. The grid of tiles, the noise and the normalisation are the whole's, so a
// part is what it would be in the whole; tiles that lie across a border are drawn for both sides.
// Private to the engine.
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/plan.h"

namespace posteria::engine {

// What to draw at a time with so many bytes beside the networks'. Tiles are made smaller where the
// seams around parts would take more than the parts; not if the user chose them.
PartSize choosePartSize(Plan& plan, bool aroundMean, bool keepSamples, bool tilesChosen,
                        std::uint64_t bytes);
std::vector<ResultPart> partsOf(const Plan& plan, const PartSize& size);
// The plan of a part alone.
Plan planOfPart(const Plan& whole, const ResultPart& part, bool aroundMean);

}  // namespace posteria::engine
