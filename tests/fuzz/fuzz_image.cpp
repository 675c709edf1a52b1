// Every built-in image reader, chosen by the bytes themselves: TIFF and its dialects, DeltaVision,
// PNG, JPEG, OME companions.
#include <algorithm>

#include "core/base/error.h"
#include "core/io/open.h"
#include "tests/fuzz/bytes_as_file.h"

using namespace posteria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::int64_t kMostPlanes = 6, kSide = 300;
    const fuzz::BytesAsFile file(data, size);
    try {
        for (const auto& stack : io::openAll(file.path())) {
            const auto& s = stack->shape();
            for (std::int64_t i = 0; i < std::min(s.planes(), kMostPlanes); ++i) {
                const image::PlaneIndex plane{i / (s.c * s.z), i / s.z % s.c, i % s.z};
                for (int level = 0; level < static_cast<int>(stack->info().levels.size());
                     ++level) {
                    const auto all = stack->bounds(level);
                    stack->read(plane, level, {0, 0, kSide, kSide});
                    stack->read(plane, level, {all.width - 20, all.height - 20, 40, 40});
                }
            }
        }
    } catch (const Error& error) {
        if (error.message().empty() || error.message().back() != '.') std::abort();
    }
    return 0;
}
