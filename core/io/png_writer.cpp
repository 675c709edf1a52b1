#include "core/io/png_writer.h"

#include <png.h>

#include "core/base/error.h"

namespace posteria::io {

std::vector<std::uint8_t> encodePng(int width, int height, const std::vector<std::uint8_t>& rgb) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.format = PNG_FORMAT_RGB;
    if (width > 0 && height > 0 && rgb.size() == std::size_t(width) * std::size_t(height) * 3) {
        image.width = static_cast<png_uint_32>(width);
        image.height = static_cast<png_uint_32>(height);
        png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
        std::vector<std::uint8_t> file(bytes);
        if (png_image_write_to_memory(&image, file.data(), &bytes, 0, rgb.data(), 0, nullptr)) {
            file.resize(bytes);
            return file;
        }
    }
    throw Error(ErrorKind::Failed, "The picture could not be written as PNG.", {}, image.message);
}

}  // namespace posteria::io
