#include "core/io/further.h"

#include <mutex>
#include <utility>

namespace posteria::io {

namespace {

template <class List>
class Late {
  public:
    void set(std::function<List()> fetch) {
        const std::lock_guard lock(m_mutex);
        m_fetch = std::move(fetch);
    }
    const List& get() {
        const std::lock_guard lock(m_mutex);
        if (m_fetch) m_list = std::exchange(m_fetch, nullptr)();
        return m_list;
    }

  private:
    std::mutex m_mutex;
    std::function<List()> m_fetch;
    List m_list;
};

Late<Readers> readers;
Late<Writers> writers;

}  // namespace

void setFurther(std::function<Readers()> getReaders, std::function<Writers()> getWriters) {
    readers.set(std::move(getReaders));
    writers.set(std::move(getWriters));
}

const Readers& furtherReaders() {
    return readers.get();
}

const Writers& furtherWriters() {
    return writers.get();
}

}  // namespace posteria::io
