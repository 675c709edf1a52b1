// PNG and JPEG: one plane, its samples as channels. A picture can only be decoded as a whole, so
// that is done when its first pixel is asked for, and kept.
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "core/base/error.h"
#include "core/io/byte_source.h"
#include "core/io/picture_codecs.h"
#include "core/io/readers.h"

namespace posteria::io {

using image::Plane;

namespace {

struct PictureFormat {
    const char* name;
    const char* compression;
    std::string magic;
    PictureLayout (*layout)(const PictureBytes&, const std::string&);
    PictureBytes (*decode)(const PictureBytes&, const std::string&);
    const char* warning;  // null: none
};

class PictureSource : public image::PlaneSource {
  public:
    PictureSource(std::shared_ptr<const ByteSource> bytes, std::string path, PictureFormat format,
                  const PictureLayout& layout)
        : m_bytes(std::move(bytes)),
          m_path(std::move(path)),
          m_format(std::move(format)),
          m_layout(layout) {}

    Plane read(const image::PlaneIndex& index, int, const image::Rect& rect) const override {
        const std::lock_guard lock(m_mutex);
        if (m_planes.empty()) m_planes = decoded();
        return m_planes.at(static_cast<std::size_t>(index.c)).cropped(rect);
    }

  private:
    std::vector<Plane> decoded() const {
        PictureBytes file(m_bytes->identity().size);
        file.resize(m_bytes->read(0, file.data(), file.size()));
        m_bytes->checkUnchanged();
        const auto samples = m_format.decode(file, m_path);
        const auto type = m_layout.bits == 16 ? image::PixelType::UInt16 : image::PixelType::UInt8;
        std::vector<Plane> planes;
        for (int c = 0; c < m_layout.samples; ++c) {
            void* memory = nullptr;
            planes.push_back(Plane::allocate(type, m_layout.width, m_layout.height, &memory));
            if (m_layout.bits == 16) {
                separate<std::uint16_t>(samples, c, memory);
            } else {
                separate<std::uint8_t>(samples, c, memory);
            }
        }
        return planes;
    }
    template <class T>
    void separate(const PictureBytes& samples, int sample, void* out) const {
        const auto pixels = static_cast<std::size_t>(m_layout.width * m_layout.height);
        const auto step = static_cast<std::size_t>(m_layout.samples) * sizeof(T);
        const auto* from = samples.data() + static_cast<std::size_t>(sample) * sizeof(T);
        for (std::size_t i = 0; i < pixels; ++i)
            std::memcpy(static_cast<T*>(out) + i, from + i * step, sizeof(T));
    }

    std::shared_ptr<const ByteSource> m_bytes;
    std::string m_path;
    PictureFormat m_format;
    PictureLayout m_layout;
    mutable std::mutex m_mutex;
    mutable std::vector<Plane> m_planes;
};

std::vector<image::ChannelInfo> channelsOf(int samples) {
    const image::ChannelInfo red{"Red", 0xff0000, {}, {}, {}}, green{"Green", 0x00ff00, {}, {}, {}},
        blue{"Blue", 0x0000ff, {}, {}, {}}, alpha{"Alpha", 0xffffff, {}, {}, {}};
    switch (samples) {
        case 1:
            return {{}};
        case 2:
            return {{"Grey", 0xffffff, {}, {}, {}}, alpha};
        case 3:
            return {red, green, blue};
        default:
            return {red, green, blue, alpha};
    }
}

class PictureReader : public Reader {
  public:
    explicit PictureReader(PictureFormat format) : m_format(std::move(format)) {}
    const char* name() const override { return m_format.name; }
    bool canRead(const Candidate& candidate) const override {
        const auto& magic = m_format.magic;
        return candidate.head.size() >= magic.size() &&
               std::memcmp(candidate.head.data(), magic.data(), magic.size()) == 0;
    }
    std::vector<image::StackPtr> openAll(const std::string& path) const override {
        // A header can lie behind a colour profile or a preview, but not behind more than that.
        constexpr std::uint64_t kHeader = 4 << 20;
        constexpr std::uint64_t kFreeBytes = 64ull << 20, kMostPacked = 1100;
        auto bytes = std::make_shared<const FileBytes>(path);
        const auto size = bytes->identity().size;
        PictureBytes head(std::min(size, kHeader));
        head.resize(bytes->read(0, head.data(), head.size()));
        const auto layout = m_format.layout(head, path);
        if (layout.bytes() > kFreeBytes && layout.bytes() / kMostPacked > size) {
            throw Error(ErrorKind::Input,
                        "The file is damaged: it announces far more pixels than it holds.", path,
                        "Copy it again from its source.");
        }
        image::StackInfo info;
        info.path = path;
        info.reader = m_format.name;
        info.name = std::filesystem::path(path).filename().string();
        info.axes = layout.samples > 1 ? "YXC" : "YX";
        info.shape = {1, layout.samples, 1, layout.height, layout.width};
        info.type = layout.bits == 16 ? image::PixelType::UInt16 : image::PixelType::UInt8;
        info.channels = channelsOf(layout.samples);
        info.levels = {{layout.height, layout.width}};
        info.compression = m_format.compression;
        if (m_format.warning) info.warnings.emplace_back(m_format.warning);
        return {std::make_shared<const image::Stack>(
            info, std::make_unique<PictureSource>(std::move(bytes), path, m_format, layout))};
    }

  private:
    PictureFormat m_format;
};

}  // namespace

std::unique_ptr<const Reader> makePngReader() {
    return std::make_unique<PictureReader>(
        PictureFormat{"png", "deflate", "\x89PNG\r\n\x1A\n", &pngLayout, &decodePng, nullptr});
}

std::unique_ptr<const Reader> makeJpegReader() {
    return std::make_unique<PictureReader>(PictureFormat{
        "jpeg", "jpeg", "\xFF\xD8\xFF", &jpegLayout, &decodeJpeg,
        "JPEG keeps only what the eye notices: the grey values are not those that the "
        "camera saw."});
}

}  // namespace posteria::io
