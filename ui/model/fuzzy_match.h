// Finding a text by a few of its letters, in their order: "spro" finds "Save Projection". Letters
// at the beginning of words and one after the other count for more, and a short text for more than
// a long one.
#pragma once

#include <QString>
#include <optional>

namespace posteria::ui {

// How well `text` answers `query`, 0 for an empty one; nothing where a letter is missing. Case and
// blanks of the query do not matter.
std::optional<int> fuzzyMatch(const QString& query, const QString& text);

}  // namespace posteria::ui
