// Files in, files out: the job behind `posteria-cli restore`, and the writing of results that the
// window shares. What is written is listed in the contract: STEM.mean.ome.tif, STEM.std.ome.tif, on
// request samples, q05, q95, residual and trace (a series a step), and STEM.report.json, which
// comes last: where it lies, all is there.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace posteria::engine {

struct RestoreJob {
    std::vector<std::string> inputs;
    int series = 0;
    std::string outputFolder;
    std::set<std::string> save{"mean", "std"};  // mean, std, samples, q05, q95, residual, trace
    RestorationRequest settings;                // its input is filled in for every file
    bool oneAcquisition = false;  // one severity for all inputs, estimated from all of them
    bool resume = false;  // keep results that are there, and samples of a run that was stopped
    bool goOn = false;    // samples of a run that was stopped alone; results are replaced
};

struct RestoredFile {
    std::string input, report;  // paths
    bool skipped = false;       // it was there already
};

using RestoreProgress = std::function<void(const std::string& input, const Progress& progress)>;
using FileRestored = std::function<void(const RestoredFile& file)>;

// Restores one file after the other, in parts where the result does not fit into memory. Parts and
// samples are kept in DIR/.STEM.partial/ (part_files.h) while a file is worked on, so that a run
// that was stopped, however it was, can go on; the folder goes when the results are written. Throws
// at the first file that fails; what was finished stays, and was told to `restored`, where that is
// given.
std::vector<RestoredFile> restoreFiles(Engine& engine, const RestoreJob& job,
                                       const RestoreProgress& progress, const CancelToken& token,
                                       const FileRestored& restored = {});

// STEM of the results of an input: its name without the image endings, cut where names of results
// would be longer than a file's may be.
std::string resultStem(const std::string& inputPath);

}  // namespace posteria::engine
