#include "core/engine/trust_hits.h"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/engine/engine.h"
#include "core/simulation/scene.h"
#include "core/tensor/convert.h"
#include "core/tensor/frequency.h"
#include "core/tensor/random.h"
#include "core/tensor/torch_compat.h"
#include "core/training/field_pool.h"

namespace posteria::engine {

namespace {

using Json = nlohmann::ordered_json;

// As a camera with 16 bits writes it.
image::StackPtr stackOf(const at::Tensor& grey, double pixelUm) {
    image::StackInfo info;
    info.name = "built";
    info.type = image::PixelType::UInt16;
    info.shape = {1, 1, 1, grey.size(0), grey.size(1)};
    if (pixelUm > 0) info.voxelSize = image::VoxelSize{pixelUm, pixelUm, pixelUm};
    void* memory = nullptr;
    auto plane = image::Plane::allocate(info.type, grey.size(1), grey.size(0), &memory);
    const at::Tensor whole = grey.round().clamp(0, 65535).to(at::kInt).contiguous();
    std::copy_n(tensor::constData<int>(whole), whole.numel(), static_cast<std::uint16_t*>(memory));
    return image::makeMemoryStack(std::move(info), {std::move(plane)});
}

at::Tensor randomNormal(const at::Tensor& like, std::uint64_t seed) {
    auto generator = tensor::makeGenerator(seed, 0);
    return tensor::normal(like.sizes(), generator);
}

// Mean of 5 x 5 pixels: what the light is taken to be.
at::Tensor lightOf(const at::Tensor& grey) {
    return at::avg_pool2d(at::reflection_pad2d(grey.unsqueeze(0).unsqueeze(0), {2, 2, 2, 2}), 5,
                          1)[0][0];
}

at::Tensor noiseVariance(const at::Tensor& grey, const package::CameraSpec& camera) {
    return (lightOf(grey) - camera.offset).clamp_min(0) * camera.gain + camera.variance;
}

at::Tensor resized(const at::Tensor& grey, double factor) {
    const auto side = grey.size(0);
    const auto target = static_cast<std::int64_t>(static_cast<double>(side) * factor);
    return at::upsample_bicubic2d(grey.unsqueeze(0).unsqueeze(0), {target, target}, false)[0][0];
}

// Amplitudes that fall as 1/f with random phases, in the brightness of the image it stands for.
at::Tensor photograph(const at::Tensor& like, const package::CameraSpec& camera,
                      std::uint64_t seed) {
    const at::Tensor white = at::fft_fft2(randomNormal(like, seed).to(at::kDouble));
    const at::Tensor falling = tensor::radialFrequency(like.size(0)).clamp_min(1.0 / 256);
    at::Tensor image = at::real(at::fft_ifft2(white / falling));
    image = (image - image.min()) / (image.max() - image.min());
    const at::Tensor light = image * (like.max() - camera.offset);
    const at::Tensor noise = randomNormal(like, seed + 1).to(at::kDouble) *
                             (light * camera.gain + camera.variance).sqrt();
    return (light + noise + camera.offset).to(at::kFloat);
}

struct Built {
    std::string kind;
    at::Tensor grey;
    double pixelUm;
};

// Scenes that the recipe does not know.
training::Recipe otherStructure(const training::Recipe& recipe, int index) {
    auto other = recipe;
    std::vector<std::string> others;
    for (const auto& name : simulation::sceneNames())
        if (std::find(recipe.scenes.begin(), recipe.scenes.end(), name) == recipe.scenes.end())
            others.push_back(name);
    for (std::size_t i = 0; i < other.scenes.size(); ++i)
        other.scenes[i] = others[(static_cast<std::size_t>(index) + i) % others.size()];
    return other;
}

std::vector<Built> buildOthers(const training::Recipe& recipe, int index, double pixelUm) {
    const auto& camera = recipe.package.camera;
    const auto seed = training::testSeed(recipe) + static_cast<std::uint64_t>(index) * 16;
    const at::Tensor grey =
        training::heldOutField(recipe, training::testSeed(recipe), index).degraded;
    const at::Tensor other =
        training::heldOutField(otherStructure(recipe, index), training::testSeed(recipe), index)
            .degraded;
    // White noise of three more quarters of the variance: four times the deviation in all.
    const at::Tensor noisy =
        grey + randomNormal(grey, seed) * (15 * noiseVariance(grey, camera)).sqrt();
    const double high =
        at::quantile(grey.flatten(), at::tensor({0.95}, grey.scalar_type())).item<double>();
    const at::Tensor dark = at::full_like(grey, camera.offset);
    return {{"other structure", other, pixelUm},
            {"noise x 4", noisy, pixelUm},
            {"pixels half as large, told", resized(grey, 2), pixelUm / 2},
            {"pixels half as large, file wrong", resized(grey, 2), pixelUm},
            {"pixels twice as large, told", resized(grey, 0.5), pixelUm * 2},
            {"pixels twice as large, file wrong", resized(grey, 0.5), pixelUm},
            {"saturated", grey.clamp_max(high), pixelUm},
            {"inverted", grey.max() + camera.offset - grey, pixelUm},
            {"photograph", photograph(grey, camera, seed + 2), pixelUm},
            {"empty", dark + randomNormal(grey, seed + 5) * std::sqrt(camera.variance), pixelUm}};
}

// Counts what the lights say.
class Tally {
  public:
    void add(const std::vector<posterior::TrustLight>& lights) {
        ++m_images;
        ++m_verdicts[posterior::trustWord(posterior::verdict(lights))];
        for (const auto& light : lights)
            if (light.state >= posterior::Trust::Amber)
                ++m_lights[light.id][posterior::trustWord(light.state)];
    }
    Json json() const {
        Json j{{"images", m_images}};
        const auto share = [this](const std::map<std::string, int>& counts, const char* word) {
            const auto found = counts.find(word);
            return found == counts.end() ? 0.0 : double(found->second) / m_images;
        };
        for (const char* word : {"green", "amber", "red"})
            j[word] = share(m_verdicts, word);
        for (const auto& [id, counts] : m_lights)
            j["lights"][id] = {{"amber", share(counts, "amber")}, {"red", share(counts, "red")}};
        return j;
    }

  private:
    int m_images = 0;
    std::map<std::string, int> m_verdicts;
    std::map<std::string, std::map<std::string, int>> m_lights;
};

class Silent : public RunObserver {
    void onProgress(const Progress&) override {}
    void onSnapshot(const posterior::SnapshotPtr&) override {}
};

// Those that a single answer cannot have.
bool isOfInput(const posterior::TrustLight& light) {
    return light.id != "samples" && light.id != "calibration" && light.id != "residual" &&
           light.id != "oneshot" && light.id != "seams";
}

}  // namespace

std::string trustHits(const training::Recipe& recipe, const std::string& packageFolder,
                      const TrustHitSettings& settings,
                      const std::function<void(int, int)>& progress, const CancelToken& token) {
    const auto package = package::readPackage(packageFolder);
    const std::unique_ptr<Engine> engine(posteria_create_engine(kEngineInterface));
    const auto lightsOf = [&](const image::StackPtr& input, bool whole, double severity) {
        RestorationRequest request;
        request.model = packageFolder;
        request.input = input;
        if (!whole) request.sampler = "oneshot";
        // What no network tells the user has to.
        if (!package.network("severity")) request.severity = severity;
        Silent silent;
        auto lights = posterior::trustLights(engine->run(request, silent, token).trust);
        if (!whole)
            lights.erase(std::remove_if(lights.begin(), lights.end(),
                                        [](const auto& light) { return !isOfInput(light); }),
                         lights.end());
        return lights;
    };
    const double pixelUm = package.voxelSizeUm;
    const int all = settings.images + settings.restored + settings.built;
    int done = 0;
    Json json;
    const auto own = [&](int count, bool whole) {
        Tally tally;
        for (int i = 0; i < count; ++i) {
            // Fields that set neither the limits nor the calibration.
            const auto field =
                training::heldOutField(recipe, training::testSeed(recipe), recipe.testFields + i);
            tally.add(lightsOf(stackOf(field.degraded, pixelUm), whole, field.severity));
            progress(++done, all);
        }
        return tally.json();
    };
    json["in_distribution"]["input"] = own(settings.images, false);
    json["in_distribution"]["restored"] = own(settings.restored, true);
    std::vector<std::pair<std::string, Tally>> built;
    for (int i = 0; i < settings.built; ++i) {
        const auto images = buildOthers(recipe, recipe.testFields + settings.images + i, pixelUm);
        built.resize(images.size());
        for (std::size_t k = 0; k < images.size(); ++k) {
            built[k].first = images[k].kind;
            built[k].second.add(lightsOf(stackOf(images[k].grey, images[k].pixelUm), false,
                                         package.defaultSeverity));
        }
        progress(++done, all);
    }
    for (const auto& [kind, tally] : built)
        json["built"][kind] = tally.json();
    return json.dump();
}

}  // namespace posteria::engine
