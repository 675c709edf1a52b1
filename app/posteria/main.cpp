// posteria: the desktop program. Options and exit codes are those of the contract.
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/engine/engine_loader.h"
#include "core/io/open.h"
#include "core/package/model_package.h"
#include "core/plugin/image_plugins.h"
#include "ui/model/preferences.h"
#include "ui/shell/automation.h"
#include "ui/shell/benchmark.h"
#include "ui/shell/main_window.h"
#include "ui/viewer/graphics.h"
#include "ui/viewer/linked_canvas.h"
#include "ui/widgets/theme.h"

#ifdef Q_OS_LINUX
#include <unistd.h>
#endif

namespace {

using namespace posteria;

// Milliseconds since the process began, loading of libraries included; -1 where that is not known.
double processAgeMs() {
#ifdef Q_OS_LINUX
    std::ifstream file("/proc/self/stat");
    std::string text;
    std::getline(file, text);
    // The program's name may hold spaces; fields are counted from behind its bracket.
    const auto fields =
        QString::fromStdString(text.substr(text.rfind(')') + 2)).split(QLatin1Char(' '));
    timespec now{};
    if (fields.size() < 20 || clock_gettime(CLOCK_BOOTTIME, &now) != 0) return -1;
    const double started = fields[19].toDouble() / double(sysconf(_SC_CLK_TCK));
    return (double(now.tv_sec) + double(now.tv_nsec) * 1e-9 - started) * 1000;
#else
    return -1;
#endif
}

QString samplesFolder() {
    const QDir installed(QCoreApplication::applicationDirPath() +
                         QStringLiteral("/../share/posteria/samples"));
    return installed.exists() ? installed.absolutePath() : QStringLiteral(POSTERIA_SOURCE_SAMPLES);
}

int usageError(const QString& message) {
    std::fprintf(stderr, "posteria: %s\nTry posteria --help.\n", qPrintable(message));
    return exitCode(ErrorKind::Usage);
}

int writeBenchmark(ui::shell::MainWindow& window, double startMs, const QString& path) {
    ui::shell::Benchmark benchmark(&window, startMs);
    try {
        writeTextFile(path.toStdString(), QJsonDocument(benchmark.run()).toJson().toStdString());
    } catch (const Error& e) {
        log::error(e.what());
        return exitCode(e.kind());
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Restores microscopy images by posterior sampling and shows how sure it is."));
    parser.addPositionalArgument(QStringLiteral("FILE"), QStringLiteral("images to open"),
                                 QStringLiteral("[FILE...]"));
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    const QCommandLineOption model(QStringLiteral("model"),
                                   QStringLiteral("a bundled model's name or a package's path"),
                                   QStringLiteral("M"));
    const QCommandLineOption restore(
        QStringLiteral("restore"),
        QStringLiteral("run the model with its defaults once the file is shown"));
    const QCommandLineOption layout(QStringLiteral("layout"),
                                    QStringLiteral("what the canvas shows: grid, ortho or 3d"),
                                    QStringLiteral("LAYOUT"), QStringLiteral("grid"));
    const QCommandLineOption screenshot(
        QStringLiteral("screenshot"),
        QStringLiteral("save the whole window when all work has ended"), QStringLiteral("OUT.png"));
    const QCommandLineOption tour(
        QStringLiteral("tour-pictures"),
        QStringLiteral("walk through the tour and save a picture of the window after each step"),
        QStringLiteral("FOLDER"));
    const QCommandLineOption exitAfter(QStringLiteral("exit"),
                                       QStringLiteral("close when all work has ended"));
    const QCommandLineOption benchmark(
        QStringLiteral("benchmark"),
        QStringLiteral("measure the window, write the figures as JSON, close"),
        QStringLiteral("OUT.json"));
    const QCommandLineOption settingsFile(QStringLiteral("settings"),
                                          QStringLiteral("keep the settings in this file"),
                                          QStringLiteral("FILE"));
    const QCommandLineOption verbose(QStringLiteral("verbose"),
                                     QStringLiteral("say more on stderr"));
    parser.addOptions(
        {model, restore, layout, screenshot, tour, exitAfter, benchmark, settingsFile, verbose});
    if (!parser.parse(arguments)) return usageError(parser.errorText());
    if (parser.isSet(version)) {
        std::printf("posteria %s\n", kVersion);
        return 0;
    }
    if (parser.isSet(help)) {
        std::printf("%s", qPrintable(parser.helpText()));
        return 0;
    }
    const auto layoutWanted = ui::viewer::layoutOf(parser.value(layout));
    if (!layoutWanted)
        return usageError(QStringLiteral("--layout is one of grid, ortho and 3d, not %1.")
                              .arg(parser.value(layout)));
    if (parser.isSet(verbose)) log::setLevel(log::Level::Debug);

    ui::viewer::prepareGraphics();
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("posteria"));
    QCoreApplication::setApplicationVersion(QLatin1String(kVersion));
    const auto settings =
        parser.isSet(settingsFile)
            ? std::make_unique<QSettings>(parser.value(settingsFile), QSettings::IniFormat)
            : std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope,
                                          QStringLiteral("posteria"), QStringLiteral("posteria"));
    namespace theme = ui::widgets::theme;
    theme::apply(application, ui::Preferences(settings.get()).lightTheme() ? theme::Theme::Light
                                                                           : theme::Theme::Dark);
    // Loaded when the first file is opened, or the list of plugins.
    const auto plugins = std::make_shared<const plugin::PluginSet>();
    plugin::useImagePlugins(plugins);
    ui::shell::Services services;
    services.engine = [] { return engine::loadEngine(); };
    services.open = [](const std::string& path) { return io::openAll(path); };
    services.models = [] { return package::listPackages(); };
    services.plugins = plugins;
    services.samplesFolder = samplesFolder();
    ui::shell::MainWindow window(services, settings.get(), new ui::viewer::LinkedCanvas);

    ui::shell::Plan plan;
    for (const auto& file : parser.positionalArguments())
        plan.files << QDir::cleanPath(QFileInfo(file).absoluteFilePath());
    plan.model = parser.value(model);
    plan.restore = parser.isSet(restore);
    plan.screenshot = parser.value(screenshot);
    plan.tourPictures = parser.value(tour);
    plan.exit = parser.isSet(exitAfter);
    ui::shell::Automation automation(&window, plan);
    double startMs = -1;
    QObject::connect(&window, &ui::shell::MainWindow::painted, &window, [&] {
        startMs = processAgeMs();
        log::debug("Window painted " + std::to_string(int(startMs)) + " ms after the start.");
    });
    QObject::connect(&automation, &ui::shell::Automation::done, &window, [&](int result) {
        int code = result;
        if (parser.isSet(benchmark))
            code = writeBenchmark(window, startMs, parser.value(benchmark));
        if (plan.exit || parser.isSet(benchmark)) QCoreApplication::exit(code);
    });
    window.showLayout(*layoutWanted);
    window.show();
    return QApplication::exec();
}
