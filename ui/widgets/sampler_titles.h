// Samplers in words, for those who choose one. GUI thread only.
#pragma once

#include <QString>
#include <string>

namespace posteria::ui::widgets {

// "flow matching, Heun" for "cfm-heun"; a name that is not known stays what it is.
QString samplerTitle(const std::string& name);

}  // namespace posteria::ui::widgets
