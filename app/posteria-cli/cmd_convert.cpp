// posteria-cli convert IN OUT: any readable file to OME-TIFF, or to what OUT's ending asks a
// plugin for, in bounded memory.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/posteria-cli/commands.h"
#include "core/io/open.h"
#include "core/io/writer.h"

namespace posteria::cli {
namespace {

struct Options {
    std::string input, output;
    std::string compression = "deflate", bigTiff = "auto";
    io::WriteOptions write;
    int series = -1;
};

const std::map<std::string, io::Compression> kCodecs{{"none", io::Compression::None},
                                                     {"lzw", io::Compression::Lzw},
                                                     {"deflate", io::Compression::Deflate},
                                                     {"zstd", io::Compression::Zstd}};
const std::map<std::string, io::BigTiff> kBigTiff{
    {"auto", io::BigTiff::Auto}, {"yes", io::BigTiff::Yes}, {"no", io::BigTiff::No}};

void convert(const Context& context, Options options) {
    options.write.tiff.compression = kCodecs.at(options.compression);
    options.write.tiff.bigTiff = kBigTiff.at(options.bigTiff);
    std::vector<image::StackPtr> stacks;
    if (options.series >= 0) {
        stacks.push_back(io::open(options.input, options.series));
    } else {
        stacks = io::openAll(options.input);
    }
    auto progress = context.progress("convert", "planes");
    io::writeImages(options.output, stacks, options.write, context.token,
                    [&](std::int64_t done, std::int64_t all) {
                        progress.update(static_cast<double>(done), static_cast<double>(all));
                    });
    if (context.json) {
        printJson(
            {{"input", options.input}, {"output", options.output}, {"series", stacks.size()}});
    }
}

}  // namespace

void addConvert(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        addCommand(app, context, "convert", "Write any readable image as OME-TIFF or OME-Zarr",
                   [&context, options] { convert(context, *options); });
    command->add_option("IN", options->input, "The image to read")->required();
    command->add_option("OUT", options->output, "The OME-TIFF to write, or a folder .ome.zarr")
        ->required();
    command
        ->add_option_function<std::string>(
            "--compression",
            [options](const std::string& codec) {
                options->compression = codec;
                options->write.compressionChosen = true;
            },
            "How to store the pixels")
        ->check(CLI::IsMember({"none", "lzw", "deflate", "zstd"}))
        ->default_str("deflate");
    command
        ->add_option("--tile", options->write.tiff.tile,
                     "Tile side in pixels, a multiple of 16 (strips)")
        ->check(CLI::Validator(
            [](const std::string& text) -> std::string {
                int side = 0;
                return CLI::detail::lexical_cast(text, side) && side >= 16 && side <= 16384 &&
                               side % 16 == 0
                           ? ""
                           : "the tile side must be a multiple of 16 between 16 and 16384";
            },
            "N"));
    command->add_flag("--pyramid", options->write.tiff.pyramid,
                      "Add halved levels for fast viewing");
    command->add_option("--bigtiff", options->bigTiff, "BigTIFF; auto: where 4 GB are not enough")
        ->check(CLI::IsMember({"auto", "yes", "no"}))
        ->capture_default_str();
    command->add_option("--series", options->series, "Only this series, counted from 0 (all)")
        ->check(CLI::NonNegativeNumber)
        ->type_name("K");
}

}  // namespace posteria::cli
