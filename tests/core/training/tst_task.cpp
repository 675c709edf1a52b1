// What the tasks make of a scene.
#include <QtTest>

#include "core/tensor/torch_compat.h"
#include "core/training/task.h"

using namespace posteria;
using namespace posteria::training;

class TestTask : public QObject {
    Q_OBJECT

    static simulation::FieldSettings small() {
        simulation::FieldSettings settings;
        settings.height = settings.width = 48;
        settings.planes = 9;
        return settings;
    }

  private Q_SLOTS:
    void everyNameIsATask() {
        QCOMPARE(taskNames().size(), std::size_t(4));
        for (const auto& name : taskNames())
            QVERIFY(findTask(name));
        QVERIFY(!findTask("sharpen"));
    }

    // The ends of the severity are what the law says, and seen is linear in the layers.
    void severityRunsFromCleanToDegraded_data() {
        QTest::addColumn<QString>("name");
        for (const auto& name : taskNames())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void severityRunsFromCleanToDegraded() {
        QFETCH(QString, name);
        const Task& task = *findTask(name.toStdString());
        std::vector<std::string> scenes{"filaments", "vesicles"};
        scenes.resize(static_cast<std::size_t>(task.scenes()));
        const at::Tensor layers = task.simulate(scenes, small(), 3);
        const at::Tensor clean = task.clean(layers);
        QCOMPARE(clean.size(0), std::int64_t(task.channels()));
        QVERIFY(at::allclose(task.seen(layers, 0), clean[0], 1e-6, 1e-6));
        QVERIFY(task.knowsSeverity() ==
                !at::allclose(task.seen(layers, 1), task.seen(layers, 0), 1e-3, 1e-3));
        for (const double t : {0.0, 0.3, 0.5, 1.0}) {
            const at::Tensor other = task.simulate(scenes, small(), 4);
            QVERIFY(at::allclose(task.seen(2 * layers + other, t),
                                 2 * task.seen(layers, t) + task.seen(other, t), 1e-4, 1e-4));
        }
        QVERIFY(task.usualSeverity() >= 0 && task.usualSeverity() <= 1);
        QVERIFY(!task.severityLaw().empty());
    }

    // A level that was not kept lies between its neighbours and is near what would be simulated.
    void hazeBetweenLevels() {
        const Task& task = *findTask("dehaze");
        auto settings = small();
        const at::Tensor layers = task.simulate({"filaments"}, settings, 5);
        settings.scene = "filaments";
        for (const double t : {0.25, 1.0 / 3, 0.6, 0.75}) {
            const at::Tensor exact = simulation::simulateHazeSeries(settings, {t}, 5)[0];
            const double off =
                ((task.seen(layers, t) - exact).norm() / exact.norm()).item<double>();
            QVERIFY2(off < 0.03, qPrintable(QString("%1: %2").arg(t).arg(off)));
        }
    }

    // An open pinhole lets all light through that the lens collects, and blurs more; mixing blurs
    // both alike.
    void focusBlurIsWiderThanTheClean() {
        const auto blur = findTask("dehaze")->focusBlur(small(), 5, 1);
        QVERIFY(blur);
        const auto peak = [](const at::Tensor& psf) {
            const auto side = psf.size(0);
            return (psf[side / 2][side / 2] / psf.sum()).item<double>();
        };
        QVERIFY(std::abs(blur->seen.sum().item<double>() - 1) < 1e-3);
        QVERIFY(std::abs(blur->clean.sum().item<double>() - 1) < 1e-3);
        QVERIFY(peak(blur->seen) < 0.9 * peak(blur->clean));
        QVERIFY(!findTask("split")->focusBlur(small(), 5, 1));
    }
};

QTEST_APPLESS_MAIN(TestTask)
#include "tst_task.moc"
