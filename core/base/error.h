// The one error type of Posteria. Third-party exceptions become one at the edge of the module that
// called the third party; the window shows message and hint, posteria-cli prints them and ends with
// exitCode(). A message is one plain sentence; `where` is a file or place, `hint` the way out.
#pragma once

#include <exception>
#include <string>

namespace posteria {

enum class ErrorKind {
    Failed,     // failed while running: disk full, out of memory, … (exit 1)
    Usage,      // wrong arguments (exit 2)
    Input,      // an input that is not readable or not valid (exit 3)
    Model,      // a model package that is not readable or not valid (exit 4)
    Cancelled,  // stopped on request (exit 130)
};

class Error : public std::exception {
  public:
    Error(ErrorKind kind, std::string message, std::string where = {}, std::string hint = {});

    ErrorKind kind() const { return m_kind; }
    const std::string& message() const { return m_message; }
    const std::string& where() const { return m_where; }
    const std::string& hint() const { return m_hint; }
    // "where: message hint", what a terminal or a log line shows.
    const char* what() const noexcept override { return m_text.c_str(); }

  private:
    ErrorKind m_kind;
    std::string m_message, m_where, m_hint, m_text;
};

// The exit code of contract for an error of this kind.
int exitCode(ErrorKind kind);

}  // namespace posteria
