#include "core/base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "core/base/error.h"

namespace posteria::log {

namespace {

spdlog::level::level_enum toSpdlog(Level level) {
    switch (level) {
        case Level::Debug:
            return spdlog::level::debug;
        case Level::Info:
            return spdlog::level::info;
        case Level::Warning:
            return spdlog::level::warn;
        case Level::Error:
            return spdlog::level::err;
        case Level::Off:
            return spdlog::level::off;
    }
    return spdlog::level::info;
}

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        sink->set_level(spdlog::level::warn);
        auto made = std::make_shared<spdlog::logger>("posteria", sink);
        made->set_level(spdlog::level::debug);
        made->set_pattern("%H:%M:%S %^%l%$ %v");
        return made;
    }();
    return *instance;
}

}  // namespace

void setLevel(Level level) {
    logger().sinks().front()->set_level(toSpdlog(level));
}

void logToFile(const std::string& path) {
    try {
        auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, false);
        sink->set_level(spdlog::level::debug);
        logger().sinks().push_back(sink);
        logger().flush_on(spdlog::level::info);
    } catch (const spdlog::spdlog_ex&) {
        throw Error(ErrorKind::Failed, "The log file cannot be written.", path,
                    "Choose a folder you may write to.");
    }
}

void debug(const std::string& message) {
    logger().debug(message);
}
void info(const std::string& message) {
    logger().info(message);
}
void warning(const std::string& message) {
    logger().warn(message);
}
void error(const std::string& message) {
    logger().error(message);
}

}  // namespace posteria::log
