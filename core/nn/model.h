// A model package with its networks in memory: the functions that samplers call. Everything here is
// in normalised units: the degraded image y has mean 0 (from the dark level on: its camera's offset
// at 0) and standard deviation 1 over its plane, and a clean channel c is (c / s - mean) / std with
// s the unit that Normalisation tells and mean, std the package's. Shapes: y is [N, 1,
// H, W], states and results [N, C, H, W] with C restored channels, severity and flow time are [N].
// Flow time runs 0 (noise) to 1 (clean); severity 0 (clean) to 1.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <vector>

#include "core/nn/network.h"
#include "core/nn/radial_filter.h"

namespace posteria::nn {

// Of a table at evenly spaced severities from 0 to 1, straight lines between them; 1 without one.
double severityScale(const std::vector<double>& table, double severity);

// Grey values to normalised units and back, for one plane. Two channels mixed at a severity t vary
// less than either alone, so a mixture's standard deviation is no measure of them unless t is told:
// severity-dependent normalisation (SCIN, Ashesh & Jug 2025), which divides by a table's deviation
// for t. An image in unknown units has its own deviation in place of the table's; what the table
// then tells is how large clean channels are in that unit, package.severityScale.
struct Normalisation {
    double inputMean = 0, inputStd = 1;  // grey values of the degraded plane
    double cleanUnit = 1;                // grey values: s above
    std::vector<double> targetMean, targetStd;

    // Statistics of a whole [H, W] plane of grey values (never of a tile: tiles would disagree). Of
    // a package told from the dark level on, inputMean is that of `cameraOffset` or, without one,
    // of the package's camera.
    static Normalisation of(const at::Tensor& plane, const package::ModelPackage& package,
                            std::optional<double> cameraOffset = {});
    // The same of a plane's mean and (n) standard deviation.
    static Normalisation of(double mean, double std, const package::ModelPackage& package,
                            std::optional<double> cameraOffset = {});
    // The same with the clean channels' unit at a severity; before, it is the plane's deviation.
    Normalisation at(double severity, const package::ModelPackage& package) const;
    at::Tensor input(const at::Tensor& grey) const;   // any shape
    at::Tensor target(const at::Tensor& grey) const;  // [..., C, H, W] → normalised
    at::Tensor targetToGrey(const at::Tensor& normalised) const;
    // Of a state between a clean image (time 0) and the degraded one (1), whose units go over from
    // the one's to the other's.
    at::Tensor stateToGrey(const at::Tensor& state, double time) const;
    double targetScale(std::size_t channel) const { return cleanUnit * targetStd[channel]; }
};

class Model {
  public:
    // Networks with fresh weights; training fills them.
    Model(package::ModelPackage package, std::uint64_t seed);
    // Reads the weights of a package and checks their fingerprints. Throws Error{Model}.
    static std::unique_ptr<Model> load(const package::ModelPackage& package);

    const package::ModelPackage& package() const { return m_package; }
    package::ModelPackage& package() { return m_package; }
    bool has(const std::string& role) const;
    Network& network(const std::string& role);              // throws Error{Model} when absent
    const Network& network(const std::string& role) const;  // likewise
    std::vector<std::unique_ptr<Network>>& networks() { return m_networks; }
    void to(const c10::Device& device, at::ScalarType type);

    // Posterior mean in one step: E[x | y], the network's answer (from the dark level on: y and the
    // network's answer) through the package's meanGain.
    at::Tensor oneShot(const at::Tensor& y, const at::Tensor& severity) const;
    // The flow's clean end is x itself or, in a package with residualVariance, what the posterior
    // mean leaves over, r = (x - mean) / deviation (after Mardani et al. 2023, residual corrective
    // diffusion): the samples then need not learn again what one step already tells. The guide is
    // what the velocity network is given beside its state: y or, around the mean, [y, mean].
    bool drawsAroundMean() const { return !m_package.residualVariance.empty(); }
    at::Tensor guide(const at::Tensor& y, const at::Tensor& mean) const;  // [N, 1 + C, H, W]
    // Standard deviation of what the mean leaves over, [N, C, H, W] > 0: with e the brightness()
    // of the mean's C channels, variance c = v[c][0] + sum over k of v[c][1 + k] e_k.
    at::Tensor deviation(const at::Tensor& mean) const;
    // The mean's clean channels, in units of the degraded plane's standard deviation, without what
    // is below 0, smoothed and raised to 1.25: between photon noise, whose variance goes with the
    // brightness, and an error that goes with it, whose variance goes with its square.
    at::Tensor brightness(const at::Tensor& mean) const;
    at::Tensor toFlow(const at::Tensor& x, const at::Tensor& guide) const;  // clean → flow's end
    // A drawn end back to a clean image, its departure from the mean through the package's
    // residualGain. The deviation of the guide's mean need not be given, but takes its time; nor
    // need the gains, which are told from the guide's means then. Reaches kFlowReach pixels.
    static constexpr std::int64_t kFlowReach = 16;
    at::Tensor fromFlow(const at::Tensor& x1, const at::Tensor& guide,
                        const at::Tensor& deviation = {},
                        const std::vector<RadialGain>& gains = {}) const;
    // What residualGain says of an image with the mean [C, H, W]; empty without one.
    std::vector<RadialGain> residualGains(const at::Tensor& mean) const;
    // Velocity of the flow from noise to its clean end, E[x1 - x0 | x_tau, guide], on the straight
    // path x_tau = (1 - tau) x0 + tau x1 (Lipman et al. 2023). The network sees and predicts
    // unit-variance quantities, after Karras et al. 2022, eq. 7, carried over to this path: v = a x
    // + b F(b x, guide), b = ((1 - tau)^2 + tau^2)^(-1/2), a = (2 tau - 1) b^2.
    at::Tensor velocity(const at::Tensor& x, const at::Tensor& guide, const at::Tensor& tau,
                        const at::Tensor& severity) const;
    // InDI's restorer E[x | x_t, t] (Delbracio & Milanfar 2023, eq. 9).
    at::Tensor indi(const at::Tensor& xt, const at::Tensor& time) const;
    // The same of a state on the way to y that nobody can write down, E[x | x_t, y, t]: x_t + t
    // F([x_t, y], t), so that a clean image stays as it is.
    at::Tensor restore(const at::Tensor& xt, const at::Tensor& y, const at::Tensor& time) const;
    // The learned degradation, a clean image taken back to time t on the way to y: what is out of
    // focus is not a function of x, so y tells it, and both ends are exact.
    //     D(x, y, t) = x + t (y - x) + t (1 - t) F([x, y], t)
    at::Tensor degrade(const at::Tensor& x, const at::Tensor& y, const at::Tensor& time) const;
    // The same without y, D(x, t) = x + t F(x, t): the mean over all that may be out of focus.
    at::Tensor degradeAlone(const at::Tensor& x, const at::Tensor& time) const;
    // The prior: E[x | x + sigma n] of clean images x, n white with unit variance, sigma [N]
    // between kLowestNoise and kHighestNoise. The network sees and predicts unit-variance
    // quantities (Karras et al. 2022, eq. 7, with unit variance of x):
    //     x' = x / (1 + sigma^2) + sigma / sqrt(1 + sigma^2) F(x / sqrt(1 + sigma^2), sigma)
    static constexpr double kLowestNoise = 0.01, kHighestNoise = 20;
    at::Tensor denoise(const at::Tensor& noisy, const at::Tensor& sigma) const;
    // One posterior sample of the noise-free image, in the units of y, from standard normal fields
    // of the shapes of LadderVae::noiseShapes.
    at::Tensor hdn(const at::Tensor& y, const std::vector<at::Tensor>& noise) const;
    // Severity of each image, [N], before any aggregation.
    at::Tensor severity(const at::Tensor& y) const;

  private:
    package::ModelPackage m_package;
    std::vector<std::unique_ptr<Network>> m_networks;
};

}  // namespace posteria::nn
