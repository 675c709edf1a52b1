#include "core/io/tiff_layout.h"

#include <cmath>
#include <cstring>
#include <map>

#include "core/io/tiff_handle.h"

namespace posteria::io {

using image::PixelType;

namespace {

constexpr int kUnsigned = 1, kSigned = 2, kFloat = 3, kVoid = 4;
constexpr int kYCbCr = 6, kJpeg = 7;

template <class T>
void copyStrided(const std::uint8_t* row, std::int64_t first, std::int64_t count, int stride,
                 int sample, void* out) {
    const std::uint8_t* from = row + (first * stride + sample) * sizeof(T);
    if (stride == 1) {
        std::memcpy(out, from, static_cast<std::size_t>(count) * sizeof(T));
        return;
    }
    auto* to = static_cast<T*>(out);
    for (std::int64_t i = 0; i < count; ++i) {
        std::memcpy(to + i, from + i * stride * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    }
}

// Packed samples of fewer than 16 bits, highest bit first whatever the byte order.
template <class T>
void unpackBits(const std::uint8_t* row, int bits, std::int64_t first, std::int64_t count,
                int stride, int sample, void* out) {
    auto* to = static_cast<T*>(out);
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t bit = ((first + i) * stride + sample) * bits;
        unsigned value = 0;
        for (int b = 0; b < bits; ++b) {
            value = value << 1 | ((row[(bit + b) >> 3] >> (7 - ((bit + b) & 7))) & 1u);
        }
        to[i] = static_cast<T>(value);
    }
}

// IEEE-like floats of `exponentBits` and `mantissaBits` with a sign in front.
float widen(std::uint32_t value, int exponentBits, int mantissaBits) {
    const std::uint32_t mantissa = value & ((1u << mantissaBits) - 1);
    const int exponent = static_cast<int>(value >> mantissaBits & ((1u << exponentBits) - 1));
    const int bias = (1 << (exponentBits - 1)) - 1;
    const float sign = value >> (exponentBits + mantissaBits) & 1u ? -1.0f : 1.0f;
    if (exponent == (1 << exponentBits) - 1) {
        return mantissa ? std::nanf("") : sign * HUGE_VALF;
    }
    const float fraction = std::ldexp(static_cast<float>(mantissa), -mantissaBits);
    return sign * (exponent == 0 ? std::ldexp(fraction, 1 - bias)
                                 : std::ldexp(1.0f + fraction, exponent - bias));
}

std::uint32_t triple(const std::uint8_t* p) {
    return p[0] | static_cast<std::uint32_t>(p[1]) << 8 | static_cast<std::uint32_t>(p[2]) << 16;
}

}  // namespace

std::uint64_t PageLayout::chunkRowBytes() const {
    return (static_cast<std::uint64_t>(chunkWidth) * samplesInChunk() * bits + 7) / 8;
}

std::uint64_t PageLayout::planeBytes() const {
    return static_cast<std::uint64_t>(height) *
           ((static_cast<std::uint64_t>(width) * bits + 7) / 8);
}

bool PageLayout::isPlain() const {
    return compression == 1 && bits % 8 == 0 && !reversedBits && !subsampled;
}

bool PageLayout::sameKind(const PageLayout& o) const {
    return width == o.width && height == o.height && samples == o.samples && bits == o.bits &&
           format == o.format && planar == o.planar;
}

std::optional<PixelType> pixelTypeOf(const PageLayout& page) {
    const bool isSigned = page.format == kSigned;
    if (page.format == kFloat) {
        if (page.bits == 16 || page.bits == 24 || page.bits == 32) return PixelType::Float32;
        if (page.bits == 64) return PixelType::Float64;
        return {};
    }
    if (page.format != kUnsigned && page.format != kSigned && page.format != kVoid) return {};
    switch (page.bits) {
        case 8:
            return isSigned ? PixelType::Int8 : PixelType::UInt8;
        case 16:
            return isSigned ? PixelType::Int16 : PixelType::UInt16;
        case 32:
            return isSigned ? PixelType::Int32 : PixelType::UInt32;
        case 64:
            return isSigned ? PixelType::Int64 : PixelType::UInt64;
        default:
            break;
    }
    if (isSigned) return {};
    if (page.bits >= 1 && page.bits < 8) return PixelType::UInt8;
    if (page.bits > 8 && page.bits < 16) return PixelType::UInt16;
    if (page.bits == 24) return PixelType::UInt32;
    return {};
}

std::string codecName(int compression) {
    static const std::map<int, std::string> names{
        {1, "none"},         {2, "ccitt-rle"},       {3, "ccitt-fax3"},   {4, "ccitt-fax4"},
        {5, "lzw"},          {6, "old-jpeg"},        {7, "jpeg"},         {8, "deflate"},
        {9, "jbig"},         {10, "jbig"},           {32766, "next"},     {32771, "ccitt-rlew"},
        {32773, "packbits"}, {32809, "thunderscan"}, {32946, "deflate"},  {34661, "jbig"},
        {34676, "sgilog"},   {34677, "sgilog24"},    {34712, "jpeg2000"}, {33003, "jpeg2000"},
        {33005, "jpeg2000"}, {33004, "jpeg2000"},    {22610, "jpeg-xr"},  {34887, "lerc"},
        {34925, "lzma"},     {50000, "zstd"},        {50001, "webp"},     {50002, "jpeg-xl"}};
    const auto found = names.find(compression);
    return found != names.end() ? found->second : "codec " + std::to_string(compression);
}

std::string unsupportedReason(const PageLayout& page) {
    const bool logLuv = page.compression == 34676 || page.compression == 34677;
    if (logLuv || !codecAvailable(page.compression)) {
        return "The pixels are stored with the codec " + codecName(page.compression) +
               ", which cannot be read.";
    }
    if (page.photometric == kYCbCr && page.compression != kJpeg && page.subsampled) {
        return "The colours are stored as subsampled YCbCr without JPEG, which cannot be read.";
    }
    if (page.format == 5 || page.format == 6)
        return "The pixels are complex numbers, which cannot be read.";
    if (!pixelTypeOf(page)) {
        return "The pixels have " + std::to_string(page.bits) + " bits" +
               (page.format == kFloat    ? " of floating point"
                : page.format == kSigned ? " with a sign"
                                         : "") +
               ", which cannot be read.";
    }
    return {};
}

void unpackRow(const PageLayout& page, const std::uint8_t* row, std::int64_t first,
               std::int64_t count, int sample, void* out) {
    const int stride = page.samplesInChunk();
    if (page.format == kFloat && (page.bits == 16 || page.bits == 24)) {
        auto* to = static_cast<float*>(out);
        const int bytes = page.bits / 8;
        for (std::int64_t i = 0; i < count; ++i) {
            const std::uint8_t* p = row + ((first + i) * stride + sample) * bytes;
            to[i] = bytes == 2 ? widen(p[0] | static_cast<std::uint32_t>(p[1]) << 8, 5, 10)
                               : widen(triple(p), 7, 16);
        }
        return;
    }
    switch (page.bits) {
        case 8:
            return copyStrided<std::uint8_t>(row, first, count, stride, sample, out);
        case 16:
            return copyStrided<std::uint16_t>(row, first, count, stride, sample, out);
        case 32:
            return copyStrided<std::uint32_t>(row, first, count, stride, sample, out);
        case 64:
            return copyStrided<std::uint64_t>(row, first, count, stride, sample, out);
        case 24:
            for (std::int64_t i = 0; i < count; ++i) {
                static_cast<std::uint32_t*>(out)[i] =
                    triple(row + ((first + i) * stride + sample) * 3);
            }
            return;
        default:
            break;
    }
    if (page.bits < 8)
        return unpackBits<std::uint8_t>(row, page.bits, first, count, stride, sample, out);
    unpackBits<std::uint16_t>(row, page.bits, first, count, stride, sample, out);
}

}  // namespace posteria::io
