// How a layer's channels are shown. Display settings never change data. Channels of one layer add
// up; the layer as a whole is then blended over those below it.
#pragma once

#include <QString>
#include <array>
#include <vector>

#include "core/image/types.h"
#include "ui/model/contrast.h"

namespace posteria::ui {

// How a layer meets what lies below: it covers it as far as it is opaque, is added to it, the
// darker of the two is shown, or it covers it whatever its opacity.
enum class Blending { Translucent, Additive, Minimum, Opaque };

// How a volume is looked through: the largest value along the line of sight, the smallest, the
// largest with what lies behind dimmed, the mean, fog, or a surface of one value.
enum class Rendering { Mip, Minip, AttenuatedMip, Average, Translucent, Iso };

// What of a volume is shown: all of it, or the plane across one axis where the view's slice
// (across x and y: the crosshair) is.
enum class Depiction { Volume, PlaneX, PlaneY, PlaneZ };

struct VolumeDisplay {
    Rendering rendering = Rendering::Mip;
    double attenuation = 0.05;  // a voxel at the upper contrast limit
    double threshold = 0.5;     // of the surface, as a part of the contrast range
    Depiction depiction = Depiction::Volume;
    // Of x, y and z: from … to, as parts of the volume's sides; the rest is cut off.
    std::array<Limits, 3> clip{Limits{0, 1}, Limits{0, 1}, Limits{0, 1}};

    bool isClipped() const {
        return !(clip == std::array<Limits, 3>{Limits{0, 1}, Limits{0, 1}, Limits{0, 1}});
    }
    bool operator==(const VolumeDisplay& o) const {
        return rendering == o.rendering && attenuation == o.attenuation &&
               threshold == o.threshold && depiction == o.depiction && clip == o.clip;
    }
};

// What a pane shows between the centres of pixels that are larger than the screen's: the nearest
// pixel's value, or values of the neighbours on straight or smooth (Catmull-Rom) lines.
enum class Interpolation { Nearest, Linear, Cubic };

// Of a layer as a whole.
struct LayerDisplay {
    bool visible = true;
    double opacity = 1;  // 0 … 1
    Blending blending = Blending::Translucent;
    Interpolation interpolation = Interpolation::Nearest;
    VolumeDisplay volume;
    bool continuous = false;  // automatic limits are set anew for every plane that is shown

    bool operator==(const LayerDisplay& o) const {
        return visible == o.visible && opacity == o.opacity && blending == o.blending &&
               interpolation == o.interpolation && volume == o.volume && continuous == o.continuous;
    }
};

// Of labels.
struct LabelStyle {
    bool outlines = false;  // the edges of objects only
    bool onlyOne = false;   // the current label only

    bool operator==(const LabelStyle& o) const {
        return outlines == o.outlines && onlyOne == o.onlyOne;
    }
};

struct ChannelDisplay {
    bool visible = true;
    QString colormap = QStringLiteral("gray");
    Limits limits;
    // While true the limits follow the pixels of every new stack; the user's own limits end that.
    bool automatic = true;
    double gamma = 1;  // 0.2 … 2

    bool operator==(const ChannelDisplay& o) const {
        return visible == o.visible && colormap == o.colormap && limits == o.limits &&
               automatic == o.automatic && gamma == o.gamma;
    }
    bool operator!=(const ChannelDisplay& o) const { return !(*this == o); }
};

// One channel gray; several in the colours the file gives when these are all different and all have
// a colormap; else two magenta, green; three and more cycle cyan, magenta, yellow, blue, green,
// red. Contrast limits that the file keeps are taken over and stay.
std::vector<ChannelDisplay> defaultDisplays(const image::StackInfo& info);

}  // namespace posteria::ui
