// What ImageJ and Fiji write into a TIFF's description and their two private tags. Private to
// core/io.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/io/tiff_handle.h"

namespace posteria::io {

struct ImagejMetadata {
    std::int64_t images = 1, channels = 1, slices = 1, frames = 1;
    std::string order = "czt";                  // fastest first
    std::map<std::string, std::string> values;  // every key=value line
    bool signedByOffset = false;                // signed 16-bit pixels, stored 32768 higher
    std::vector<std::array<double, 2>> ranges;  // display ranges, one a channel
    std::vector<std::uint32_t> colors;          // 0xRRGGBB, one a channel
    std::vector<std::string> labels;            // one a plane
    std::optional<double> pixelWidthUm, pixelHeightUm, spacingUm, frameIntervalS;
};

bool isImagejDescription(const std::string& description);
ImagejMetadata parseImagej(const PageTags& tags, bool littleEndian);
// The names of the channels: the labels that all planes of a channel share. Empty, or one a
// channel.
std::vector<std::string> channelNames(const ImagejMetadata& meta);

// Micrometres in one of a unit as microscopes name it ("um", "µm", "nm", "mm", …); empty if
// unknown.
std::optional<double> micrometresPer(const std::string& unit);

}  // namespace posteria::io
