#include "ui/widgets/sampler_titles.h"

#include "ui/widgets/restore_panel.h"

namespace posteria::ui::widgets {

QString samplerTitle(const std::string& name) {
    const auto id = QString::fromStdString(name);
    if (id == QLatin1String("oneshot")) return RestorePanel::tr("one shot (no samples)");
    if (id == QLatin1String("cfm-euler")) return RestorePanel::tr("flow matching, Euler");
    if (id == QLatin1String("cfm-heun")) return RestorePanel::tr("flow matching, Heun");
    if (id == QLatin1String("indi")) return RestorePanel::tr("InDI");
    if (id == QLatin1String("indi-brownian")) return RestorePanel::tr("InDI, Brownian noise");
    if (id == QLatin1String("cold-naive")) return RestorePanel::tr("cold diffusion, naive");
    if (id == QLatin1String("cold-unconditional"))
        return RestorePanel::tr("cold diffusion, blind to the input");
    if (id == QLatin1String("cold-improved")) return RestorePanel::tr("cold diffusion, improved");
    if (id == QLatin1String("blend")) return RestorePanel::tr("cold diffusion, blended");
    if (id == QLatin1String("hdn")) return RestorePanel::tr("ladder VAE (HDN)");
    if (id == QLatin1String("ddrm")) return RestorePanel::tr("diffusion prior (DDRM)");
    if (id == QLatin1String("richardson-lucy"))
        return RestorePanel::tr("Richardson-Lucy deconvolution");
    if (id == QLatin1String("wiener")) return RestorePanel::tr("Wiener filter");
    if (id == QLatin1String("nnls")) return RestorePanel::tr("non-negative unmixing");
    return id;
}

}  // namespace posteria::ui::widgets
