// Readers and writers that this module does not bring along, such as those of plugins. The program
// names where they come from once, before it opens anything; they are fetched when a file is first
// opened or written, from any thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/io/reader.h"
#include "core/io/writer.h"

namespace posteria::io {

using Readers = std::vector<std::shared_ptr<const Reader>>;
using Writers = std::vector<std::shared_ptr<const Writer>>;

// Asked before the built-in ones. Null functions are allowed.
void setFurther(std::function<Readers()> readers, std::function<Writers()> writers);

const Readers& furtherReaders();
const Writers& furtherWriters();

}  // namespace posteria::io
