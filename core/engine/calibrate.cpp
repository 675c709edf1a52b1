#include "core/engine/calibrate.h"

#include "core/base/error.h"
#include "core/engine/calibration_pool.h"
#include "core/engine/calibration_store.h"
#include "core/io/open.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

KnownImage read(const ImagePair& pair, const package::ModelPackage& package) {
    KnownImage known;
    known.input = io::open(pair.input);
    known.severity = pair.severity;
    const auto truth = io::open(pair.truth);
    for (std::size_t c = 0; c < package.outputs.size(); ++c)
        known.truth.push_back(analysis::readChannel(*truth, static_cast<std::int64_t>(c)));
    known.inputStd =
        tensor::fromPlane(known.input->readPlane({})).to(at::kDouble).std(false).item<double>();
    return known;
}

// The sampler of the settings with the steps that are in use.
package::SamplerSpec samplerOf(const RestorationRequest& settings,
                               const package::ModelPackage& model) {
    const auto* spec =
        settings.sampler.empty() ? &model.samplers.front() : model.sampler(settings.sampler);
    if (!spec) {
        throw Error(ErrorKind::Usage, "The model has no sampler of this name.", settings.sampler,
                    "posteria-cli models show " + model.name + " lists them.");
    }
    auto result = *spec;
    if (settings.steps > 0) result.steps = settings.steps;
    return result;
}

class Fit : public CalibrationFit {
  public:
    Fit(Engine& engine, const RestorationRequest& settings)
        : m_engine(engine),
          m_settings(settings),
          m_model(package::findPackage(settings.model)),
          m_pool(m_model.outputs.size(), samplerOf(settings, m_model)) {
        m_settings.selection = {};
        m_settings.model = m_model.folder;
    }

    void add(const ImagePair& pair, const std::function<void(double)>& progress,
             const CancelToken& token) override {
        requirePair(pair, m_model);
        const auto known = read(pair, m_model);
        m_pool.add(*restoreKnown(m_engine, m_settings, known, token, nullptr, progress), known);
    }
    package::Calibration fitted() const override { return m_pool.fitted(); }

  private:
    Engine& m_engine;
    RestorationRequest m_settings;
    package::ModelPackage m_model;
    CalibrationPool m_pool;
};

}  // namespace

std::unique_ptr<CalibrationFit> makeCalibrationFit(Engine& engine,
                                                   const RestorationRequest& settings) {
    return std::make_unique<Fit>(engine, settings);
}

std::string calibrate(const CalibrateRequest& request,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token) {
    const auto model = package::findPackage(request.settings.model);
    for (const auto& pair : request.pairs)
        requirePair(pair, model);
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    const auto fit = engine->startCalibration(request.settings);
    const auto total = static_cast<int>(request.pairs.size());
    for (int done = 0; done < total; ++done) {
        fit->add(request.pairs[static_cast<std::size_t>(done)], {}, token);
        progress(done + 1, total);
    }
    const auto calibration = fit->fitted();
    storeCalibration(model, calibration,
                     {request.package.empty() ? model.folder : request.package, model.name});
    return package::formatCalibration(calibration);
}

}  // namespace posteria::engine
