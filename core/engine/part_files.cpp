#include "core/engine/part_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"

namespace fs = std::filesystem;

namespace posteria::engine {

// A file of float32 planes that is written rectangle by rectangle.
class RawPixels {
  public:
    RawPixels(std::string path, const image::Shape& shape)
        : m_path(std::move(path)),
          m_shape(shape),
          m_file(::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
        if (m_file < 0) throw writeError(m_path, errno);
    }
    ~RawPixels() { ::close(m_file); }
    RawPixels(const RawPixels&) = delete;
    RawPixels& operator=(const RawPixels&) = delete;

    void write(const image::PlaneIndex& at, const image::Rect& rect, const image::Plane& plane) {
        forEachRun(at, rect, [&](off_t offset, std::size_t first, std::size_t bytes) {
            const auto* from = reinterpret_cast<const char*>(plane.data()) + first;
            while (bytes > 0) {
                const auto done = ::pwrite(m_file, from, bytes, offset);
                if (done < 0 && errno == EINTR) continue;
                if (done < 0) throw writeError(m_path, errno);
                from += done, offset += done, bytes -= static_cast<std::size_t>(done);
            }
        });
    }

    image::Plane read(const image::PlaneIndex& at, const image::Rect& rect) const {
        void* memory = nullptr;
        auto plane =
            image::Plane::allocate(image::PixelType::Float32, rect.width, rect.height, &memory);
        forEachRun(at, rect, [&](off_t offset, std::size_t first, std::size_t bytes) {
            auto* to = static_cast<char*>(memory) + first;
            if (::pread(m_file, to, bytes, offset) != static_cast<ssize_t>(bytes)) {
                throw Error(ErrorKind::Failed, "A temporary file cannot be read back.", m_path,
                            "Start again, without --resume.");
            }
        });
        return plane;
    }

    void sync() const {
        if (::fdatasync(m_file) != 0) throw writeError(m_path, errno);
    }

  private:
    // Calls f(offset in the file, offset in the rectangle, bytes) for every run of pixels.
    template <class F>
    void forEachRun(const image::PlaneIndex& at, const image::Rect& r, F&& f) const {
        constexpr std::size_t kPixel = sizeof(float);
        const auto plane = (at.t * m_shape.c + at.c) * m_shape.z + at.z;
        const bool dense = r.width == m_shape.x;
        const auto run = static_cast<std::size_t>(r.width * (dense ? r.height : 1)) * kPixel;
        for (std::int64_t y = 0; y < (dense ? 1 : r.height); ++y) {
            const auto pixel = (plane * m_shape.y + r.y + y) * m_shape.x + r.x;
            f(static_cast<off_t>(pixel) * static_cast<off_t>(kPixel),
              static_cast<std::size_t>(y) * run, run);
        }
    }

    std::string m_path;
    image::Shape m_shape;
    int m_file = -1;
};

namespace {

class RawSource : public image::PlaneSource {
  public:
    explicit RawSource(std::shared_ptr<const RawPixels> pixels) : m_pixels(std::move(pixels)) {}
    image::Plane read(const image::PlaneIndex& plane, int, const image::Rect& rect) const override {
        return m_pixels->read(plane, rect);
    }

  private:
    std::shared_ptr<const RawPixels> m_pixels;
};

constexpr const char* kSettings = "settings.json";
constexpr const char* kParts = "parts.jsonl";

}  // namespace

PartFiles::PartFiles(std::string folder, std::string sampleKey, std::string resultKey, bool resume)
    : m_folder(std::move(folder)),
      m_sampleKey(std::move(sampleKey)),
      m_resultKey(std::move(resultKey)) {
    ensureFolder(m_folder);
    m_lock = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (m_lock >= 0 && ::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(m_lock);
        throw Error(ErrorKind::Failed, "Another program is restoring this image into this folder.",
                    m_folder, "Wait for it, or choose another folder.");
    }
    if (resume) load();
    if (!m_cut) clear();
}

PartFiles::~PartFiles() {
    if (m_lock >= 0) ::close(m_lock);
}

std::string PartFiles::samplePath(int k) const {
    return path("part_" + std::to_string(m_part.number) + ".sample_" + std::to_string(k) +
                ".ome.tif");
}

void PartFiles::load() {
    std::error_code code;
    if (!fs::exists(path(kSettings), code)) return;
    const auto settings = nlohmann::json::parse(readTextFile(path(kSettings)), nullptr, false);
    if (!settings.is_object() || settings.value("sample_key", "") != m_sampleKey) return;
    const auto number = [&settings](const char* name) {
        const auto found = settings.find(name);
        return found != settings.end() && found->is_number_integer() ? found->get<std::int64_t>()
                                                                     : 0;
    };
    m_cut = Cut{{number("planes"), number("side")},
                static_cast<int>(number("tile")),
                static_cast<int>(number("overlap"))};
    if (settings.value("result_key", "") != m_resultKey) {
        std::error_code code;
        for (const auto& entry : fs::directory_iterator(m_folder, code)) {
            const auto ending = entry.path().extension();
            if (ending == ".raw" || ending == ".jsonl") fs::remove(entry.path(), code);
        }
        return;
    }
    std::ifstream lines(path(kParts));
    for (std::string line; std::getline(lines, line);) {
        const auto j = nlohmann::json::parse(line, nullptr, false);
        if (!j.is_object() || !j.contains("warnings")) continue;  // the program ended in it
        Done done;
        done.pixels = j.value("pixels", 0.0);
        done.figures.monteCarloError = j.value("monte_carlo_error", 0.0);
        done.figures.seamScore = j.value("seam_score", -1.0);
        done.figures.residualStructure = j.value("residual_structure", -1.0);
        done.figures.unexplained = j.value("unexplained", -1.0);
        for (const auto& warning : j["warnings"])
            if (warning.is_string()) done.figures.warnings.push_back(warning.get<std::string>());
        m_done[j.value("part", -1)] = done;
    }
}

void PartFiles::clear() {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(m_folder, code))
        fs::remove_all(entry.path(), code);
}

bool PartFiles::begin(const ResultPart& part) {
    if (!m_started) {
        m_started = true;
        const nlohmann::json settings = {{"sample_key", m_sampleKey},  {"result_key", m_resultKey},
                                         {"planes", part.size.planes}, {"side", part.size.side},
                                         {"tile", part.tile},          {"overlap", part.overlap}};
        writeTextFile(path(kSettings), settings.dump());
    }
    // The last part tells how the results are described; its samples are there yet.
    if (m_done.count(part.number) > 0 && part.number + 1 < part.count) return false;
    m_part = part;
    std::error_code code;
    const auto own = "part_" + std::to_string(part.number) + ".";
    for (const auto& entry : fs::directory_iterator(m_folder, code)) {
        const auto name = entry.path().filename().string();
        if (name.find(".sample_") != std::string::npos && name.rfind(own, 0) != 0)
            fs::remove(entry.path(), code);
    }
    return true;
}

std::vector<image::StackPtr> PartFiles::samples() const {
    std::vector<image::StackPtr> result;
    std::error_code code;
    while (fs::exists(samplePath(static_cast<int>(result.size())), code))
        result.push_back(io::open(samplePath(static_cast<int>(result.size()))));
    return result;
}

void PartFiles::keepSample(int k, const image::StackPtr& sample) {
    io::OmeTiffOptions options;
    options.compression = io::Compression::None;
    io::writeOmeTiff(samplePath(k), {sample}, options);
}

void PartFiles::write(const std::string& name, std::size_t series, const image::Stack& stack) {
    auto& all = m_results[name];
    if (all.size() <= series) all.resize(series + 1);
    auto& [info, pixels] = all[series];
    info = stack.info();
    info.shape.t = m_part.whole.t;
    info.shape.z = m_part.whole.z;
    info.shape.y = m_part.whole.y;
    info.shape.x = m_part.whole.x;
    info.levels.clear();
    if (!pixels) {
        pixels = std::make_shared<RawPixels>(path(name + "." + std::to_string(series) + ".raw"),
                                             info.shape);
    }
    const auto& s = stack.shape();
    for (std::int64_t t = 0; t < s.t; ++t) {
        for (std::int64_t c = 0; c < s.c; ++c) {
            for (std::int64_t z = 0; z < s.z; ++z) {
                pixels->write({m_part.firstT + t, c, m_part.firstZ + z}, m_part.region,
                              stack.readPlane({t, c, z}).toFloat());
            }
        }
    }
}

void PartFiles::finish(const posterior::Diagnostics& figures) {
    for (const auto& [name, series] : m_results)
        for (const auto& [info, pixels] : series)
            pixels->sync();
    Done done;
    done.pixels = static_cast<double>(m_part.frames * m_part.slices) *
                  static_cast<double>(m_part.region.width * m_part.region.height);
    done.figures = figures;
    m_done[m_part.number] = done;
    const nlohmann::json line = {{"part", m_part.number},
                                 {"pixels", done.pixels},
                                 {"monte_carlo_error", figures.monteCarloError},
                                 {"seam_score", figures.seamScore},
                                 {"residual_structure", figures.residualStructure},
                                 {"unexplained", figures.unexplained},
                                 {"warnings", figures.warnings}};
    std::ofstream lines(path(kParts), std::ios::app);
    // The line before may have no end.
    lines << "\n" << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    lines.close();
    if (!lines) throw writeError(path(kParts), errno);
}

std::size_t PartFiles::seriesOf(const std::string& name) const {
    const auto found = m_results.find(name);
    return found == m_results.end() ? 0 : found->second.size();
}

std::vector<image::StackPtr> PartFiles::result(
    const std::string& name,
    const std::function<void(std::size_t, image::StackInfo&)>& describe) const {
    std::vector<image::StackPtr> stacks;
    for (std::size_t k = 0; k < seriesOf(name); ++k) {
        auto [info, pixels] = m_results.at(name)[k];
        describe(k, info);
        auto source = std::make_unique<RawSource>(pixels);
        stacks.push_back(std::make_shared<const image::Stack>(std::move(info), std::move(source)));
    }
    return stacks;
}

posterior::Diagnostics PartFiles::figures() const {
    posterior::Diagnostics all;
    double pixels = 0, squares = 0;
    for (const auto& [number, done] : m_done) {
        const auto& own = done.figures;
        pixels += done.pixels;
        squares += done.pixels * own.monteCarloError * own.monteCarloError;
        all.seamScore = std::max(all.seamScore, own.seamScore);
        all.residualStructure = std::max(all.residualStructure, own.residualStructure);
        all.unexplained = std::max(all.unexplained, own.unexplained);
        for (const auto& warning : own.warnings) {
            if (std::find(all.warnings.begin(), all.warnings.end(), warning) == all.warnings.end())
                all.warnings.push_back(warning);
        }
    }
    all.monteCarloError = pixels > 0 ? std::sqrt(squares / pixels) : 0;
    return all;
}

void PartFiles::remove() {
    m_results.clear();
    std::error_code code;
    fs::remove_all(m_folder, code);
}

void PartFiles::removeUnlessUseful() {
    std::error_code code;
    const bool anySample = m_started && fs::exists(samplePath(0), code);
    if (m_done.empty() && !anySample) remove();
}

}  // namespace posteria::engine
