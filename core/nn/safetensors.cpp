#include "core/nn/safetensors.h"

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/tensor/torch_compat.h"

namespace posteria::nn {

namespace {

constexpr std::uint64_t kMaxHeader = 4ull << 20;

struct TypeName {
    const char* name;
    at::ScalarType type;
};
constexpr TypeName kTypes[] = {{"F16", at::kHalf}, {"BF16", at::kBFloat16}, {"F32", at::kFloat}};

Error damaged(const std::string& path, const std::string& what) {
    return Error(ErrorKind::Model, "The weight file is damaged: " + what + ".", path,
                 "Install the model package again.");
}

at::ScalarType typeOf(const std::string& name, const std::string& path) {
    for (const auto& t : kTypes) {
        if (name == t.name) return t.type;
    }
    throw damaged(path, "the number type " + name + " is not one of F16, BF16, F32");
}

const char* nameOf(at::ScalarType type) {
    for (const auto& t : kTypes) {
        if (type == t.type) return t.name;
    }
    throw Error(ErrorKind::Failed, "Weights can be written as F16, BF16 or F32 only.");
}

struct Header {
    nlohmann::json json;
    std::uint64_t dataStart = 0, dataSize = 0;
};

Header readHeader(std::ifstream& stream, const std::string& path) {
    if (!stream)
        throw Error(ErrorKind::Model, "The weight file is missing.", path,
                    "Install the model package again.");
    stream.seekg(0, std::ios::end);
    const auto size = static_cast<std::uint64_t>(stream.tellg());
    stream.seekg(0);
    std::uint64_t length = 0;
    stream.read(reinterpret_cast<char*>(&length), 8);
    if (!stream || length > kMaxHeader || length + 8 > size)
        throw damaged(path, "its header does not fit");
    std::string text(length, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(length));
    Header header;
    header.json = nlohmann::json::parse(text, nullptr, false);
    if (!stream || !header.json.is_object()) throw damaged(path, "its header is not JSON");
    header.dataStart = 8 + length;
    header.dataSize = size - header.dataStart;
    return header;
}

at::Tensor readTensor(std::ifstream& stream, const Header& header, const nlohmann::json& entry,
                      const std::string& path) {
    const auto type = typeOf(entry.at("dtype").get<std::string>(), path);
    const auto shape = entry.at("shape").get<std::vector<std::int64_t>>();
    const auto offsets = entry.at("data_offsets").get<std::vector<std::uint64_t>>();
    std::uint64_t bytes = c10::elementSize(type);
    for (auto n : shape) {
        if (n < 0 || n > (1 << 24) || bytes > header.dataSize)
            throw damaged(path, "a tensor's shape does not fit");
        bytes *= static_cast<std::uint64_t>(n);
    }
    if (shape.size() > 8 || offsets.size() != 2 || offsets[1] > header.dataSize ||
        offsets[0] > offsets[1] || offsets[1] - offsets[0] != bytes) {
        throw damaged(path, "a tensor's place does not fit its shape");
    }
    at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(type));
    stream.seekg(static_cast<std::streamoff>(header.dataStart + offsets[0]));
    stream.read(static_cast<char*>(tensor.data_ptr()), static_cast<std::streamsize>(bytes));
    if (!stream) throw damaged(path, "it ends too early");
    return tensor;
}

}  // namespace

NamedTensors readSafetensors(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    const Header header = readHeader(stream, path);
    NamedTensors result;
    try {
        for (const auto& [name, entry] : header.json.items()) {
            if (name != "__metadata__")
                result.emplace(name, readTensor(stream, header, entry, path));
        }
    } catch (const nlohmann::json::exception&) {
        throw damaged(path, "its header lacks a field");
    }
    return result;
}

std::map<std::string, std::string> readSafetensorsMetadata(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    const Header header = readHeader(stream, path);
    std::map<std::string, std::string> result;
    const auto metadata = header.json.value("__metadata__", nlohmann::json::object());
    for (const auto& [key, value] : metadata.items()) {
        if (value.is_string()) result.emplace(key, value.get<std::string>());
    }
    return result;
}

void writeSafetensors(const std::string& path, const NamedTensors& tensors, at::ScalarType type,
                      const std::map<std::string, std::string>& metadata) {
    nlohmann::ordered_json header;
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    std::vector<at::Tensor> values;
    for (const auto& [name, tensor] : tensors) {
        values.push_back(tensor.detach().to(at::kCPU, type).contiguous());
        const auto bytes = values.back().nbytes();
        header[name] = {{"dtype", nameOf(type)},
                        {"shape", tensor.sizes().vec()},
                        {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    const std::uint64_t length = text.size();
    PendingFile pending(path);
    std::ofstream stream(pending.path(), std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&length), 8);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const auto& value : values) {
        stream.write(static_cast<const char*>(value.data_ptr()),
                     static_cast<std::streamsize>(value.nbytes()));
    }
    stream.close();
    if (!stream)
        throw Error(ErrorKind::Failed, "The weights cannot be written.", path, "Is the disk full?");
    pending.commit();
}

}  // namespace posteria::nn
