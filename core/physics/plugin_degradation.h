// A degradation that a plugin does, on the host's memory in float32, image by image. It has one
// channel and keeps the image's size. It does not tell its singular values: samplers that work in
// their coefficients (DDRM) get Error{Usage}.
#pragma once

#include <memory>

#include "core/physics/degradation.h"
#include "core/plugin/plugin_set.h"

namespace posteria::physics {

class PluginDegradation final : public Degradation {
  public:
    // Throws Error{Usage} unless the set has a ready degradation of that id.
    PluginDegradation(std::shared_ptr<const plugin::PluginSet> plugins, const std::string& id);

    std::int64_t cleanChannels() const override { return 1; }
    std::int64_t degradedChannels() const override { return 1; }
    at::Tensor apply(const at::Tensor& clean, const at::Tensor& severity) const override;
    at::Tensor adjoint(const at::Tensor& degraded, const at::Tensor& severity) const override;
    at::Tensor analyse(const at::Tensor& clean, double severity) const override;
    at::Tensor synthesise(const at::Tensor& coefficients, double severity) const override;
    at::Tensor project(const at::Tensor& degraded, double severity) const override;
    at::Tensor singularValues(std::int64_t height, std::int64_t width,
                              double severity) const override;

  private:
    std::shared_ptr<const plugin::PluginSet> m_plugins;
    const plugin::Plugin* m_plugin = nullptr;
};

}  // namespace posteria::physics
