// Writing images in a format that the output's name asks for: OME-TIFF, or what a further writer
// (io/further.h) takes by the name's ending. Like OmeTiffWriter, everything is written under a
// temporary name, in bounded memory, and a file with its final name is whole.
#pragma once

#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/io/ome_tiff_writer.h"

namespace posteria::io {

struct WriteOptions {
    OmeTiffOptions tiff;             // for OME-TIFF
    bool compressionChosen = false;  // by the user; else another format may take its own
};

// A format. Stateless; any thread.
class Writer {
  public:
    virtual ~Writer() = default;
    virtual bool canWrite(const std::string& path) const = 0;  // by the name alone
    // Throws like writeImages().
    virtual void write(const std::string& path, const std::vector<image::StackPtr>& series,
                       const WriteOptions& options, const CancelToken& token,
                       const WriteProgress& progress) const = 0;
};

// Whole stacks as the series of one file. Throws Error{Cancelled} once the token is set,
// Error{Failed} for a full disk or a folder that cannot be written, Error{Usage} for options that
// the format does not have.
void writeImages(const std::string& path, const std::vector<image::StackPtr>& series,
                 const WriteOptions& options = {}, const CancelToken& token = {},
                 const WriteProgress& progress = {});

}  // namespace posteria::io
