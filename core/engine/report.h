// The report that lies beside every result: what was done, with what, and how far to trust it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace posteria::engine {

// STEM.report.json as in the contract. `command` is the posteria-cli line that does it again.
std::string reportJson(const RunReport& report, const std::string& inputPath,
                       const std::string& inputSha256, const std::string& command);

// The same facts as key-value pairs, for an OME-XML MapAnnotation.
std::map<std::string, std::string> provenance(const RunReport& report, const std::string& inputPath,
                                              const std::string& command);

// The posteria-cli line that draws the same samples from a file again; arguments are quoted for a
// shell.
std::string commandLine(const RestorationRequest& request, const RunReport& report,
                        const std::string& outputFolder, const std::string& save);
// The same of several files, by their paths; the request's input is not looked at.
std::string commandLine(const std::vector<std::string>& inputs, int series,
                        const RestorationRequest& request, const RunReport& report,
                        const std::string& outputFolder, const std::string& save);
std::string shellQuoted(const std::string& text);

}  // namespace posteria::engine
