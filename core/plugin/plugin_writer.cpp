#include <algorithm>
#include <cctype>
#include <deque>
#include <memory>
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/plugin/image_info.h"
#include "core/plugin/image_plugins.h"

namespace posteria::plugin {

namespace {

using image::PlaneIndex;
using PluginSetPtr = std::shared_ptr<const PluginSet>;

const char* codecName(io::Compression compression) {
    switch (compression) {
        case io::Compression::None:
            return "none";
        case io::Compression::Lzw:
            return "lzw";
        case io::Compression::Deflate:
            return "deflate";
        case io::Compression::Zstd:
            break;
    }
    return "zstd";
}

// A file that a plugin writes; without finish() nothing is left of it.
class WrittenFile {
  public:
    WrittenFile(const Plugin& plugin, std::string path, const std::vector<image::StackPtr>& series,
                const io::WriteOptions& options, const CancelToken& token)
        : m_plugin(plugin), m_path(std::move(path)), m_token(token) {
        std::deque<DescribedImage> described;
        std::vector<const PosteriaImageInfo*> infos;
        for (const auto& stack : series)
            infos.push_back(described.emplace_back(stack->info()).get());
        PosteriaWriteOptions wanted = {};
        wanted.struct_size = sizeof wanted;
        wanted.compression =
            options.compressionChosen ? codecName(options.tiff.compression) : nullptr;
        wanted.tile = options.tiff.tile;
        wanted.pyramid = options.tiff.pyramid;
        Call call(m_plugin, m_token);
        call.check(table().create(call.services(), m_path.c_str(), infos.data(),
                                  static_cast<std::int64_t>(infos.size()), &wanted, &m_file,
                                  &m_blockHeight, &m_blockWidth, call.error(), call.errorSize()),
                   ErrorKind::Failed, m_path);
    }
    ~WrittenFile() {
        if (m_file) table().close(m_file);
    }
    WrittenFile(const WrittenFile&) = delete;
    WrittenFile& operator=(const WrittenFile&) = delete;

    // Band by band, as high as a block: files in strips are then read once.
    void writePlane(const image::Stack& stack, std::int64_t series, const PlaneIndex& index) {
        const auto& s = stack.shape();
        const auto high = m_blockHeight > 0 ? m_blockHeight : s.y;
        const auto wide = m_blockWidth > 0 ? m_blockWidth : s.x;
        for (std::int64_t y = 0; y < s.y; y += high) {
            m_token.throwIfCancelled();
            const auto band = stack.read(index, 0, {0, y, s.x, std::min(high, s.y - y)});
            auto buffer = planeBuffer(const_cast<void*>(band.data()), band.type(), band.height(),
                                      band.width());
            for (std::int64_t x = 0; x < s.x; x += wide) {
                auto block = buffer;
                block.data = static_cast<char*>(buffer.data) + x * buffer.stride[4];
                block.extent[4] = std::min(wide, s.x - x);
                const PosteriaPosition at{series, 0, index.t, index.c, index.z, y, x};
                Call call(m_plugin, m_token);
                call.check(table().write(call.services(), m_file, &at, &block, call.error(),
                                         call.errorSize()),
                           ErrorKind::Failed, m_path);
            }
        }
    }

    void finish() {
        Call call(m_plugin, m_token);
        call.check(table().finish(call.services(), m_file, call.error(), call.errorSize()),
                   ErrorKind::Failed, m_path);
    }

  private:
    const PosteriaImageWriter& table() const { return m_plugin.table<PosteriaImageWriter>(); }

    const Plugin& m_plugin;
    std::string m_path;
    CancelToken m_token;
    void* m_file = nullptr;
    std::int64_t m_blockHeight = 0, m_blockWidth = 0;
};

class PluginWriter : public io::Writer {
  public:
    PluginWriter(PluginSetPtr owner, const Plugin& plugin)
        : m_owner(std::move(owner)), m_plugin(plugin) {}

    bool canWrite(const std::string& path) const override {
        std::string name = path;
        while (!name.empty() && name.back() == '/')
            name.pop_back();
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        std::istringstream endings(m_plugin.table<PosteriaImageWriter>().endings);
        for (std::string ending; endings >> ending;) {
            if (name.size() > ending.size() &&
                name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
                return true;
        }
        return false;
    }

    void write(const std::string& path, const std::vector<image::StackPtr>& series,
               const io::WriteOptions& options, const CancelToken& token,
               const io::WriteProgress& progress) const override {
        WrittenFile file(m_plugin, path, series, options, token);
        std::int64_t done = 0, all = 0;
        for (const auto& stack : series)
            all += stack->shape().planes();
        for (std::size_t k = 0; k < series.size(); ++k) {
            const auto& s = series[k]->shape();
            for (PlaneIndex i; i.t < s.t; ++i.t) {
                for (i.c = 0; i.c < s.c; ++i.c) {
                    for (i.z = 0; i.z < s.z; ++i.z) {
                        file.writePlane(*series[k], static_cast<std::int64_t>(k), i);
                        if (progress) progress(++done, all);
                    }
                }
            }
        }
        file.finish();
    }

  private:
    PluginSetPtr m_owner;
    const Plugin& m_plugin;
};

}  // namespace

io::Writers imageWriters(const PluginSetPtr& plugins) {
    io::Writers writers;
    for (const Plugin* plugin : plugins->ofKind(POSTERIA_IMAGE_WRITER))
        writers.push_back(std::make_shared<const PluginWriter>(plugins, *plugin));
    return writers;
}

void useImagePlugins(const PluginSetPtr& plugins) {
    io::setFurther([plugins] { return imageReaders(plugins); },
                   [plugins] { return imageWriters(plugins); });
}

}  // namespace posteria::plugin
