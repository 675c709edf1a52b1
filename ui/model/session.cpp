#include "ui/model/session.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "ui/model/session_reader.h"

namespace posteria::ui {

namespace {

// 1 had no marks, labels, interpolation, axes and thick slices, 2 no results.
constexpr int kVersion = 3;
constexpr std::pair<image::Projection, const char*> kProjections[] = {
    {image::Projection::Mean, "mean"},
    {image::Projection::Maximum, "max"},
    {image::Projection::Minimum, "min"},
    {image::Projection::Sum, "sum"}};
constexpr double kFar = 1e12;  // of grey values and positions

// Which axes are displayed: "zyx" in any order.
image::AxisOrder readAxes(const SessionReader& r) {
    const QString text = r.text("axes");
    image::AxisOrder order = image::kStraight;
    do {
        if (text == QString(axisLetter(order[0])) + axisLetter(order[1]) + axisLetter(order[2]))
            return order;
    } while (std::next_permutation(order.begin(), order.end()));
    r.fail("axes", QStringLiteral("is not known: %1").arg(text));
}

SessionImage readImage(const SessionReader& r, const QDir& folder) {
    SessionImage image;
    const QString path = r.text("path");
    if (path.isEmpty()) r.fail("path", "is empty");
    image.path = QDir::cleanPath(folder.absoluteFilePath(path));
    image.series = r.whole("series", 0, 1000000);
    image.name = r.text("name");
    image.shown = readDisplay(r);
    image.selected = r.truth("selected");
    image.labels = r.has("labels") && r.truth("labels");
    return image;
}

QJsonObject json(const SessionImage& image, const QDir& folder) {
    QJsonObject object{{"path", folder.relativeFilePath(image.path)},
                       {"series", image.series},
                       {"name", image.name},
                       {"selected", image.selected},
                       {"labels", image.labels}};
    writeDisplay(image.shown, &object);
    return object;
}

QJsonArray pair(const QPointF& point) {
    return {point.x(), point.y()};
}

}  // namespace

Session takeSession(Document& document, const RestoreSettings& settings, const QString& layout,
                    const FileOfStacks& fileOf) {
    Session s;
    std::vector<const Layer*> inputs;  // one an image
    for (const Layer* layer : document.layers()) {
        if (const auto* marks = qobject_cast<const MarkLayer*>(layer)) {
            s.marks.push_back(takeMarks(*marks));
            continue;
        }
        const auto& stack = layer->stack();
        if (layer->isResult()) continue;
        // Labels that have been painted are not in the file that they came from.
        if (!stack || stack->info().path.empty() || stack->info().reader == "edited") {
            s.leftOut << layer->name();
            continue;
        }
        SessionImage image;
        image.path = QFileInfo(QString::fromStdString(stack->info().path)).absoluteFilePath();
        image.series = stack->info().series;
        image.name = layer->name();
        image.selected = layer == document.selected();
        image.labels = layer->role() == Layer::Role::Labels;
        image.shown = takeDisplay(*layer);
        s.images.push_back(std::move(image));
        inputs.push_back(layer);
    }
    for (const auto& run : document.runs()) {
        const auto found = std::find(inputs.begin(), inputs.end(), run->input());
        const auto kept = found == inputs.end() ? std::nullopt
                                                : takeRun(*run, int(found - inputs.begin()),
                                                          document.selected(), fileOf);
        if (kept)
            s.runs.push_back(*kept);
        else
            for (const Layer* layer : {run->mean(), run->sample(), run->uncertainty()})
                s.leftOut << layer->name();
    }
    const ViewState& view = document.view();
    s.axes = view.axisOrder();
    s.slab = view.slab();
    s.t = view.t(), s.z = view.z();
    s.channel = view.channel();
    s.center = view.center();
    s.scale = view.scale();
    s.crosshairVisible = view.isCrosshairVisible();
    s.crosshair = view.crosshair();
    s.layout = layout;
    if (const auto* model = settings.model()) s.model = QString::fromStdString(model->name);
    s.sampler = settings.sampler();
    s.steps = settings.steps();
    s.samples = settings.samples();
    s.seed = settings.seed();
    s.severity = settings.severity();
    s.wholeStack = settings.wholeStack();
    return s;
}

void applySession(const Session& session, const std::vector<Layer*>& images, Document& document) {
    Layer* selected = nullptr;
    std::vector<Layer*> layers = images;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (layers[i] && session.images[i].labels)
            if (Layer* labels = document.convert(layers[i])) layers[i] = labels;
        if (layers[i] && session.images[i].selected) selected = layers[i];
    }
    for (const auto& marks : session.marks)
        document.addOverlay(makeLayer(marks));
    if (selected) document.select(selected);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        Layer* layer = layers[i];
        if (!layer) continue;
        const auto& kept = session.images[i];
        applyDisplay(kept.shown, *layer);
    }
    ViewState& view = document.view();
    view.setAxisOrder(session.axes);
    view.setSlab(session.slab);
    view.setT(session.t);
    view.setZ(session.z);
    view.setChannel(session.channel);
    view.setView(session.center, session.scale);
    view.setCrosshair(session.crosshair);
    view.setCrosshairVisible(session.crosshairVisible);
}

void applySession(const Session& session, RestoreSettings& settings) {
    if (session.model.isEmpty()) return;
    settings.preferModel(session.model);
    if (!settings.model() || settings.model()->name != session.model.toStdString()) return;
    settings.setSampler(session.sampler);
    if (settings.sampler() != session.sampler) return;
    settings.setSteps(session.steps);
    settings.setSamples(session.samples);
    settings.setSeed(session.seed);
    settings.setSeverity(session.severity);
    settings.setWholeStack(session.wholeStack);
}

QByteArray writeSession(const Session& s, const QString& file) {
    const QDir folder = QFileInfo(file).absoluteDir();
    QJsonArray images, marks, runs;
    for (const auto& image : s.images)
        images.append(json(image, folder));
    for (const auto& each : s.marks)
        marks.append(json(each));
    for (const auto& run : s.runs)
        runs.append(json(run, folder));
    QString axes;
    for (const auto axis : s.axes)
        axes += axisLetter(axis);
    const QJsonObject view{{"axes", axes},
                           {"slab", s.slab.thickness},
                           {"projection", wordOf(kProjections, s.slab.projection)},
                           {"t", double(s.t)},
                           {"z", double(s.z)},
                           {"channel", s.channel},
                           {"center", pair(s.center)},
                           {"scale", s.scale},
                           {"crosshair", pair(s.crosshair)},
                           {"crosshair_visible", s.crosshairVisible},
                           {"layout", s.layout}};
    const QJsonObject restore{{"model", s.model},
                              {"sampler", s.sampler},
                              {"steps", s.steps},
                              {"samples", s.samples},
                              {"seed", QString::number(s.seed)},
                              {"severity", s.severity ? QJsonValue(*s.severity) : QJsonValue::Null},
                              {"whole_stack", s.wholeStack}};
    return QJsonDocument(QJsonObject{{"format", "posteria-session"},
                                     {"version", kVersion},
                                     {"images", images},
                                     {"marks", marks},
                                     {"runs", runs},
                                     {"view", view},
                                     {"restore", restore}})
        .toJson();
}

Session readSession(const QByteArray& text, const QString& file) {
    const auto fail = [&file](const char* what, const char* hint) {
        throw Error(ErrorKind::Input, what, file.toStdString(), hint);
    };
    const QJsonObject root = QJsonDocument::fromJson(text).object();
    if (root["format"].toString() != QLatin1String("posteria-session"))
        fail("This is not a session.", "Choose a file that Save Session has written.");
    const SessionReader all(root, {}, file);
    if (all.whole("version", 1, 1000000) > kVersion)
        fail("This session was saved by a later version of Posteria.",
             "Open it with that version, or a later one.");
    Session s;
    const QDir folder = QFileInfo(file).absoluteDir();
    for (const auto& image : all.objects("images"))
        s.images.push_back(readImage(image, folder));
    if (all.has("runs"))
        for (const auto& run : all.objects("runs"))
            s.runs.push_back(readRun(run, folder, int(s.images.size())));
    if (all.has("marks"))
        for (const auto& marks : all.objects("marks"))
            s.marks.push_back(readMarks(marks));
    const SessionReader view = all.object("view");
    if (view.has("axes")) s.axes = readAxes(view);
    if (view.has("slab")) {
        s.slab.thickness = view.whole("slab", 1, 1000000);
        s.slab.projection = view.word("projection", kProjections);
    }
    s.t = static_cast<std::int64_t>(view.number("t", 0, 1e9));
    s.z = static_cast<std::int64_t>(view.number("z", 0, 1e9));
    s.channel = view.whole("channel", ViewState::kComposite, 100000);
    s.center = view.point("center");
    s.scale = view.number("scale", 1e-9, kFar);
    s.crosshair = view.point("crosshair");
    s.crosshairVisible = view.truth("crosshair_visible");
    s.layout = view.text("layout");
    const SessionReader restore = all.object("restore");
    s.model = restore.text("model");
    s.sampler = restore.text("sampler");
    s.steps = restore.whole("steps", 1, 1000000);
    s.samples = restore.whole("samples", 1, 1000000);
    s.seed = restore.large("seed");
    if (!restore.isNull("severity")) s.severity = restore.number("severity", 0, 1);
    s.wholeStack = restore.truth("whole_stack");
    return s;
}

}  // namespace posteria::ui
