// Plugins that read and write images, as readers and writers of core/io. What a plugin says of an
// image is checked before it is believed; calls into one open file come one after the other.
#pragma once

#include <memory>
#include <vector>

#include "core/io/further.h"
#include "core/plugin/plugin_set.h"

namespace posteria::plugin {

// The ready image readers. StackInfo::reader is the plugin's id.
io::Readers imageReaders(const std::shared_ptr<const PluginSet>& plugins);
// The ready image writers; each takes the names that end as it says.
io::Writers imageWriters(const std::shared_ptr<const PluginSet>& plugins);

// From now on io::openAll() and io::writeImages() know these plugins; they are loaded when the
// first file is opened. Once, at the program's start.
void useImagePlugins(const std::shared_ptr<const PluginSet>& plugins);

}  // namespace posteria::plugin
