// The Engine behind the factory function: picks the device, keeps the model of the last run warm.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/engine/calibrate.h"
#include "core/engine/restoration.h"
#include "core/engine/severity.h"
#include "core/nn/model.h"
#include "core/tensor/device.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

at::ScalarType scalarType(Precision precision, const c10::Device& device) {
    switch (precision) {
        case Precision::Float32:
            return at::kFloat;
        case Precision::BFloat16:
            return at::kBFloat16;
        case Precision::Float16:
            return at::kHalf;
        case Precision::Auto:
            break;
    }
    // Tensor cores make half precision worth while on a GPU; processors are exact and as fast in
    // float32.
    return device.is_cuda() ? at::kBFloat16 : at::kFloat;
}

const char* precisionName(at::ScalarType type) {
    return type == at::kFloat ? "fp32" : type == at::kBFloat16 ? "bf16" : "fp16";
}

// LibTorch's thread-local state, set here and not where the engine is made; its errors become
// ours.
template <class Work>
auto guarded(const std::string& device, Work work) {
    c10::InferenceMode guard;
    tensor::useThreads(0);
    const tensor::HeldMemory held;
    try {
        return work();
    } catch (const c10::Error& error) {
        log::error(error.what());
        throw Error(ErrorKind::Failed,
                    "The computation failed: " + std::string(error.what_without_backtrace()),
                    device, "Try the device cpu, or a smaller tile.");
    } catch (const std::bad_alloc&) {
        throw Error(ErrorKind::Failed,
                    "There is not enough memory for this run, even with the smallest tiles.", {},
                    "Close other programs, or restore fewer planes at a time.");
    }
}

class ProgressAlone : public RunObserver {
  public:
    explicit ProgressAlone(PartReceiver& receiver) : m_receiver(receiver) {}
    void onProgress(const Progress& progress) override { m_receiver.onProgress(progress); }
    void onSnapshot(const posterior::SnapshotPtr&) override {}

  private:
    PartReceiver& m_receiver;
};

class TorchEngine : public Engine {
  public:
    std::string torchVersion() const override { return tensor::kTorchVersion; }
    std::vector<std::string> devices() const override { return tensor::deviceNames(); }

    RunReport run(const RestorationRequest& request, RunObserver& observer,
                  const CancelToken& token) override {
        return guarded(request.device, [&] { return restore(request, observer, token); });
    }

    RunReport runInParts(const RestorationRequest& request, PartReceiver& receiver,
                         const CancelToken& token) override {
        ProgressAlone observer(receiver);
        return guarded(request.device,
                       [&] { return restore(request, observer, token, &receiver); });
    }

    std::optional<double> estimateSeverity(const std::vector<RestorationRequest>& acquisition,
                                           const CancelToken& token) override {
        if (acquisition.empty()) return {};
        return guarded(acquisition.front().device, [&] { return severityOf(acquisition, token); });
    }

    std::unique_ptr<CalibrationFit> startCalibration(const RestorationRequest& settings) override {
        return makeCalibrationFit(*this, settings);
    }

  private:
    static std::uint64_t memoryFor(const RestorationRequest& request, const c10::Device& device) {
        return request.maxMemoryBytes > 0 ? request.maxMemoryBytes : tensor::freeMemory(device) / 2;
    }

    // What is left of a memory the whole process must do with.
    static std::uint64_t memoryLeft(std::uint64_t most) {
        constexpr std::uint64_t kLeast = 160ull << 20;
        if (most == 0) return tensor::freeMemory(c10::Device(c10::kCPU)) / 2;
        const auto taken = tensor::residentMemory();
        if (most >= taken + kLeast) return most - taken;
        char text[80];
        std::snprintf(text, sizeof text, "Allow %.1f GB or more.",
                      std::ceil(static_cast<double>(taken + 2 * kLeast) / 1e8) / 10);
        throw Error(ErrorKind::Usage, "The program itself takes more memory than it was allowed.",
                    {}, text);
    }

    RunReport restore(const RestorationRequest& request, RunObserver& observer,
                      const CancelToken& token, PartReceiver* receiver = nullptr) {
        if (!request.input)
            throw Error(ErrorKind::Usage, "There is no image to restore.", {}, "Open one first.");
        observer.onProgress({"Loading the model", 0, -1, 0, 0});
        const auto device = tensor::parseDevice(request.device);
        const auto type = scalarType(request.precision, device);
        loadModel(request.model, device, type);
        token.throwIfCancelled();
        auto onDevice = memoryFor(request, device), onHost = onDevice;
        if (receiver) {
            onHost = memoryLeft(request.maxMemoryBytes);
            if (!device.is_cuda()) onDevice = onHost;
        }
        Restoration run(*m_model, device, request, observer, token, onHost, onDevice);
        RunReport report = receiver ? run.runInParts(*receiver) : run.run();
        report.precision = precisionName(type);
        return report;
    }

    std::optional<double> severityOf(const std::vector<RestorationRequest>& acquisition,
                                     const CancelToken& token) {
        const auto& first = acquisition.front();
        const auto device = tensor::parseDevice(first.device);
        loadModel(first.model, device, scalarType(first.precision, device));
        if (!m_model->has("severity")) return {};
        std::vector<double> estimates;
        for (const auto& request : acquisition) {
            const auto plan =
                makePlan(request, m_model->package(), device, memoryFor(request, device));
            if (plan.c.size() > 1) {
                throw Error(ErrorKind::Usage,
                            "Several channels are selected, and each has a severity of its own.",
                            request.input->info().path, "Restore one channel at a time.");
            }
            InputPlanes input(request.input, plan.roi, m_model->package(), request.cameraOffset,
                              token);
            const auto tiles =
                stackSeverities(*m_model, plan, input, plan.c.front(), device, token);
            estimates.insert(estimates.end(), tiles.begin(), tiles.end());
        }
        return aggregatedSeverity(std::move(estimates), m_model->package());
    }

    void loadModel(const std::string& name, const c10::Device& device, at::ScalarType type) {
        auto package = package::findPackage(name);
        const auto key = package::packageSha256(package) + device.str() + precisionName(type);
        if (m_model && m_key == key) return;
        m_model.reset();
        auto model = nn::Model::load(package);
        model->to(device, type);
        m_model = std::move(model);
        m_key = key;
    }

    std::unique_ptr<nn::Model> m_model;
    std::string m_key;  // of the model in memory: fingerprint, device, precision
};

}  // namespace

}  // namespace posteria::engine

posteria::engine::Engine* posteria_create_engine(int interface) {
    if (interface != posteria::engine::kEngineInterface) return nullptr;
    return new posteria::engine::TorchEngine();
}
