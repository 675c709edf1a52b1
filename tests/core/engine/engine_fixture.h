// An engine on small models with random weights, and requests to it.
#pragma once

#include <QTemporaryDir>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "tests/core/engine/random_package.h"

namespace posteria::engine {

class Recorder : public RunObserver {
  public:
    std::function<void(const Progress&)> progress;
    std::vector<posterior::SnapshotPtr> snapshots;

    void onProgress(const Progress& p) override {
        if (progress) progress(p);
    }
    void onSnapshot(const posterior::SnapshotPtr& s) override { snapshots.push_back(s); }
    const posterior::Snapshot& last() const { return *snapshots.back(); }
};

inline at::Tensor plane(const image::StackPtr& stack, std::int64_t c = 0, std::int64_t z = 0) {
    return tensor::fromPlane(stack->readPlane({0, c, z}));
}

inline double difference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

struct EngineFixture {
    QTemporaryDir m_dir;
    std::unique_ptr<Engine> m_engine;
    std::string m_package, m_around;

    RestorationRequest request(std::int64_t side = 96, std::int64_t planes = 1) {
        RestorationRequest r;
        r.input = makeInput(side, planes);
        r.model = m_package;
        r.severity = 0.5;
        r.seed = 5;
        r.device = "cpu";
        return r;
    }

    posterior::SnapshotPtr run(const RestorationRequest& r) {
        Recorder recorder;
        m_engine->run(r, recorder, {});
        return recorder.snapshots.back();
    }
    // Not in a constructor: a wrong package is the test's failure.
    void makeEngine() {
        m_package = makePackage(m_dir, "random");
        m_around = makePackage(m_dir, "around");
        m_engine.reset(posteria_create_engine(kEngineInterface));
    }
};

}  // namespace posteria::engine
