#include "core/physics/plugin_degradation.h"

#include <torch/torch.h>

#include <utility>

#include "core/base/error.h"
#include "core/plugin/plugin_calls.h"

namespace posteria::physics {

namespace {

at::Tensor degraded(const plugin::Plugin& plugin, plugin::Direction direction,
                    const at::Tensor& batch, const at::Tensor& severity) {
    const auto in = batch.to(torch::kCPU, torch::kFloat).contiguous();
    const auto severities = severity.to(torch::kCPU, torch::kDouble).contiguous();
    const auto out = torch::empty_like(in);
    const image::Shape shape{1, 1, 1, in.size(2), in.size(3)};
    for (std::int64_t i = 0; in.numel() > 0 && i < in.size(0); ++i) {
        const auto offset = i * shape.y * shape.x;
        plugin::degrade(plugin, direction, severities.data_ptr<double>()[i], shape,
                        in.data_ptr<float>() + offset, out.data_ptr<float>() + offset);
    }
    return out.to(batch.options());
}

[[noreturn]] void unknown(const plugin::Plugin& plugin) {
    throw Error(ErrorKind::Usage, "A degradation of a plugin does not tell its singular values.",
                plugin.title, "Choose a sampler that does not need them.");
}

}  // namespace

PluginDegradation::PluginDegradation(std::shared_ptr<const plugin::PluginSet> plugins,
                                     const std::string& id)
    : m_plugins(std::move(plugins)) {
    for (const auto* plugin : m_plugins->ofKind(POSTERIA_DEGRADATION)) {
        if (plugin->id == id) m_plugin = plugin;
    }
    if (!m_plugin) {
        throw Error(ErrorKind::Usage, "There is no plugin for the degradation \"" + id + "\".", {},
                    "posteria-cli plugins lists those that were found.");
    }
}

at::Tensor PluginDegradation::apply(const at::Tensor& clean, const at::Tensor& severity) const {
    check(clean, 1, severity);
    return degraded(*m_plugin, plugin::Direction::Apply, clean, severity);
}

at::Tensor PluginDegradation::adjoint(const at::Tensor& image, const at::Tensor& severity) const {
    check(image, 1, severity);
    return degraded(*m_plugin, plugin::Direction::Adjoint, image, severity);
}

at::Tensor PluginDegradation::analyse(const at::Tensor&, double) const {
    unknown(*m_plugin);
}

at::Tensor PluginDegradation::synthesise(const at::Tensor&, double) const {
    unknown(*m_plugin);
}

at::Tensor PluginDegradation::project(const at::Tensor&, double) const {
    unknown(*m_plugin);
}

at::Tensor PluginDegradation::singularValues(std::int64_t, std::int64_t, double) const {
    unknown(*m_plugin);
}

}  // namespace posteria::physics
