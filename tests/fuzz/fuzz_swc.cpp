// Neuron morphologies.
#include <cstdlib>

#include "core/base/error.h"
#include "core/simulation/swc.h"

using namespace posteria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        const auto read = simulation::parseSwc(text, "cell.swc");
        // What was accepted is written and read again as it was.
        const auto again = simulation::parseSwc(simulation::formatSwc(read), "cell.swc");
        if (again.nodes.size() != read.nodes.size()) std::abort();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Input) std::abort();
    }
    return 0;
}
