#include "ui/shell/benchmark_files.h"

#include <QDataStream>
#include <QFile>
#include <vector>

namespace posteria::ui::shell {

namespace {

constexpr int kTile = 512, kTiles = 16;
constexpr qint64 kTileBytes = qint64(kTile) * kTile * 2;
constexpr qint64 kHeaderBytes = 16;
enum Type : quint16 { kShort = 3, kLong = 4, kLong8 = 16 };

struct Entry {
    quint16 tag;
    Type type;
    quint64 count, value;  // or where the values lie
};

constexpr qint64 directoryBytes(int entries) {
    return 8 + 20 * entries + 8;
}

void writeHeader(QDataStream& out, quint64 firstDirectory) {
    out.writeRawData("II", 2);
    out << quint16(43) << quint16(8) << quint16(0) << firstDirectory;
}

void writeDirectory(QDataStream& out, const std::vector<Entry>& entries, quint64 next) {
    out << quint64(entries.size());
    for (const auto& entry : entries)
        out << entry.tag << quint16(entry.type) << entry.count << entry.value;
    out << next;
}

}  // namespace

bool writeHollowStack(const QString& path, int width, int height, int pages) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return false;
    QDataStream out(&file);
    out.setByteOrder(QDataStream::LittleEndian);
    constexpr int kEntries = 9;
    const qint64 pageBytes = qint64(width) * height * 2;
    const qint64 pixels = kHeaderBytes + pages * directoryBytes(kEntries);
    writeHeader(out, kHeaderBytes);
    for (int p = 0; p < pages; ++p) {
        const quint64 next =
            p + 1 < pages ? quint64(kHeaderBytes + (p + 1) * directoryBytes(kEntries)) : 0;
        writeDirectory(out,
                       {{256, kLong, 1, quint64(width)},
                        {257, kLong, 1, quint64(height)},
                        {258, kShort, 1, 16},
                        {259, kShort, 1, 1},
                        {262, kShort, 1, 1},
                        {273, kLong8, 1, quint64(pixels + p * pageBytes)},
                        {277, kShort, 1, 1},
                        {278, kLong, 1, quint64(height)},
                        {279, kLong8, 1, quint64(pageBytes)}},
                       next);
    }
    return out.status() == QDataStream::Ok && file.resize(pixels + pages * pageBytes);
}

bool writeSharedPyramid(const QString& path, int side) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return false;
    QDataStream out(&file);
    out.setByteOrder(QDataStream::LittleEndian);
    std::vector<int> sides;
    for (int s = side; s >= kTile; s /= 2)
        sides.push_back(s);
    // Header, tiles, then each level's lists of tiles and its directory, the smaller levels first.
    std::vector<quint64> directories(sides.size());
    file.seek(kHeaderBytes);
    std::vector<quint16> tile(std::size_t(kTile) * kTile);
    for (int t = 0; t < kTiles; ++t) {
        for (std::size_t i = 0; i < tile.size(); ++i)
            tile[i] = quint16((i * 2654435761u + quint32(t) * 977u) >> 18);
        file.write(reinterpret_cast<const char*>(tile.data()), kTileBytes);
    }
    for (std::size_t level = sides.size(); level-- > 0;) {
        const int across = (sides[level] + kTile - 1) / kTile;
        const quint64 count = quint64(across) * across, lists = quint64(file.pos());
        for (quint64 i = 0; i < count; ++i)
            out << quint64(kHeaderBytes + qint64(i * 7 % kTiles) * kTileBytes);
        for (quint64 i = 0; i < count; ++i)
            out << quint64(kTileBytes);
        const quint64 subs = quint64(file.pos());
        if (level == 0)
            for (std::size_t l = 1; l < sides.size(); ++l)
                out << directories[l];
        directories[level] = quint64(file.pos());
        std::vector<Entry> entries{
            {254, kLong, 1, level == 0 ? 0u : 1u},
            {256, kLong, 1, quint64(sides[level])},
            {257, kLong, 1, quint64(sides[level])},
            {258, kShort, 1, 16},
            {259, kShort, 1, 1},
            {262, kShort, 1, 1},
            {277, kShort, 1, 1},
            {322, kLong, 1, kTile},
            {323, kLong, 1, kTile},
            {324, kLong8, count, count > 1 ? lists : kHeaderBytes},
            {325, kLong8, count, count > 1 ? lists + 8 * count : kTileBytes}};
        if (level == 0 && sides.size() > 1)
            entries.push_back(
                {330, kLong8, sides.size() - 1, sides.size() > 2 ? subs : directories[1]});
        writeDirectory(out, entries, 0);
    }
    file.seek(0);
    writeHeader(out, directories[0]);
    return out.status() == QDataStream::Ok && file.flush();
}

}  // namespace posteria::ui::shell
