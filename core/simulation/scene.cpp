#include "core/simulation/scene.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/choices.h"
#include "core/base/error.h"
#include "core/simulation/drawing.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr std::uint64_t kLayoutStream = 0;
constexpr std::uint64_t kFirstSceneStream = 16;  // a stream of its own for every scene of a seed

struct Scene {
    const char* name;
    void (*draw)(Canvas&, const CellLayout&, const SceneSettings&, Rng&);
};

template <void (*draw)(Canvas&, const CellLayout&, double, Rng&)>
void plain(Canvas& canvas, const CellLayout& layout, const SceneSettings& settings, Rng& rng) {
    draw(canvas, layout, settings.density, rng);
}

void neurons(Canvas& canvas, const CellLayout& layout, const SceneSettings& settings, Rng& rng) {
    drawNeurons(canvas, layout, settings.density, rng, settings.neuron.get());
}

// The place in this list decides a scene's random stream: new ones go to the end.
const Scene kScenes[] = {{"filaments", plain<drawFilaments>},
                         {"vesicles", plain<drawVesicles>},
                         {"nuclei", plain<drawNuclei>},
                         {"mitochondria", plain<drawMitochondria>},
                         {"neurons", neurons},
                         {"membranes", plain<drawMembranes>},
                         {"actin", plain<drawActin>}};

}  // namespace

const std::vector<std::string>& sceneNames() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const Scene& scene : kScenes)
            list.push_back(scene.name);
        return list;
    }();
    return names;
}

void drawBackground(Canvas& canvas, const CellLayout& layout, double share, Rng& rng) {
    const double level = share * canvas.total() / std::max(layout.areaUm2(), 1.0);
    double waveX[3], waveY[3], phase[3];
    for (int i = 0; i < 3; ++i) {
        const double wave = 2 * kPi / rng.logUniform(12, 60), angle = rng.uniform(0, 2 * kPi);
        waveX[i] = wave * std::cos(angle);
        waveY[i] = wave * std::sin(angle);
        phase[i] = rng.uniform(0, 2 * kPi);
    }
    const double nucleus = rng.uniform(0.4, 1.3);  // the nucleus shuts the dye out or takes it up
    canvas.addDiffuse([&](double x, double y) {
        const Point p{x, y};
        double slow = 1;
        for (int i = 0; i < 3; ++i)
            slow += 0.2 * std::sin(waveX[i] * x + waveY[i] * y + phase[i]);
        const double inCell = 1.2 * layout.thickness(p) * (layout.insideNucleus(p) ? nucleus : 1.0);
        return level * (0.1 + inCell * slow);
    });
}

at::Tensor renderVolume(const std::string& scene, const SceneSettings& settings,
                        std::uint64_t seed) {
    const auto& names = sceneNames();
    const auto found = std::find(names.begin(), names.end(), scene);
    if (found == names.end())
        throw Error(ErrorKind::Usage, "There is no simulated scene of this name.", scene,
                    choices(sceneNames()));
    if (settings.height < 1 || settings.width < 1 || settings.planes < 1 || settings.pixelUm <= 0 ||
        settings.zStepUm <= 0)
        throw Error(ErrorKind::Usage, "A simulated volume needs a positive size.");
    const auto index = static_cast<std::size_t>(found - names.begin());
    auto volume = torch::zeros({settings.planes, settings.height, settings.width}, torch::kFloat);
    Canvas canvas(volume.data_ptr<float>(), settings.planes, settings.height, settings.width,
                  settings.pixelUm, settings.zStepUm);
    Rng layoutRng(seed, kLayoutStream), sceneRng(seed, kFirstSceneStream + index);
    const CellLayout layout(layoutRng, canvas.widthUm(), canvas.heightUm());
    kScenes[index].draw(canvas, layout, settings, sceneRng);
    return volume;
}

}  // namespace posteria::simulation
