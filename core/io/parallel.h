// Runs pieces of work on the machine's cores. Private to core.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace posteria::io {

inline std::size_t workerCount() {
    constexpr unsigned kMost = 8;
    return std::clamp(std::thread::hardware_concurrency(), 1u, kMost);
}

// Calls f(worker, index) for every index below count, each once; worker < workerCount() is the same
// for no two calls at a time. Returns when all are done; throws what the first failing call threw.
template <class F>
void forEachInParallel(std::size_t count, F&& f) {
    const auto workers = std::min(workerCount(), count);
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex mutex;
    const auto work = [&](std::size_t worker) {
        try {
            for (auto i = next++; i < count; i = next++)
                f(worker, i);
        } catch (...) {
            next = count;
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    try {
        for (std::size_t worker = 1; worker < workers; ++worker)
            threads.emplace_back(work, worker);
    } catch (const std::system_error&) {
        // The system gives no more threads: those that run do all of it.
    }
    work(0);
    for (auto& thread : threads)
        thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace posteria::io
