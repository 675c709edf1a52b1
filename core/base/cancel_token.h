// A flag that asks a running job to stop. Copies share it; any thread may set it, the job polls it
// (every network call, every plane). One token a job: it is never reset.
#pragma once

#include <atomic>
#include <memory>

namespace posteria {

class CancelToken {
  public:
    CancelToken() : m_flag(std::make_shared<std::atomic<bool>>(false)) {}

    void cancel() const { m_flag->store(true, std::memory_order_relaxed); }
    bool cancelled() const { return m_flag->load(std::memory_order_relaxed); }
    // Throws Error{Cancelled} when the flag is set.
    void throwIfCancelled() const;

  private:
    std::shared_ptr<std::atomic<bool>> m_flag;
};

}  // namespace posteria
