#include "core/io/ome_xml.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <pugixml.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/base/version.h"
#include "core/io/imagej_metadata.h"

namespace posteria::io {

namespace {

// Element names without their namespace prefix, which files choose freely.
std::string localName(const pugi::xml_node& node) {
    const std::string name = node.name();
    const auto colon = name.find(':');
    return colon == std::string::npos ? name : name.substr(colon + 1);
}

std::vector<pugi::xml_node> children(const pugi::xml_node& parent, const char* name) {
    std::vector<pugi::xml_node> found;
    for (const auto& child : parent.children()) {
        if (localName(child) == name) found.push_back(child);
    }
    return found;
}

std::int64_t size(const pugi::xml_node& node, const char* name) {
    return std::max<std::int64_t>(1, node.attribute(name).as_llong(1));
}

std::optional<double> positive(const pugi::xml_node& node, const std::string& name, double scale) {
    const double value = node.attribute(name.c_str()).as_double(0) * scale;
    if (!(value > 0) || !std::isfinite(value)) return {};
    return value;
}

std::optional<double> length(const pugi::xml_node& pixels, const std::string& name) {
    const auto unit = micrometresPer(pixels.attribute((name + "Unit").c_str()).as_string("um"));
    if (!unit) return {};
    return positive(pixels, name, *unit);
}

double secondsPer(const std::string& unit) {
    if (unit == "ms") return 1e-3;
    if (unit == "\xC2\xB5s" || unit == "us") return 1e-6;
    if (unit == "ns") return 1e-9;
    if (unit == "min") return 60;
    if (unit == "h") return 3600;
    if (unit == "d") return 86400;
    return 1;
}

image::ChannelInfo parseChannel(const pugi::xml_node& node) {
    image::ChannelInfo channel;
    channel.name = node.attribute("Name").as_string();
    if (const auto color = node.attribute("Color")) {
        // A signed 32-bit RGBA value; some writers leave the sign out.
        channel.color = static_cast<std::uint32_t>(color.as_llong()) >> 8 & 0xffffffu;
    }
    const auto wavelength = [&node](const std::string& name) {
        const std::string unit = node.attribute((name + "Unit").c_str()).as_string("nm");
        const auto inMicrometres = micrometresPer(unit);
        return inMicrometres ? positive(node, name, *inMicrometres * 1e3) : std::nullopt;
    };
    channel.excitationNm = wavelength("ExcitationWavelength");
    channel.emissionNm = wavelength("EmissionWavelength");
    return channel;
}

OmeTiffData parseTiffData(const pugi::xml_node& node) {
    OmeTiffData data;
    constexpr long long kMostPages = INT32_MAX;
    data.ifd = std::clamp(node.attribute("IFD").as_llong(0), -1ll, kMostPages);
    data.firstZ = node.attribute("FirstZ").as_llong(0);
    data.firstC = node.attribute("FirstC").as_llong(0);
    data.firstT = node.attribute("FirstT").as_llong(0);
    const char* counts[] = {"PlaneCount", "NumPlanes"};  // the second is the name of old schemas
    for (const char* name : counts) {
        if (const auto count = node.attribute(name)) data.planeCount = count.as_llong(1);
    }
    if (!data.planeCount && node.attribute("IFD")) data.planeCount = 1;
    for (const auto& uuid : children(node, "UUID")) {
        data.fileName = uuid.attribute("FileName").as_string();
        data.uuid = uuid.text().as_string();
    }
    return data;
}

// Where a description gives no step in time but says when its planes were taken: the mean step of
// the first channel's first slice.
std::optional<double> meanTimeStep(const pugi::xml_node& pixels, std::int64_t times) {
    std::optional<double> first, last;
    for (const auto& plane : children(pixels, "Plane")) {
        const auto at = plane.attribute("DeltaT");
        if (!at || plane.attribute("TheC").as_llong() != 0 ||
            plane.attribute("TheZ").as_llong() != 0)
            continue;
        const auto t = plane.attribute("TheT").as_llong();
        const double seconds =
            at.as_double() * secondsPer(plane.attribute("DeltaTUnit").as_string("s"));
        if (t == 0) first = seconds;
        if (t == times - 1) last = seconds;
    }
    if (times < 2 || !first || !last || !(*last > *first) || !std::isfinite(*last - *first))
        return {};
    return (*last - *first) / static_cast<double>(times - 1);
}

OmeImage parseImage(const pugi::xml_node& node, const pugi::xml_node& pixels) {
    OmeImage image;
    image.name = node.attribute("Name").as_string();
    image.sizeX = size(pixels, "SizeX");
    image.sizeY = size(pixels, "SizeY");
    image.sizeZ = size(pixels, "SizeZ");
    image.sizeC = size(pixels, "SizeC");
    image.sizeT = size(pixels, "SizeT");
    const std::string order = pixels.attribute("DimensionOrder").as_string();
    for (const char* known : {"XYZCT", "XYZTC", "XYCTZ", "XYCZT", "XYTCZ", "XYTZC"}) {
        if (order == known) image.order = known;
    }
    image.physicalX = length(pixels, "PhysicalSizeX");
    image.physicalY = length(pixels, "PhysicalSizeY");
    image.physicalZ = length(pixels, "PhysicalSizeZ");
    image.timeIncrement = positive(
        pixels, "TimeIncrement", secondsPer(pixels.attribute("TimeIncrementUnit").as_string("s")));
    if (!image.timeIncrement) image.timeIncrement = meanTimeStep(pixels, image.sizeT);
    for (const auto& child : children(pixels, "Channel"))
        image.channels.push_back(parseChannel(child));
    for (const auto& child : children(pixels, "TiffData"))
        image.tiffData.push_back(parseTiffData(child));
    return image;
}

using Annotations = std::map<std::string, std::map<std::string, std::string>>;  // by ID

Annotations parseAnnotations(const pugi::xml_node& root) {
    Annotations all;
    for (const auto& structured : children(root, "StructuredAnnotations")) {
        for (const auto& map : children(structured, "MapAnnotation")) {
            auto& pairs = all[map.attribute("ID").as_string()];
            for (const auto& value : children(map, "Value")) {
                for (const auto& pair : children(value, "M")) {
                    pairs[pair.attribute("K").as_string()] = pair.text().as_string();
                }
            }
        }
    }
    return all;
}

const char* omeType(const image::StackInfo& info) {
    switch (info.type) {
        case image::PixelType::Float32:
            return "float";
        case image::PixelType::Float64:
            return "double";
        case image::PixelType::UInt64:
        case image::PixelType::Int64:
            throw Error(ErrorKind::Usage, "OME-TIFF has no 64-bit integers.", info.path,
                        "Convert the image to 32 bits or to floating point first.");
        default:
            return image::pixelTypeName(info.type);
    }
}

// The shortest text that reads back as the same number.
std::string numberText(double value) {
    char text[40];
    for (int digits = 6; digits <= 17; ++digits) {
        std::snprintf(text, sizeof text, "%.*g", digits, value);
        if (std::strtod(text, nullptr) == value) break;
    }
    return text;
}

void addChannel(pugi::xml_node pixels, const image::ChannelInfo& channel, const std::string& id) {
    auto node = pixels.append_child("Channel");
    node.append_attribute("ID") = id.c_str();
    if (!channel.name.empty()) node.append_attribute("Name") = channel.name.c_str();
    node.append_attribute("SamplesPerPixel") = 1;
    if (channel.color) {
        node.append_attribute("Color") = static_cast<std::int32_t>(*channel.color << 8 | 0xffu);
    }
    const auto wavelength = [&node](const std::string& name, const std::optional<double>& value) {
        if (!value) return;
        node.append_attribute(name.c_str()) = numberText(*value).c_str();
        node.append_attribute((name + "Unit").c_str()) = "nm";
    };
    wavelength("ExcitationWavelength", channel.excitationNm);
    wavelength("EmissionWavelength", channel.emissionNm);
}

void addPixels(pugi::xml_node image, const image::StackInfo& info, std::size_t index,
               std::int64_t firstIfd) {
    const std::string number = std::to_string(index);
    auto pixels = image.append_child("Pixels");
    pixels.append_attribute("ID") = ("Pixels:" + number).c_str();
    pixels.append_attribute("DimensionOrder") = "XYZCT";
    pixels.append_attribute("Type") = omeType(info);
    pixels.append_attribute("BigEndian") = "false";
    pixels.append_attribute("Interleaved") = "false";
    const std::pair<const char*, std::int64_t> sizes[] = {{"SizeX", info.shape.x},
                                                          {"SizeY", info.shape.y},
                                                          {"SizeZ", info.shape.z},
                                                          {"SizeC", info.shape.c},
                                                          {"SizeT", info.shape.t}};
    for (const auto& [name, value] : sizes)
        pixels.append_attribute(name) = static_cast<long long>(value);
    if (info.voxelSize) {
        const std::pair<const char*, double> lengths[] = {{"PhysicalSizeX", info.voxelSize->x},
                                                          {"PhysicalSizeY", info.voxelSize->y},
                                                          {"PhysicalSizeZ", info.voxelSize->z}};
        for (const auto& [name, value] : lengths) {
            pixels.append_attribute(name) = numberText(value).c_str();
            pixels.append_attribute((std::string(name) + "Unit").c_str()) = "\xC2\xB5m";
        }
    }
    if (info.timeIncrementS) {
        pixels.append_attribute("TimeIncrement") = numberText(*info.timeIncrementS).c_str();
        pixels.append_attribute("TimeIncrementUnit") = "s";
    }
    for (std::int64_t c = 0; c < info.shape.c; ++c) {
        const auto at = static_cast<std::size_t>(c);
        addChannel(pixels, at < info.channels.size() ? info.channels[at] : image::ChannelInfo(),
                   "Channel:" + number + ":" + std::to_string(c));
    }
    auto data = pixels.append_child("TiffData");
    data.append_attribute("IFD") = static_cast<long long>(firstIfd);
    data.append_attribute("PlaneCount") = static_cast<long long>(info.shape.planes());
}

}  // namespace

bool looksLikeOme(const std::string& text) {
    const auto start = text.substr(0, 4096);
    return start.find("<OME") != std::string::npos || start.find(":OME ") != std::string::npos;
}

std::optional<OmeDocument> parseOmeXml(const std::string& text) {
    pugi::xml_document xml;
    // Padding zeros at the end of the tag are no part of the text.
    const auto length = std::min(text.size(), text.find('\0'));
    if (!xml.load_buffer(text.data(), length)) return {};
    const auto root = xml.document_element();
    if (localName(root) != "OME") return {};
    OmeDocument document;
    document.uuid = root.attribute("UUID").as_string();
    for (const auto& stub : children(root, "BinaryOnly")) {
        document.metadataFile = stub.attribute("MetadataFile").as_string();
    }
    const auto annotations = parseAnnotations(root);
    for (const auto& image : children(root, "Image")) {
        for (const auto& pixels : children(image, "Pixels")) {
            document.images.push_back(parseImage(image, pixels));
            for (const auto& reference : children(image, "AnnotationRef")) {
                const auto found = annotations.find(reference.attribute("ID").as_string());
                if (found != annotations.end())
                    document.images.back().annotations.insert(found->second.begin(),
                                                              found->second.end());
            }
        }
    }
    if (document.images.empty() && document.metadataFile.empty()) return {};
    return document;
}

std::string makeOmeXml(const std::vector<image::StackInfo>& series) {
    constexpr const char* kSchema = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    pugi::xml_document xml;
    auto declaration = xml.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    auto root = xml.append_child("OME");
    root.append_attribute("xmlns") = kSchema;
    root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
    root.append_attribute("xsi:schemaLocation") =
        (std::string(kSchema) + " " + kSchema + "/ome.xsd").c_str();
    root.append_attribute("Creator") = (std::string("Posteria ") + kVersion).c_str();
    std::vector<const std::map<std::string, std::string>*> written;  // annotations, each once
    std::int64_t ifd = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
        const auto& info = series[i];
        auto image = root.append_child("Image");
        image.append_attribute("ID") = ("Image:" + std::to_string(i)).c_str();
        image.append_attribute("Name") = info.name.c_str();
        addPixels(image, info, i, ifd);
        ifd += info.shape.planes();
        if (info.annotations.empty()) continue;
        const auto same = std::find_if(written.begin(), written.end(),
                                       [&info](const auto* a) { return *a == info.annotations; });
        const auto number = same - written.begin();
        if (same == written.end()) written.push_back(&info.annotations);
        image.append_child("AnnotationRef").append_attribute("ID") =
            ("Annotation:" + std::to_string(number)).c_str();
    }
    if (!written.empty()) {
        auto structured = root.append_child("StructuredAnnotations");
        for (std::size_t i = 0; i < written.size(); ++i) {
            auto map = structured.append_child("MapAnnotation");
            map.append_attribute("ID") = ("Annotation:" + std::to_string(i)).c_str();
            map.append_attribute("Namespace") = "posteria/provenance";
            auto value = map.append_child("Value");
            for (const auto& [key, text] : *written[i]) {
                auto pair = value.append_child("M");
                pair.append_attribute("K") = key.c_str();
                pair.text() = text.c_str();
            }
        }
    }
    std::ostringstream out;
    xml.save(out, "", pugi::format_raw, pugi::encoding_utf8);
    return out.str();
}

}  // namespace posteria::io
