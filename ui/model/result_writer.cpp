#include "ui/model/result_writer.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/fingerprint.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/engine/report.h"
#include "core/io/ome_tiff_writer.h"

namespace posteria::ui {

namespace {

constexpr auto kSaved = "mean,std,samples";

// The same pixels under another description; the source stays alive as long as the result.
class Borrowed : public image::PlaneSource {
  public:
    explicit Borrowed(image::StackPtr stack) : m_stack(std::move(stack)) {}
    image::Plane read(const image::PlaneIndex& plane, int level,
                      const image::Rect& rect) const override {
        return m_stack->read(plane, level, rect);
    }

  private:
    image::StackPtr m_stack;
};

// Of a finished run its own; of one that was stopped what is known of it.
engine::RunReport reportOf(const Run& run) {
    if (run.report()) return *run.report();
    const auto& request = run.request();
    engine::RunReport report;
    report.appVersion = kVersion;
    report.model = request.model;
    report.sampler = request.sampler;
    report.steps = request.steps;
    report.seed = request.seed;
    report.device = request.device;
    report.tile = request.tile;
    report.overlap = request.overlap;
    if (const auto& snapshot = run.snapshot()) {
        report.samples = snapshot->samples;
        report.severity = snapshot->diagnostics.severity;
        report.severityEstimated = snapshot->diagnostics.severityEstimated;
        report.monteCarloError = snapshot->diagnostics.monteCarloError;
        report.warnings = snapshot->diagnostics.warnings;
        report.calibrated = snapshot->stdCalibrated;
    }
    report.warnings.push_back("The run was stopped before its last sample.");
    return report;
}

image::StackPtr described(const image::StackPtr& stack, const Run& run, const std::string& name,
                          const std::vector<std::string>& channelSuffixes = {}) {
    auto info = stack->info();
    const auto& input = run.request().input->info();
    info.name = name;
    if (!info.voxelSize) info.voxelSize = input.voxelSize;
    if (!info.timeIncrementS) info.timeIncrementS = input.timeIncrementS;
    for (std::size_t c = 0; c < std::min(info.channels.size(), channelSuffixes.size()); ++c)
        info.channels[c].name += channelSuffixes[c];
    const auto report = reportOf(run);
    info.annotations = engine::provenance(report, input.path,
                                          engine::commandLine(run.request(), report, ".", kSaved));
    if (!run.inputSha256().isEmpty())
        info.annotations["posteria.input.sha256"] = run.inputSha256().toStdString();
    return std::make_shared<const image::Stack>(std::move(info), std::make_unique<Borrowed>(stack));
}

// "mean" of STEM.mean.ome.tif.
QString kindOf(const Run& run, ResultWriter::Result result) {
    using Result = ResultWriter::Result;
    if (result == Result::Mean) return QStringLiteral("mean");
    if (result == Result::Samples) return QStringLiteral("samples");
    if (result == Result::Uncertainty) switch (run.spread()) {
            case Run::Spread::Relative:
                return QStringLiteral("relative");
            case Run::Spread::Interval:
                return QStringLiteral("width");
            case Run::Spread::Exceedance:
                return QStringLiteral("probability");
            case Run::Spread::Deviation:
            case Run::Spread::Confidence:
                break;
        }
    return QStringLiteral("std");
}

// What the map that is shown measures, added to the name of each of its channels: " (calibrated)",
// " (P(x > 12.3), uncalibrated)".
std::vector<std::string> measures(const Run& run, std::int64_t channels) {
    std::vector<std::string> texts;
    for (std::int64_t c = 0; c < channels; ++c)
        texts.push_back(" (" + run.spreadText(int(c)).toStdString() + ")");
    return texts;
}

QString stem(const Run& run) {
    auto name = QFileInfo(QString::fromStdString(run.request().input->info().path)).fileName();
    if (name.isEmpty() && run.input()) name = run.input()->name();
    static const QRegularExpression ending(QStringLiteral("(\\.ome)?\\.(tiff?|btf|tf2|tf8|lsm)$"),
                                           QRegularExpression::CaseInsensitiveOption);
    name.remove(ending);
    return name.isEmpty() ? QStringLiteral("image") : name;
}

}  // namespace

ResultWriter::ResultWriter(QObject* parent) : QObject(parent) {}

ResultWriter::~ResultWriter() {
    m_token.cancel();
    m_pool.waitForDone();
}

QString ResultWriter::fileName(const Run& run, Result result) {
    return QStringLiteral("%1.%2.ome.tif").arg(stem(run), kindOf(run, result));
}

ResultFile ResultWriter::file(const Run& run, Result result, const QString& path) {
    ResultFile file{path, {}, {}, {}};
    const auto& snapshot = run.snapshot();
    if (!snapshot) return file;
    // Colours of two measures are a way to look, not a map: its file is the standard deviation's.
    if (result == Result::Uncertainty &&
        (run.spread() == Run::Spread::Deviation || run.spread() == Run::Spread::Confidence))
        result = Result::Deviation;
    if (result == Result::Mean && snapshot->mean) {
        file.sources = {snapshot->mean};
        file.series.push_back(described(snapshot->mean, run, "mean"));
    }
    const auto channels = snapshot->std ? snapshot->std->shape().c : 0;
    if (result == Result::Deviation && snapshot->std) {
        file.sources = {snapshot->std};
        file.series.push_back(
            described(snapshot->std, run, "std",
                      std::vector<std::string>(snapshot->stdCalibrated ? std::size_t(channels) : 0,
                                               " (calibrated)")));
    }
    if (result == Result::Uncertainty && snapshot->std)
        file.series.push_back(described(run.uncertainty()->stack(), run,
                                        kindOf(run, result).toStdString(),
                                        measures(run, channels)));
    if (result == Result::Samples) {
        file.sources = snapshot->kept;
        for (std::size_t k = 0; k < snapshot->kept.size(); ++k)
            file.series.push_back(
                described(snapshot->kept[k], run, "sample " + std::to_string(k + 1)));
    }
    return file;
}

std::vector<ResultFile> ResultWriter::allFiles(const Run& run) {
    std::vector<ResultFile> files;
    for (const auto result : {Result::Mean, Result::Deviation, Result::Samples}) {
        auto images = file(run, result, fileName(run, result));
        if (!images.series.empty()) files.push_back(std::move(images));
    }
    if (files.empty()) return files;
    const auto report = reportOf(run);
    const auto path = run.request().input->info().path;
    files.push_back({stem(run) + QStringLiteral(".report.json"),
                     {},
                     [=, request = run.request()](const QString& folder) {
                         const auto sha = QFileInfo::exists(QString::fromStdString(path))
                                              ? sha256OfPath(path)
                                              : std::string();
                         return engine::reportJson(
                             report, path, sha,
                             engine::commandLine(request, report, folder.toStdString(), kSaved));
                     },
                     {}});
    return files;
}

void ResultWriter::write(std::vector<ResultFile> files) {
    m_token = CancelToken();
    setBusy(true);
    m_pool.start([this, files = std::move(files), token = m_token] {
        QStringList paths;
        std::vector<ResultFile> complete;
        QString message, hint;
        try {
            for (std::size_t i = 0; i < files.size(); ++i) {
                const auto report = [&](std::int64_t done, std::int64_t all) {
                    const double fraction =
                        (double(i) + double(done) / double(all)) / double(files.size());
                    QMetaObject::invokeMethod(
                        this, [this, fraction] { Q_EMIT progress(fraction); },
                        Qt::QueuedConnection);
                };
                const auto path = files[i].path.toStdString();
                if (files[i].text)
                    writeTextFile(path, files[i].text(QFileInfo(files[i].path).absolutePath()));
                else
                    io::writeOmeTiff(path, files[i].series, {}, token, report);
                paths << files[i].path;
                complete.push_back(files[i]);
            }
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Cancelled) {
                log::error(e.what());
                message = QString::fromStdString(e.message());
                if (!e.where().empty())
                    message = QString::fromStdString(e.where()) + QStringLiteral(": ") + message;
                hint = QString::fromStdString(e.hint());
            }
        } catch (const std::exception& e) {
            log::error(std::string("Saving failed: ") + e.what());
            message = tr("The results could not be saved.");
            hint = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, paths, message, hint, complete] {
                remember(complete);
                setBusy(false);
                if (!message.isEmpty())
                    Q_EMIT failed(message, hint);
                else if (!paths.isEmpty())
                    Q_EMIT written(paths);
            },
            Qt::QueuedConnection);
    });
}

void ResultWriter::remember(const std::vector<ResultFile>& files) {
    for (const auto& file : files) {
        const auto path = QFileInfo(file.path).absoluteFilePath();
        m_known.erase(std::remove_if(m_known.begin(), m_known.end(),
                                     [&](const Known& known) { return known.path == path; }),
                      m_known.end());
        if (!file.sources.empty())
            m_known.push_back({path, {file.sources.begin(), file.sources.end()}});
    }
}

QString ResultWriter::fileOf(const std::vector<image::StackPtr>& series) const {
    if (series.empty()) return {};
    const auto& info = series.front()->info();
    QString found;
    if (info.reader != "memory" && !info.path.empty())
        found = QFileInfo(QString::fromStdString(info.path)).absoluteFilePath();
    for (const auto& known : m_known) {
        const bool same =
            std::equal(known.sources.begin(), known.sources.end(), series.begin(), series.end(),
                       [](const auto& kept, const auto& stack) { return kept.lock() == stack; });
        if (same) found = known.path;
    }
    return QFileInfo::exists(found) ? found : QString();
}

void ResultWriter::cancel() {
    m_token.cancel();
}

void ResultWriter::setBusy(bool busy) {
    if (std::exchange(m_busy, busy) != busy) Q_EMIT busyChanged(busy);
}

}  // namespace posteria::ui
