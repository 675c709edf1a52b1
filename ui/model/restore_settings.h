// What the restore panel shows and changes: the known models and the settings of the next run.
// Choosing a model takes over its default sampler; choosing a sampler takes over that sampler's
// default steps and samples. GUI thread only. Severity: t = 0 is clean, t = 1 is fully degraded.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "core/engine/request.h"
#include "core/package/model_package.h"

namespace posteria::ui {

// Where the user is looking: what a preview restores, and what a full run restores first.
struct RestoreTarget {
    image::StackPtr input;
    image::PlaneIndex plane;
    image::Rect viewport;  // full-size pixels; empty when unknown
    image::Rect shape;     // around the shape drawn last or selected; empty: there is none
};

// A run ends before its last sample once the Monte-Carlo error of the mean is below so many percent
// of it, in what is visible, around a shape, or everywhere.
struct EnoughSettings {
    enum class Where { Visible, Shape, Everywhere };
    bool used = false;
    double percent = 2;
    Where where = Where::Visible;

    bool operator==(const EnoughSettings& o) const {
        return used == o.used && percent == o.percent && where == o.where;
    }
};

class RestoreSettings : public QObject {
    Q_OBJECT
  public:
    explicit RestoreSettings(QObject* parent = nullptr);

    const std::vector<package::ModelPackage>& models() const { return m_models; }
    // Replaces the list and keeps the model in use when it is still there, else takes the one
    // preferred, else the first.
    void setModels(std::vector<package::ModelPackage> models);
    // A model by name, now or once it is listed; nothing happens where it never is.
    void preferModel(const QString& name);
    // A listed model's name. Throws Error{Model} that names the known ones.
    void selectModel(const QString& name);
    // Selects a package, adding it to the list when it comes from elsewhere.
    void useModel(package::ModelPackage model);
    const package::ModelPackage* model() const;  // null while there is none
    int modelIndex() const { return m_model; }

    QString sampler() const { return m_sampler; }
    int steps() const { return m_steps; }
    int samples() const { return m_samples; }
    std::optional<double> severity() const { return m_severity; }  // none: estimated
    quint64 seed() const { return m_seed; }
    QString device() const { return m_device; }
    const QStringList& devices() const { return m_devices; }
    bool wholeStack() const { return m_wholeStack; }
    const EnoughSettings& enough() const { return m_enough; }

    void setSampler(const QString& name);
    void setSteps(int steps);
    void setSamples(int samples);
    void setSeverity(std::optional<double> severity);
    void setSeed(quint64 seed);
    void setDevice(const QString& device);
    void setDevices(const QStringList& devices);  // "cpu", "cuda:0 NVIDIA …"; "auto" comes first
    void setWholeStack(bool wholeStack);
    void setEnough(const EnoughSettings& enough);

    // Everything from another one's, its models among it.
    void takeOver(const RestoreSettings& other);

    // Of any input; needs a model.
    engine::RestorationRequest request() const;
    // Needs a model and an input.
    engine::RestorationRequest request(const RestoreTarget& target, bool preview) const;

  Q_SIGNALS:
    void modelsChanged();
    void changed();

  private:
    void take(int index);
    void takeDefaults(int index);
    int indexOf(const std::string& name) const;  // -1: not listed

    std::vector<package::ModelPackage> m_models;
    int m_model = -1;
    std::string m_preferred;
    QString m_sampler;
    int m_steps = 1, m_samples = 1;
    std::optional<double> m_severity;
    quint64 m_seed = 1;
    QString m_device = QStringLiteral("auto");
    QStringList m_devices{QStringLiteral("auto")};
    bool m_wholeStack = true;
    EnoughSettings m_enough;
};

}  // namespace posteria::ui
