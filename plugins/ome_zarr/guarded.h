// Nothing may be thrown through the plugin's door.
#pragma once

#include <cstddef>
#include <cstdio>
#include <exception>
#include <new>

namespace ome_zarr {

// Runs f; whatever it throws becomes a number and a sentence. 0 when it threw nothing.
template <class F>
int guarded(char* error, std::size_t size, F&& f) {
    try {
        f();
        return 0;
    } catch (const std::bad_alloc&) {
        std::snprintf(error, size, "There is not enough memory for this image.");
        return 2;
    } catch (const std::exception& e) {
        std::snprintf(error, size, "%s", e.what());
        return 1;
    }
}

}  // namespace ome_zarr
