// From the pages of a TIFF to five-dimensional stacks: which page and sample is which plane, and
// what the file says about them (OME-XML, ImageJ, Zeiss LSM, MetaMorph STK, or nothing). Private to
// core/io.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/image/stack.h"
#include "core/io/ome_xml.h"
#include "core/io/tiff_file.h"
#include "core/io/tiff_source.h"

namespace posteria::io {

// Every series of a TIFF; at least one. Throws Error{Input}.
std::vector<image::StackPtr> stacksOfTiff(const std::string& path);

// The series of an OME-XML document found in the file `path`, which may itself be a TIFF that is
// already open. The pixels lie in the files the document names, beside it. Empty when none of them
// can be found. Throws Error{Input} for a damaged file.
std::vector<image::StackPtr> stacksOfOme(const OmeDocument& document, const std::string& path,
                                         const std::shared_ptr<const TiffFile>& opened);

// The same for a file that holds such a document: an OME-TIFF or a companion file of plain XML.
std::vector<image::StackPtr> stacksOfOmeFile(const std::string& path);

// Whether these first bytes of a file are a TIFF's or a BigTIFF's.
bool isTiffHead(const std::vector<unsigned char>& head);

// A series in the making: the description and the table of planes.
struct SeriesDraft {
    image::StackInfo info;
    TiffSource::Table table;
};

// Pages that can be planes, without thumbnails, masks and smaller versions of other pages.
struct PageRoles {
    std::vector<std::int32_t> full;
    std::map<std::int32_t, std::vector<PageLayout>>
        reduced;  // smaller versions that follow a full page
};
PageRoles rolesOf(const std::vector<PageLayout>& pages);

// Fills in what follows from the pages (size, type, levels, codec, names of colour samples) and
// makes the stack. Throws Error{Input} when the pixels cannot be read.
image::StackPtr finishSeries(SeriesDraft draft, const std::shared_ptr<const TiffFileSet>& files,
                             const std::string& path, const PageLayout& page,
                             const PageRoles& roles);

}  // namespace posteria::io
