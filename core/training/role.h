// The networks a recipe can train, by their role: what each is given and gives, and what it learns
// from. The losses are in trainer.h.
#pragma once

#include <string>
#include <vector>

#include "core/package/model_package.h"

namespace posteria::training {

std::vector<std::string> roleNames();
bool isRole(const std::string& role);
// Learns from states between the clean image and the degraded one; for tasks with one output.
bool learnsStates(const std::string& role);
// Learns what the camera saw without its noise, from that alone; for the task denoise.
bool learnsFromNoisyImages(const std::string& role);
// Fills in architecture, channels in and out and conditions for a task with so many outputs.
// `aroundMean`: a flow that is given the one-shot network's answer.
void shapeNetwork(package::NetworkSpec& spec, int channels, bool aroundMean);

}  // namespace posteria::training
