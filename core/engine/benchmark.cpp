#include "core/engine/benchmark.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/error.h"
#include "core/base/version.h"
#include "core/engine/engine.h"
#include "core/package/model_package.h"
#include "core/physics/camera.h"
#include "core/simulation/field.h"
#include "core/tensor/convert.h"
#include "core/tensor/device.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kSide = 512, kSamples = 2, kTimed = 3;

class Nobody : public RunObserver {
  public:
    void onProgress(const Progress&) override {}
    void onSnapshot(const posterior::SnapshotPtr&) override {}
};

// Seconds that this thread spends in convolutions while it lives; one at a time.
class ConvolutionClock {
  public:
    ConvolutionClock() {
        s_seconds = 0;
        m_handle = at::addThreadLocalCallback(
            at::RecordFunctionCallback(&started, &ended).scopes({at::RecordScope::FUNCTION}));
    }
    ~ConvolutionClock() { at::removeCallback(m_handle); }
    ConvolutionClock(const ConvolutionClock&) = delete;
    ConvolutionClock& operator=(const ConvolutionClock&) = delete;
    double seconds() const { return s_seconds; }

  private:
    struct Start : at::ObserverContext {
        Clock::time_point at = Clock::now();
    };
    static std::unique_ptr<at::ObserverContext> started(const at::RecordFunction& function) {
        if (std::strcmp(function.name(), "aten::conv2d") != 0) return nullptr;
        return std::make_unique<Start>();
    }
    static void ended(const at::RecordFunction&, at::ObserverContext* context) {
        if (!context) return;
        const auto since = Clock::now() - static_cast<Start*>(context)->at;
        s_seconds += std::chrono::duration<double>(since).count();
    }

    static thread_local double s_seconds;
    at::CallbackHandle m_handle;
};

thread_local double ConvolutionClock::s_seconds = 0;

image::StackPtr plane(double pixelUm) {
    simulation::FieldSettings settings;
    settings.height = settings.width = kSide;
    const auto clean = simulation::simulateClean(settings, 1);
    auto generator = tensor::makeGenerator(1, 0xbe7c4);
    const auto seen = physics::expose(clean * 100, physics::Camera(), generator);
    image::StackInfo info;
    info.name = "benchmark";
    info.shape.y = info.shape.x = kSide;
    info.type = image::PixelType::Float32;
    if (pixelUm > 0) info.voxelSize = image::VoxelSize{pixelUm, pixelUm, 1};
    return image::makeMemoryStack(info, {tensor::toPlane(seen)});
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

package::ModelPackage chosen(const std::string& model) {
    if (!model.empty()) return package::findPackage(model);
    auto all = package::listPackages();
    if (all.empty()) {
        throw Error(ErrorKind::Model, "No model is installed.", {},
                    "Name a package's folder with --model.");
    }
    return all.front();
}

}  // namespace

std::string benchmark(const BenchmarkRequest& settings,
                      const std::function<void(int done, int total)>& progress,
                      const CancelToken& token) {
    const int threads = tensor::useThreads(settings.threads);
    const auto package = chosen(settings.model);
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    RestorationRequest request;
    request.input = plane(package.voxelSizeUm);
    request.model = package.folder;
    request.device = settings.device;
    request.severity = package.defaultSeverity;
    request.samples = kSamples;
    Nobody nobody;
    int done = 0;
    const auto run = [&] {
        auto report = engine->run(request, nobody, token);
        progress(++done, kTimed + 2);
        return report;
    };
    run();
    std::vector<double> rate, overhead, call;
    for (int i = 0; i < kTimed; ++i) {
        const auto report = run();
        rate.push_back(report.samples / report.secondsTotal);
        overhead.push_back(1 - report.secondsNetwork / report.secondsTotal);
        call.push_back(1000 * report.secondsNetwork / static_cast<double>(report.networkCalls));
    }
    const ConvolutionClock clock;
    const auto watched = run();
    nlohmann::ordered_json j;
    j["model"] = watched.model;
    j["sampler"] = watched.sampler;
    j["steps"] = watched.steps;
    j["samples"] = watched.samples;
    j["samples_per_second_512"] = median(rate);
    j["overhead_outside_network"] = median(overhead);
    j["conv_share"] = clock.seconds() / watched.secondsNetwork;
    j["network_call_ms"] = median(call);
    j["speedup_over_pytorch_eager"] = nullptr;
    j["device"] = watched.device;
    j["precision"] = watched.precision;
    j["threads"] = threads;
    j["versions"] = {{"posteria", kVersion}, {"torch", tensor::kTorchVersion}};
    return j.dump(2);
}

}  // namespace posteria::engine
