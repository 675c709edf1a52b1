#include "core/image/read_watch.h"

#include <utility>

namespace posteria::image {

namespace {
thread_local ReadWatch* t_watch = nullptr;
}

ReadWatch::ReadWatch(CancelToken token, Progress progress)
    : m_token(std::move(token)),
      m_progress(std::move(progress)),
      m_before(std::exchange(t_watch, this)) {}

ReadWatch::~ReadWatch() {
    t_watch = m_before;
}

void ReadWatch::throwIfCancelled() {
    if (t_watch) t_watch->m_token.throwIfCancelled();
}

void ReadWatch::step(std::int64_t done, std::int64_t all) {
    throwIfCancelled();
    if (t_watch && t_watch->m_progress) t_watch->m_progress(done, all);
}

}  // namespace posteria::image
