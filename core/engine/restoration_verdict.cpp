// What a restoration says of its own result.
#include <algorithm>
#include <cmath>

#include "core/analysis/seam_score.h"
#include "core/engine/restoration.h"
#include "core/tensor/convert.h"
#include "core/tensor/torch_compat.h"

namespace posteria::engine {

// Of the last sample, seen where its borders are.
double Restoration::seamScore() const {
    const auto& roi = m_plan.roi;
    const auto& part = m_plan.part;
    const auto stream = static_cast<std::uint64_t>(m_plan.sampler.samples - 1);
    const auto grid =
        sampling::sampleGrid(roi.height, roi.width, m_request.seed ^ (stream << 20), m_plan.tiles);
    const auto inside = [](std::vector<std::int64_t> seams, std::int64_t first,
                           std::int64_t length) {
        std::vector<std::int64_t> result;
        for (const auto seam : seams)
            if (seam > first && seam < first + length) result.push_back(seam - first);
        return result;
    };
    return analysis::seamScore(m_sample.front(),
                               inside(grid.verticalSeams(), part.x - roi.x, part.width),
                               inside(grid.horizontalSeams(), part.y - roi.y, part.height))
        .ratio;
}

bool Restoration::isEnough() {
    const auto& enough = m_request.enough;
    if (enough.relativeError <= 0 || m_parts > 1) return false;
    const double error = m_builder->relativeError(enough.region);
    m_builder->diagnostics().regionError = std::isfinite(error) ? error : -1;
    return m_builder->samples() >= Enough::kFewest && error <= enough.relativeError;
}

// Of the mean and the one-shot answer that samples were drawn around.
double Restoration::oneShotDeparture(const posterior::Snapshot& last) const {
    if (!m_model.drawsAroundMean() || !last.std) return posterior::TrustFacts::kUnknown;
    const auto outputs = m_model.package().outputs.size();
    double difference = 0, spread = 0;
    for (std::size_t i = 0; i < m_plan.planes.size(); ++i) {
        const auto& prepared = m_prepared[i];
        if (!prepared.guide.defined()) continue;
        const at::Tensor answer = prepared.normalisation.targetToGrey(prepared.guide.slice(0, 1));
        for (std::size_t o = 0; o < outputs; ++o) {
            const auto index =
                static_cast<std::int64_t>(m_plan.resultPlane(m_plan.planes[i], o, outputs));
            const auto& shape = m_plan.resultShape;
            const image::PlaneIndex place{index / (shape.c * shape.z), index / shape.z % shape.c,
                                          index % shape.z};
            const at::Tensor mean = tensor::fromPlane(last.mean->readPlane(place)),
                             std = tensor::fromPlane(last.std->readPlane(place));
            difference +=
                (mean - answer[static_cast<std::int64_t>(o)]).square().mean().item<double>();
            spread += std.square().mean().item<double>();
        }
    }
    if (!(spread > 0)) return posterior::TrustFacts::kUnknown;
    // A mean of few samples departs by chance.
    return std::sqrt(std::max(difference / spread - 1.0 / last.samples, 0.0));
}

void Restoration::judgeResult(int samples, const posterior::Diagnostics& last) {
    auto& trust = m_report.trust;
    trust.samples = samples;
    if (!m_severity.empty() && m_whole.joint.empty()) {
        trust.severity = m_severity.front();
        trust.severityAssumed = !m_request.severity && !m_report.severityEstimated;
    }
    if (last.unexplained >= 0) trust.residual = last.unexplained;
    trust.severityEstimated = m_report.severityEstimated;
    if (last.relativeMonteCarloError > 0) trust.meanError = last.relativeMonteCarloError;
    if (isTiled()) trust.seams = m_report.seamScore;
    trust.calibrated = m_report.calibrated;
}

bool Restoration::isTiled() const {
    return sampling::sampleGrid(m_whole.roi.height, m_whole.roi.width, m_request.seed,
                                m_whole.tiles)
               .tiles()
               .size() > 1;
}

}  // namespace posteria::engine
