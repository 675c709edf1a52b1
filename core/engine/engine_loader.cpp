#include "core/engine/engine_loader.h"

#include <dlfcn.h>

#include <filesystem>

#include "core/base/error.h"

namespace posteria::engine {

namespace {

// The engine lies beside the library this code is in.
std::string enginePath() {
    Dl_info info{};
    const char* name = "libposteria-engine.so";
    if (::dladdr(reinterpret_cast<void*>(&enginePath), &info) == 0 || !info.dli_fname) return name;
    return (std::filesystem::absolute(info.dli_fname).parent_path() / name).string();
}

}  // namespace

std::unique_ptr<Engine> loadEngine() {
    const std::string path = enginePath();
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = ::dlerror();
        throw Error(ErrorKind::Failed,
                    std::string("The restoration engine cannot be loaded: ") +
                        (reason ? reason : "unknown reason") + ".",
                    path, "Install Posteria again; its engine needs LibTorch.");
    }
    using Factory = Engine* (*)(int);
    auto create = reinterpret_cast<Factory>(::dlsym(library, "posteria_create_engine"));
    std::unique_ptr<Engine> engine(create ? create(kEngineInterface) : nullptr);
    if (!engine) {
        throw Error(ErrorKind::Failed,
                    "The restoration engine is of another version than the program.", path,
                    "Install Posteria again.");
    }
    return engine;
}

}  // namespace posteria::engine
