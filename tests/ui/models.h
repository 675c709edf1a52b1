// Descriptions of models for the window's tests; their weights do not exist.
#pragma once

#include <vector>

#include "core/package/model_package.h"

namespace posteria::test {

inline std::vector<package::ModelPackage> twoModels() {
    package::ModelPackage split;
    split.name = "split";
    split.title = "Split filaments and vesicles";
    split.description = "Separates filaments from vesicles recorded in one channel.";
    split.task = "split";
    split.outputs = {"filaments", "vesicles"};
    split.colors = {0x00FF00, 0xFF00FF};
    split.networks.resize(1);
    split.networks[0].outChannels = 2;
    split.samplers = {{"cfm-heun", 8, 4}, {"oneshot", 1, 1}};
    split.minSeverity = 0.1;
    split.maxSeverity = 0.9;
    package::ModelPackage dehaze;
    dehaze.name = "dehaze";
    dehaze.title = "Remove widefield haze";
    dehaze.description = "Removes light from other planes.";
    dehaze.task = "dehaze";
    dehaze.outputs = {"restored"};
    dehaze.networks.resize(1);
    dehaze.samplers = {{"indi", 10, 2}};
    dehaze.maxSeverity = 0.5;
    return {split, dehaze};
}

}  // namespace posteria::test
