#include "ui/model/session_runs.h"

#include <QJsonArray>

#include "ui/model/document.h"

namespace posteria::ui {

namespace {

constexpr std::pair<Run::Spread, const char*> kSpreadWords[] = {
    {Run::Spread::Deviation, "deviation"},
    {Run::Spread::Relative, "relative"},
    {Run::Spread::Interval, "interval"},
    {Run::Spread::Exceedance, "exceedance"},
    {Run::Spread::Confidence, "confidence"}};
constexpr std::pair<Layer::Role, const char*> kRoleWords[] = {
    {Layer::Role::Mean, "mean"},
    {Layer::Role::Sample, "sample"},
    {Layer::Role::Uncertainty, "uncertainty"}};
constexpr double kFar = 1e12;

QJsonArray list(const std::vector<std::int64_t>& values) {
    QJsonArray array;
    for (const auto value : values)
        array.append(double(value));
    return array;
}

QJsonArray list(const std::vector<double>& values) {
    QJsonArray array;
    for (const double value : values)
        array.append(value);
    return array;
}

std::vector<std::int64_t> indices(const SessionReader& r, const QString& key) {
    std::vector<std::int64_t> result;
    for (const double value : r.numbers(key, 0, 1e9))
        result.push_back(static_cast<std::int64_t>(value));
    return result;
}

QJsonArray json(const image::Rect& rect) {
    return list(std::vector<std::int64_t>{rect.x, rect.y, rect.width, rect.height});
}

image::Rect readRect(const SessionReader& r, const QString& key) {
    const auto values = indices(r, key);
    if (values.size() != 4) r.fail(key, QStringLiteral("is no rectangle"));
    return {values[0], values[1], values[2], values[3]};
}

QJsonObject shown(const SessionDisplay& display) {
    QJsonObject object;
    writeDisplay(display, &object);
    return object;
}

QString pathIn(const SessionReader& r, const QString& key, const QDir& folder) {
    const QString path = r.text(key);
    return path.isEmpty() ? path : QDir::cleanPath(folder.absoluteFilePath(path));
}

}  // namespace

std::vector<std::vector<image::StackPtr>> resultsOf(const Run& run) {
    std::vector<std::vector<image::StackPtr>> results;
    const auto& snapshot = run.snapshot();
    if (run.isPreview() || run.state() == Run::State::Running || !snapshot || !snapshot->mean)
        return results;
    results.push_back({snapshot->mean});
    if (snapshot->std) results.push_back({snapshot->std});
    if (!snapshot->kept.empty()) results.push_back(snapshot->kept);
    return results;
}

std::optional<SessionRun> takeRun(const Run& run, int input, const Layer* selected,
                                  const FileOfStacks& fileOf) {
    const auto results = resultsOf(run);
    if (results.empty() || !fileOf) return std::nullopt;
    const auto& snapshot = *run.snapshot();
    SessionRun kept;
    kept.input = input;
    kept.number = run.number();
    kept.mean = fileOf({snapshot.mean});
    if (snapshot.std) kept.std = fileOf({snapshot.std});
    if (!snapshot.kept.empty()) kept.samples = fileOf(snapshot.kept);
    if (kept.mean.isEmpty() || (snapshot.std && kept.std.isEmpty()) ||
        (!snapshot.kept.empty() && kept.samples.isEmpty()))
        return std::nullopt;
    kept.request = run.request();
    kept.request.input = nullptr;
    kept.request.finished.clear();
    kept.drawn = snapshot.samples;
    kept.request.samples = snapshot.requested;
    kept.region = snapshot.region;
    kept.calibrated = snapshot.stdCalibrated;
    kept.diagnostics = snapshot.diagnostics;
    kept.spread = run.spread();
    kept.thresholds = run.thresholds();
    kept.thresholdRanges = run.thresholdRanges();
    kept.shownSample = run.shownSample();
    for (const Layer* layer : {run.mean(), run.sample(), run.uncertainty()})
        if (layer == selected) kept.selected = layer->role();
    kept.meanShown = takeDisplay(*run.mean());
    kept.sampleShown = takeDisplay(*run.sample());
    kept.uncertaintyShown = takeDisplay(*run.uncertainty());
    return kept;
}

Run* restoreRun(const SessionRun& kept, Layer* input, Document& document,
                const image::StackPtr& mean, const image::StackPtr& std,
                const std::vector<image::StackPtr>& samples) {
    auto request = kept.request;
    request.input = input->stack();
    auto snapshot = std::make_shared<posterior::Snapshot>();
    snapshot->samples = kept.drawn;
    snapshot->requested = request.samples;
    snapshot->mean = mean;
    snapshot->std = std;
    snapshot->kept = samples;
    snapshot->region = kept.region;
    snapshot->stdCalibrated = kept.calibrated;
    snapshot->diagnostics = kept.diagnostics;
    engine::RunReport report;
    report.model = request.model;
    report.sampler = request.sampler;
    report.steps = request.steps;
    report.samples = kept.drawn;
    report.seed = request.seed;
    report.device = request.device;
    report.tile = request.tile;
    report.overlap = request.overlap;
    report.severity = kept.diagnostics.severity;
    report.severityEstimated = kept.diagnostics.severityEstimated;
    report.monteCarloError = kept.diagnostics.monteCarloError;
    report.residualStructure = kept.diagnostics.residualStructure;
    report.warnings = kept.diagnostics.warnings;
    report.calibrated = report.trust.calibrated = kept.calibrated;
    report.trust.samples = kept.drawn;
    if (kept.diagnostics.relativeMonteCarloError > 0)
        report.trust.meanError = kept.diagnostics.relativeMonteCarloError;
    if (kept.diagnostics.unexplained >= 0) report.trust.residual = kept.diagnostics.unexplained;
    Run* run = document.restoreRun(input, kept.number, std::move(request));
    run->setThresholdRanges(kept.thresholdRanges);
    run->take(snapshot);
    run->finish(report);
    for (std::size_t c = 0; c < kept.thresholds.size(); ++c)
        run->setThreshold(int(c), kept.thresholds[c]);
    run->setSpread(kept.spread);
    run->showSample(kept.shownSample);
    applyDisplay(kept.meanShown, *run->mean());
    applyDisplay(kept.sampleShown, *run->sample());
    applyDisplay(kept.uncertaintyShown, *run->uncertainty());
    return run;
}

QJsonObject json(const SessionRun& run, const QDir& folder) {
    const auto& r = run.request;
    const auto& d = run.diagnostics;
    const auto path = [&folder](const QString& file) {
        return file.isEmpty() ? file : folder.relativeFilePath(file);
    };
    QJsonArray ranges;
    for (const auto& range : run.thresholdRanges)
        ranges.append(QJsonArray{range.low, range.high});
    QJsonArray warnings;
    for (const auto& warning : d.warnings)
        warnings.append(QString::fromStdString(warning));
    return {{"input", run.input},
            {"number", run.number},
            {"mean", path(run.mean)},
            {"std", path(run.std)},
            {"samples", path(run.samples)},
            {"model", QString::fromStdString(r.model)},
            {"sampler", QString::fromStdString(r.sampler)},
            {"steps", r.steps},
            {"requested", r.samples},
            {"drawn", run.drawn},
            {"seed", QString::number(r.seed)},
            {"given_severity", r.severity ? QJsonValue(*r.severity) : QJsonValue::Null},
            {"device", QString::fromStdString(r.device)},
            {"tile", r.tile},
            {"overlap", r.overlap},
            {"t", list(r.selection.t)},
            {"c", list(r.selection.c)},
            {"z", list(r.selection.z)},
            {"roi", json(r.selection.roi)},
            {"region", json(run.region)},
            {"calibrated", run.calibrated},
            {"severity", list(d.severity)},
            {"severity_estimated", d.severityEstimated},
            {"monte_carlo_error", d.monteCarloError},
            {"relative_monte_carlo_error", d.relativeMonteCarloError},
            {"residual_structure", d.residualStructure},
            {"unexplained", d.unexplained},
            {"interval_90", list(d.interval90)},
            {"warnings", warnings},
            {"uncertainty_as", wordOf(kSpreadWords, run.spread)},
            {"thresholds", list(run.thresholds)},
            {"threshold_ranges", ranges},
            {"shown_sample", run.shownSample},
            {"selected", run.selected ? wordOf(kRoleWords, *run.selected) : QString()},
            {"mean_shown", shown(run.meanShown)},
            {"sample_shown", shown(run.sampleShown)},
            {"uncertainty_shown", shown(run.uncertaintyShown)}};
}

SessionRun readRun(const SessionReader& r, const QDir& folder, int images) {
    SessionRun run;
    run.input = r.whole("input", 0, images - 1);
    run.number = r.whole("number", 1, 1000000);
    run.mean = pathIn(r, "mean", folder);
    if (run.mean.isEmpty()) r.fail("mean", "is empty");
    run.std = pathIn(r, "std", folder);
    run.samples = pathIn(r, "samples", folder);
    auto& q = run.request;
    q.model = r.text("model").toStdString();
    q.sampler = r.text("sampler").toStdString();
    q.steps = r.whole("steps", 0, 1000000);
    q.samples = r.whole("requested", 0, 1000000);
    run.drawn = r.whole("drawn", 1, 1000000);
    q.seed = r.large("seed");
    if (!r.isNull("given_severity")) q.severity = r.number("given_severity", 0, 1);
    q.device = r.text("device").toStdString();
    q.tile = r.whole("tile", 0, 1000000);
    q.overlap = r.whole("overlap", -1, 1000000);
    q.selection.t = indices(r, "t");
    q.selection.c = indices(r, "c");
    q.selection.z = indices(r, "z");
    q.selection.roi = readRect(r, "roi");
    run.region = readRect(r, "region");
    run.calibrated = r.truth("calibrated");
    auto& d = run.diagnostics;
    d.severity = r.numbers("severity", 0, 1);
    d.severityEstimated = r.truth("severity_estimated");
    d.monteCarloError = r.number("monte_carlo_error", 0, kFar);
    d.relativeMonteCarloError = r.number("relative_monte_carlo_error", 0, kFar);
    d.residualStructure = r.number("residual_structure", -1, kFar);
    d.unexplained = r.number("unexplained", -1, kFar);
    d.interval90 = r.numbers("interval_90", 0, kFar);
    for (const auto& warning : r.texts("warnings"))
        d.warnings.push_back(warning.toStdString());
    run.spread = r.word("uncertainty_as", kSpreadWords);
    run.thresholds = r.numbers("thresholds", -kFar, kFar);
    for (const auto& range : r.points("threshold_ranges"))
        run.thresholdRanges.push_back({range.x(), range.y()});
    run.shownSample = r.whole("shown_sample", 0, 1000000);
    if (!r.text("selected").isEmpty()) run.selected = r.word("selected", kRoleWords);
    run.meanShown = readDisplay(r.object("mean_shown"));
    run.sampleShown = readDisplay(r.object("sample_shown"));
    run.uncertaintyShown = readDisplay(r.object("uncertainty_shown"));
    return run;
}

}  // namespace posteria::ui
