#include "ui/model/result_writer.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <exception>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/io/ome_tiff_writer.h"

namespace posteria::ui {

namespace {

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

std::string text(double value) {
    return QString::number(value, 'g', 6).toStdString();
}

// What somebody needs to do it again, as key and value.
std::map<std::string, std::string> provenance(const Run& run) {
    const auto& request = run.request();
    std::map<std::string, std::string> notes;
    notes["posteria.version"] = kVersion;
    notes["posteria.model"] = request.model;
    notes["posteria.sampler"] = request.sampler;
    notes["posteria.steps"] = std::to_string(request.steps);
    notes["posteria.seed"] = std::to_string(request.seed);
    notes["posteria.input"] = request.input->info().path;
    if (const auto& snapshot = run.snapshot()) {
        notes["posteria.samples"] = std::to_string(snapshot->samples);
        std::string severity;
        for (const double t : snapshot->diagnostics.severity)
            severity += (severity.empty() ? "" : ", ") + text(t);
        if (!severity.empty())
            notes["posteria.severity"] =
                severity + (snapshot->diagnostics.severityEstimated ? " (estimated)" : "");
        const auto& r = snapshot->region;
        notes["posteria.region"] = std::to_string(r.x) + "," + std::to_string(r.y) + "," +
                                   std::to_string(r.width) + "," + std::to_string(r.height);
    }
    if (const auto& report = run.report()) {
        notes["posteria.model"] = report->model;
        notes["posteria.model.sha256"] = report->modelSha256;
        notes["posteria.sampler"] = report->sampler;
        notes["posteria.steps"] = std::to_string(report->steps);
        notes["posteria.libtorch"] = report->torchVersion;
        notes["posteria.device"] = report->device;
        notes["posteria.precision"] = report->precision;
        notes["posteria.tile"] = std::to_string(report->tile);
        notes["posteria.overlap"] = std::to_string(report->overlap);
    }
    return notes;
}

image::StackPtr described(const image::StackPtr& stack, const Run& run, const std::string& name,
                          const std::string& channelSuffix = {}) {
    auto info = stack->info();
    const auto& input = run.request().input->info();
    info.name = name;
    if (!info.voxelSize) info.voxelSize = input.voxelSize;
    if (!info.timeIncrementS) info.timeIncrementS = input.timeIncrementS;
    for (auto& channel : info.channels)
        channel.name += channelSuffix;
    info.annotations = provenance(run);
    return std::make_shared<const image::Stack>(std::move(info), std::make_unique<Borrowed>(stack));
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

QString ResultWriter::suffix(Result result) {
    switch (result) {
        case Result::Mean:
            return QStringLiteral("mean.ome.tif");
        case Result::Uncertainty:
            return QStringLiteral("std.ome.tif");
        case Result::Samples:
            break;
    }
    return QStringLiteral("samples.ome.tif");
}

QString ResultWriter::fileName(const Run& run, Result result) {
    return stem(run) + QLatin1Char('.') + suffix(result);
}

ResultFile ResultWriter::file(const Run& run, Result result, const QString& path) {
    ResultFile file{path, {}};
    const auto& snapshot = run.snapshot();
    if (!snapshot) return file;
    if (result == Result::Mean && snapshot->mean)
        file.series.push_back(described(snapshot->mean, run, "mean"));
    if (result == Result::Uncertainty && snapshot->std)
        file.series.push_back(
            described(snapshot->std, run, "std", snapshot->stdCalibrated ? " (calibrated)" : ""));
    if (result == Result::Samples)
        for (std::size_t k = 0; k < snapshot->kept.size(); ++k)
            file.series.push_back(
                described(snapshot->kept[k], run, "sample " + std::to_string(k + 1)));
    return file;
}

void ResultWriter::write(std::vector<ResultFile> files) {
    m_token = CancelToken();
    setBusy(true);
    m_pool.start([this, files = std::move(files), token = m_token] {
        QStringList paths;
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
                io::writeOmeTiff(files[i].path.toStdString(), files[i].series, {}, token, report);
                paths << files[i].path;
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
            [this, paths, message, hint] {
                setBusy(false);
                if (!message.isEmpty())
                    Q_EMIT failed(message, hint);
                else if (!paths.isEmpty())
                    Q_EMIT written(paths);
            },
            Qt::QueuedConnection);
    });
}

void ResultWriter::cancel() {
    m_token.cancel();
}

void ResultWriter::setBusy(bool busy) {
    if (std::exchange(m_busy, busy) != busy) Q_EMIT busyChanged(busy);
}

}  // namespace posteria::ui
