// Hints of errors that name what there is to choose from.
#pragma once

#include <string>
#include <vector>

namespace posteria {

// "Choose a, b or c."; not for an empty list.
std::string choices(const std::vector<std::string>& names);

}  // namespace posteria
