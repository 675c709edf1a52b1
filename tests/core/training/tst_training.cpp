// A training small enough to watch: it learns, it can be stopped and resumed without a trace, and
// recipes with a typing error are refused.
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/nn/input_check.h"
#include "core/nn/safetensors.h"
#include "core/sampling/noise_spectrum.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"
#include "core/training/input_statistics.h"
#include "core/training/residual.h"
#include "core/training/training_job.h"

using namespace posteria;
using namespace posteria::training;

namespace {

const char* kRecipe = R"({
  "name": "tiny", "scenes": ["filaments", "vesicles"],
  "outputs": [{"name": "filaments", "color": "#00ff00"}, {"name": "vesicles", "color": "#ff00ff"}],
  "samplers": [{"name": "cfm-euler", "steps": 2, "samples": 2}, {"name": "oneshot"}],
  "field": {"size": 64, "planes": 3}, "fields": 6, "test_fields": 2,
  "networks": [
    {"role": "oneshot", "widths": [16, 16], "batch": 2, "patch": 32, "warmup": 5, "learning_rate": 2e-3, "steps": 60},
    {"role": "velocity", "widths": [16, 16], "batch": 2, "patch": 32, "warmup": 5, "steps": 4}]
})";

struct Folder {
    QTemporaryDir dir;
    std::string path(const char* name) const { return dir.filePath(name).toStdString(); }
    std::string recipe(const std::string& text) const {
        writeTextFile(path("recipe.json"), text);
        return path("recipe.json");
    }
};

JobObserver quiet() {
    return {[](const std::string&, int, int) {}, [](const TrainingProgress&) {}};
}

TrainingJob job(const Folder& folder, const char* package, const std::string& role,
                std::int64_t steps) {
    TrainingJob j;
    j.recipe = folder.recipe(kRecipe);
    j.package = folder.path(package);
    j.roles = {role};
    j.limits.steps = steps;
    return j;
}

}  // namespace

class TestTraining : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void lossFalls() {
        Folder folder;
        const Recipe recipe = readRecipe(folder.recipe(kRecipe));
        runTraining(job(folder, "a.posteria", "oneshot", 60), {}, quiet());
        // Both on batches that the training drew: the average of ten, with fresh and with trained
        // weights.
        const FieldPool pool(recipe, folder.path("a.posteria.training/fields.safetensors"), {},
                             [](int, int) {});
        auto description = recipe.package;
        description.targetMean = pool.targetMean();
        description.targetStd = pool.targetStd();
        nn::Model model(description, recipe.seed);
        const auto loss = [&] {
            torch::NoGradGuard guard;
            double sum = 0;
            for (std::uint64_t s = 0; s < 10; ++s) {
                sum += roleLoss(model, "oneshot", pool.draw({2, 32}, 1000 + s), {}, 1, s)
                           .item<double>() /
                       10;
            }
            return sum;
        };
        const double before = loss();
        model.network("oneshot").setWeights(
            averagedWeights(folder.path("a.posteria.training/oneshot.checkpoint.safetensors")));
        const double after = loss();
        QVERIFY2(after < 0.85 * before, qPrintable(QString("%1 -> %2").arg(before).arg(after)));
    }

    // Stopped after 5 of 10 steps and resumed: the same weights as in one go, bit for bit.
    void resumingLeavesNoTrace() {
        Folder folder;
        runTraining(job(folder, "whole.posteria", "velocity", 10), {}, quiet());
        auto half = job(folder, "halves.posteria", "velocity", 10);
        CancelToken stop;
        JobObserver observer = quiet();
        observer.onStep = [&](const TrainingProgress& p) {
            if (p.step == 5) stop.cancel();
        };
        QVERIFY_EXCEPTION_THROWN(runTraining(half, stop, observer), Error);
        QVERIFY_EXCEPTION_THROWN(runTraining(half, {}, quiet()), Error);  // it would overwrite
        half.resume = true;
        runTraining(half, {}, quiet());
        const auto a = nn::readSafetensors(
            folder.path("whole.posteria.training/velocity.checkpoint.safetensors"));
        const auto b = nn::readSafetensors(
            folder.path("halves.posteria.training/velocity.checkpoint.safetensors"));
        for (const auto& [name, tensor] : a)
            QVERIFY2(at::equal(tensor, b.at(name)), name.c_str());
    }

    // The last two of four steps on other patches; on the same ones nothing changes.
    void theEndSeesFinalPatches() {
        Folder folder;
        const auto stem = [&](const char* package, const char* checkpoint, const char* end) {
            auto j = job(folder, package, "oneshot", 4);
            j.recipe = folder.recipe(
                QString(kRecipe)
                    .replace("\"role\": \"oneshot\"", QString("\"role\": \"oneshot\"") + end)
                    .toStdString());
            runTraining(j, {}, quiet());
            return nn::readSafetensors(folder.path(checkpoint)).at("weight:stem.weight");
        };
        const auto plain = stem("a", "a.training/oneshot.checkpoint.safetensors", "");
        const auto same = stem("b", "b.training/oneshot.checkpoint.safetensors",
                               ", \"final_share\": 0.5, \"final_patch\": 32");
        const auto other = stem("c", "c.training/oneshot.checkpoint.safetensors",
                                ", \"final_share\": 0.5, \"final_patch\": 48");
        QVERIFY(at::equal(plain, same));
        QVERIFY(!at::equal(plain, other));
    }

    // Stopped by the clock, a training without final patches never asks for one, which would not
    // fit into these fields.
    void theClockLeavesThePatches() {
        Folder folder;
        auto j = job(folder, "t.posteria", "oneshot", 1000000);
        j.limits.seconds = 1;
        QVERIFY(!runTraining(j, {}, quiet()));
    }

    void packageIsWrittenWhenAllIsTrained() {
        Folder folder;
        QVERIFY(!runTraining(job(folder, "p.posteria", "oneshot", 2), {}, quiet()));
        QVERIFY(!QFile::exists(folder.dir.filePath("p.posteria/model.json")));
        QVERIFY(runTraining(job(folder, "p.posteria", "velocity", 2), {}, quiet()));
        const auto package = package::readPackage(folder.path("p.posteria"));
        package::checkPackage(package);
        QCOMPARE(package.outputs.size(), std::size_t(2));
        QVERIFY(package.targetStd[0] > 0 && package.targetStd[1] > 0);
        const auto model = nn::Model::load(package);
        QVERIFY(model->has("velocity") && model->has("oneshot"));
    }

    // Normal residuals of a known variance give it back, within 5 standard errors of each factor
    // (Fisher information of the variance of a normal law: features features^T / (2 variance^2)).
    void varianceIsFitted() {
        auto generator = tensor::makeGenerator(3, 4);
        constexpr std::int64_t kPlaces = 200000;
        at::Tensor features = tensor::normal({3, kPlaces}, generator).to(at::kDouble).pow(4);
        features[0].fill_(1);
        const at::Tensor truth = at::tensor({0.02, 0.3, 0.0}, at::kDouble);
        const at::Tensor variance = at::matmul(truth, features);
        const at::Tensor squares =
            variance * tensor::normal({kPlaces}, generator).to(at::kDouble).square();
        const at::Tensor fitted = fitVariance(features, squares);
        const at::Tensor error =
            at::linalg_inv(at::matmul(features / (2 * variance.square()), features.t()))
                .diagonal()
                .sqrt();
        for (int i = 0; i < 3; ++i) {
            const double off = (fitted[i] - truth[i]).item<double>();
            QVERIFY2(fitted[i].item<double>() >= 0 && std::abs(off) < 5 * error[i].item<double>(),
                     qPrintable(QString("%1: %2").arg(i).arg(off)));
        }
        QVERIFY(std::abs((squares / at::matmul(fitted, features)).mean().item<double>() - 1) <
                1e-9);
    }

    // A channel that is dark everywhere explains nothing, and takes nothing from the others.
    void darkChannelsDoNotSpoilTheFit() {
        auto generator = tensor::makeGenerator(5, 6);
        at::Tensor features = tensor::normal({2, 5000}, generator).to(at::kDouble).square();
        features[0].fill_(1);
        const at::Tensor squares = at::matmul(at::tensor({0.1, 0.4}, at::kDouble), features) *
                                   tensor::normal({5000}, generator).to(at::kDouble).square();
        const at::Tensor without = fitVariance(features, squares);
        const at::Tensor with =
            fitVariance(at::cat({features, at::zeros_like(features.slice(0, 0, 1))}), squares);
        QVERIFY(at::allclose(with.slice(0, 0, 2), without, 1e-6, 0));
        QCOMPARE(with[2].item<double>(), 0.0);
    }

    // A flow around the mean waits for the one-shot network, is scaled by what that leaves over,
    // and is trained again when that changes.
    void flowAroundTheMeanFollowsTheOneShotNetwork() {
        Folder folder;
        const std::string plain = kRecipe;
        const auto around = [&](const char* role, std::int64_t steps) {
            auto j = job(folder, "r.posteria", role, steps);
            j.resume = true;
            auto text = plain;
            text.replace(text.find("\"role\": \"velocity\""), 18,
                         "\"role\": \"velocity\", \"around_mean\": true");
            j.recipe = folder.recipe(text);
            return j;
        };
        QVERIFY_EXCEPTION_THROWN(runTraining(around("velocity", 2), {}, quiet()), Error);
        QVERIFY(!runTraining(around("oneshot", 20), {}, quiet()));
        QVERIFY(runTraining(around("velocity", 2), {}, quiet()));
        const auto package = package::readPackage(folder.path("r.posteria"));
        QCOMPARE(package.network("velocity")->inChannels, 5);
        QCOMPARE(package.residualSpectrum.size(), std::size_t(package::kSpectrumNodes));
        QCOMPARE(package.meanGain.size(), std::size_t(2));
        QCOMPARE(package.residualVariance.size(), std::size_t(2));
        const auto model = nn::Model::load(package);
        // What is left over has unit variance in the flow's units, near enough for other patches.
        const Recipe recipe = readRecipe(around("velocity", 2).recipe);
        const FieldPool pool(recipe, folder.path("r.posteria.training/fields.safetensors"), {},
                             [](int, int) {});
        const Batch batch = pool.draw({64, 64}, 5);  // whole fields
        const at::Tensor guide = model->guide(batch.y, model->oneShot(batch.y, batch.severity));
        const at::Tensor left = model->toFlow(batch.x, guide);
        for (int c = 0; c < 2; ++c) {
            const double power = left.select(1, c).square().mean().item<double>();
            QVERIFY2(power > 0.4 && power < 2.5, qPrintable(QString::number(power)));
        }
        QVERIFY(at::allclose(model->fromFlow(left, guide), batch.x, 1e-4, 1e-4));
        // And noise of the package's spectrum, brought back, is as strong as that in every wave of
        // 32 to 2 pixels; in the corners beyond, what the deviation smears there is more.
        const sampling::NoiseSpectrum spectrum(package.residualSpectrum);
        std::vector<at::Tensor> noise;
        for (std::uint64_t i = 0; i < 64; ++i) {
            auto generator = tensor::makeGenerator(6, i);
            noise.push_back(spectrum.colour(tensor::normal(
                {2, 64 + 2 * spectrum.reach(), 64 + 2 * spectrum.reach()}, generator)));
        }
        const at::Tensor mean = guide.slice(1, 1);
        const auto drawn = sampling::NoiseSpectrum::factorsOf(
                       model->fromFlow(at::stack(noise), guide) - mean),
                   over = sampling::NoiseSpectrum::factorsOf(batch.x - mean);
        for (std::size_t node = 12; node < 29; ++node) {
            const double first = drawn[node][0] / over[node][0];
            const double second = std::hypot(drawn[node][2], drawn[node][3]) /
                                  std::hypot(over[node][2], over[node][3]);
            QVERIFY2(std::min(first, second) > 0.6 && std::max(first, second) < 1.6,
                     qPrintable(QString("node %1: %2 %3").arg(node).arg(first).arg(second)));
        }
        // The one-shot network moves on: the package is incomplete until the flow has followed.
        QVERIFY(!runTraining(around("oneshot", 22), {}, quiet()));
        QVERIFY(runTraining(around("velocity", 3), {}, quiet()));
    }

    // Drawn batches are what the header promises: normalised, and the same for the same stream.
    void batchesAreNormalisedAndRepeatable() {
        Folder folder;
        const Recipe recipe = readRecipe(folder.recipe(kRecipe));
        const FieldPool pool(recipe, folder.path("fields"), {}, [](int, int) {});
        const Batch a = pool.draw({2, 32}, 7), b = pool.draw({2, 32}, 7), c = pool.draw({2, 32}, 8);
        QVERIFY(at::equal(a.y, b.y) && at::equal(a.x, b.x) && !at::equal(a.y, c.y));
        const Batch many = pool.draw({64, 64}, 9);  // whole fields
        QVERIFY2(many.y.mean().abs().item<double>() < 0.1,
                 qPrintable(QString::number(many.y.mean().item<double>())));
        QVERIFY2(std::abs(many.y.std().item<double>() - 1) < 0.1,
                 qPrintable(QString::number(many.y.std().item<double>())));
        // The mixture of the clean channels is the degraded image, up to its noise.
        for (std::int64_t i = 0; i < 4; ++i) {
            const double t = many.severity[i].item<double>();
            const at::Tensor mixture =
                (1 - t) * (many.x[i][0] * pool.targetStd()[0] + pool.targetMean()[0]) +
                t * (many.x[i][1] * pool.targetStd()[1] + pool.targetMean()[1]);
            const at::Tensor y = many.y[i][0];
            const double fit = ((mixture - mixture.mean()) * (y - y.mean())).mean().item<double>() /
                               (mixture.std(false) * mixture.std(false)).item<double>();
            QVERIFY2(std::abs(fit - 1) < 0.1, qPrintable(QString::number(fit)));
        }
    }

    // A mixture varies less than either of its channels: measured in a mixture's deviation they
    // vary more than in their own. Told the severity, they do not.
    void cleanChannelsVaryAlikeAtAllSeverities() {
        Folder folder;
        std::string text = kRecipe;
        text.insert(1, "\"severity_normalisation\": true, \"seed\": 4,");
        text.replace(text.find("\"fields\": 6"), 11, "\"fields\": 40");
        const FieldPool told(parseRecipe(text, "recipe"), folder.path("fields"), {},
                             [](int, int) {});
        text.replace(text.find(": true"), 6, ": false");
        const FieldPool plain(parseRecipe(text, "recipe"), folder.path("fields"), {},
                              [](int, int) {});
        QVERIFY(plain.severityScale().empty());
        const auto scale = told.severityScale();
        QCOMPARE(static_cast<int>(scale.size()), package::kSeverityNodes);
        QVERIFY2(std::abs(scale[20] - 1) < 1e-6, qPrintable(QString::number(scale[20])));
        QVERIFY(scale.front() < 1 && scale.back() < 0.8);
        // Power of both channels, that of the middlemost field.
        const auto power = [](const FieldPool& pool, double severity) {
            PatchSettings settings{400, 64};
            settings.severities = {severity, severity};
            const at::Tensor x = pool.draw(settings, 5).x;
            at::Tensor sum = at::zeros({400});
            for (std::int64_t c = 0; c < 2; ++c)
                sum += (x.select(1, c) * pool.targetStd()[c]).var(at::IntArrayRef{1, 2}, false);
            return sum.median().item<double>();
        };
        const auto unevenness = [&](const FieldPool& pool) {
            return 0.5 * (power(pool, 0.1) + power(pool, 0.9)) / power(pool, 0.5);
        };
        const double without = unevenness(plain), with = unevenness(told);
        QVERIFY2(std::abs(std::log(with)) < 0.5 * std::abs(std::log(without)),
                 qPrintable(QString("%1 -> %2").arg(without).arg(with)));
        // What is drawn is what the package will be told: the mixture is the degraded image.
        const Batch many = told.draw({32, 64}, 9);
        for (std::int64_t i = 0; i < 8; ++i) {
            const double t = many.severity[i].item<double>();
            at::Tensor mixture =
                (1 - t) * (many.x[i][0] * told.targetStd()[0] + told.targetMean()[0]) +
                t * (many.x[i][1] * told.targetStd()[1] + told.targetMean()[1]);
            mixture = mixture * nn::severityScale(scale, t);
            const at::Tensor y = many.y[i][0];
            const double fit = ((mixture - mixture.mean()) * (y - y.mean())).mean().item<double>() /
                               (mixture.std(false) * mixture.std(false)).item<double>();
            QVERIFY2(std::abs(fit - 1) < 0.1, qPrintable(QString::number(fit)));
        }
    }

    void heldOutFieldsAreOthers() {
        Folder folder;
        const Recipe recipe = readRecipe(folder.recipe(kRecipe));
        const auto a = heldOutField(recipe, testSeed(recipe), 0),
                   b = heldOutField(recipe, testSeed(recipe), 1);
        QVERIFY(!at::equal(a.degraded, b.degraded));
        QVERIFY(a.degraded.mean().item<double>() > recipe.camera.offset);
        QVERIFY(a.truth.min().item<double>() >= 0);
        QVERIFY(testSeed(recipe) > trainingSeed(recipe) + recipe.fields);
    }

    // Of the kind's further images few are to be called unlike it.
    void limitOfUnlikenessIsThatOfUnseenFields() {
        Folder folder;
        const Recipe recipe = readRecipe(folder.recipe(kRecipe));
        const auto statistics = measureInputs(recipe, {}, [](int, int) {});
        QCOMPARE(statistics.side, 64);
        int beyond = 0;
        for (int i = 0; i < 100; ++i) {
            const auto field = heldOutField(recipe, testSeed(recipe), i);
            beyond +=
                nn::inputDistance(nn::inputFeatures(field.degraded), statistics) > statistics.limit;
        }
        QVERIFY2(beyond <= 5, qPrintable(QString::number(beyond)));  // one is to be expected
    }

    void wrongRecipesAreRefused_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("not JSON") << "{"
                                  << "";
        QTest::newRow("typing error") << "\"fields\""
                                      << "\"feilds\"";
        QTest::newRow("wrong type") << "\"fields\": 6"
                                    << "\"fields\": \"six\"";
        QTest::newRow("unknown role") << "\"role\": \"velocity\""
                                      << "\"role\": \"speed\"";
        QTest::newRow("patch too large") << "\"patch\": 32"
                                         << "\"patch\": 320";
        QTest::newRow("final patch too large")
            << "\"patch\": 32"
            << "\"patch\": 32, \"final_share\": 0.1, \"final_patch\": 320";
        QTest::newRow("mean of the mean") << "\"role\": \"oneshot\""
                                          << "\"role\": \"oneshot\", \"around_mean\": true";
        QTest::newRow("unknown task") << "\"name\": \"tiny\""
                                      << "\"name\": \"tiny\", \"task\": \"sharpen\"";
        QTest::newRow("unknown optics") << "\"planes\": 3"
                                        << "\"planes\": 3, \"optics\": \"geometric\"";
        QTest::newRow("too many scenes") << "\"name\": \"tiny\""
                                         << "\"name\": \"tiny\", \"task\": \"dehaze\"";
        QTest::newRow("path of two outputs") << "\"role\": \"velocity\""
                                             << "\"role\": \"restore\"";
        QTest::newRow("loop of the wrong network") << "\"role\": \"oneshot\""
                                                   << "\"role\": \"oneshot\", \"loop_share\": 0.5";
        QTest::newRow("no widths")
            << "\"widths\": [16, 16], \"batch\": 2, \"patch\": 32, \"warmup\": 5, \"steps\": 4"
            << "\"steps\": 4";
    }
    void wrongRecipesAreRefused() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        Folder folder;
        QString text(kRecipe);
        text.replace(text.indexOf(from), from.size(), to);
        try {
            readRecipe(folder.recipe(text.toStdString()));
            QFAIL("a wrong recipe was read");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Usage);
        }
    }
};

QTEST_APPLESS_MAIN(TestTraining)
#include "tst_training.moc"
