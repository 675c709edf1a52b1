#include "core/io/writer.h"

#include "core/io/further.h"

namespace posteria::io {

void writeImages(const std::string& path, const std::vector<image::StackPtr>& series,
                 const WriteOptions& options, const CancelToken& token,
                 const WriteProgress& progress) {
    for (const auto& writer : furtherWriters()) {
        if (writer->canWrite(path)) return writer->write(path, series, options, token, progress);
    }
    writeOmeTiff(path, series, options.tiff, token, progress);
}

}  // namespace posteria::io
