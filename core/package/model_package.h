// A model package: a folder NAME.posteria/ with model.json, one *.safetensors a network, and
// optional calibration.json and quality.json. This module reads and writes the description, checks
// sizes and fingerprints, and finds packages; it never touches weights and knows no LibTorch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace posteria::package {

inline constexpr int kSchemaVersion = 1;
inline constexpr int kSpectrumNodes = 31;  // rows of ModelPackage::residualSpectrum
inline constexpr int kGainNodes = 24;      // frequencies of ModelPackage::meanGain, residualGain
inline constexpr int kSeverityNodes = 41;  // severities of ModelPackage::severityScale
inline constexpr double kMaxGain = 4;
inline constexpr int kMaxInputFeatures = 64;  // entries of InputStatistics::mean

// One network: "unet" or "ladder" (a ladder variational autoencoder, the role "hdn") with the width
// of each level (multiples of 16, all equal in a ladder), the pixels folded into channels by its
// stem (1, 2 or 4), channels in and out, and how many scalar conditions (flow time, severity, noise
// level) it takes.
struct NetworkSpec {
    std::string role;  // "oneshot", "velocity", "indi", "restore", "degrade", "degrade-alone",
                       // "severity", "prior", "hdn"
    std::string architecture = "unet";
    std::string file;  // inside the package; no folders
    std::vector<int> widths;
    int fold = 2;
    int inChannels = 1, outChannels = 1, conditions = 1;
    int latents = 0, blocks = 1;  // ladder only: latent channels and residual blocks of each level
    std::string sha256;
};

struct SamplerSpec {
    std::string name;            // as in the contract: "oneshot", "cfm-euler", …
    int steps = 1, samples = 1;  // defaults
};

// How the images a model was trained on look, in the first F features of core/nn/input_check.h;
// later versions measure more of them.
struct InputStatistics {
    int side = 0;                                // pixels of the square images compared
    std::vector<double> mean;                    // of F features; empty: nothing is known
    std::vector<std::vector<double>> precision;  // F rows of F: the inverse of their covariance
    double limit = 0;                            // distance that one training image in 100 exceeds
};

// What the camera adds, in grey values g: a dark pixel's mean and variance, and the variance that
// every grey value above that mean adds: variance(g) = variance + gain (g - offset).
struct CameraSpec {
    double offset = 0, variance = 0, gain = 0;

    bool known() const { return variance > 0; }
};

// What blurs the image, for the classical samplers: the optics of a dehazing model, whose pinhole,
// of pinholeAiry for the clean image, is opened by the severity (physics::hazyOptics).
struct OpticsSpec {
    std::string model = "gaussian";  // "gaussian", "gibson-lanni", "vectorial"
    double na = 0, emissionNm = 0, excitationNm = 0, refractiveIndex = 0, pinholeAiry = 0;

    bool known() const { return na > 0; }
};

// What every frequency of a sample's departure from the mean is multiplied by, by how much fine
// structure the mean holds: gain exp(slope (l - level)), l the mean's log power in fine waves, not
// beyond low and high (core/nn/residual_gain.h).
struct ResidualGain {
    double level = 0, low = 0, high = 0;
    std::vector<double> gain, slope;  // kGainNodes each

    bool operator==(const ResidualGain& other) const {
        return level == other.level && low == other.low && high == other.high &&
               gain == other.gain && slope == other.slope;
    }
};

struct ModelPackage {
    std::string folder;  // where it lies
    std::string name, title, description,
        task;                           // task: "split", "bleedthrough", "dehaze", "denoise"
    std::vector<std::string> outputs;   // names of the restored channels
    std::vector<std::uint32_t> colors;  // 0xRRGGBB, one an output
    // One an output: mean and standard deviation of the clean channel over the training set, in
    // units of the degraded image's standard deviation; networks work on (x / s - mean) / std.
    std::vector<double> targetMean, targetStd;
    // Two outputs: at kSeverityNodes evenly spaced severities from 0 to 1, what that standard
    // deviation is to be multiplied by before clean channels are measured in it
    // (nn::Normalisation). Empty: 1.
    std::vector<double> severityScale;
    // One output: degraded images are told from the camera's dark level on, rather than around
    // their mean, and the one-shot network tells what is to be added to them. For tasks in which
    // nothing but noise parts the two.
    bool fromDark = false;
    // One an output: what every frequency of the one-shot network's answer is multiplied by
    // (core/nn/radial_filter.h). Empty: the answer stays as it is.
    std::vector<std::vector<double>> meanGain;
    // One an output, when the flow draws what the one-shot network leaves over: the variance of
    // what is left at a place, in the units above, as a constant and one factor an output for the
    // brightness of that channel around the place (nn::Model::deviation). Empty: the flow
    // draws x itself.
    std::vector<std::vector<double>> residualVariance;
    // With residualVariance: the spectrum of noise that, multiplied by that deviation, has the
    // fine power spectrum of what is left over (waves of 16 to 2 pixels), as
    // sampling::NoiseSpectrum reads it; the flow starts from such noise. Empty: from white noise.
    std::vector<std::vector<double>> residualSpectrum;
    // With residualVariance, one an output. Empty: samples stay as they are drawn.
    std::vector<ResidualGain> residualGain;
    std::vector<NetworkSpec> networks;
    std::vector<SamplerSpec> samplers;  // the first is the default
    // Rising points {estimate, severity} that take off the bias of the network "severity", which is
    // drawn to the middle; empty: its estimates stand as they are.
    std::vector<std::vector<double>> severityCurve;
    InputStatistics inputStatistics;
    CameraSpec camera;  // of the training images; not known: no sampler that needs it can run
    OpticsSpec optics;  // likewise
    // Light of every structure (columns) in every detection channel (rows), for the sampler nnls.
    std::vector<std::vector<double>> matrix;
    double defaultSeverity = 0.5, minSeverity = 0, maxSeverity = 1;  // trained range
    double voxelSizeUm = 0;  // lateral pixel size the model was trained at, micrometres; 0: any
    int tile = 256, overlap = 64;  // sensible defaults, pixels
    double indiNoise = 0;          // eps of InDI, normalised units
    std::string normalisation;     // in words: how grey values become network units
    std::string severityLaw;       // in words: what the severity t does to an image
    std::string licence, cite;
    std::string trainingJson;     // provenance, a JSON object as text
    std::string qualityJson;      // held-out figures, a JSON object as text; may be empty
    std::string calibrationJson;  // fitted calibration, a JSON object as text; may be empty

    const NetworkSpec* network(const std::string& role) const;         // null when absent
    const SamplerSpec* sampler(const std::string& samplerName) const;  // null when absent
};

// Reads and checks model.json. Throws Error{Model}: missing, not JSON, newer schema, a path that
// leaves the folder, sizes out of range. Weights' fingerprints are checked by checkPackage().
ModelPackage readPackage(const std::string& folder);
// Every file's sha256 against model.json; throws Error{Model} naming the first that differs.
void checkPackage(const ModelPackage& package);
// Writes model.json (and quality.json, calibration.json when not empty) last, with the fingerprints
// of the weight files that already lie in the folder. Throws Error{Failed}.
void writePackage(const ModelPackage& package);
// sha256 of model.json: the fingerprint that reports quote.
std::string packageSha256(const ModelPackage& package);

// Folders searched for models, first wins: $POSTERIA_MODELS, the user's, those beside the program,
// the source tree's resources/models in a build tree.
std::vector<std::string> modelFolders();
// The user's, $XDG_DATA_HOME/posteria/models; empty where there is no home.
std::string userModelFolder();
// Every readable package found; one that is broken is left out with a line in the log.
std::vector<ModelPackage> listPackages();
// A bundled model's name, or a path. Throws Error{Model} that names the known models.
ModelPackage findPackage(const std::string& nameOrPath);

}  // namespace posteria::package
