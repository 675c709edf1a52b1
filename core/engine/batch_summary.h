// The page about many files that were restored alike: one self-contained HTML file with, for every
// input, thumbnails of it, of the mean and of the uncertainty, the figures of its report and its
// warnings; what failed and why; the settings, and the command line that does the same. Written by
// the window at the end of a batch and by `posteria-cli restore --summary`. Safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "core/base/cancel_token.h"
#include "core/engine/restore_files.h"

namespace posteria::engine {

struct SummaryFile {
    enum class State { Done, Kept, Failed, Stopped, Waiting };  // Kept: its results were there

    std::string input;
    State state = State::Waiting;
    std::string report;         // path; of Done and Kept
    std::string problem, hint;  // of Failed: sentences
};

// The posteria-cli line that restores all inputs of the job and writes the page.
std::string batchCommand(const RestoreJob& job, const std::string& summaryPath);

// Reads reports and results; what cannot be read is left out of the page, which says so. Throws
// Error{Cancelled}, and Error{Failed} where the page cannot be written.
void writeBatchSummary(const std::string& path, const RestoreJob& job,
                       const std::vector<SummaryFile>& files, const CancelToken& token);

}  // namespace posteria::engine
