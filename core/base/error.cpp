#include "core/base/error.h"

#include <utility>

namespace posteria {

Error::Error(ErrorKind kind, std::string message, std::string where, std::string hint)
    : m_kind(kind),
      m_message(std::move(message)),
      m_where(std::move(where)),
      m_hint(std::move(hint)) {
    if (!m_where.empty()) m_text = m_where + ": ";
    m_text += m_message;
    if (!m_hint.empty()) m_text += " " + m_hint;
}

int exitCode(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Failed:
            return 1;
        case ErrorKind::Usage:
            return 2;
        case ErrorKind::Input:
            return 3;
        case ErrorKind::Model:
            return 4;
        case ErrorKind::Cancelled:
            return 130;
    }
    return 1;
}

}  // namespace posteria
