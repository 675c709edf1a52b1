#include "ui/model/session_display.h"

#include <QJsonArray>
#include <algorithm>

#include "ui/model/colormaps.h"
#include "ui/model/layer.h"

namespace posteria::ui {

namespace {

constexpr std::pair<Blending, const char*> kBlendings[] = {{Blending::Translucent, "translucent"},
                                                           {Blending::Additive, "additive"},
                                                           {Blending::Minimum, "minimum"},
                                                           {Blending::Opaque, "opaque"}};
constexpr std::pair<Interpolation, const char*> kInterpolations[] = {
    {Interpolation::Nearest, "nearest"},
    {Interpolation::Linear, "linear"},
    {Interpolation::Cubic, "cubic"}};
constexpr std::pair<Rendering, const char*> kRenderings[] = {
    {Rendering::Mip, "mip"},
    {Rendering::Minip, "minip"},
    {Rendering::AttenuatedMip, "attenuated_mip"},
    {Rendering::Average, "average"},
    {Rendering::Translucent, "translucent"},
    {Rendering::Iso, "iso"}};
constexpr std::pair<Depiction, const char*> kDepictions[] = {{Depiction::Volume, "volume"},
                                                             {Depiction::PlaneX, "plane x"},
                                                             {Depiction::PlaneY, "plane y"},
                                                             {Depiction::PlaneZ, "plane z"}};
constexpr double kFar = 1e12;  // of grey values

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

}  // namespace

SessionDisplay takeDisplay(const Layer& layer) {
    return {layer.display(), layer.channels()};
}

void applyDisplay(const SessionDisplay& display, Layer& layer) {
    layer.setDisplay(display.layer);
    if (static_cast<int>(display.channels.size()) != layer.channelCount()) return;
    for (std::size_t c = 0; c < display.channels.size(); ++c)
        layer.setChannel(static_cast<int>(c), display.channels[c]);
}

void writeDisplay(const SessionDisplay& display, QJsonObject* to) {
    const auto& layer = display.layer;
    QJsonArray channels;
    for (const auto& c : display.channels)
        channels.append(QJsonObject{{"visible", c.visible},
                                    {"colormap", c.colormap},
                                    {"automatic", c.automatic},
                                    {"low", c.limits.low},
                                    {"high", c.limits.high},
                                    {"gamma", c.gamma}});
    (*to)["visible"] = layer.visible;
    (*to)["opacity"] = layer.opacity;
    (*to)["blending"] = wordOf(kBlendings, layer.blending);
    (*to)["interpolation"] = wordOf(kInterpolations, layer.interpolation);
    (*to)["continuous"] = layer.continuous;
    QJsonArray clip;
    for (const auto& part : layer.volume.clip)
        clip.append(QJsonArray{part.low, part.high});
    (*to)["volume"] = QJsonObject{{"rendering", wordOf(kRenderings, layer.volume.rendering)},
                                  {"attenuation", layer.volume.attenuation},
                                  {"threshold", layer.volume.threshold},
                                  {"depiction", wordOf(kDepictions, layer.volume.depiction)},
                                  {"clip", clip}};
    (*to)["channels"] = channels;
}

SessionDisplay readDisplay(const SessionReader& r) {
    SessionDisplay shown;
    LayerDisplay& display = shown.layer;
    display.visible = r.truth("visible");
    display.opacity = r.number("opacity", 0, 1);
    display.blending = r.word("blending", kBlendings);
    if (r.has("interpolation")) display.interpolation = r.word("interpolation", kInterpolations);
    display.continuous = r.has("continuous") && r.truth("continuous");
    const SessionReader volume = r.object("volume");
    display.volume.rendering = volume.word("rendering", kRenderings);
    display.volume.attenuation = volume.number("attenuation", 0, 1000);
    display.volume.threshold = volume.number("threshold", 0, 1);
    if (volume.has("depiction")) display.volume.depiction = volume.word("depiction", kDepictions);
    if (volume.has("clip")) {
        const auto parts = volume.points("clip");
        for (std::size_t i = 0; i < std::min<std::size_t>(parts.size(), 3); ++i) {
            const double low = parts[i].x(), high = parts[i].y();
            if (!(low >= 0 && low < high && high <= 1))
                volume.fail("clip", QStringLiteral("are no parts of 0 to 1"));
            display.volume.clip[i] = {low, high};
        }
    }
    for (const auto& channel : r.objects("channels"))
        shown.channels.push_back(readChannel(channel));
    return shown;
}

}  // namespace posteria::ui
