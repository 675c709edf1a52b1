// Which processors LibTorch can use, and how much memory they have free.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>
#include <vector>

namespace posteria::tensor {

// "auto", "cpu", "cuda" or "cuda:i". auto takes the first CUDA device when LibTorch has CUDA and
// one is there, else the CPU. Throws Error{Usage} for a name it does not know and Error{Failed} for
// a device that is not there.
c10::Device parseDevice(const std::string& name);
// "cpu" and, where there are any, "cuda:0", ….
std::vector<std::string> deviceNames();

// Memory in bytes that may still be taken on the device, as the system tells it.
std::uint64_t freeMemory(const c10::Device& device);
// Resident memory of this process, bytes: at present, and the highest so far.
std::uint64_t residentMemory();
std::uint64_t peakResidentMemory();

// Uses this many threads within a network call, two at least; 0: all processors this process may
// run on. LibTorch can come up with one, so every entry to the engine calls this. Returns the
// number in use.
int useThreads(int threads);

// While one lives, freed memory stays with the process for the next network call: activations are
// taken and given back thousands of times, and pages that went back to the system come in again one
// fault at a time. Blocks from 64 MiB on go back at once, and everything when it ends. One at a
// time.
class HeldMemory {
  public:
    HeldMemory();
    ~HeldMemory();
    HeldMemory(const HeldMemory&) = delete;
    HeldMemory& operator=(const HeldMemory&) = delete;
};

}  // namespace posteria::tensor
