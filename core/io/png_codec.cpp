#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/io/picture_codecs.h"

namespace posteria::io {

namespace {

// One pass of libpng over a file in memory. libpng leaves by longjmp: what it may jump over is only
// C, and the message outlives the jump.
class PngPass {
  public:
    PngPass(const PictureBytes& file, const std::string& path)
        : m_file(file),
          m_path(path),
          m_png(png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &onError, &onWarning)),
          m_info(m_png ? png_create_info_struct(m_png) : nullptr) {
        if (!m_info) {
            png_destroy_read_struct(&m_png, nullptr, nullptr);
            throw Error(ErrorKind::Failed, "libpng cannot be used.", path);
        }
        png_set_read_fn(m_png, this, &onRead);
    }
    ~PngPass() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    PngPass(const PngPass&) = delete;
    PngPass& operator=(const PngPass&) = delete;

    PictureLayout layout() {
        if (setjmp(png_jmpbuf(m_png))) fail();
        png_read_info(m_png, m_info);
        const auto bits = png_get_bit_depth(m_png, m_info);
        if (png_get_color_type(m_png, m_info) == PNG_COLOR_TYPE_PALETTE) {
            png_set_palette_to_rgb(m_png);
            if (png_get_valid(m_png, m_info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(m_png);
            // Several programs, ImageJ among them, store grey values behind a palette of greys.
            if (isGrey()) png_set_rgb_to_gray_fixed(m_png, PNG_ERROR_ACTION_NONE, -1, -1);
        }
        if (bits < 8) png_set_packing(m_png);
        const std::uint16_t one = 1;
        if (bits == 16 && *reinterpret_cast<const std::uint8_t*>(&one) == 1) png_set_swap(m_png);
        png_set_interlace_handling(m_png);
        png_read_update_info(m_png, m_info);
        return {png_get_image_width(m_png, m_info), png_get_image_height(m_png, m_info),
                png_get_channels(m_png, m_info), bits == 16 ? 16 : 8};
    }
    // After layout(); one pointer for every row.
    void read(png_bytep* rows) {
        if (setjmp(png_jmpbuf(m_png))) fail();
        png_read_image(m_png, rows);
    }

  private:
    bool isGrey() const {
        png_colorp colours = nullptr;
        int count = 0;
        if (!png_get_PLTE(m_png, m_info, &colours, &count)) return false;
        return std::all_of(colours, colours + count, [](const png_color& c) {
            return c.red == c.green && c.green == c.blue;
        });
    }
    static void onRead(png_structp png, png_bytep out, std::size_t count) {
        auto* self = static_cast<PngPass*>(png_get_io_ptr(png));
        if (count > self->m_file.size() - self->m_at) png_error(png, "the file ends too early");
        std::memcpy(out, self->m_file.data() + self->m_at, count);
        self->m_at += count;
    }
    static void onError(png_structp png, png_const_charp message) {
        static_cast<PngPass*>(png_get_error_ptr(png))->m_message = message;
        png_longjmp(png, 1);
    }
    static void onWarning(png_structp, png_const_charp) {}
    [[noreturn]] void fail() const {
        log::debug(m_path + ": " + m_message);
        throw Error(ErrorKind::Input, "The PNG picture is damaged or cut short.", m_path,
                    "Copy it again from its source, or save it anew.");
    }

    const PictureBytes& m_file;
    const std::string& m_path;
    std::string m_message;
    std::size_t m_at = 0;
    png_structp m_png;
    png_infop m_info;
};

}  // namespace

PictureLayout pngLayout(const PictureBytes& file, const std::string& path) {
    return PngPass(file, path).layout();
}

PictureBytes decodePng(const PictureBytes& file, const std::string& path) {
    PngPass pass(file, path);
    const auto layout = pass.layout();
    PictureBytes samples(layout.bytes());
    std::vector<png_bytep> rows(static_cast<std::size_t>(layout.height));
    for (std::size_t y = 0; y < rows.size(); ++y)
        rows[y] = samples.data() + samples.size() / rows.size() * y;
    pass.read(rows.data());
    return samples;
}

}  // namespace posteria::io
