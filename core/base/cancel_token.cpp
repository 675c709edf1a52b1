#include "core/base/cancel_token.h"

#include "core/base/error.h"

namespace posteria {

void CancelToken::throwIfCancelled() const {
    if (cancelled()) throw Error(ErrorKind::Cancelled, "Stopped on request.");
}

}  // namespace posteria
