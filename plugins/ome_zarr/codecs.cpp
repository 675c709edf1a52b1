#include "plugins/ome_zarr/codecs.h"

#include <blosc.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace ome_zarr {

namespace {

[[noreturn]] void damaged() {
    throw Problem("is damaged or cut short");
}

Bytes fromBlosc(const Bytes& in, std::size_t size) {
    std::size_t promised = 0, compressed = 0, block = 0;
    if (in.size() < BLOSC_MIN_HEADER_LENGTH) damaged();
    blosc_cbuffer_sizes(in.data(), &promised, &compressed, &block);
    if (compressed > in.size() || promised != size) damaged();
    if (blosc_cbuffer_validate(in.data(), compressed, &promised) != 0 || promised != size)
        damaged();
    Bytes out(size);
    if (blosc_decompress_ctx(in.data(), out.data(), size, 1) != static_cast<int>(size)) damaged();
    return out;
}

Bytes fromDeflate(const Bytes& in, std::size_t size) {
    // No byte of deflate becomes more than 1032.
    if (size / 1032 > in.size()) damaged();
    z_stream stream = {};
    if (inflateInit2(&stream, 15 + 32) != Z_OK) throw std::bad_alloc();
    Bytes out(size);
    stream.next_in = const_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(size);
    const int result = inflate(&stream, Z_FINISH);
    const bool whole = result == Z_STREAM_END && stream.total_out == size;
    inflateEnd(&stream);
    if (!whole) damaged();
    return out;
}

Bytes fromZstd(const Bytes& in, std::size_t size) {
    const auto promised = ZSTD_getFrameContentSize(in.data(), in.size());
    if (promised == ZSTD_CONTENTSIZE_ERROR ||
        (promised != ZSTD_CONTENTSIZE_UNKNOWN && promised > size))
        damaged();
    Bytes out(size);
    if (ZSTD_decompress(out.data(), size, in.data(), in.size()) != size) damaged();
    return out;
}

// Castagnoli's polynomial, reflected.
std::uint32_t crc32c(const std::uint8_t* bytes, std::size_t size) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> entries{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            entries[i] = i;
            for (int bit = 0; bit < 8; ++bit)
                entries[i] = entries[i] >> 1 ^ (entries[i] & 1 ? 0x82F63B78u : 0);
        }
        return entries;
    }();
    std::uint32_t sum = ~0u;
    for (std::size_t i = 0; i < size; ++i)
        sum = sum >> 8 ^ table[(sum ^ bytes[i]) & 0xff];
    return ~sum;
}

Bytes withoutChecksum(Bytes in) {
    if (in.size() < 4) damaged();
    const std::size_t size = in.size() - 4;
    const std::uint32_t kept = in[size] | in[size + 1] << 8 | in[size + 2] << 16 |
                               static_cast<std::uint32_t>(in[size + 3]) << 24;
    if (crc32c(in.data(), size) != kept) damaged();
    in.resize(size);
    return in;
}

}  // namespace

Bytes decode(const std::vector<Codec>& decoders, Bytes bytes, std::size_t size) {
    for (auto codec = decoders.begin(); codec != decoders.end(); ++codec) {
        // What a later step takes off is still there.
        const auto checksums = std::count(codec + 1, decoders.end(), Codec::Crc32c);
        const std::size_t expected = size + 4 * static_cast<std::size_t>(checksums);
        switch (*codec) {
            case Codec::Blosc:
                bytes = fromBlosc(bytes, expected);
                break;
            case Codec::Deflate:
                bytes = fromDeflate(bytes, expected);
                break;
            case Codec::Zstd:
                bytes = fromZstd(bytes, expected);
                break;
            case Codec::Crc32c:
                bytes = withoutChecksum(std::move(bytes));
                break;
        }
    }
    if (bytes.size() != size) damaged();
    return bytes;
}

std::string compressionName(const std::vector<Codec>& decoders) {
    for (const Codec codec : decoders) {
        if (codec == Codec::Blosc) return "blosc";
        if (codec == Codec::Deflate) return "deflate";
        if (codec == Codec::Zstd) return "zstd";
    }
    return "none";
}

}  // namespace ome_zarr
