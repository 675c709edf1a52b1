// What made an image of its clean channels, as far as request and package tell it: the blur, the
// camera, the unmixing matrix. Samplers that solve for the image rather than learn the way back
// (ddrm, hdn's camera offset, the classical ones) get it from here, in the units they work in.
// Private to the engine; one thread.
//
// y is the degraded image in normalised units (nn/model.h). Light is grey values above the camera's
// offset over the degraded plane's standard deviation; hdn and the classical samplers give light,
// the latter are given it, too. ddrm works in the units of the clean channel.
#pragma once

#include <optional>
#include <string>

#include "core/engine/request.h"
#include "core/nn/model.h"
#include "core/physics/blur.h"
#include "core/physics/identity.h"
#include "core/sampling/sampler.h"

namespace posteria::engine {

class ForwardModel {
  public:
    // Throws Error{Usage} for a point spread function that is none or that the sampler cannot use,
    // Error{Model} when the package lacks what the sampler needs.
    ForwardModel(const RestorationRequest& request, const package::ModelPackage& package,
                 const std::string& sampler);

    bool givesLight() const { return m_sampler == "hdn" || m_classical; }
    double offset() const { return m_offset; }  // grey values of a dark pixel
    // What the sampler is given in place of y.
    at::Tensor input(const at::Tensor& y, const nn::Normalisation& normalisation) const;
    // How many times as strong as the model's camera's the noise of y is, from the median of its
    // second differences (after Immerkaer 1996), each over what the camera would make it; 1 where
    // the sampler does not ask or the difference is no more than structure makes.
    double noiseRatio(const at::Tensor& y, const nn::Normalisation& normalisation) const;
    bool asksForNoise() const { return m_sampler == "ddrm" || m_sampler == "wiener"; }
    // Fills in degradation, noise and what belongs to them; they live as long as this and until the
    // next call.
    void describe(sampling::Restorer& restorer, const nn::Normalisation& normalisation,
                  double severity, double noiseRatio);

  private:
    struct Units {
        double zero, grey;  // value without light, grey values of one unit
    };
    Units unitsOf(const nn::Normalisation& normalisation) const;
    at::Tensor variance(const at::Tensor& light) const;  // grey values squared, of smoothed light
    void chooseBlur(double severity);

    const package::ModelPackage& m_package;
    const std::string m_sampler;
    const bool m_classical;
    double m_offset = 0, m_pixelUm = 0;
    at::Tensor m_psf;  // the request's
    physics::Identity m_identity;
    std::optional<physics::Blur> m_blur, m_view;
    std::int64_t m_margin = 0;
    double m_severity = -1;  // that the blur is chosen for
};

}  // namespace posteria::engine
