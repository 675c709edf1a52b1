#include "ui/model/restore_settings.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace posteria::ui {

RestoreSettings::RestoreSettings(QObject* parent) : QObject(parent) {}

const package::ModelPackage* RestoreSettings::model() const {
    return m_model < 0 ? nullptr : &m_models[std::size_t(m_model)];
}

void RestoreSettings::setModels(std::vector<package::ModelPackage> models) {
    const std::string inUse = model() ? model()->name : std::string();
    m_models = std::move(models);
    m_model = -1;
    Q_EMIT modelsChanged();
    const int found = indexOf(inUse);
    if (found >= 0)
        m_model = found;
    else if (!m_models.empty())
        takeDefaults(std::max(0, indexOf(m_preferred)));
    Q_EMIT changed();
}

void RestoreSettings::preferModel(const QString& name) {
    m_preferred = name.toStdString();
    const int index = indexOf(m_preferred);
    if (index >= 0) take(index);
}

void RestoreSettings::take(int index) {
    if (index == m_model) return;
    takeDefaults(index);
    Q_EMIT changed();
}

int RestoreSettings::indexOf(const std::string& name) const {
    const auto found = std::find_if(m_models.begin(), m_models.end(),
                                    [&](const auto& m) { return m.name == name; });
    return found == m_models.end() ? -1 : int(found - m_models.begin());
}

void RestoreSettings::selectModel(const QString& name) {
    const int index = indexOf(name.toStdString());
    if (index >= 0) {
        take(index);
        return;
    }
    QStringList known;
    for (const auto& m : m_models)
        known << QString::fromStdString(m.name);
    throw Error(ErrorKind::Model, "There is no model of this name.", name.toStdString(),
                known.isEmpty()
                    ? "No models are installed."
                    : "Known models: " + known.join(QStringLiteral(", ")).toStdString() + ".");
}

void RestoreSettings::useModel(package::ModelPackage model) {
    const auto listed = std::find_if(m_models.begin(), m_models.end(),
                                     [&](const auto& m) { return m.folder == model.folder; });
    const auto index = int(listed - m_models.begin());
    if (listed == m_models.end()) {
        m_models.push_back(std::move(model));
        Q_EMIT modelsChanged();
    } else {
        *listed = std::move(model);  // it may have been changed on disk
    }
    takeDefaults(index);
    Q_EMIT changed();
}

void RestoreSettings::takeDefaults(int index) {
    m_model = index;
    const auto& chosen = m_models[std::size_t(index)];
    m_sampler.clear();
    if (!chosen.samplers.empty()) setSampler(QString::fromStdString(chosen.samplers.front().name));
    if (m_severity) m_severity = std::clamp(*m_severity, chosen.minSeverity, chosen.maxSeverity);
}

void RestoreSettings::setSampler(const QString& name) {
    if (m_sampler == name || !model()) return;
    const auto* spec = model()->sampler(name.toStdString());
    if (!spec) return;
    m_sampler = name;
    m_steps = spec->steps;
    m_samples = spec->samples;
    Q_EMIT changed();
}

void RestoreSettings::setSteps(int steps) {
    if (std::exchange(m_steps, steps) != steps) Q_EMIT changed();
}
void RestoreSettings::setSamples(int samples) {
    if (std::exchange(m_samples, samples) != samples) Q_EMIT changed();
}
void RestoreSettings::setSeverity(std::optional<double> severity) {
    if (severity && model())
        severity = std::clamp(*severity, model()->minSeverity, model()->maxSeverity);
    if (std::exchange(m_severity, severity) != severity) Q_EMIT changed();
}
void RestoreSettings::setSeed(quint64 seed) {
    if (std::exchange(m_seed, seed) != seed) Q_EMIT changed();
}
void RestoreSettings::setDevice(const QString& device) {
    if (std::exchange(m_device, device) != device) Q_EMIT changed();
}
void RestoreSettings::setWholeStack(bool wholeStack) {
    if (std::exchange(m_wholeStack, wholeStack) != wholeStack) Q_EMIT changed();
}

void RestoreSettings::setEnough(const EnoughSettings& enough) {
    if (enough == m_enough) return;
    m_enough = enough;
    Q_EMIT changed();
}

void RestoreSettings::setDevices(const QStringList& devices) {
    m_devices = QStringList{QStringLiteral("auto")} + devices;
    Q_EMIT changed();
}

void RestoreSettings::takeOver(const RestoreSettings& other) {
    m_models = other.m_models;
    m_model = other.m_model;
    m_sampler = other.m_sampler;
    m_steps = other.m_steps;
    m_samples = other.m_samples;
    m_severity = other.m_severity;
    m_seed = other.m_seed;
    m_device = other.m_device;
    m_devices = other.m_devices;
    m_wholeStack = other.m_wholeStack;
    Q_EMIT modelsChanged();
    Q_EMIT changed();
}

engine::RestorationRequest RestoreSettings::request() const {
    engine::RestorationRequest r;
    // A package that was opened from elsewhere is found by its folder, a bundled one as well.
    r.model = model()->folder.empty() ? model()->name : model()->folder;
    r.sampler = m_sampler.toStdString();
    r.steps = m_steps;
    r.samples = m_samples;
    r.severity = m_severity;
    r.seed = m_seed;
    r.device = m_device.section(QLatin1Char(' '), 0, 0).toStdString();
    return r;
}

engine::RestorationRequest RestoreSettings::request(const RestoreTarget& target,
                                                    bool preview) const {
    auto r = request();
    r.input = target.input;
    r.viewport = target.viewport;
    if (m_enough.used) {
        using Where = EnoughSettings::Where;
        r.enough.relativeError = m_enough.percent / 100;
        if (m_enough.where == Where::Visible) r.enough.region = target.viewport;
        if (m_enough.where == Where::Shape) r.enough.region = target.shape;
    }
    r.viewportPlane = target.plane;
    if (preview || !m_wholeStack) {
        r.selection.t = {target.plane.t};
        r.selection.z = {target.plane.z};
    }
    // A network that reads one channel gets the one that is shown, not each in turn.
    const auto& networks = model()->networks;
    const bool oneIn = std::all_of(networks.begin(), networks.end(),
                                   [](const auto& n) { return n.inChannels <= 1; });
    if (preview || (oneIn && target.input->shape().c > 1)) r.selection.c = {target.plane.c};
    if (preview && !target.viewport.empty())
        r.selection.roi = target.viewport.intersected(target.input->bounds());
    return r;
}

}  // namespace posteria::ui
