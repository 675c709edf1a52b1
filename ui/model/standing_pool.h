// A thread pool whose first thread is there from the beginning and stays. While the engine library
// is being loaded the system's loader holds a lock that the making of a thread needs as well: a
// pool that made its thread just then would hold up the GUI thread for as long as the loading
// takes.
#pragma once

#include <QThreadPool>

namespace posteria::ui {

class StandingPool : public QThreadPool {
  public:
    explicit StandingPool(int threads = 1) {
        setMaxThreadCount(threads);
        setExpiryTimeout(-1);
        start([] {});
    }
};

}  // namespace posteria::ui
