#include "core/tensor/device.h"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "core/base/error.h"
#include "core/tensor/torch_compat.h"

namespace posteria::tensor {

c10::Device parseDevice(const std::string& name) {
    const bool haveCuda = torch::cuda::is_available();
    if (name == "auto") return haveCuda ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
    if (name == "cpu") return c10::Device(c10::kCPU);
    if (name.rfind("cuda", 0) == 0) {
        int index = 0;
        try {
            if (name.size() > 4) index = name.at(4) == ':' ? std::stoi(name.substr(5)) : -1;
        } catch (const std::exception&) {
            index = -1;
        }
        if (index >= 0) {
            if (!haveCuda || index >= static_cast<int>(torch::cuda::device_count())) {
                throw Error(ErrorKind::Failed,
                            "There is no CUDA device " + std::to_string(index) + " here.", {},
                            "Choose the device cpu or auto.");
            }
            return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
        }
    }
    throw Error(ErrorKind::Usage, "The device '" + name + "' is not known.", {},
                "Use auto, cpu, cuda or cuda:0.");
}

std::vector<std::string> deviceNames() {
    std::vector<std::string> names{"cpu"};
    if (torch::cuda::is_available()) {
        for (std::size_t i = 0; i < torch::cuda::device_count(); ++i) {
            names.push_back("cuda:" + std::to_string(i));
        }
    }
    return names;
}

std::uint64_t freeMemory(const c10::Device& device) {
    // The CUDA runtime is not linked, so a GPU's free memory is found by trying: runs halve their
    // batch and tile when an allocation fails. A modest start keeps that rare.
    if (device.is_cuda()) return 4ull << 30;
    std::ifstream stream("/proc/meminfo");
    std::string key, unit;
    std::uint64_t kilobytes = 0;
    while (stream >> key >> kilobytes >> unit) {
        if (key == "MemAvailable:") return kilobytes << 10;
    }
    return 2ull << 30;
}

std::uint64_t residentMemory() {
    std::ifstream stream("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    stream >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peakResidentMemory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

int useThreads(int threads) {
    if (threads <= 0) {
        cpu_set_t set;
        threads = ::sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    }
    // With one thread LibTorch 1.13 leaves small batches to plain matrix products, several times
    // slower than oneDNN's convolutions.
    threads = std::max(threads, 2);
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
    return threads;
}

HeldMemory::HeldMemory() {
    ::mallopt(M_MMAP_THRESHOLD, 64 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
    ::mallopt(M_TOP_PAD, 64 << 20);
}

HeldMemory::~HeldMemory() {
    ::mallopt(M_MMAP_THRESHOLD, 128 << 10);
    ::mallopt(M_TRIM_THRESHOLD, 128 << 10);
    ::mallopt(M_TOP_PAD, 128 << 10);
    ::malloc_trim(0);
}

}  // namespace posteria::tensor
