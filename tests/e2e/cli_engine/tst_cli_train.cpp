// posteria-cli train, measure and models page on a recipe that takes seconds: what is written, that
// measuring again says the same, and what a wrong recipe or a second training is told.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/e2e/cli_engine/program.h"

namespace {

const char* kRecipe = R"({
  "name": "tiny", "description": "Trained for two steps.", "scenes": ["filaments", "vesicles"],
  "outputs": [{"name": "filaments"}, {"name": "vesicles"}],
  "samplers": [{"name": "cfm-euler", "steps": 2, "samples": 4},
               {"name": "oneshot", "steps": 1, "samples": 1}],
  "tile": 64, "overlap": 16, "field": {"size": 64, "planes": 3},
  "fields": 24, "validation_fields": 10, "test_fields": 2, "seed": 5,
  "networks": [
    {"role": "oneshot", "widths": [16], "steps": 2, "batch": 2, "patch": 32},
    {"role": "velocity", "widths": [16], "steps": 2, "batch": 2, "patch": 32}
  ]
})";

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestCliTrain : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? path(name)
                                                                                  : QString();
    }

  private Q_SLOTS:
    void trainsAndMeasures() {
        const auto recipe = write("tiny.recipe.json", kRecipe);
        const auto package = path("tiny.posteria");
        auto r = run({"train", recipe, "-o", package, "--networks", "oneshot", "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        QVERIFY(r.json()["package"].isNull());  // the other network is still missing
        QVERIFY(!QFile::exists(package));
        r = run({"train", recipe, "-o", package, "-q"});
        QCOMPARE(r.code, 2);
        QVERIFY2(r.error.contains("--resume"), r.error);
        r = run({"train", recipe, "-o", package, "--resume", "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto quality = r.json()["quality"].toObject();
        QCOMPARE(quality["fields"].toInt(), 2);
        QCOMPARE(run({"models", "check", package, "-q"}).code, 0);

        const auto filaments = quality["samplers"]["cfm-euler"]["channels"]["filaments"].toObject();
        QCOMPARE(filaments["rank_histogram"].toArray().size(), 5);
        const auto sample = filaments["single_sample"].toObject();
        QCOMPARE(sample["psd_ratio"].toArray().size(), sample["psd_ratio_error"].toArray().size());
        const auto calibrated = filaments["calibrated"].toObject();
        for (const char* interval :
             {"interval_68_holds", "interval_90_holds", "conformal_90_holds"})
            QVERIFY2(calibrated[interval].isDouble(), interval);
        // Ten images promise 90 % only by more than the quantile.
        QVERIFY(calibrated["conformal_90_holds"].toDouble() >
                calibrated["interval_90_holds"].toDouble());

        // Measured again from the package alone, without its figures.
        const auto before = contents(package + "/quality.json"),
                   calibration = contents(package + "/calibration.json");
        QVERIFY(QFile::remove(recipe) && !before.isEmpty());
        r = run({"measure", package, "-q"});
        QVERIFY2(r.code == 0, r.error);
        QCOMPARE(contents(package + "/quality.json"), before);
        QCOMPARE(contents(package + "/calibration.json"), calibration);

        // A part measured alone stands beside the others.
        r = run({"measure", package, "--only", "cost", "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto cost = r.json()["cost"].toObject();
        QCOMPARE(cost["fields"].toInt(), 2);
        const auto last = cost["runs"].toArray().last().toObject();
        QCOMPARE(last["samples"].toInt(), 50);
        QCOMPARE(last["network_calls"].toInt(), 20 * 50);
        const auto mean = last["channels"]["vesicles"].toObject();
        QVERIFY(mean["psnr"].toDouble() > 0 && mean["spread_skill"].toDouble() > 0);
        QCOMPARE(r.json()["samplers"].toObject(), quality["samplers"].toObject());
        QCOMPARE(run({"measure", package, "--only", "speed", "-q"}).code, 2);

        r = run({"models", "page", package, "-o", path("QUALITY.md")});
        QVERIFY2(r.code == 0, r.error);
        const auto page = contents(path("QUALITY.md"));
        QVERIFY(page.contains("## tiny\n\nTrained for two steps."));
        QVERIFY(page.contains("| filaments | mean of 4, cfm-euler, 2 steps | " +
                              QByteArray::number(filaments["mean"]["psnr"].toDouble(), 'f', 2)));
        QVERIFY(page.contains("| vesicles | oneshot, 1 step |"));
        QVERIFY(page.contains("| vesicles | cfm-euler | 20 | 50 | 1000 | " +
                              QByteArray::number(mean["psnr"].toDouble(), 'f', 2)));
        QVERIFY(page.contains("| spread/skill | " +
                              QByteArray::number(filaments["spread_skill"].toDouble(), 'f', 2) +
                              " |"));

        r = run({"benchmark", "--model", package, "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto speed = r.json();
        QCOMPARE(speed["sampler"].toString(), QString("cfm-euler"));
        QVERIFY(speed["samples_per_second_512"].toDouble() > 0);
        for (const char* share : {"overhead_outside_network", "conv_share"})
            QVERIFY2(speed[share].toDouble() > 0 && speed[share].toDouble() < 1, r.out);
        QVERIFY(speed.contains("speedup_over_pytorch_eager"));
        for (const char* word : {"device", "precision"})
            QVERIFY2(!speed[word].toString().isEmpty(), r.out);
        QVERIFY(speed["threads"].toInt() >= 1 && speed["versions"].isObject());
    }

    // What blurs is measured beside the deconvolution that is told the truth about the blur.
    void measuresABaselineBeside() {
        QByteArray text = kRecipe;
        text.replace("\"name\": \"tiny\"", "\"name\": \"hazy\", \"task\": \"dehaze\"")
            .replace("\"filaments\", \"vesicles\"]", "\"filaments\"]")
            .replace(", {\"name\": \"vesicles\"}", "")
            // One answer, no calibration: it is the baseline that is looked at.
            .replace("{\"name\": \"cfm-euler\", \"steps\": 2, \"samples\": 4},", "")
            .replace(
                ",\n    {\"role\": \"velocity\", \"widths\": [16], \"steps\": 2, \"batch\": 2, "
                "\"patch\": 32}",
                "");
        const auto recipe = write("hazy.recipe.json", text);
        auto r = run({"train", recipe, "-o", path("hazy.posteria"), "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto quality = r.json()["quality"].toObject();
        const auto baseline = quality["baselines"]["richardson-lucy"].toObject();
        QVERIFY(baseline["iterations"].toDouble() >= 1);
        const auto psnr = [](const QJsonValue& figures) { return figures["psnr"].toDouble(); };
        QVERIFY2(
            psnr(baseline["channels"]["filaments"]["mean"]) > psnr(quality["trivial"]["filaments"]),
            r.out);
        r = run({"models", "page", path("hazy.posteria"), "-o", path("HAZY.md")});
        QVERIFY2(r.code == 0, r.error);
        QVERIFY(contents(path("HAZY.md")).contains("| filaments | richardson-lucy, "));
    }

    // How much is known of a mixture's ratio, and what that is worth; and what two images of one
    // acquisition are told of it.
    void measuresTheSeverity() {
        QByteArray text = kRecipe;
        text.replace("\"tiny\"", "\"ratio\"")
            .replace("{\"name\": \"cfm-euler\", \"steps\": 2, \"samples\": 4},", "")
            .replace("\"velocity\"", "\"severity\"")
            .replace("\"seed\"", "\"min_severity\": 0.4, \"max_severity\": 0.8, \"seed\"")
            // Long enough for what a network is told to change its answer.
            .replace(
                "\"steps\": 2, \"batch\"",
                "\"learning_rate\": 3e-3, \"warmup\": 5, \"ema\": 0.9, \"steps\": 80, \"batch\"");
        const auto package = path("ratio.posteria");
        auto r = run({"train", write("ratio.recipe.json", text), "-o", package, "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto error = r.json()["quality"].toObject()["severity_error"].toObject();
        QVERIFY(error["rmse_aggregated"].toDouble() > 0);
        const auto psnr = error["psnr_by_weight"].toObject();
        QCOMPARE(psnr.keys(), QStringList({"balanced", "dominant", "weak"}));
        const auto told = [&](const char* weight, const char* how) {
            return psnr[weight].toObject()[how].toDouble();
        };
        // A ratio of 0.5 is known exactly where it is assumed; one of 0.8 is not.
        QVERIFY(told("weak", "half") != told("weak", "known"));
        QVERIFY(told("weak", "half") != told("weak", "estimated"));
        r = run({"models", "page", package, "-o", path("RATIO.md")});
        QVERIFY2(r.code == 0, r.error);
        QVERIFY(contents(path("RATIO.md"))
                    .contains("| weak | " + QByteArray::number(told("weak", "estimated"), 'f', 2) +
                              " | "));

        r = run({"simulate", "--task", "split", "--count", "2", "--size", "96x96", "--planes", "3",
                 "-o", path("pair"), "-q"});
        QVERIFY2(r.code == 0, r.error);
        const QStringList restore{"restore",
                                  path("pair/input_000.ome.tif"),
                                  path("pair/input_001.ome.tif"),
                                  "--model",
                                  package,
                                  "--json",
                                  "-q"};
        const auto severities = [&](const QStringList& arguments) {
            const auto result = run(restore + arguments);
            QVector<double> values;
            for (const auto& value : result.json()["files"].toArray()) {
                const auto file = value.toObject();
                if (!file["severity_estimated"].toBool()) return QVector<double>();
                values.push_back(file["severity"].toArray().first().toDouble());
            }
            return values;
        };
        const auto each = severities({"-o", path("each")});
        const auto all = severities({"-o", path("all"), "--one-acquisition"});
        QCOMPARE(each.size(), 2);
        QCOMPARE(all.size(), 2);
        QVERIFY(each[0] != each[1]);
        QCOMPARE(all[0], all[1]);
    }

    // A denoising model from recipe to result: every kind of sampler is measured, also on a blur
    // that no network was taught, and restores a file.
    void trainsMeasuresAndDenoises() {
        const auto recipe = write("dim.recipe.json", R"({
          "name": "dim", "task": "denoise", "scenes": ["nuclei", "membranes"],
          "outputs": [{"name": "cells"}],
          "samplers": [{"name": "hdn", "samples": 4}, {"name": "ddrm", "steps": 6, "samples": 2},
                       {"name": "oneshot"}, {"name": "wiener"}],
          "tile": 64, "overlap": 16, "field": {"size": 64, "planes": 3},
          "min_photons": 20, "max_photons": 200, "deblur_na": 0.6,
          "fields": 8, "validation_fields": 10, "test_fields": 2, "seed": 5,
          "networks": [
            {"role": "oneshot", "widths": [16], "steps": 2, "batch": 2, "patch": 32},
            {"role": "prior", "widths": [16], "steps": 2, "batch": 2, "patch": 32},
            {"role": "hdn", "widths": [16, 16], "latents": 4, "warmup": 5, "learning_rate": 3e-3,
             "steps": 150, "batch": 8, "patch": 32}
          ]
        })");
        const auto package = path("dim.posteria");
        auto r = run({"train", recipe, "-o", package, "--json", "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto quality = r.json()["quality"].toObject();
        const auto psnr = [](const QJsonValue& place) {
            return place["channels"]["cells"]["mean"]["psnr"].toDouble();
        };
        const auto samplers = quality["samplers"].toObject();
        QCOMPARE(samplers.keys(), QStringList({"ddrm", "hdn", "oneshot", "wiener"}));
        const double input = quality["trivial"]["cells"]["psnr"].toDouble(),
                     best = psnr(quality["baselines"]["wiener"]);
        // Even told nothing but the image, the filter gains; told the spectra, more.
        QVERIFY2(psnr(samplers["wiener"]) > input + 1 && best > psnr(samplers["wiener"]), r.out);
        const auto compared = quality["compared"]["cells"].toObject();
        QCOMPARE(compared["hdn_over_input_db"].toDouble(), psnr(samplers["hdn"]) - input);
        QCOMPARE(compared["hdn_below_oneshot_db"].toDouble(),
                 psnr(samplers["oneshot"]) - psnr(samplers["hdn"]));
        QCOMPARE(compared["ddrm_over_wiener_db"].toDouble(), psnr(samplers["ddrm"]) - best);
        QVERIFY2(compared["hdn_over_input_db"].toDouble() > 2, r.out);
        const auto deblur = quality["deblur"].toObject();
        QCOMPARE(deblur["na"].toDouble(), 0.6);
        QVERIFY(deblur["baselines"]["richardson-lucy"]["iterations"].toDouble() >= 1);
        QVERIFY(psnr(deblur["baselines"]["wiener"]) >
                deblur["trivial"]["cells"]["psnr"].toDouble() + 1);
        QCOMPARE(deblur["compared"]["cells"]["ddrm_over_wiener_db"].toDouble(),
                 psnr(deblur["samplers"]["ddrm"]) - psnr(deblur["baselines"]["wiener"]));
        r = run({"models", "page", package, "-o", path("DIM.md")});
        QVERIFY2(r.code == 0, r.error);
        const auto page = contents(path("DIM.md"));
        QVERIFY(page.contains("| cells | wiener, with the true spectra | "));
        QVERIFY(page.contains("blurred by an objective of NA 0.60"));
        QVERIFY(page.contains("dB below the one-shot network."));

        r = run({"simulate", "--task", "denoise", "--size", "96x96", "-o", path("dim"), "-q"});
        QVERIFY2(r.code == 0, r.error);
        const auto input_0 = path("dim/input_000.ome.tif");
        for (const QStringList& more :
             {QStringList{"hdn"}, QStringList{"ddrm", "--psf", path("dim/truth_000.ome.tif")},
              QStringList{"wiener", "--camera-offset", "95"}}) {
            r = run(QStringList{"restore", input_0, "--model", package, "-o",
                                path("out-" + more[0]), "--json", "-q", "--sampler"} +
                    more);
            // A picture of 96 pixels has no middle: it is no point spread function.
            QCOMPARE(r.code, more[0] == "ddrm" ? 2 : 0);
            if (r.code == 2) QVERIFY2(r.error.contains("odd"), r.error);
            if (more[0] != "wiener") continue;
            const auto report = r.json()["files"].toArray().first().toObject();
            QVERIFY(report["command"].toString().contains("--camera-offset 95"));
            QCOMPARE(report["network_calls"].toInt(), 0);
        }
    }

    void tellsWhatIsWrong() {
        QByteArray text = kRecipe;
        auto r =
            run({"train", write("no.recipe.json", text.replace("fields\": 24", "feilds\": 24")),
                 "-o", path("no.posteria"), "-q"});
        QCOMPARE(r.code, 2);
        QVERIFY2(r.error.contains("feilds"), r.error);
        QVERIFY(!QFile::exists(path("no.posteria")));

        r = run({"measure", path("nothing.posteria"), "-q"});
        QCOMPARE(r.code, 4);
        QVERIFY2(r.error.contains("nothing.posteria"), r.error);
    }
};

QTEST_GUILESS_MAIN(TestCliTrain)
#include "tst_cli_train.moc"
