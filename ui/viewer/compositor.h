// Turns planes into the device pixels of one pane: sampling, contrast limits, gamma and colormap a
// channel; channels of a layer add up linearly, layers are blended from the
// bottom. Only the pixels on the screen are touched and no plane is copied, so the cost follows the
// screen and not the image. NaN and everything outside a plane is transparent over the black
// canvas; NaN has a colour where the channel gives it one.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/plane.h"
#include "ui/model/colormaps.h"
#include "ui/model/display_settings.h"
#include "ui/model/labels_layer.h"

namespace posteria::ui::viewer {

// Pixel of the plane at the centre of the pane's first device pixel, and the step to the next.
struct Sampling {
    double x = 0, y = 0, stepX = 1, stepY = 1;
};

struct ComposedChannel {
    image::Plane pixels;
    Sampling sampling;
    const ColorTable* table = nullptr;
    Limits limits;
    double gamma = 1;
    QRgb nothing = 0;  // of NaN
};

struct ComposedLayer {
    std::vector<ComposedChannel> channels;
    double opacity = 1;
    Blending blending = Blending::Translucent;
    // Between pixels that are larger than the pane's; smaller ones are sampled at the nearest.
    Interpolation interpolation = Interpolation::Nearest;
    // Show the largest of the channels, mapped as the first, instead of their sum: standard
    // deviations of several channels do not add up to a colour that means anything.
    bool largestChannel = false;
    // There are two channels, a value and the doubt about it, in the colours of a
    // SuppressingPalette; nearest pixels.
    bool suppressed = false;
    // The pixels are numbers of objects, each in a colour of its own and 0 transparent, instead.
    bool labels = false;
    LabelStyle labelStyle;
    LabelColors labelColors;
    std::uint64_t label = 0;  // with labelStyle.onlyOne
};

class Compositor {
  public:
    // Prepares for panes of width device pixels; bytes are R G B A, or B G R A with blueFirst.
    Compositor(const std::vector<ComposedLayer>& layers, int width, bool blueFirst = false);

    // Writes rows [first, last) of the pane; pixels points at row 0, 4 * width bytes a row, A is
    // always 255. Safe to call from several threads for different rows.
    void compose(int first, int last, std::uint8_t* pixels) const;

  private:
    // One channel, ready to be sampled: lanes of 16 bits hold r, g, b and a count of contributions.
    struct Channel {
        image::Plane pixels;
        Sampling sampling;
        // Of the plane, for pane columns [begin, end): the nearest; with interpolation the first of
        // `taps` neighbours, whose weights lie one after the other.
        std::vector<std::int32_t> columns;
        int begin = 0, end = 0, taps = 1;
        std::vector<float> weights;
        double low = 0, factor = 1;
        bool labels = false, outlines = false;
        std::uint64_t onlyLabel = 0, marked = 0;  // 0: all, none
        bool ownColors = false;  // lanes are of labels 1, 2, …; a last one is that of the marked
        std::vector<std::uint64_t> lanes;
    };
    struct Layer {
        std::vector<Channel> channels;
        int opacity = 256;  // in 1/256
        bool largest = false;
        std::vector<std::uint64_t> fields;  // of a suppressed layer, see suppressedRow
        Blending blending = Blending::Translucent;
    };

    template <class Use>
    static void sampleRow(const Channel& channel, int row, Use use);
    void suppressedRow(const Layer& layer, int row, std::vector<std::uint64_t>& sums,
                       std::vector<std::int16_t>& steps) const;
    template <class Use>
    static void labelsRow(const Channel& channel, int row, Use use);
    template <class Use>
    static void interpolateRow(const Channel& channel, int row, Use use);

    int m_width;
    std::vector<Layer> m_layers;
};

}  // namespace posteria::ui::viewer
