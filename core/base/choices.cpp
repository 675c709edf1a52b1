#include "core/base/choices.h"

namespace posteria {

std::string choices(const std::vector<std::string>& names) {
    std::string text = "Choose " + names.front();
    for (std::size_t i = 1; i < names.size(); ++i)
        text += (i + 1 < names.size() ? ", " : " or ") + names[i];
    return text + ".";
}

}  // namespace posteria
