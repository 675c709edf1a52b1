#include "plugins/ome_zarr/series.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace ome_zarr {

using nlohmann::json;

namespace {

constexpr std::size_t kCacheBytes = 128u << 20;
constexpr std::size_t kMostSeries = 4096;
constexpr int kC = 1, kZ = 2, kY = 3, kX = 4;

const json& member(const json& object, const char* name) {
    static const json none;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? none : *found;
}

std::string word(const json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

double number(const json& value) {
    return value.is_number() ? value.get<double>() : 0;
}

double micrometres(const std::string& unit) {
    static const std::map<std::string, double> units{
        {"micrometer", 1},   {"micrometre", 1},   {"micron", 1},       {"um", 1},
        {"\u00B5m", 1},      {"\u03BCm", 1},      {"nanometer", 1e-3}, {"nm", 1e-3},
        {"angstrom", 1e-4},  {"picometer", 1e-6}, {"millimeter", 1e3}, {"mm", 1e3},
        {"centimeter", 1e4}, {"meter", 1e6},      {"inch", 25400}};
    const auto found = units.find(unit);
    return found == units.end() ? 0 : found->second;
}

double seconds(const std::string& unit) {
    static const std::map<std::string, double> units{
        {"second", 1},         {"seconds", 1},      {"s", 1},       {"millisecond", 1e-3},
        {"ms", 1e-3},          {"minute", 60},      {"hour", 3600}, {"day", 86400},
        {"microsecond", 1e-6}, {"nanosecond", 1e-9}};
    const auto found = units.find(unit);
    return found == units.end() ? 0 : found->second;
}

// The product of what "scale" transformations say of an axis.
double scaleOf(const json& transformations, std::size_t axis) {
    double scale = 1;
    for (const auto& step : transformations) {
        const json& values = member(step, "scale");
        if (word(member(step, "type")) == "scale" && values.is_array() && axis < values.size())
            scale *= number(values[axis]);
    }
    return scale;
}

// Where the image lies in the folder, and what it is called there unless that says the same.
std::string nameOf(const std::string& place, const std::string& own) {
    const auto last = place.substr(place.rfind('/') + 1);
    if (place.empty()) return own;
    return own.empty() || own == last || own == place ? place : place + " " + own;
}

class Opener {
  public:
    explicit Opener(std::shared_ptr<const Store> store)
        : m_store(std::move(store)), m_cache(std::make_shared<ChunkCache>(kCacheBytes)) {}

    std::vector<Series> run() {
        const json attributes = attributesOf("");
        if (!openGroup("", attributes)) {
            throw Problem(
                Array::isAt(*m_store, "")
                    ? "This is one Zarr array with no OME-NGFF description around it; open the "
                      "folder that it lies in."
                    : "This Zarr folder has no OME-NGFF image in it.");
        }
        if (m_series.empty())
            throw Problem(m_firstProblem.empty() ? "This Zarr folder lists no image."
                                                 : m_firstProblem);
        for (const auto& problem : m_problems)
            m_series.front().warnings.push_back(problem);
        return std::move(m_series);
    }

  private:
    // What OME-NGFF says of a group; an empty object when nothing.
    json attributesOf(const std::string& group) const {
        if (const auto v2 = m_store->readJson(joinKey(group, ".zattrs"))) return *v2;
        if (const auto v3 = m_store->readJson(joinKey(group, "zarr.json"))) {
            const json& attributes = member(*v3, "attributes");
            const json& ome = member(attributes, "ome");
            if (ome.is_object()) return ome;
            if (attributes.is_object()) return attributes;
        }
        return json::object();
    }

    // Whatever kind of group it is; false when it is none.
    bool openGroup(const std::string& group, const json& attributes) {
        if (member(attributes, "multiscales").is_array()) {
            openImage(group, attributes);
            openLabels(group);
            return true;
        }
        if (const json& plate = member(attributes, "plate"); plate.is_object()) {
            for (const auto& well : member(plate, "wells"))
                openChild(group, word(member(well, "path")));
            return true;
        }
        if (const json& well = member(attributes, "well"); well.is_object()) {
            for (const auto& image : member(well, "images"))
                openChild(group, word(member(image, "path")));
            return true;
        }
        if (!member(attributes, "bioformats2raw.layout").is_null()) {
            const json ome = attributesOf(joinKey(group, "OME"));
            if (const json& names = member(ome, "series"); names.is_array()) {
                for (const auto& name : names)
                    openChild(group, word(name));
            } else {
                for (int k = 0; hasGroup(joinKey(group, std::to_string(k))); ++k)
                    openChild(group, std::to_string(k));
            }
            return true;
        }
        if (const json& labels = member(attributes, "labels"); labels.is_array()) {
            for (const auto& name : labels)
                openChild(group, word(name));
            return true;
        }
        return false;
    }

    bool hasGroup(const std::string& group) const {
        return m_store->has(joinKey(group, ".zgroup")) || m_store->has(joinKey(group, ".zattrs")) ||
               m_store->has(joinKey(group, "zarr.json"));
    }

    // One of several: a damaged one is reported and the others are opened.
    void openChild(const std::string& group, const std::string& name) {
        if (m_series.size() >= kMostSeries || m_depth > 8) return;
        ++m_depth;
        try {
            const auto key = joinKey(group, name);
            if (name.empty() || !openGroup(key, attributesOf(key)))
                throw Problem("There is no image at \"" + key + "\".");
        } catch (const Problem& problem) {
            note(problem.what());
        }
        --m_depth;
    }

    void openLabels(const std::string& group) {
        const auto key = joinKey(group, "labels");
        try {
            const json attributes = attributesOf(key);
            for (const auto& name : member(attributes, "labels"))
                openChild(key, word(name));
        } catch (const Problem& problem) {
            note(problem.what());  // the image itself can be seen
        }
    }

    void note(const std::string& problem) {
        if (m_firstProblem.empty()) m_firstProblem = problem;
        if (m_problems.size() < 20) m_problems.push_back(problem);
    }

    void openImage(const std::string& group, const json& attributes) {
        const json& scales = member(attributes, "multiscales");
        for (std::size_t k = 0; k < scales.size() && m_series.size() < kMostSeries; ++k) {
            Series series = openMultiscale(group, scales[k]);
            const auto own = word(member(scales[k], "name"));
            series.name = nameOf(group, own);
            if (series.name.empty() && scales.size() > 1) series.name = std::to_string(k);
            useChannels(series, member(attributes, "omero"));
            m_series.push_back(std::move(series));
        }
        if (scales.empty()) throw Problem("The list of the image's resolutions is empty.");
    }

    Series openMultiscale(const std::string& group, const json& multiscale) const {
        Series series;
        const json& datasets = member(multiscale, "datasets");
        if (!datasets.is_array() || datasets.empty())
            throw Problem("The list of the image's resolutions is empty.");
        for (const auto& dataset : datasets) {
            const auto path = word(member(dataset, "path"));
            try {
                auto array = std::make_shared<const Array>(m_store, joinKey(group, path), m_cache);
                if (series.levels.empty()) {
                    placeAxes(series, multiscale, array->info());
                } else if (const auto problem = misfit(series, *array); !problem.empty()) {
                    throw Problem("The resolution \"" + path + "\" " + problem + ".");
                }
                series.levels.push_back(std::move(array));
            } catch (const Problem& problem) {
                if (series.levels.empty()) throw;
                // A pyramid without its top is still an image.
                series.warnings.push_back(std::string(problem.what()) +
                                          " Smaller ones are left out.");
                break;
            }
            const auto last = series.levels.size() - 1;
            series.levelSizes.push_back({series.extent(kY, last), series.extent(kX, last)});
        }
        series.compression = compressionName(series.levels.front()->info().decoders);
        useScales(series, multiscale);
        return series;
    }

    // Why the array cannot be a smaller version of the first.
    static std::string misfit(const Series& series, const Array& array) {
        const auto &first = series.levels.front()->info(), &info = array.info();
        if (info.type != first.type) return "has other pixels than the first";
        if (info.shape.size() != first.shape.size()) return "has other axes than the first";
        const auto& above = series.levels.back()->info();
        for (int k = 0; k < 5; ++k) {
            const int axis = series.axis[k];
            if (axis < 0) continue;
            if (info.shape[axis] > above.shape[axis]) return "is not smaller than the one before";
            if (k < kZ && info.shape[axis] != first.shape[axis])
                return "has other channels or times than the first";
        }
        return {};
    }

    static void placeAxes(Series& series, const json& multiscale, const ArrayInfo& info) {
        static const std::string letters = "tczyx";
        std::vector<std::string> names;
        for (const auto& axis : member(multiscale, "axes"))
            names.push_back(axis.is_string() ? axis.get<std::string>()
                                             : word(member(axis, "name")));
        // NGFF 0.1 and 0.2 knew five axes in one order.
        if (names.empty() && info.shape.size() == 5) names = {"t", "c", "z", "y", "x"};
        if (names.empty()) names = info.axisNames;
        if (names.size() != info.shape.size())
            throw Problem("The image's axes do not fit the shape of its pixels.");
        series.axis.fill(-1);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto k = names[i].size() == 1 ? letters.find(names[i]) : std::string::npos;
            if (k != std::string::npos && series.axis[k] < 0) {
                series.axis[k] = static_cast<int>(i);
                series.axes += static_cast<char>(std::toupper(names[i][0]));
            } else if (info.shape[i] != 1) {
                throw Problem("The image has an axis \"" + names[i] +
                              "\"; only t, c, z, y and x can be read.");
            }
        }
        if (series.axis[kY] < 0 || series.axis[kX] < 0)
            throw Problem("The image has no axes y and x.");
    }

    static void useScales(Series& series, const json& multiscale) {
        const json& axes = member(multiscale, "axes");
        const json& own = member(member(multiscale, "datasets")[0], "coordinateTransformations");
        const json& all = member(multiscale, "coordinateTransformations");
        bool unitless = false;
        for (int k = 0; k < 5; ++k) {
            if (series.axis[k] < 0 || k == kC) continue;
            const auto i = static_cast<std::size_t>(series.axis[k]);
            const double scale = scaleOf(own, i) * scaleOf(all, i);
            const json& axis = axes.is_array() && i < axes.size() ? axes[i] : json();
            const auto unit = word(member(axis, "unit"));
            const double length = k == 0 ? seconds(unit) : micrometres(unit);
            if (!(scale > 0) || !std::isfinite(scale)) continue;
            if (length == 0) {
                unitless = unitless || (k > 0 && scale != 1);
            } else if (k == 0) {
                series.timeIncrementS = scale * length;
            } else {
                series.voxelUm[static_cast<std::size_t>(kX - k)] = scale * length;
            }
        }
        if (unitless)
            series.warnings.push_back(
                "The file gives the size of its voxels without a unit that is known, so it is not "
                "used.");
    }

    static void useChannels(Series& series, const json& omero) {
        const json& list = member(omero, "channels");
        if (!list.is_array() || list.empty()) return;
        const auto count = static_cast<std::size_t>(series.extent(kC));
        if (count > 65536) return;
        series.channelNames.resize(count);
        series.channels.assign(count, PosteriaChannel{nullptr, -1, 0, 0, 0, 0});
        for (std::size_t c = 0; c < std::min(count, list.size()); ++c) {
            auto& channel = series.channels[c];
            series.channelNames[c] = word(member(list[c], "label"));
            auto color = word(member(list[c], "color"));
            if (!color.empty() && color[0] == '#') color.erase(0, 1);
            char* end = nullptr;
            const long value = std::strtol(color.c_str(), &end, 16);
            if (color.size() == 6 && end && *end == 0) channel.color = value;
            const json& window = member(list[c], "window");
            channel.display_min = number(member(window, "start"));
            channel.display_max = number(member(window, "end"));
        }
    }

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<ChunkCache> m_cache;
    std::vector<Series> m_series;
    std::vector<std::string> m_problems;
    std::string m_firstProblem;
    int m_depth = 0;
};

}  // namespace

std::int64_t Series::extent(int k, std::size_t level) const {
    const int i = axis[static_cast<std::size_t>(k)];
    return i < 0 ? 1 : levels[level]->info().shape[static_cast<std::size_t>(i)];
}

std::vector<Series> seriesOf(const std::shared_ptr<const Store>& store) {
    return Opener(store).run();
}

}  // namespace ome_zarr
