#include "core/analysis/object_table.h"

#include <cmath>
#include <cstdio>

namespace posteria::analysis {

namespace {

// As many digits as a measurement has; nothing where there is none.
std::string cell(double value) {
    if (!std::isfinite(value)) return ",";
    char text[32];
    std::snprintf(text, sizeof text, ",%.7g", value);
    return text;
}

std::string cells(const Draws& draws, double offset = 0) {
    return cell(draws.mean + offset) + cell(draws.std) + cell(draws.low + offset) +
           cell(draws.high + offset);
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
}

}  // namespace

ObjectTable::ObjectTable(const image::StackInfo& info, double x, double y)
    : m_voxelSize(info.voxelSize), m_x(x), m_y(y) {
    for (const auto& channel : info.channels)
        m_channels.push_back(quoted(channel.name));
    m_text = "t,z,channel,channel_name,object,presence,samples";
    for (const char* what : {"area", "intensity", "total", "x", "y"}) {
        for (const char* figure : {"", "_std", "_low", "_high"})
            m_text += std::string(",") + what + figure;
    }
    m_text += ",area_um2,x_um,y_um\n";
}

void ObjectTable::add(const PlaneObjects& plane, std::int64_t t, std::int64_t z) {
    for (const auto& channel : plane.channels)
        add(channel, std::to_string(t) + "," + std::to_string(z));
}

void ObjectTable::add(const ChannelObjects& channel, const std::string& place) {
    for (std::size_t i = 0; i < channel.objects.size(); ++i) {
        const auto& object = channel.objects[i];
        const auto& spread = channel.spreads[i];
        m_text += place + "," + std::to_string(channel.channel) + "," +
                  m_channels[static_cast<std::size_t>(channel.channel)] + "," +
                  std::to_string(i + 1) + cell(object.presence) +
                  cell(std::round(object.presence * static_cast<double>(object.labels.size()))) +
                  cells(spread.area) + cells(spread.intensity) + cells(spread.total) +
                  cells(spread.x, m_x) + cells(spread.y, m_y);
        if (m_voxelSize) {
            m_text += cell(spread.area.mean * m_voxelSize->x * m_voxelSize->y) +
                      cell((spread.x.mean + m_x) * m_voxelSize->x) +
                      cell((spread.y.mean + m_y) * m_voxelSize->y) + "\n";
        } else {
            m_text += ",,,\n";
        }
    }
}

}  // namespace posteria::analysis
