// Weight files.
#include "core/base/error.h"
#include "core/nn/safetensors.h"
#include "core/tensor/torch_compat.h"
#include "tests/fuzz/bytes_as_file.h"

using namespace posteria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::BytesAsFile file(data, size);
    try {
        for (const auto& [name, tensor] : nn::readSafetensors(file.path()))
            if (static_cast<std::size_t>(tensor.nbytes()) > size) std::abort();
        nn::readSafetensorsMetadata(file.path());
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Model) std::abort();
    }
    return 0;
}
