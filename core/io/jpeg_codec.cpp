#include <turbojpeg.h>

#include <memory>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/io/picture_codecs.h"

namespace posteria::io {

namespace {

class JpegPass {
  public:
    JpegPass(const PictureBytes& file, const std::string& path)
        : m_file(file), m_path(path), m_jpeg(tjInitDecompress(), &tjDestroy) {
        if (!m_jpeg) throw Error(ErrorKind::Failed, "libjpeg-turbo cannot be used.", path);
    }

    PictureLayout layout() {
        int width = 0, height = 0, subsampling = 0, colours = 0;
        if (tjDecompressHeader3(m_jpeg.get(), m_file.data(), m_file.size(), &width, &height,
                                &subsampling, &colours) != 0 ||
            width < 1 || height < 1)
            fail();
        if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
            refuse("The colours of the JPEG picture are stored as CMYK, which cannot be read.",
                   "Save it as RGB or as TIFF first.");
        }
        return {width, height, colours == TJCS_GRAY ? 1 : 3, 8};
    }
    void read(const PictureLayout& layout, std::uint8_t* out) {
        const auto failed =
            tjDecompress2(m_jpeg.get(), m_file.data(), m_file.size(), out,
                          static_cast<int>(layout.width), 0, static_cast<int>(layout.height),
                          layout.samples == 1 ? TJPF_GRAY : TJPF_RGB, TJFLAG_ACCURATEDCT);
        if (failed == 0) return;
        // What is odd but whole is a warning, and so is a picture whose end is missing.
        const bool odd = tjGetErrorCode(m_jpeg.get()) == TJERR_WARNING &&
                         message().find("extraneous bytes") != std::string::npos;
        if (!odd) fail();
    }

  private:
    std::string message() const { return tjGetErrorStr2(m_jpeg.get()); }
    [[noreturn]] void refuse(const char* sentence, const char* hint) const {
        throw Error(ErrorKind::Input, sentence, m_path, hint);
    }
    [[noreturn]] void fail() const {
        log::debug(m_path + ": " + message());
        if (message().find("precision") != std::string::npos) {
            refuse("The JPEG picture has another depth than 8 bits, which cannot be read.",
                   "Save it as TIFF first.");
        }
        refuse("The JPEG picture is damaged or cut short.",
               "Copy it again from its source, or save it anew.");
    }

    const PictureBytes& m_file;
    const std::string& m_path;
    std::unique_ptr<void, int (*)(tjhandle)> m_jpeg;
};

}  // namespace

PictureLayout jpegLayout(const PictureBytes& file, const std::string& path) {
    return JpegPass(file, path).layout();
}

PictureBytes decodeJpeg(const PictureBytes& file, const std::string& path) {
    JpegPass pass(file, path);
    const auto layout = pass.layout();
    PictureBytes samples(layout.bytes());
    pass.read(layout, samples.data());
    return samples;
}

}  // namespace posteria::io
