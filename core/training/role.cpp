#include "core/training/role.h"

#include <map>

namespace posteria::training {

namespace {

struct Shape {
    int in, out, conditions;  // in and out: outputs of the task
    int besides = 0;          // channels in beside those, the degraded image
    bool states = false;
    bool ladder = false;
};

const std::map<std::string, Shape>& roles() {
    static const std::map<std::string, Shape> all{
        {"oneshot", {0, 1, 1, 1}},
        {"velocity", {1, 1, 2, 1}},
        {"indi", {1, 1, 1}},
        {"restore", {2, 1, 1, 0, true}},
        {"degrade", {2, 1, 1, 0, true}},
        {"degrade-alone", {1, 1, 1, 0, true}},
        {"severity", {0, 0, 0, 1}},
        {"prior", {1, 1, 1}},
        {"hdn", {0, 1, 0, 1, false, true}},
    };
    return all;
}

}  // namespace

std::vector<std::string> roleNames() {
    std::vector<std::string> names;
    for (const auto& role : roles())
        names.push_back(role.first);
    return names;
}

bool isRole(const std::string& role) {
    return roles().count(role) > 0;
}

bool learnsStates(const std::string& role) {
    return isRole(role) && roles().at(role).states;
}

bool learnsFromNoisyImages(const std::string& role) {
    return isRole(role) && roles().at(role).ladder;
}

void shapeNetwork(package::NetworkSpec& spec, int channels, bool aroundMean) {
    const auto& shape = roles().at(spec.role);
    spec.architecture = shape.ladder ? "ladder" : "unet";
    spec.inChannels = (shape.in + (aroundMean ? 1 : 0)) * channels + shape.besides;
    // An estimate of the severity and its weight.
    spec.outChannels = shape.out > 0 ? shape.out * channels : 2;
    spec.conditions = shape.conditions;
}

}  // namespace posteria::training
