// Networks and their weight files: shapes, sizes, reach, determinism, precision, damaged files.
#include <QtTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/nn/model.h"
#include "core/nn/radial_filter.h"
#include "core/nn/safetensors.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"

using namespace posteria;
using namespace posteria::nn;

namespace {

package::NetworkSpec spec(const std::string& role, int in, int out, int conditions) {
    package::NetworkSpec s;
    s.role = role;
    s.file = role + ".safetensors";
    s.widths = {16, 32, 32};
    s.inChannels = in;
    s.outChannels = out;
    s.conditions = conditions;
    return s;
}

// Zeroed layers would hide mistakes: every weight gets a value.
void randomise(Network& network, std::uint64_t seed) {
    torch::NoGradGuard guard;
    auto generator = tensor::makeGenerator(seed, 1);
    for (auto& [name, w] : network.weights()) {
        at::Tensor values = w;
        values.copy_(0.2 * tensor::normal(w.sizes(), generator) +
                     (name.find("norm.scale") != std::string::npos ? 1 : 0));
    }
}

at::Tensor noise(at::IntArrayRef shape, std::uint64_t seed) {
    auto generator = tensor::makeGenerator(seed, 2);
    return tensor::normal(shape, generator);
}

}  // namespace

class TestNetwork : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void anySizeGoesThrough_data() {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("fits") << 64 << 32;
        QTest::newRow("odd") << 37 << 51;
        QTest::newRow("tiny") << 3 << 5;
    }
    void anySizeGoesThrough() {
        QFETCH(int, height);
        QFETCH(int, width);
        c10::InferenceMode guard;
        Network network(spec("velocity", 3, 2, 2), 1);
        randomise(network, 1);
        const at::Tensor out = network.forward(noise({2, 3, height, width}, 1), at::rand({2, 2}));
        QCOMPARE(out.sizes().vec(), (std::vector<std::int64_t>{2, 2, height, width}));
        QVERIFY(out.isfinite().all().item<bool>());
    }

    // The same pixels come out whatever lies far away: what tiles rely on.
    void reachIsLocal() {
        c10::InferenceMode guard;
        Network network(spec("oneshot", 1, 2, 1), 1);
        randomise(network, 2);
        at::Tensor x = noise({1, 1, 64, 256}, 3), other = x.clone();
        other.slice(3, 200, 256).mul_(-3).add_(5);
        const at::Tensor t = at::full({1, 1}, 0.5);
        const at::Tensor difference = (network.forward(x, t) - network.forward(other, t)).abs();
        QVERIFY(difference.slice(3, 0, 100).max().item<float>() == 0.0f);
        QVERIFY(difference.slice(3, 200, 256).max().item<float>() > 0.0f);
    }

    void imagesOfABatchAreIndependent() {
        c10::InferenceMode guard;
        Network network(spec("oneshot", 1, 2, 1), 1);
        randomise(network, 2);
        const at::Tensor x = noise({3, 1, 32, 32}, 3), t = at::rand({3, 1});
        const at::Tensor alone = network.forward(x.slice(0, 1, 2), t.slice(0, 1, 2));
        QVERIFY(at::allclose(network.forward(x, t).slice(0, 1, 2), alone, 1e-4, 1e-5));
    }

    void conditionsMatter() {
        c10::InferenceMode guard;
        Network network(spec("velocity", 3, 2, 2), 1);
        randomise(network, 3);
        const at::Tensor x = noise({1, 3, 32, 32}, 4);
        const at::Tensor a = network.forward(x, at::tensor({0.1f, 0.5f}).view({1, 2}));
        const at::Tensor b = network.forward(x, at::tensor({0.9f, 0.5f}).view({1, 2}));
        QVERIFY((a - b).abs().max().item<float>() > 1e-3f);
    }

    void freshWeightsDependOnTheSeedAlone() {
        const auto first = Network(spec("oneshot", 1, 2, 1), 5).weights();
        torch::manual_seed(12345);
        const auto again = Network(spec("oneshot", 1, 2, 1), 5).weights();
        const auto other = Network(spec("oneshot", 1, 2, 1), 6).weights();
        for (const auto& [name, w] : first)
            QVERIFY2(at::equal(w, again.at(name)), name.c_str());
        QVERIFY(!at::equal(first.at("stem.weight"), other.at("stem.weight")));
    }

    // bfloat16 keeps eight bits: the result differs by about a per cent, not by more.
    void halfPrecisionIsClose() {
        c10::InferenceMode guard;
        Network network(spec("oneshot", 1, 2, 1), 1);
        randomise(network, 7);
        const at::Tensor x = noise({1, 1, 32, 32}, 5), t = at::full({1, 1}, 0.5);
        const at::Tensor exact = network.forward(x, t);
        network.to(at::kCPU, at::kBFloat16);
        const at::Tensor coarse = network.forward(x, t);
        QCOMPARE(coarse.scalar_type(), at::kFloat);
        const double error = ((coarse - exact).norm() / exact.norm()).item<double>();
        QVERIFY2(error < 0.03 && error > 0, qPrintable(QString::number(error)));
    }

    // The velocity's preconditioning must not change what is learnt: with a network that answers
    // zero, v is the best linear guess for unit-variance data, (2 tau - 1) x / ((1 - tau)^2 +
    // tau^2).
    void velocityOfAnEmptyNetworkIsTheLinearGuess() {
        c10::InferenceMode guard;
        package::ModelPackage p;
        p.outputs = {"a", "b"};
        p.networks = {spec("velocity", 3, 2, 2)};
        const Model model(p, 1);  // fresh networks answer zero
        const at::Tensor x = noise({1, 2, 16, 16}, 6), y = noise({1, 1, 16, 16}, 7);
        const double tau = 0.7;
        const at::Tensor v = model.velocity(x, y, at::full({1}, tau), at::full({1}, 0.5));
        QVERIFY(at::allclose(v, x * ((2 * tau - 1) / (0.3 * 0.3 + tau * tau)), 1e-5, 1e-6));
    }

    // The deviation by hand: dark counts as nothing, brightness is raised after smoothing, and a
    // channel's deviation hangs on the others' brightness by its own factors.
    void deviationFollowsTheBrightness() {
        package::ModelPackage p;
        p.outputs = {"a", "b"};
        p.targetMean = {1, 0};
        p.targetStd = {2, 1};
        p.residualVariance = {{0.5, 0.25, 2}, {0.1, 0, 0}};
        const Model model(p, 1);
        at::Tensor mean = at::zeros({1, 2, 13, 13});
        mean.select(1, 0).fill_(-3);  // below nothing
        mean[0][1][6][6] = 5;
        at::Tensor deviation = model.deviation(mean);
        // Three 3 x 3 means of a point: (7 / 27)^2 in the middle, (1 / 27)^2 at the corner.
        const auto expected = [](double seven) {
            return std::sqrt(0.5 + 2 * std::pow(5 * seven * seven / (27 * 27), 1.25));
        };
        QVERIFY(std::abs(deviation[0][0][6][6].item<double>() - expected(7)) < 1e-5);
        QVERIFY(std::abs(deviation[0][0][9][9].item<double>() - expected(1)) < 1e-5);
        QVERIFY(at::allclose(deviation[0][0][2], at::full({13}, std::sqrt(0.5))));
        QVERIFY(at::allclose(deviation[0][1], at::full({13, 13}, std::sqrt(0.1))));
        mean.select(1, 0).fill_(1.5);  // brightness 4
        deviation = model.deviation(mean);
        QVERIFY(at::allclose(deviation[0][0][0],
                             at::full({13}, std::sqrt(0.5 + 0.25 * std::pow(4, 1.25)))));
        const at::Tensor y = noise({1, 1, 13, 13}, 3), x = noise({1, 2, 13, 13}, 4);
        const at::Tensor guide = model.guide(y, mean);
        QVERIFY(at::allclose(model.fromFlow(model.toFlow(x, guide), guide), x, 1e-5, 1e-5));
    }

    // A gain that falls with the frequency: every wave comes out as many times as large, and what
    // is even stays.
    void gainsAreAppliedToTheirFrequencies() {
        RadialGain falling;
        for (int j = 0; j < package::kGainNodes; ++j)
            falling.push_back(1 / (1 + std::pow(j / 8.0, 4)));
        const std::vector<RadialGain> gains{falling, RadialGain(package::kGainNodes, 1)};
        const at::Tensor x = at::arange(64, at::kFloat);
        for (const int node : {0, 4, 8, 12, 16}) {
            const at::Tensor wave = at::cos(x * (2 * M_PI * node / 32)).expand({64, 64});
            const at::Tensor both = at::stack({wave, wave}).unsqueeze(0);
            const at::Tensor out = radiallyFiltered(both, gains);
            QCOMPARE(out.sizes(), both.sizes());
            // The repeated edge is no wave: the middle.
            const auto inside = [](const at::Tensor& image) {
                return image.slice(0, 8, 56).slice(1, 8, 56);
            };
            const double off =
                (inside(out[0][0]) - falling[node] * inside(wave)).abs().max().item<double>();
            QVERIFY2(off < 0.02, qPrintable(QString("node %1: %2").arg(node).arg(off)));
            QVERIFY(at::allclose(out[0][1], wave, 0, 1e-5));
        }
        // Thinner than the kernel.
        const at::Tensor thin = at::full({1, 2, 3, 40}, 7.0f);
        QVERIFY(at::allclose(radiallyFiltered(thin, gains), thin, 1e-5, 0));
    }

    // A truth seen through a known gain with a known share of noise: the least-squares gain undoes
    // the one and shuns the other.
    void gainsAreFoundByLeastSquares() {
        const at::Tensor truth = noise({40, 2, 64, 64}, 11);
        const at::Tensor pattern = noise({40, 2, 64, 64}, 12);
        const at::Tensor estimate =
            at::stack({0.5 * truth.select(1, 0), truth.select(1, 1) + 2 * pattern.select(1, 1)}, 1);
        const auto gains = radialGains(estimate, truth);
        QCOMPARE(gains.size(), std::size_t(2));
        for (int c = 0; c < 2; ++c) {
            QCOMPARE(gains[c].size(), std::size_t(package::kGainNodes));
            QCOMPARE(gains[c][0], 1.0);
            // The ends have few waves.
            for (int j = 2; j < 22; ++j) {
                QVERIFY2(
                    std::abs(gains[c][j] - (c == 0 ? 2 : 0.2)) < (c == 0 ? 1e-6 : 0.04),
                    qPrintable(QString("channel %1, node %2: %3").arg(c).arg(j).arg(gains[c][j])));
            }
        }
        // What runs against the truth, or is not there, counts as nothing.
        const auto none =
            radialGains(at::stack({-truth.select(1, 0), 0 * truth.select(1, 1)}, 1), truth);
        for (int j = 1; j < package::kGainNodes; ++j)
            QVERIFY(none[0][j] == 0 && none[1][j] == 0);
    }

    // The one-shot answer goes through the package's gains; without any it is the network's.
    void oneShotGoesThroughTheGains() {
        package::ModelPackage p;
        p.outputs = {"a", "b"};
        p.networks = {spec("oneshot", 1, 2, 1)};
        Model model(p, 1);
        randomise(model.network("oneshot"), 3);
        const at::Tensor y = noise({2, 1, 32, 32}, 4), severity = at::full({2}, 0.5);
        const at::Tensor plain = model.oneShot(y, severity);
        QVERIFY(at::equal(plain, model.network("oneshot").forward(y, severity.unsqueeze(1))));
        model.package().meanGain = {RadialGain(package::kGainNodes, 1),
                                    RadialGain(package::kGainNodes, 0.5)};
        const at::Tensor mean = model.oneShot(y, severity);
        QVERIFY(at::allclose(mean.select(1, 0), plain.select(1, 0), 1e-4, 1e-5));
        QVERIFY(at::allclose(mean.select(1, 1), 0.5 * plain.select(1, 1), 1e-4, 1e-5));
    }

    // Told from the dark level on an image keeps its brightness, and a network that adds nothing
    // gives it back as it came.
    void imagesToldFromTheDarkComeBackUnlessSomethingIsAdded() {
        package::ModelPackage p;
        p.outputs = {"a"};
        p.targetMean = {0.4};
        p.targetStd = {1.5};
        p.camera = {100, 2, 1};
        p.networks = {spec("oneshot", 1, 1, 1)};
        p.fromDark = true;
        const at::Tensor plane = 130 + 10 * noise({32, 32}, 8);
        for (const auto& offset : {std::optional<double>(), std::optional<double>(90)}) {
            const auto n = Normalisation::of(plane, p, offset);
            const at::Tensor y = n.input(plane).view({1, 1, 32, 32});
            Model model(p, 1);
            for (const auto& weight : model.network("oneshot").weights())
                weight.second.detach().zero_();
            const at::Tensor x = model.oneShot(y, at::zeros({1}))[0];
            QVERIFY(at::allclose(n.targetToGrey(x)[0], plane - offset.value_or(100), 1e-4, 1e-3));
            randomise(model.network("oneshot"), 3);
            QVERIFY(!at::allclose(model.oneShot(y, at::zeros({1}))[0], x, 1e-2, 1e-2));
        }
    }

    void normalisationComesBack() {
        package::ModelPackage p;
        p.targetMean = {0.4, 0.2};
        p.targetStd = {1.5, 0.7};
        const at::Tensor plane = 100 + 20 * noise({50, 50}, 8);
        const auto n = Normalisation::of(plane, p);
        const at::Tensor y = n.input(plane);
        QVERIFY(std::abs(y.mean().item<double>()) < 1e-5 &&
                std::abs(y.std(false).item<double>() - 1) < 1e-5);
        const at::Tensor truth = 30 * noise({2, 50, 50}, 9).abs();
        QVERIFY(at::allclose(n.targetToGrey(n.target(truth)), truth, 1e-4, 1e-3));
        QVERIFY_EXCEPTION_THROWN(Normalisation::of(at::full({4, 4}, NAN), p), Error);
        // Without a table the severity changes nothing; with one, the clean channels alone.
        QVERIFY(at::equal(n.at(0.2, p).target(truth), n.target(truth)));
        p.severityScale = {0.5, 1, 2};
        const auto told = n.at(0.75, p);
        QVERIFY(at::equal(told.input(plane), y));
        QVERIFY(at::allclose(told.targetToGrey(told.target(truth)), truth, 1e-4, 1e-3));
        QVERIFY(at::allclose(told.targetToGrey(y), 1.5 * n.targetToGrey(y), 1e-4, 1e-3));
        QCOMPARE(severityScale(p.severityScale, 0), 0.5);
        QCOMPARE(severityScale(p.severityScale, 1), 2.0);
        QCOMPARE(severityScale(p.severityScale, 2), 2.0);
    }

    void weightFilesComeBack() {
        QTemporaryDir folder;
        const auto path = folder.filePath("w.safetensors").toStdString();
        Network network(spec("oneshot", 1, 2, 1), 1);
        randomise(network, 9);
        writeSafetensors(path, network.weights(), at::kHalf, {{"step", "12"}});
        QCOMPARE(readSafetensorsMetadata(path).at("step"), std::string("12"));
        Network other(spec("oneshot", 1, 2, 1), 2);
        other.setWeights(readSafetensors(path));
        for (const auto& [name, w] : network.weights()) {
            QVERIFY2(at::equal(other.weights().at(name).to(at::kHalf), w.to(at::kHalf)),
                     name.c_str());
        }
        Network wrong(spec("oneshot", 1, 3, 1), 2);
        QVERIFY_EXCEPTION_THROWN(wrong.setWeights(readSafetensors(path)), Error);
    }

    void damagedWeightFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        const auto file = [](quint64 length, const QByteArray& json, const QByteArray& data) {
            return QByteArray(reinterpret_cast<const char*>(&length), 8) + json + data;
        };
        const auto whole = [&](const QByteArray& json,
                               const QByteArray& data = QByteArray(8, 'x')) {
            return file(static_cast<quint64>(json.size()), json, data);
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("short") << QByteArray("abc");
        QTest::newRow("header beyond the end") << file(1000, "{}", "");
        QTest::newRow("huge header") << file(~0ull, "{}", "");
        QTest::newRow("not JSON") << whole("{nonsense");
        QTest::newRow("list") << whole("[1]");
        QTest::newRow("no type") << whole(R"({"a":{"shape":[2],"data_offsets":[0,8]}})");
        QTest::newRow("strange type")
            << whole(R"({"a":{"dtype":"F8","shape":[2],"data_offsets":[0,8]}})");
        QTest::newRow("shape beyond data")
            << whole(R"({"a":{"dtype":"F32","shape":[1000000,1000000],"data_offsets":[0,8]}})");
        QTest::newRow("negative shape")
            << whole(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})");
        QTest::newRow("offsets beyond the end")
            << whole(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})");
        QTest::newRow("offsets swapped")
            << whole(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})");
        QTest::newRow("text as shape")
            << whole(R"({"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}})");
    }
    void damagedWeightFilesAreRefused() {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        QFile file(folder.filePath("w.safetensors"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        try {
            readSafetensors(file.fileName().toStdString());
            QFAIL("a damaged file was read");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Model);
        }
    }
};

QTEST_APPLESS_MAIN(TestNetwork)
#include "tst_network.moc"
