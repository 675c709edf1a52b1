#include "core/training/task.h"

#include <algorithm>
#include <map>

#include "core/physics/mixing.h"
#include "core/tensor/torch_compat.h"

namespace posteria::training {

namespace {

class Mixed final : public Task {
  public:
    explicit Mixed(double usualSeverity) : m_usual(usualSeverity) {}
    int scenes() const override { return 2; }
    int channels() const override { return 2; }
    double usualSeverity() const override { return m_usual; }
    std::string severityLaw() const override {
        return "t is the weight of the second channel: c_t = (1 - t) c_0 + t c_1";
    }
    at::Tensor simulate(const std::vector<std::string>& scenes,
                        const simulation::FieldSettings& field, std::uint64_t seed) const override {
        std::vector<at::Tensor> channels;
        for (const auto& scene : scenes) {
            auto settings = field;
            settings.scene = scene;
            channels.push_back(simulation::simulateClean(settings, seed));
        }
        return at::stack(channels);
    }
    at::Tensor clean(const at::Tensor& layers) const override { return layers; }
    at::Tensor seen(const at::Tensor& layers, double severity) const override {
        return physics::Mixing().apply(layers.unsqueeze(0), at::full({1}, severity))[0][0];
    }

  private:
    double m_usual;
};

class Dehaze final : public Task {
  public:
    int scenes() const override { return 1; }
    int channels() const override { return 1; }
    double usualSeverity() const override { return 1; }
    std::string severityLaw() const override {
        return "t is the level of haze: a confocal pinhole opened to 1 / (1 - t) of its width, "
               "widefield at 1";
    }
    at::Tensor simulate(const std::vector<std::string>& scenes,
                        const simulation::FieldSettings& field, std::uint64_t seed) const override {
        auto settings = field;
        settings.scene = scenes.front();
        std::vector<double> severities;
        for (int i = 0; i <= kLevels; ++i)
            severities.push_back(static_cast<double>(i) / kLevels);
        return simulation::simulateHazeSeries(settings, severities, seed);
    }
    at::Tensor clean(const at::Tensor& layers) const override { return layers.slice(0, 0, 1); }
    at::Tensor seen(const at::Tensor& layers, double severity) const override {
        const double place = std::clamp(severity, 0.0, 1.0) * kLevels;
        const auto below = std::min(static_cast<std::int64_t>(place), kLevels - 1);
        return at::lerp(layers[below], layers[below + 1], place - static_cast<double>(below));
    }
    std::optional<FocusBlur> focusBlur(const simulation::FieldSettings& field, std::uint64_t seed,
                                       double severity) const override {
        const auto plane = [&](double level) {
            const auto optics = physics::hazyOptics(simulation::fieldOptics(field, seed), level);
            return physics::psfAt(optics, {0}, 2 * physics::psfRadius(optics, 0) + 1)[0];
        };
        return FocusBlur{plane(severity), plane(0)};
    }

  private:
    static constexpr std::int64_t kLevels = 6;  // above the clean one
};

class Denoise final : public Task {
  public:
    int scenes() const override { return 1; }
    int channels() const override { return 1; }
    double usualSeverity() const override { return 0; }
    bool knowsSeverity() const override { return false; }
    std::string severityLaw() const override { return "none: the noise is the camera's"; }
    at::Tensor simulate(const std::vector<std::string>& scenes,
                        const simulation::FieldSettings& field, std::uint64_t seed) const override {
        auto settings = field;
        settings.scene = scenes.front();
        return simulation::simulateClean(settings, seed).unsqueeze(0);
    }
    at::Tensor clean(const at::Tensor& layers) const override { return layers; }
    at::Tensor seen(const at::Tensor& layers, double) const override { return layers[0]; }
};

const std::map<std::string, const Task*>& tasks() {
    static const Mixed split(0.5), bleedthrough(0.15);
    static const Dehaze dehaze;
    static const Denoise denoise;
    static const std::map<std::string, const Task*> all{{"split", &split},
                                                        {"bleedthrough", &bleedthrough},
                                                        {"dehaze", &dehaze},
                                                        {"denoise", &denoise}};
    return all;
}

}  // namespace

std::vector<std::string> taskNames() {
    std::vector<std::string> names;
    for (const auto& [name, task] : tasks())
        names.push_back(name);
    return names;
}

const Task* findTask(const std::string& name) {
    const auto found = tasks().find(name);
    return found == tasks().end() ? nullptr : found->second;
}

}  // namespace posteria::training
