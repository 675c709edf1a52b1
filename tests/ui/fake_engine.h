// An engine for tests: draws noise around the input slowly, honours the token between "network
// calls", and fails on request. Model names steer it: "fail" throws Error{Model}, "crash" a plain
// exception, "memory" std::bad_alloc, "slow" never ends by itself.
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/engine/engine.h"

namespace posteria::test {

struct FakeEngineSettings {
    std::chrono::milliseconds networkCall{5};
    int callsPerSample = 4;
    int channels = 2;
    std::shared_ptr<engine::RestorationRequest> seen;  // the last one, where somebody asks
    posterior::TrustFacts trust;                       // told of every run
};

// Takes a network call's time for a pair; "fail" in the input's name makes it fail.
class FakeFit : public engine::CalibrationFit {
  public:
    FakeFit(FakeEngineSettings settings, const engine::RestorationRequest& request)
        : m_settings(settings) {
        m_fitted.sampler = {request.sampler, request.steps, request.samples};
        m_fitted.channels.resize(std::size_t(settings.channels));
        for (auto& channel : m_fitted.channels) {
            channel = {1.5, 0.01, 0.9, 1.7, 0, {}};
            for (int i = 1; i <= 15; ++i)
                channel.reliability.bins.push_back({0.02 * i, 0.03 * i + 0.01, 1000});
            channel.reliability.drawn68 = 0.5;
            channel.reliability.drawn90 = 0.74;
            channel.reliability.held68 = 0.67;
            channel.reliability.held90 = 0.91;
        }
    }
    void add(const engine::ImagePair& pair, const std::function<void(double)>& progress,
             const CancelToken& token) override {
        if (pair.input.find("fail") != std::string::npos)
            throw Error(ErrorKind::Input, "The file is damaged.", pair.input, "Copy it again.");
        for (int call = 0; call < m_settings.callsPerSample; ++call) {
            progress(double(call) / m_settings.callsPerSample);
            std::this_thread::sleep_for(m_settings.networkCall);
            token.throwIfCancelled();
        }
        ++m_fitted.pairs;
    }
    package::Calibration fitted() const override { return m_fitted; }

  private:
    FakeEngineSettings m_settings;
    package::Calibration m_fitted;
};

class FakeEngine : public engine::Engine {
  public:
    explicit FakeEngine(FakeEngineSettings settings = {}) : m_settings(settings) {}

    std::string torchVersion() const override { return "none"; }
    std::vector<std::string> devices() const override { return {"cpu"}; }

    // All at once, as one part.
    engine::RunReport runInParts(const engine::RestorationRequest& request,
                                 engine::PartReceiver& receiver,
                                 const CancelToken& token) override {
        struct Observer : engine::RunObserver {
            explicit Observer(engine::PartReceiver& to) : receiver(to) {}
            void onProgress(const engine::Progress& progress) override {
                receiver.onProgress(progress);
            }
            void onSnapshot(const posterior::SnapshotPtr& snapshot) override {
                last = snapshot;
                for (; told < snapshot->kept.size(); ++told)
                    receiver.onSample(int(told), snapshot->kept[told]);
            }
            engine::PartReceiver& receiver;
            posterior::SnapshotPtr last;
            std::size_t told = 0;
        } observer(receiver);
        const auto bounds = request.input->bounds();
        auto whole = request;
        engine::ResultPart part;
        part.region =
            request.selection.roi.empty() ? bounds : request.selection.roi.intersected(bounds);
        part.whole = {1, m_settings.channels, 1, part.region.height, part.region.width};
        part.region.x = part.region.y = 0;
        if (!receiver.onPart(part, whole.finished)) return {};
        observer.told = whole.finished.size();
        const auto report = run(whole, observer, token);
        receiver.onResult(part, *observer.last);
        return report;
    }

    std::optional<double> estimateSeverity(const std::vector<engine::RestorationRequest>&,
                                           const CancelToken&) override {
        return {};
    }

    // Learns nothing from a pair but that it was there: the line is 1.5 s + 0.01 after each.
    std::unique_ptr<engine::CalibrationFit> startCalibration(
        const engine::RestorationRequest& settings) override {
        return std::make_unique<FakeFit>(m_settings, settings);
    }

    engine::RunReport run(const engine::RestorationRequest& request, engine::RunObserver& observer,
                          const CancelToken& token) override {
        if (m_settings.seen) *m_settings.seen = request;
        if (request.model == "fail")
            throw Error(ErrorKind::Model, "The weights of this model are damaged.",
                        "model.safetensors", "Install the model again.");
        if (request.model == "crash") throw std::runtime_error("vector::_M_range_check");
        if (request.model == "memory") throw std::bad_alloc();
        const bool endless = request.model == "slow";
        const int samples = request.samples > 0 ? request.samples : 4;
        const auto bounds = request.input->bounds();
        const image::Rect region =
            request.selection.roi.empty() ? bounds : request.selection.roi.intersected(bounds);
        const image::PlaneIndex plane{first(request.selection.t), first(request.selection.c),
                                      first(request.selection.z)};
        const auto source = request.input->read(plane, 0, region).toFloat();

        const auto pixels = std::size_t(region.width * region.height);
        const std::size_t size = pixels * std::size_t(m_settings.channels);
        std::vector<double> sum(size), squares(size);
        auto snapshot = std::make_shared<posterior::Snapshot>();
        snapshot->requested = samples;
        snapshot->region = region;
        engine::RunReport report;
        for (int k = 0; k < samples || endless; ++k) {
            // Samples drawn earlier come out the same without a call.
            const int calls = k < int(request.finished.size()) ? 0 : m_settings.callsPerSample;
            for (int call = 0; call < calls; ++call) {
                observer.onProgress(
                    {"Sample " + std::to_string(k + 1),
                     std::min(1.0, (k + double(call) / m_settings.callsPerSample) / samples), 1.0,
                     k + 1, samples});
                std::this_thread::sleep_for(m_settings.networkCall);
                ++report.networkCalls;
                token.throwIfCancelled();
            }
            std::mt19937_64 random(request.seed * 1000 + std::uint64_t(k));
            std::normal_distribution<float> noise(0.f, 20.f);
            std::vector<float> sample(size);
            for (std::size_t i = 0; i < size; ++i) {
                const float share = i < pixels ? 0.6f : 0.4f;
                sample[i] = share * source.as<float>()[i % pixels] + noise(random);
                sum[i] += sample[i];
                squares[i] += double(sample[i]) * sample[i];
            }
            snapshot = std::make_shared<posterior::Snapshot>(*snapshot);
            const int n = k + 1;
            snapshot->samples = n;
            snapshot->kept.push_back(stack(*request.input, region, sample, "sample"));
            std::vector<float> mean(size), std(size);
            for (std::size_t i = 0; i < size; ++i) {
                mean[i] = float(sum[i] / n);
                if (n > 1)
                    std[i] = float(
                        std::sqrt(std::max(0.0, (squares[i] - sum[i] * sum[i] / n) / (n - 1))));
            }
            snapshot->mean = stack(*request.input, region, mean, "mean");
            if (n > 1) snapshot->std = stack(*request.input, region, std, "std");
            observer.onSnapshot(snapshot);
        }
        report.model = request.model;
        report.sampler = request.sampler;
        report.samples = samples;
        report.seed = request.seed;
        report.device = "cpu";
        report.steps = request.steps;
        report.tile = 64;
        report.overlap = 16;
        report.modelSha256 = "0123456789abcdef";
        report.precision = "fp32";
        report.trust = m_settings.trust;
        report.trust.samples = samples;
        return report;
    }

  private:
    static std::int64_t first(const std::vector<std::int64_t>& list) {
        return list.empty() ? 0 : list[0];
    }

    image::StackPtr stack(const image::Stack& input, const image::Rect& region,
                          const std::vector<float>& values, const char* name) const {
        image::StackInfo info;
        info.name = name;
        info.type = image::PixelType::Float32;
        info.shape = {1, m_settings.channels, 1, region.height, region.width};
        info.voxelSize = input.info().voxelSize;
        for (int c = 0; c < m_settings.channels; ++c) {
            image::ChannelInfo channel;
            channel.name = c == 0 ? "filaments" : "vesicles";
            channel.color = c == 0 ? 0x00FF00u : 0xFF00FFu;
            info.channels.push_back(channel);
        }
        std::vector<image::Plane> planes;
        const auto pixels = std::size_t(region.width * region.height);
        for (int c = 0; c < m_settings.channels; ++c) {
            void* data = nullptr;
            planes.push_back(image::Plane::allocate(info.type, region.width, region.height, &data));
            std::memcpy(data, values.data() + std::size_t(c) * pixels, pixels * sizeof(float));
        }
        return image::makeMemoryStack(info, std::move(planes));
    }

    FakeEngineSettings m_settings;
};

}  // namespace posteria::test
