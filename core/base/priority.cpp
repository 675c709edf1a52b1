#include "core/base/priority.h"

#include <sys/resource.h>

namespace posteria {

namespace {
constexpr int kNice = 5;
}

void giveWay() {
    // Linux keeps a niceness for each thread; 0 is the calling one.
    ::setpriority(PRIO_PROCESS, 0, kNice);
}

}  // namespace posteria
