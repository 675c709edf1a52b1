// The results of one input in work, as files in a folder of their own, DIR/.STEM.partial: what was
// finished stays there however the program ends, and another run goes on from it. One program at a
// time; Error{Failed} for another, and where the disk is full. Private to the engine.
//
// settings.json    what the results depend on, and how they are cut into parts
// parts.jsonl      a line for every part whose pixels lie on the disk, with its figures
// NAME.K.raw       float32 pixels of the K-th series of a result, T C Z Y X, native byte order
// part_N.sample_K.ome.tif   samples of the part in work
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace posteria::engine {

class RawPixels;

class PartFiles {
  public:
    // With `resume` what is there is used: samples where the first key is the same, finished parts
    // where both are. All else is removed.
    PartFiles(std::string folder, std::string sampleKey, std::string resultKey, bool resume);
    ~PartFiles();
    PartFiles(const PartFiles&) = delete;
    PartFiles& operator=(const PartFiles&) = delete;

    const std::string& folder() const { return m_folder; }
    // The size of parts and of tiles of the run that went before.
    struct Cut {
        PartSize size;
        int tile = 0, overlap = 0;
    };
    const std::optional<Cut>& cut() const { return m_cut; }

    // Whether the part is to be drawn; its samples that are there.
    bool begin(const ResultPart& part);
    std::vector<image::StackPtr> samples() const;
    void keepSample(int k, const image::StackPtr& sample);
    // Pixels of a result, a stack of the part's shape.
    void write(const std::string& name, std::size_t series, const image::Stack& stack);
    // What was written of the part is on the disk, and the part done.
    void finish(const posterior::Diagnostics& figures);

    // Whole results, read where they lie. They are described as what was written last, and as
    // `describe` changes it.
    std::size_t seriesOf(const std::string& name) const;
    std::vector<image::StackPtr> result(
        const std::string& name,
        const std::function<void(std::size_t, image::StackInfo&)>& describe) const;
    // Of all parts, in those figures that are of an image, and their warnings, each once.
    posterior::Diagnostics figures() const;

    void remove();
    void removeUnlessUseful();

  private:
    struct Done {
        double pixels = 0;
        posterior::Diagnostics figures;
    };
    std::string path(const std::string& name) const { return m_folder + "/" + name; }
    std::string samplePath(int k) const;
    void load();
    void clear();

    std::string m_folder, m_sampleKey, m_resultKey;
    int m_lock = -1;
    std::optional<Cut> m_cut;
    bool m_started = false;  // the settings are those of this run
    std::map<int, Done> m_done;
    ResultPart m_part;  // in work
    std::map<std::string, std::vector<std::pair<image::StackInfo, std::shared_ptr<RawPixels>>>>
        m_results;
};

}  // namespace posteria::engine
