// The Gaussian blur through the host: its adjoint, its light, its shape, its refusals.
#include <QtTest>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "core/base/error.h"
#include "core/plugin/plugin_calls.h"
#include "tests/plugins/shipped.h"

using namespace posteria;
using plugin::Direction;

namespace {

std::vector<float> random(std::int64_t n, unsigned seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(static_cast<std::size_t>(n));
    for (auto& value : values)
        value = normal(generator);
    return values;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += double(a[i]) * double(b[i]);
    return sum;
}

}  // namespace

class TestGaussianBlur : public QObject {
    Q_OBJECT

    std::shared_ptr<const plugin::PluginSet> m_set = shipped::plugins();
    const plugin::Plugin* m_blur = nullptr;

    std::vector<float> run(Direction direction, double severity, const image::Shape& shape,
                           const std::vector<float>& in) const {
        std::vector<float> out(in.size(), NAN);
        plugin::degrade(*m_blur, direction, severity, shape, in.data(), out.data());
        return out;
    }

  private Q_SLOTS:
    void initTestCase() {
        m_blur = shipped::find(*m_set, "posteria.gaussian-blur");
        QVERIFY(m_blur);
        QCOMPARE(m_blur->kind, std::uint32_t(POSTERIA_DEGRADATION));
    }

    // <D x, y> = <x, D^T y>, also where the kernel is wider than the image.
    void adjointIsTheTranspose_data() {
        QTest::addColumn<double>("severity");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("full") << 1.0 << 37 << 52;
        QTest::newRow("half") << 0.5 << 37 << 52;
        QTest::newRow("slight") << 0.01 << 16 << 16;
        QTest::newRow("narrow") << 1.0 << 3 << 40;
        QTest::newRow("one pixel high") << 1.0 << 1 << 5;
    }
    void adjointIsTheTranspose() {
        QFETCH(double, severity);
        QFETCH(int, height);
        QFETCH(int, width);
        const image::Shape shape{2, 1, 3, height, width};
        const auto n = shape.planes() * height * width;
        const auto x = random(n, 1), y = random(n, 2);
        const double forward = dot(run(Direction::Apply, severity, shape, x), y);
        const double back = dot(x, run(Direction::Adjoint, severity, shape, y));
        // float32 results: a few ulp of the norms' product.
        const double scale = std::sqrt(dot(x, x) * dot(y, y));
        QVERIFY2(std::abs(forward - back) < 1e-7 * scale,
                 qPrintable(QString("%1 and %2").arg(forward, 0, 'g', 12).arg(back, 0, 'g', 12)));
    }

    void severityZeroIsClean() {
        const image::Shape shape{1, 1, 1, 9, 11};
        const auto x = random(99, 3);
        QCOMPARE(run(Direction::Apply, 0, shape, x), x);
    }

    // A point far from the edges becomes a Gaussian of 2 t pixels standard deviation.
    void hasItsWidthAndKeepsLight() {
        const image::Shape shape{1, 1, 1, 41, 41};
        std::vector<float> x(41 * 41, 0);
        x[20 * 41 + 20] = 1000;
        for (const double severity : {0.5, 1.0}) {
            const auto y = run(Direction::Apply, severity, shape, x);
            double light = 0, variance = 0;
            for (int i = 0; i < 41 * 41; ++i) {
                light += y[std::size_t(i)];
                variance += y[std::size_t(i)] * std::pow(i % 41 - 20, 2);
            }
            QVERIFY(std::abs(light - 1000) < 1e-2);
            // Ending the kernel at four standard deviations takes 0.1 % off its variance.
            const double sigma = 2 * severity;
            QVERIFY2(std::abs(variance / light / (sigma * sigma) - 1) < 0.01,
                     qPrintable(QString::number(variance / light)));
        }
        // At the edge too.
        std::vector<float> corner(41 * 41, 0);
        corner[0] = 1000;
        const auto y = run(Direction::Apply, 1, shape, corner);
        QVERIFY(std::abs(std::accumulate(y.begin(), y.end(), 0.0) - 1000) < 1e-2);
    }

    void refusesWhatItCannotDo() {
        const image::Shape shape{1, 1, 1, 2, 2};
        const std::vector<float> x(4, 1);
        QVERIFY_EXCEPTION_THROWN(run(Direction::Apply, 1.5, shape, x), Error);
        const CancelToken stopped;
        stopped.cancel();
        std::vector<float> out(4);
        try {
            plugin::degrade(*m_blur, Direction::Apply, 1, shape, x.data(), out.data(), stopped);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Cancelled);
        }
    }
};

QTEST_APPLESS_MAIN(TestGaussianBlur)
#include "tst_gaussian_blur.moc"
