#include "core/io/tiff_source.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace posteria::io {

namespace {
constexpr std::size_t kOpenFiles = 16;
}

std::size_t TiffFileSet::add(const std::string& path) {
    const auto [found, isNew] = m_numbers.try_emplace(path, m_paths.size());
    if (isNew) m_paths.push_back(path);
    return found->second;
}

std::size_t TiffFileSet::add(std::shared_ptr<const TiffFile> file) {
    const auto number = add(file->path());
    m_identities[number] = file->bytes().identity();
    m_open.emplace_front(number, std::move(file));
    return number;
}

std::shared_ptr<const TiffFile> TiffFileSet::get(std::size_t number) const {
    // Opening under the lock: two threads never scan the same file twice.
    const std::lock_guard lock(m_mutex);
    for (auto i = m_open.begin(); i != m_open.end(); ++i) {
        if (i->first != number) continue;
        m_open.splice(m_open.begin(), m_open, i);
        return i->second;
    }
    auto file = std::make_shared<const TiffFile>(m_paths.at(number));
    const auto identity = file->bytes().identity();
    if (m_identities.try_emplace(number, identity).first->second != identity)
        throwChanged(m_paths[number]);
    m_open.emplace_front(number, std::move(file));
    if (m_open.size() > kOpenFiles) m_open.pop_back();
    return m_open.front().second;
}

TiffSource::TiffSource(std::shared_ptr<const TiffFileSet> files, Table table)
    : m_files(std::move(files)), m_table(std::move(table)) {}

image::Plane TiffSource::read(const image::PlaneIndex& index, int level,
                              const image::Rect& rect) const {
    auto plane = readStored(index, level, rect);
    if (!m_table.signedByOffset) return plane;
    void* memory = nullptr;
    auto shifted =
        image::Plane::allocate(image::PixelType::Int16, plane.width(), plane.height(), &memory);
    const auto* stored = plane.as<std::uint16_t>();
    std::transform(stored, stored + plane.size(), static_cast<std::int16_t*>(memory),
                   [](std::uint16_t v) { return static_cast<std::int16_t>(v - 32768); });
    return shifted;
}

image::Plane TiffSource::readStored(const image::PlaneIndex& index, int level,
                                    const image::Rect& rect) const {
    const auto& shape = m_table.shape;
    const auto& layout = m_table.levels.at(static_cast<std::size_t>(level));
    const auto& address = m_table.planes.at(
        static_cast<std::size_t>((index.t * shape.c + index.c) * shape.z + index.z));
    if (address.file < 0) {
        void* zeros = nullptr;
        return image::Plane::allocate(pixelTypeOf(layout).value(), rect.width, rect.height, &zeros);
    }
    const auto file = m_files->get(static_cast<std::size_t>(address.file));
    if (address.rawStart != 0) return file->readRaw(address.rawStart, layout, address.sample, rect);
    const auto& pages = file->pages();
    const auto at = static_cast<std::size_t>(address.page);
    const auto reduced = m_table.reducedPages.find(address.page);
    const auto missing = [&file] {
        return Error(ErrorKind::Input, "The file lacks a page that its description names.",
                     file->path(), "Copy it again from its source.");
    };
    if (at >= pages.size()) throw missing();
    if (level == 0) return file->read(pages[at].offset, layout, address.sample, rect);
    const auto& smaller =
        reduced != m_table.reducedPages.end() ? reduced->second : pages[at].subIfds;
    if (static_cast<std::size_t>(level) > smaller.size()) throw missing();
    return file->read(smaller[static_cast<std::size_t>(level) - 1], layout, address.sample, rect);
}

}  // namespace posteria::io
