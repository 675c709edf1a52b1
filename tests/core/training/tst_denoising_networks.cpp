// The networks that learn without pairs: a prior from clean images alone, a ladder from noisy ones
// alone. Trainings small enough to watch.
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/nn/ladder_vae.h"
#include "core/nn/noise_model.h"
#include "core/sampling/ddrm.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"
#include "core/training/role.h"
#include "core/training/training_job.h"

using namespace posteria;
using namespace posteria::training;

namespace {

const char* kRecipe = R"({
  "name": "tiny", "task": "denoise", "scenes": ["nuclei", "mitochondria"],
  "outputs": [{"name": "cells"}],
  "samplers": [{"name": "hdn", "samples": 4}, {"name": "ddrm", "steps": 4, "samples": 2}, {"name": "wiener"}],
  "field": {"size": 64, "planes": 3}, "min_photons": 20, "max_photons": 200, "deblur_na": 0.6,
  "fields": 8, "test_fields": 2,
  "networks": [
    {"role": "prior", "widths": [16, 16], "batch": 8, "patch": 32, "warmup": 5, "learning_rate": 2e-3, "steps": 120},
    {"role": "hdn", "widths": [16, 16], "latents": 4, "batch": 8, "patch": 32, "warmup": 5, "learning_rate": 3e-3, "steps": 500}]
})";

JobObserver quiet() {
    return {[](const std::string&, int, int) {}, [](const TrainingProgress&) {}};
}

double meanSquare(const at::Tensor& x) {
    return x.square().mean().item<double>();
}

}  // namespace

class TestDenoisingNetworks : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::string path(const char* name) const { return m_dir.filePath(name).toStdString(); }
    Recipe recipe(const QString& from = {}, const QString& to = {}) const {
        QString text(kRecipe);
        if (!from.isEmpty()) text.replace(text.indexOf(from), from.size(), to);
        return parseRecipe(text.toStdString(), "recipe.json");
    }

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    // Each y scatters around its clean image as its row says.
    void noiseIsThatOfTheBatch() {
        const FieldPool pool(recipe(), path("fields"), {}, [](int, int) {});
        const Batch batch = pool.draw({64, 64}, 2);
        const double mean = pool.targetMean()[0], std = pool.targetStd()[0];
        const at::Tensor offset = batch.noise.select(1, 2).view({-1, 1, 1, 1});
        const at::Tensor clean = batch.x * std + mean + offset;
        const at::Tensor ratio = (batch.y - clean).square() / nn::noiseVariance(clean, batch.noise);
        // Dim pixels of few photons are as skewed as Poisson's law; the ratio's mean is 1 all the
        // same: 262144 values of variance 2 to 3, 5 standard errors.
        QVERIFY2(std::abs(ratio.mean().item<double>() - 1) < 0.02,
                 qPrintable(QString::number(ratio.mean().item<double>())));
        const at::Tensor dark = ratio.masked_select(clean - offset < 0.1);
        QVERIFY(dark.numel() > 1000);
        QVERIFY2(std::abs(dark.mean().item<double>() - 1) < 0.1,
                 qPrintable(QString::number(dark.mean().item<double>())));
    }

    // Untrained, a prior takes unit variance for granted; its noise levels are those of the
    // sampler.
    void aFreshPriorShrinks() {
        const Recipe r = recipe();
        QCOMPARE(sampling::ddrmNoiseLevel(0, 5), nn::Model::kHighestNoise);
        QVERIFY(std::abs(sampling::ddrmNoiseLevel(4, 5) - nn::Model::kLowestNoise) < 1e-9);
        const nn::Model model(r.package, 1);
        auto generator = tensor::makeGenerator(1, 2);
        const at::Tensor x = tensor::normal({3, 1, 16, 16}, generator);
        const at::Tensor sigma = at::tensor({0.01, 1.0, 20.0}, at::kFloat);
        torch::NoGradGuard guard;
        QVERIFY(at::allclose(model.denoise(x, sigma), x / (1 + sigma.square()).view({-1, 1, 1, 1}),
                             1e-5, 1e-6));
    }

    // Both learn, and the package that is written restores: the prior beats a shrinking of all
    // pixels alike, the ladder's mean is nearer to the truth than the noisy image, which is all it
    // was ever shown.
    void bothLearn() {
        TrainingJob job;
        job.recipe = path("recipe.json");
        writeTextFile(job.recipe, kRecipe);
        job.package = path("tiny.posteria");
        QVERIFY(runTraining(job, {}, quiet()));
        const auto package = package::readPackage(job.package);
        package::checkPackage(package);
        QCOMPARE(package.network("hdn")->architecture, std::string("ladder"));
        QCOMPARE(package.network("hdn")->latents, 4);
        QCOMPARE(package.network("prior")->inChannels, 1);
        QCOMPARE(package.camera.offset, 100.0);
        QVERIFY(package.camera.known() && !package.optics.known());
        const Recipe r = recipe();
        const FieldPool pool(r, path("tiny.posteria.training/fields.safetensors"), {},
                             [](int, int) {});
        const auto trained = nn::Model::load(package);
        const nn::Model fresh(package, r.seed);
        torch::NoGradGuard guard;
        for (const std::string role : {"prior", "hdn"}) {
            double before = 0, after = 0;
            for (std::uint64_t s = 0; s < 20; ++s) {
                const Batch batch = pool.draw({8, 32}, 5000 + s);
                before += roleLoss(fresh, role, batch, {}, 1, s).item<double>() / 20;
                after += roleLoss(*trained, role, batch, {}, 1, s).item<double>() / 20;
            }
            qInfo("%s: %.3f -> %.3f", role.c_str(), before, after);
            QVERIFY2(after < before - 0.1,
                     qPrintable(QString("%1: %2 -> %3").arg(role.c_str()).arg(before).arg(after)));
        }
        const Batch batch = pool.draw({32, 64}, 9000);
        auto generator = tensor::makeGenerator(3, 4);
        const at::Tensor noisy = batch.x + 0.5 * tensor::normal(batch.x.sizes(), generator);
        const double shrunk = meanSquare(noisy / 1.25 - batch.x),
                     prior = meanSquare(trained->denoise(noisy, at::full({32}, 0.5)) - batch.x);
        QVERIFY2(prior < 0.9 * shrunk, qPrintable(QString("%1 %2").arg(prior).arg(shrunk)));

        const at::Tensor clean = batch.x * pool.targetStd()[0] + pool.targetMean()[0] +
                                 batch.noise.select(1, 2).view({-1, 1, 1, 1});
        at::Tensor mean = at::zeros_like(batch.y);
        const auto& ladder = trained->network("hdn").ladder();
        for (int k = 0; k < 8; ++k)
            mean = mean + ladder.sample(batch.y, generator) / 8;
        const double gain = 10 * std::log10(meanSquare(batch.y - clean) / meanSquare(mean - clean));
        qInfo("ladder: %.2f dB over the noisy input", gain);
        QVERIFY2(gain > 3, qPrintable(QString::number(gain)));
    }

    // Of several scenes every field shows one, in turn.
    void scenesTakeTurns() {
        const Recipe both = recipe();
        const Recipe nuclei = recipe("[\"nuclei\", \"mitochondria\"]", "[\"nuclei\"]"),
                     others = recipe("[\"nuclei\", \"mitochondria\"]", "[\"mitochondria\"]");
        for (int i = 0; i < 2; ++i) {
            const auto field = heldOutField(both, testSeed(both), i);
            const auto& own = field.seed % 2 == 0 ? nuclei : others;
            const auto& other = field.seed % 2 == 0 ? others : nuclei;
            QVERIFY(at::equal(field.truth, heldOutField(own, testSeed(own), i).truth));
            QVERIFY(!at::equal(field.truth, heldOutField(other, testSeed(other), i).truth));
        }
    }

    // The further objective blurs what is seen, not the truth; nothing but the recipe's own blur
    // and noise is on the others.
    void blurredFieldsAreBlurred() {
        // Bright enough that noise does not matter.
        const Recipe r = recipe("\"min_photons\": 20, \"max_photons\": 200",
                                "\"min_photons\": 20000, \"max_photons\": 20000");
        const auto sharp = heldOutField(r, testSeed(r), 0),
                   blurred = heldOutBlurred(r, testSeed(r), 0);
        QVERIFY(!sharp.psf.defined());
        QVERIFY(std::abs(blurred.psf.sum().item<double>() - 1) < 1e-5);
        QCOMPARE(blurred.psf.size(0), blurred.psf.size(1));
        // Exposed to the same brightest light, what is blurred was dimmed less by its optics.
        const at::Tensor scaled = blurred.truth * (sharp.truth.mean() / blurred.truth.mean());
        QVERIFY(at::allclose(scaled, sharp.truth, 1e-3, 1e-2));
        const auto roughness = [](const HeldOutField& f) {
            const at::Tensor light = f.degraded - 100;
            return ((light.slice(1, 1) - light.slice(1, 0, -1)).abs().mean() / light.mean())
                .item<double>();
        };
        QVERIFY2(roughness(blurred) < 0.8 * roughness(sharp),
                 qPrintable(QString("%1 %2").arg(roughness(blurred)).arg(roughness(sharp))));
    }

    void wrongRecipesAreRefused_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("ladder of two widths") << "\"hdn\", \"widths\": [16, 16]"
                                              << "\"hdn\", \"widths\": [16, 32]";
        QTest::newRow("latents of a U-Net") << "\"role\": \"prior\""
                                            << "\"role\": \"prior\", \"latents\": 4";
        QTest::newRow("ladder for another task") << "\"denoise\""
                                                 << "\"dehaze\"";
        QTest::newRow("sampler without its network") << "\"wiener\""
                                                     << "\"cfm-heun\"";
        QTest::newRow("finer objective") << "\"deblur_na\": 0.6"
                                         << "\"deblur_na\": 1.6";
        QTest::newRow("matrix of two outputs") << "\"fields\": 8"
                                               << "\"fields\": 8, \"matrix\": [[1, 0.5]]";
        QTest::newRow("no scene") << "[\"nuclei\", \"mitochondria\"]"
                                  << "[]";
    }
    void wrongRecipesAreRefused() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QVERIFY(QString(kRecipe).contains(from));
        try {
            recipe(from, to);
            QFAIL("a wrong recipe was read");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Usage);
        }
    }

    // Every role has a shape, and a loss or an error that names it.
    void everyRoleHasAShape() {
        for (const auto& role : roleNames()) {
            package::NetworkSpec spec;
            spec.role = role;
            shapeNetwork(spec, 2, false);
            QVERIFY(isRole(role) && spec.inChannels >= 1 && spec.outChannels >= 1);
            QCOMPARE(spec.architecture == "ladder", learnsFromNoisyImages(role));
        }
        QVERIFY(!isRole("speed") && !learnsStates("speed"));
        QVERIFY(learnsStates("degrade") && !learnsStates("prior"));
    }
};

QTEST_APPLESS_MAIN(TestDenoisingNetworks)
#include "tst_denoising_networks.moc"
