// How much of the processor a thread claims when others want it too.
#pragma once

namespace posteria {

// The calling thread, and those it makes from now on, leave the processor to the process's other
// threads when these have something to do. Work loses nothing on an idle machine.
void giveWay();

}  // namespace posteria
