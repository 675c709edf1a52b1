#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

#include "core/base/error.h"
#include "core/plugin/image_info.h"
#include "core/plugin/image_plugins.h"

namespace posteria::plugin {

namespace {

using image::PlaneIndex;
using image::Rect;
using PluginSetPtr = std::shared_ptr<const PluginSet>;

// One opened file of a plugin's; every call into it holds the lock.
class OpenFile {
  public:
    OpenFile(PluginSetPtr owner, const Plugin& plugin, std::string path)
        : m_owner(std::move(owner)), m_plugin(plugin), m_path(std::move(path)) {
        Call call(m_plugin, {});
        call.check(table().open(call.services(), m_path.c_str(), &m_file, &m_series, call.error(),
                                call.errorSize()),
                   ErrorKind::Input, m_path);
    }
    ~OpenFile() {
        if (m_file) table().close(m_file);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    std::int64_t series() const { return m_series; }
    image::StackInfo describe(std::int64_t series) const {
        auto info = stackInfo(table().describe(m_file, series), m_path);
        info.reader = m_plugin.id;
        info.series = static_cast<int>(series);
        if (info.name.empty()) info.name = std::filesystem::path(m_path).filename().string();
        return info;
    }

    void read(const PosteriaPosition& at, const PosteriaBuffer& out) const {
        const std::lock_guard lock(m_mutex);
        Call call(m_plugin, {});
        call.check(table().read(call.services(), m_file, &at, &out, call.error(), call.errorSize()),
                   ErrorKind::Input, m_path);
    }

  private:
    const PosteriaImageReader& table() const { return m_plugin.table<PosteriaImageReader>(); }

    PluginSetPtr m_owner;
    const Plugin& m_plugin;
    std::string m_path;
    void* m_file = nullptr;
    std::int64_t m_series = 0;
    mutable std::mutex m_mutex;
};

class PluginSource : public image::PlaneSource {
  public:
    PluginSource(std::shared_ptr<const OpenFile> file, std::int64_t series, image::PixelType type)
        : m_file(std::move(file)), m_series(series), m_type(type) {}

    image::Plane read(const PlaneIndex& index, int level, const Rect& rect) const override {
        void* memory = nullptr;
        auto plane = image::Plane::allocate(m_type, rect.width, rect.height, &memory);
        m_file->read({m_series, level, index.t, index.c, index.z, rect.y, rect.x},
                     planeBuffer(memory, m_type, rect.height, rect.width));
        return plane;
    }

  private:
    std::shared_ptr<const OpenFile> m_file;
    std::int64_t m_series;
    image::PixelType m_type;
};

class PluginReader : public io::Reader {
  public:
    PluginReader(PluginSetPtr owner, const Plugin& plugin)
        : m_owner(std::move(owner)), m_plugin(plugin) {}

    const char* name() const override { return m_plugin.id.c_str(); }

    bool canRead(const io::Candidate& candidate) const override {
        return m_plugin.table<PosteriaImageReader>().recognises(
                   candidate.path.c_str(), candidate.folder, candidate.head.data(),
                   candidate.head.size()) != 0;
    }

    std::vector<image::StackPtr> openAll(const std::string& path) const override {
        const auto file = std::make_shared<const OpenFile>(m_owner, m_plugin, path);
        if (file->series() < 1 || file->series() > kMostSeries) {
            throw Error(ErrorKind::Input, "The plugin found no image in the file.", path,
                        "Its reader is " + m_plugin.title + ".");
        }
        std::vector<image::StackPtr> stacks;
        for (std::int64_t k = 0; k < file->series(); ++k) {
            auto info = file->describe(k);
            auto source = std::make_unique<const PluginSource>(file, k, info.type);
            stacks.push_back(
                std::make_shared<const image::Stack>(std::move(info), std::move(source)));
        }
        return stacks;
    }

  private:
    static constexpr std::int64_t kMostSeries = 1 << 20;

    PluginSetPtr m_owner;
    const Plugin& m_plugin;
};

}  // namespace

io::Readers imageReaders(const PluginSetPtr& plugins) {
    io::Readers readers;
    for (const Plugin* plugin : plugins->ofKind(POSTERIA_IMAGE_READER))
        readers.push_back(std::make_shared<const PluginReader>(plugins, *plugin));
    return readers;
}

}  // namespace posteria::plugin
