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

// The request that does the same again: with what the run chose by itself, and as many samples as
// it drew. Samples drawn earlier are not part of it.
RestorationRequest definiteRequest(RestorationRequest request, const RunReport& report);

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
