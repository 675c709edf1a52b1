// Whether a read that takes long is still wanted, and how far it has come. Reads that touch many
// planes of another stack (those across all of them, thick slices) tell the watch of their thread
// after every plane; whoever asked sets one for as long as the call lasts.
#pragma once

#include <cstdint>
#include <functional>

#include "core/base/cancel_token.h"

namespace posteria::image {

class ReadWatch {
  public:
    using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

    // Of this thread, until it is destroyed; the one before comes back then.
    ReadWatch(CancelToken token, Progress progress);
    ~ReadWatch();
    ReadWatch(const ReadWatch&) = delete;
    ReadWatch& operator=(const ReadWatch&) = delete;

    // For sources, between planes: throws Error{Cancelled} where the read is no longer wanted.
    static void throwIfCancelled();
    // Likewise, and tells that done of all planes are there.
    static void step(std::int64_t done, std::int64_t all);

  private:
    CancelToken m_token;
    Progress m_progress;
    ReadWatch* m_before;
};

}  // namespace posteria::image
