#include "app/posteria-cli/file_benchmark.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <vector>

#include "core/base/error.h"
#include "core/io/ome_tiff_writer.h"
#include "core/io/open.h"

namespace posteria::cli {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// A folder that goes with its object.
class OwnFolder {
  public:
    explicit OwnFolder(const std::string& parent) {
        std::string pattern = parent + "/posteria-benchmark-XXXXXX";
        if (!mkdtemp(pattern.data()))
            throw Error(ErrorKind::Failed, "No folder could be made there.", parent,
                        "Name a folder that can be written to.");
        m_path = pattern;
    }
    ~OwnFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;
    std::string file(const char* name) const { return m_path + "/" + name; }

  private:
    std::string m_path;
};

// Grey values with the noise of some hundred photons, which hardly shrink.
template <class T>
image::Plane recorded(image::PixelType type, std::int64_t side) {
    void* memory = nullptr;
    auto plane = image::Plane::allocate(type, side, side, &memory);
    auto* pixels = static_cast<T*>(memory);
    std::minstd_rand random(1);
    for (std::int64_t y = 0; y < side; ++y) {
        for (std::int64_t x = 0; x < side; ++x) {
            const double light = 300 + 200 * std::sin(double(x) / 37) * std::cos(double(y) / 53);
            const double noise = (double(random() % 2000) / 1000 - 1) * std::sqrt(3 * light);
            *pixels++ = static_cast<T>(light + noise);
        }
    }
    return plane;
}

image::StackInfo infoOf(image::PixelType type, std::int64_t side, std::int64_t slices) {
    image::StackInfo info;
    info.name = "benchmark";
    info.type = type;
    info.shape = {1, 1, slices, side, side};
    return info;
}

void write(const std::string& path, const image::Plane& plane, std::int64_t slices,
           const io::OmeTiffOptions& options) {
    io::OmeTiffWriter writer(path, {infoOf(plane.type(), plane.width(), slices)}, options);
    for (std::int64_t z = 0; z < slices; ++z)
        writer.writePlane(plane);
    writer.finish();
}

double pyramidWriting(const OwnFolder& folder) {
    constexpr std::int64_t kSide = 8192;
    const auto plane = recorded<float>(image::PixelType::Float32, kSide);
    io::OmeTiffOptions options;
    options.compression = io::Compression::Zstd;
    options.pyramid = true;
    const auto start = Clock::now();
    write(folder.file("pyramid.ome.tif"), plane, 1, options);
    return double(4 * kSide * kSide) / 1e6 / secondsSince(start);
}

nlohmann::ordered_json tileReading(const OwnFolder& folder, const CancelToken& token) {
    constexpr std::int64_t kSide = 10000, kTile = 256;
    constexpr int kWarm = 50, kTimed = 500;
    io::OmeTiffOptions options;
    options.compression = io::Compression::Zstd;
    options.tile = kTile;
    const auto path = folder.file("tiles.ome.tif");
    write(path, recorded<std::uint16_t>(image::PixelType::UInt16, kSide), 1, options);
    const auto stack = io::open(path);
    std::minstd_rand random(7);
    std::vector<double> ms;
    for (int i = 0; i < kWarm + kTimed; ++i) {
        token.throwIfCancelled();
        const image::Rect rect{std::int64_t(random() % (kSide - kTile)),
                               std::int64_t(random() % (kSide - kTile)), kTile, kTile};
        const auto start = Clock::now();
        stack->read({0, 0, 0}, 0, rect);
        if (i >= kWarm) ms.push_back(1000 * secondsSince(start));
    }
    std::sort(ms.begin(), ms.end());
    return {{"median", ms[kTimed / 2]}, {"p99", ms[kTimed * 99 / 100]}};
}

// Both ways in turn; the better of three counts, as others may be busy.
void sequentialReading(const OwnFolder& folder, const CancelToken& token,
                       nlohmann::ordered_json& result) {
    constexpr std::int64_t kSide = 2048, kSlices = 128;
    const auto path = folder.file("planes.ome.tif");
    io::OmeTiffOptions options;
    options.compression = io::Compression::None;
    write(path, recorded<std::uint16_t>(image::PixelType::UInt16, kSide), kSlices, options);
    const double megabytes = double(2 * kSide * kSide * kSlices) / 1e6;
    double ours = 0, plain = 0;
    for (int round = 0; round < 3; ++round) {
        auto start = Clock::now();
        std::vector<char> block(1 << 20);
        std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
        while (file && std::fread(block.data(), 1, block.size(), file.get()) == block.size()) {
        }
        plain = std::max(plain, megabytes / secondsSince(start));
        start = Clock::now();
        const auto stack = io::open(path);
        for (std::int64_t z = 0; z < kSlices; ++z) {
            token.throwIfCancelled();
            stack->readPlane({0, 0, z});
        }
        ours = std::max(ours, megabytes / secondsSince(start));
    }
    result["sequential_read_mb_per_s"] = ours;
    result["sequential_share_of_plain"] = ours / plain;
}

double pagesOpening(const OwnFolder& folder) {
    const auto path = folder.file("pages.ome.tif");
    io::OmeTiffOptions options;
    options.compression = io::Compression::None;
    write(path, recorded<std::uint16_t>(image::PixelType::UInt16, 16), 100000, options);
    const auto start = Clock::now();
    io::openAll(path);
    return secondsSince(start);
}

}  // namespace

nlohmann::ordered_json benchmarkFiles(const std::string& folder,
                                      const std::function<void(int done, int total)>& progress,
                                      const CancelToken& token) {
    nlohmann::ordered_json result;
    int done = 0;
    const auto step = [&] {
        token.throwIfCancelled();
        progress(done++, 4);
        return std::make_unique<OwnFolder>(folder);
    };
    result["zstd_pyramid_write_mb_per_s"] = pyramidWriting(*step());
    result["tile_10000_zstd_ms"] = tileReading(*step(), token);
    sequentialReading(*step(), token, result);
    result["info_100000_pages_s"] = pagesOpening(*step());
    progress(4, 4);
    return result;
}

}  // namespace posteria::cli
