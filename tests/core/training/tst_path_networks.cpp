// The networks of restoration step by step: they learn the way between the clean image and the
// degraded one, and the restoring one the states that their own loop reaches. Trainings small
// enough to watch.
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/nn/safetensors.h"
#include "core/sampling/sampler.h"
#include "core/tensor/torch_compat.h"
#include "core/training/training_job.h"

using namespace posteria;
using namespace posteria::training;

namespace {

const char* kRecipe = R"({
  "name": "tiny-dehaze", "task": "dehaze", "scenes": ["filaments"],
  "outputs": [{"name": "filaments"}],
  "samplers": [{"name": "cold-improved", "steps": 3}],
  "field": {"size": 64, "planes": 25, "pinhole_airy": 0.5}, "fields": 6, "test_fields": 2,
  "networks": [
    {"role": "restore", "widths": [16, 16], "batch": 4, "patch": 32, "warmup": 5, "learning_rate": 2e-3, "steps": 150},
    {"role": "degrade", "widths": [16, 16], "batch": 4, "patch": 32, "warmup": 5, "learning_rate": 2e-3, "steps": 150},
    {"role": "degrade-alone", "widths": [16, 16], "batch": 4, "patch": 32, "warmup": 5, "learning_rate": 2e-3, "steps": 150}]
})";

JobObserver quiet() {
    return {[](const std::string&, int, int) {}, [](const TrainingProgress&) {}};
}

}  // namespace

class TestPathNetworks : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::string path(const char* name) const { return m_dir.filePath(name).toStdString(); }
    TrainingJob job(const char* package, const std::string& recipe) const {
        TrainingJob j;
        j.package = path(package);
        j.recipe = j.package + ".recipe.json";
        writeTextFile(j.recipe, recipe);
        return j;
    }
    static std::string loopRecipe(double share) {
        QString text(kRecipe);
        text.replace("\"role\": \"restore\"",
                     QString("\"role\": \"restore\", \"loop_share\": %1").arg(share));
        return text.toStdString();
    }

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    // Restoration and degradation learn the way between the clean image and the degraded one.
    void statesLeadFromCleanToDegraded() {
        const Recipe recipe = parseRecipe(kRecipe, "recipe.json");
        const FieldPool pool(recipe, path("fields"), {}, [](int, int) {});
        PatchSettings settings{64, 64};
        QVERIFY(!pool.draw(settings, 3).state.defined());
        const Batch plain = pool.draw(settings, 3);
        settings.states = true;
        const Batch batch = pool.draw(settings, 3);
        QVERIFY(at::equal(plain.y[0], batch.y[0]));
        QVERIFY(batch.time.min().item<double>() > 0 && batch.time.max().item<double>() == 1);
        for (std::int64_t i = 0; i < 64; ++i) {
            const double t = batch.time[i].item<double>();
            const at::Tensor &x = batch.x[i], &y = batch.y[i], &state = batch.state[i];
            const double ends = (y - x).norm().item<double>();
            // The path is bent, but it starts at x and stays between the two.
            const double gone = (state - x).norm().item<double>() / ends;
            QVERIFY2(gone < 1.2 && gone < 3 * t, qPrintable(QString("%1: %2").arg(t).arg(gone)));
            if (t == 1) QVERIFY(at::allclose(state, y, 1e-4, 1e-4));
        }
    }

    void pathNetworksAreTrained() {
        const auto j = job("d.posteria", kRecipe);
        QVERIFY(runTraining(j, {}, quiet()));
        const auto package = package::readPackage(j.package);
        QCOMPARE(package.task, std::string("dehaze"));
        QCOMPARE(package.defaultSeverity, 1.0);
        const Recipe recipe = readRecipe(j.recipe);
        const FieldPool pool(recipe, j.package + ".training/fields.safetensors", {},
                             [](int, int) {});
        nn::Model fresh(package, recipe.seed);
        const auto trained = nn::Model::load(package);
        torch::NoGradGuard guard;
        for (const std::string role : {"restore", "degrade", "degrade-alone"}) {
            double before = 0, after = 0;
            for (std::uint64_t s = 0; s < 40; ++s) {
                const Batch batch = pool.draw({4, 32, {}, true}, 5000 + s);
                before += roleLoss(fresh, role, batch, {}, 1, s).item<double>();
                after += roleLoss(*trained, role, batch, {}, 1, s).item<double>();
            }
            QVERIFY2(after < 0.9 * before,
                     qPrintable(QString("%1: %2 -> %3").arg(role.c_str()).arg(before).arg(after)));
        }
        // The ends are exact whatever was learned.
        const Batch batch = pool.draw({2, 32}, 1);
        QVERIFY(at::allclose(trained->degrade(batch.x, batch.y, at::zeros({2})), batch.x));
        QVERIFY(
            at::allclose(trained->degrade(batch.x, batch.y, at::ones({2})), batch.y, 1e-5, 1e-5));
        QVERIFY(at::allclose(trained->restore(batch.x, batch.y, at::zeros({2})), batch.x));
        QVERIFY(at::allclose(trained->degradeAlone(batch.x, at::zeros({2})), batch.x));
    }

    // What takes the place of every second state is where the sampler of that name gets, as far as
    // it goes at the times it steps to.
    void theLoopIsThatOfTheSampler() {
        const Recipe recipe = parseRecipe(kRecipe, "recipe.json");
        const FieldPool pool(recipe, path("fields"), {}, [](int, int) {});
        auto description = recipe.package;
        description.targetMean = pool.targetMean();
        description.targetStd = pool.targetStd();
        const nn::Model model(description, 3);
        const Batch before = pool.draw({4, 32, {}, true}, 1);
        sampling::SamplerOptions options;
        options.name = "cold-improved";
        options.steps = 3;
        options.trace = true;
        sampling::Restorer restorer;
        const auto times = [&](double t) { return at::full({4}, t, at::kFloat); };
        restorer.restore = [&](const at::Tensor& x, const at::Tensor& y, double t) {
            return model.restore(x, y, times(t));
        };
        restorer.degrade = [&](const at::Tensor& x, const at::Tensor& y, double t) {
            return model.degrade(x, y, times(t));
        };
        torch::NoGradGuard guard;
        const at::Tensor trace = sampling::makeSampler(options)->draw(
            before.y, [](int) { return at::Tensor(); }, restorer);
        // The trace: the sample, then x_t and x0 of t = 1, 2/3 and 1/3.
        const at::Tensor twoThirds = trace.slice(1, 3, 4), oneThird = trace.slice(1, 5, 6);
        bool once = false, twice = false;
        for (std::uint64_t stream = 0; stream < 20; ++stream) {
            Batch batch = before;
            batch.state = before.state.clone();
            batch.time = times(2.0 / 3);
            visitLoop(model, batch, 1, stream);
            for (const std::int64_t own : {0, 2})
                QVERIFY(at::equal(batch.state[own], before.state[own]));
            once |= at::allclose(batch.state[1], twoThirds[1], 1e-4, 1e-4) &&
                    at::allclose(batch.state[3], twoThirds[3], 1e-4, 1e-4);
            batch.time = times(1.0 / 3);
            visitLoop(model, batch, 1, stream);
            twice |= at::allclose(batch.state[3], oneThird[3], 1e-4, 1e-4);
            batch.time = times(1);
            visitLoop(model, batch, 1, stream);
            QVERIFY(at::allclose(batch.state[1], batch.y[1], 1e-4, 1e-4));
        }
        QVERIFY(once && twice);
    }

    // The last of ten steps alone see the loop, which needs the network that degrades.
    void theLoopIsVisitedAtTheEnd() {
        const auto weights = [this](const char* package, double share, int steps) {
            auto j = job(package, loopRecipe(share));
            j.roles = {"degrade", "restore"};
            j.resume = true;
            j.limits.steps = steps;
            runTraining(j, {}, quiet());
            return nn::readSafetensors(j.package + ".training/restore.checkpoint.safetensors")
                .at("weight:stem.weight");
        };
        auto alone = job("alone.posteria", loopRecipe(0.4));
        alone.roles = {"restore"};
        QVERIFY_EXCEPTION_THROWN(runTraining(alone, {}, quiet()), Error);
        const auto plain = weights("plain.posteria", 0, 10);
        QVERIFY(at::equal(weights("late.posteria", 0.05, 10), plain));  // it would begin with 9.5
        QVERIFY(!at::equal(weights("loop.posteria", 0.4, 10), plain));
    }

    // A package is enough to go on with: its networks, but for what it does not hold.
    void trainingStartsFromAPackage() {
        auto text = QString::fromStdString(loopRecipe(0.1));
        text.replace("\"networks\": [",
                     "\"networks\": [{\"role\": \"oneshot\", \"widths\": [16, 16]}, ");
        auto second = job("second.posteria", text.toStdString());
        second.start = path("d.posteria");  // that of pathNetworksAreTrained
        second.roles = {"restore"};
        second.limits.steps = 154;
        QVERIFY(!runTraining(second, {}, quiet()));
        const auto shipped = nn::readSafetensors(second.start + "/degrade.safetensors");
        QVERIFY(
            at::equal(averagedWeights(second.package + ".training/degrade.checkpoint.safetensors")
                          .at("stem.weight"),
                      shipped.at("stem.weight").to(at::kFloat)));
        const auto restore = second.package + ".training/restore.checkpoint.safetensors";
        QCOMPARE(nn::readSafetensorsMetadata(restore).at("step"), std::string("154"));
        QVERIFY(!at::equal(averagedWeights(restore).at("stem.weight"),
                           nn::readSafetensors(second.start + "/restore.safetensors")
                               .at("stem.weight")
                               .to(at::kFloat)));
        auto nothing = job("third.posteria", kRecipe);
        nothing.start = path("nowhere.posteria");
        QVERIFY_EXCEPTION_THROWN(runTraining(nothing, {}, quiet()), Error);
    }
};

QTEST_APPLESS_MAIN(TestPathNetworks)
#include "tst_path_networks.moc"
