// Log lines, through spdlog. Messages go to stderr at the chosen level and, once logToFile() was
// called, to a file with every detail. Safe from any thread. spdlog itself is seen in log.cpp only.
#pragma once

#include <string>

namespace posteria::log {

enum class Level { Debug, Info, Warning, Error, Off };

void setLevel(Level level);
// Adds a file that gets everything from Debug up. Throws Error{Failed} when it cannot be written.
void logToFile(const std::string& path);

void debug(const std::string& message);
void info(const std::string& message);
void warning(const std::string& message);
void error(const std::string& message);

}  // namespace posteria::log
