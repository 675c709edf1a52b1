#include "ui/model/session.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "ui/model/colormaps.h"
#include "ui/model/session_reader.h"

namespace posteria::ui {

namespace {

constexpr int kVersion = 2;  // 1 had no marks, labels, interpolation, axes and thick slices
constexpr std::pair<Blending, const char*> kBlendings[] = {{Blending::Translucent, "translucent"},
                                                           {Blending::Additive, "additive"},
                                                           {Blending::Minimum, "minimum"},
                                                           {Blending::Opaque, "opaque"}};
constexpr std::pair<Interpolation, const char*> kInterpolations[] = {
    {Interpolation::Nearest, "nearest"},
    {Interpolation::Linear, "linear"},
    {Interpolation::Cubic, "cubic"}};
constexpr std::pair<image::Projection, const char*> kProjections[] = {
    {image::Projection::Mean, "mean"},
    {image::Projection::Maximum, "max"},
    {image::Projection::Minimum, "min"},
    {image::Projection::Sum, "sum"}};
constexpr std::pair<Rendering, const char*> kRenderings[] = {
    {Rendering::Mip, "mip"},
    {Rendering::Minip, "minip"},
    {Rendering::AttenuatedMip, "attenuated_mip"},
    {Rendering::Average, "average"},
    {Rendering::Translucent, "translucent"},
    {Rendering::Iso, "iso"}};

constexpr double kFar = 1e12;  // of grey values and positions

ChannelDisplay readChannel(const SessionReader& r) {
    ChannelDisplay channel;
    channel.visible = r.truth("visible");
    channel.colormap = r.text("colormap");
    if (!colormapNames().contains(channel.colormap)) r.fail("colormap", "is not known");
    channel.automatic = r.truth("automatic");
    channel.limits.low = r.number("low", -kFar, kFar);
    channel.limits.high = r.number("high", channel.limits.low, kFar);
    channel.gamma = r.number("gamma", 0.2, 2);
    return channel;
}

LayerDisplay readDisplay(const SessionReader& r) {
    LayerDisplay display;
    display.visible = r.truth("visible");
    display.opacity = r.number("opacity", 0, 1);
    display.blending = r.word("blending", kBlendings);
    if (r.has("interpolation")) display.interpolation = r.word("interpolation", kInterpolations);
    const SessionReader volume = r.object("volume");
    display.volume.rendering = volume.word("rendering", kRenderings);
    display.volume.attenuation = volume.number("attenuation", 0, 1000);
    display.volume.threshold = volume.number("threshold", 0, 1);
    return display;
}

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
    image.display = readDisplay(r);
    image.selected = r.truth("selected");
    image.labels = r.has("labels") && r.truth("labels");
    for (const auto& channel : r.objects("channels"))
        image.channels.push_back(readChannel(channel));
    return image;
}

QJsonObject json(const SessionImage& image, const QDir& folder) {
    const auto& volume = image.display.volume;
    QJsonArray channels;
    for (const auto& c : image.channels)
        channels.append(QJsonObject{{"visible", c.visible},
                                    {"colormap", c.colormap},
                                    {"automatic", c.automatic},
                                    {"low", c.limits.low},
                                    {"high", c.limits.high},
                                    {"gamma", c.gamma}});
    return {{"path", folder.relativeFilePath(image.path)},
            {"series", image.series},
            {"name", image.name},
            {"visible", image.display.visible},
            {"selected", image.selected},
            {"labels", image.labels},
            {"opacity", image.display.opacity},
            {"blending", wordOf(kBlendings, image.display.blending)},
            {"interpolation", wordOf(kInterpolations, image.display.interpolation)},
            {"volume", QJsonObject{{"rendering", wordOf(kRenderings, volume.rendering)},
                                   {"attenuation", volume.attenuation},
                                   {"threshold", volume.threshold}}},
            {"channels", channels}};
}

QJsonArray pair(const QPointF& point) {
    return {point.x(), point.y()};
}

}  // namespace

Session takeSession(Document& document, const RestoreSettings& settings, const QString& layout) {
    Session s;
    for (const Layer* layer : document.layers()) {
        if (const auto* marks = qobject_cast<const MarkLayer*>(layer)) {
            s.marks.push_back(takeMarks(*marks));
            continue;
        }
        const auto& stack = layer->stack();
        // Labels that have been painted are not in the file that they came from.
        if (layer->isResult() || !stack || stack->info().path.empty() ||
            stack->info().reader == "edited") {
            s.leftOut << layer->name();
            continue;
        }
        SessionImage image;
        image.path = QFileInfo(QString::fromStdString(stack->info().path)).absoluteFilePath();
        image.series = stack->info().series;
        image.name = layer->name();
        image.selected = layer == document.selected();
        image.labels = layer->role() == Layer::Role::Labels;
        image.display = layer->display();
        image.channels = layer->channels();
        s.images.push_back(std::move(image));
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
        layer->setDisplay(kept.display);
        // A file that has changed since may have other channels.
        if (static_cast<int>(kept.channels.size()) != layer->channelCount()) continue;
        for (std::size_t c = 0; c < kept.channels.size(); ++c)
            layer->setChannel(static_cast<int>(c), kept.channels[c]);
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
    QJsonArray images, marks;
    for (const auto& image : s.images)
        images.append(json(image, folder));
    for (const auto& each : s.marks)
        marks.append(json(each));
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
    bool isNumber = false;
    s.seed = restore.text("seed").toULongLong(&isNumber);
    if (!isNumber) restore.fail("seed", "is no whole number");
    if (!restore.isNull("severity")) s.severity = restore.number("severity", 0, 1);
    s.wholeStack = restore.truth("whole_stack");
    return s;
}

}  // namespace posteria::ui
