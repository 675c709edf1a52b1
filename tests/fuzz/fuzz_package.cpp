// A model package's description and its calibration.
#include "core/base/error.h"
#include "core/package/calibration.h"
#include "core/package/package_json.h"

using namespace posteria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        const auto description = package::parseDescription(text, "model.json");
        // What was accepted can be written, and is accepted again.
        package::parseDescription(
            package::formatDescription(description.package, description.files), "model.json");
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Model) std::abort();
    }
    try {
        package::ModelPackage package;
        package.outputs = {"a", "b"};
        package.calibrationJson = text;
        package::readCalibration(package);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Model) std::abort();
    }
    return 0;
}
