// OME-XML, as far as pixels and their meaning go: what a file's description says, and the
// description we write (schema 2016-06). Lengths come out in micrometres, times in seconds. Private
// to core/io.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/image/types.h"

namespace posteria::io {

// A run of planes that starts at one directory of one file.
struct OmeTiffData {
    std::int64_t ifd = 0, firstZ = 0, firstC = 0, firstT = 0;
    std::optional<std::int64_t> planeCount;  // empty: every plane of the file from ifd on
    std::string fileName, uuid;              // empty: this file
};

struct OmeImage {
    std::string name;
    std::string order = "XYCZT";  // fastest first
    std::int64_t sizeX = 1, sizeY = 1, sizeZ = 1, sizeC = 1, sizeT = 1;
    std::optional<double> physicalX, physicalY, physicalZ, timeIncrement;
    std::vector<image::ChannelInfo> channels;
    std::vector<OmeTiffData> tiffData;
    std::map<std::string, std::string> annotations;
};

struct OmeDocument {
    std::string uuid;
    std::string metadataFile;  // this is a stub; the description lies in that file
    std::vector<OmeImage> images;
};

bool looksLikeOme(const std::string& text);
// Empty when the text is not well-formed OME-XML.
std::optional<OmeDocument> parseOmeXml(const std::string& text);

// The description of these images stored one after the other, each in the order XYZCT, one
// directory a plane. Throws Error{Usage} for a pixel type OME-TIFF has not (64-bit integers).
std::string makeOmeXml(const std::vector<image::StackInfo>& series);

}  // namespace posteria::io
