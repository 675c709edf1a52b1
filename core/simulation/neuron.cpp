#include "core/simulation/neuron.h"

#include <algorithm>
#include <cmath>

#include "core/simulation/path.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kStepUm = 0.5;  // between the nodes of a neurite
constexpr int kMostForks = 7;    // between the soma and a tip
constexpr double kFlare = 0.8;   // how much thicker a dendrite begins at the soma
constexpr double kTipUm = 8;     // over which a dendrite runs to a fine end

// A growing end.
struct Tip {
    int type;
    Path path;
    std::int32_t node;  // the last one, -1 before the first of a tree
    double radius, left, grown, sinceFork;
    int forks;
    double swelling = 0;
};

class Growth {
  public:
    Growth(const NeuronStyle& style, Rng& rng) : m_style(style), m_rng(rng) {
        m_dendrite.stepUm = m_axon.stepUm = kStepUm;
        m_dendrite.persistenceUm = style.persistenceUm;
        m_axon.persistenceUm = 0.6 * style.persistenceUm;
        m_dendrite.smoothnessUm = 3;
        m_axon.smoothnessUm = 2;
        m_dendrite.slope = m_axon.slope = 0.06;
        m_dendrite.halfDepthUm = m_axon.halfDepthUm = style.halfDepthUm;
        m_tree.nodes.push_back({kSoma, 0, 0, 0, style.somaRadiusUm, -1});
    }

    Morphology grow() {
        const double turn = m_rng.uniform(0, 2 * kPi);
        const int processes = m_style.dendrites + (m_style.axonLengthUm > 0 ? 1 : 0);
        for (int i = 0; i < processes; ++i) {
            const double angle = turn + 2 * kPi * (i + 0.5 * m_rng.uniform(-1, 1)) / processes;
            if (i < m_style.dendrites)
                leaveSoma(kBasalDendrite, angle, m_style.stemRadiusUm * m_rng.uniform(0.7, 1.2),
                          m_style.dendriteLengthUm * m_rng.uniform(0.5, 1.2));
            else
                leaveSoma(kAxon, angle, m_style.axonRadiusUm,
                          m_style.axonLengthUm * m_rng.uniform(0.7, 1.3));
        }
        while (!m_tips.empty()) {
            Tip tip = m_tips.back();
            m_tips.pop_back();
            if (tip.type == kAxon)
                growAxon(tip);
            else
                growDendrite(tip);
        }
        return std::move(m_tree);
    }

  private:
    const PathSettings& settingsOf(int type) const { return type == kAxon ? m_axon : m_dendrite; }

    void leaveSoma(int type, double angle, double radius, double length) {
        // Where its first disc half sinks into the soma's ball.
        const double stem = radius * (1 + kFlare) / m_style.somaRadiusUm;
        const double away = m_style.somaRadiusUm * (1 - 0.25 * stem * stem);
        const Point start{away * std::cos(angle), away * std::sin(angle)};
        m_tips.push_back(
            {type, Path(settingsOf(type), m_rng, start, 0, angle), 0, radius, length, 0, 0, 0});
    }

    std::int32_t add(int type, double x, double y, double z, double radius, std::int32_t parent) {
        m_tree.nodes.push_back({type, x, y, z, radius, parent});
        return static_cast<std::int32_t>(m_tree.nodes.size()) - 1;
    }

    void fork(const Tip& tip, double turn, double radius, double left) {
        m_tips.push_back({tip.type,
                          Path(settingsOf(tip.type), m_rng, tip.path.point(), tip.path.z(),
                               tip.path.direction() + turn),
                          tip.node, radius, left, tip.grown, 0, tip.forks + 1});
    }

    void growDendrite(Tip tip) {
        const double keep = std::exp(-kStepUm / 2.5), kick = 0.1 * std::sqrt(1 - keep * keep);
        const double shrink = std::exp(-kStepUm / (1.3 * m_style.dendriteLengthUm));
        for (; tip.left > 0; tip.left -= kStepUm) {
            const double flare = 1 + kFlare * std::exp(-tip.grown / 2.5);  // at the soma
            const double fine = 0.35 + 0.65 * std::min(1.0, tip.left / kTipUm);
            tip.swelling = keep * tip.swelling + kick * m_rng.normal();
            const double radius =
                tip.radius * flare * fine * std::clamp(1 + tip.swelling, 0.7, 1.4);
            tip.node = add(tip.type, tip.path.point().x, tip.path.point().y, tip.path.z(), radius,
                           tip.node);
            if (tip.grown > 6 && m_rng.chance(m_style.spinesPerUm * kStepUm)) addSpine(tip);
            tip.radius = std::max(m_style.thinnestUm, tip.radius * shrink);
            tip.grown += kStepUm;
            tip.sinceFork += kStepUm;
            if (tip.sinceFork > 4 && tip.forks < kMostForks && tip.left > 2 * kTipUm &&
                m_rng.chance(kStepUm / m_style.branchEveryUm)) {
                const double share = m_rng.uniform(0.3, 0.7);
                const double side = m_rng.chance(0.5) ? 1 : -1;
                // The thicker daughter goes on more nearly straight.
                fork(tip, side * (1 - share) * m_rng.uniform(0.6, 1.3),
                     std::max(m_style.thinnestUm, tip.radius * std::pow(share, 2.0 / 3)),
                     tip.left * m_rng.uniform(0.5, 1));
                fork(tip, -side * share * m_rng.uniform(0.6, 1.3),
                     std::max(m_style.thinnestUm, tip.radius * std::pow(1 - share, 2.0 / 3)),
                     tip.left * m_rng.uniform(0.5, 1));
                return;
            }
            tip.path.advance(m_rng);
        }
    }

    void growAxon(Tip tip) {
        double toBouton = m_style.boutonEveryUm * (0.3 + m_rng.exponential());
        for (; tip.left > 0; tip.left -= kStepUm, toBouton -= kStepUm) {
            double radius = tip.radius * (1 + 1.5 * std::exp(-tip.grown / 4));  // the hillock
            if (toBouton < 0 && tip.grown > 30) {
                radius += m_rng.uniform(0.12, 0.45);
                toBouton = m_style.boutonEveryUm * (0.3 + m_rng.exponential());
            }
            tip.node =
                add(kAxon, tip.path.point().x, tip.path.point().y, tip.path.z(), radius, tip.node);
            tip.grown += kStepUm;
            tip.sinceFork += kStepUm;
            if (tip.sinceFork > 15 && tip.forks < kMostForks && m_rng.chance(kStepUm / 90)) {
                fork(tip, (m_rng.chance(0.5) ? 1 : -1) * m_rng.uniform(0.8, 1.6), tip.radius,
                     tip.left * m_rng.uniform(0.2, 0.7));
                tip.sinceFork = 0;
            }
            tip.path.advance(m_rng);
        }
    }

    // A neck that leaves the dendrite sideways at any angle to the plane, and a head: stubby, thin
    // or mushroom-like.
    void addSpine(const Tip& tip) {
        const double around = m_rng.uniform(0, 2 * kPi);
        const double lean = tip.path.direction() + 0.5 * kPi + 0.3 * m_rng.normal();
        const double dx = std::cos(around) * std::cos(lean), dy = std::cos(around) * std::sin(lean);
        const double dz = std::sin(around);
        const double neck = tip.radius + m_rng.uniform(0.1, 1.0);
        const double head = m_rng.uniform(0.18, 0.4), tipAt = neck + 1.6 * head;
        const Point p = tip.path.point();
        const double z = tip.path.z();
        auto node = add(kSpine, p.x + neck * dx, p.y + neck * dy, z + neck * dz,
                        m_rng.uniform(0.07, 0.13), tip.node);
        node = add(kSpine, p.x + (neck + 0.6 * head) * dx, p.y + (neck + 0.6 * head) * dy,
                   z + (neck + 0.6 * head) * dz, head, node);
        add(kSpine, p.x + tipAt * dx, p.y + tipAt * dy, z + tipAt * dz, 0.5 * head, node);
    }

    const NeuronStyle& m_style;
    Rng& m_rng;
    PathSettings m_dendrite, m_axon;
    Morphology m_tree;
    std::vector<Tip> m_tips;
};

}  // namespace

NeuronStyle randomNeuronStyle(Rng& rng, double halfDepthUm) {
    NeuronStyle s;
    s.somaRadiusUm = rng.uniform(4.5, 8);
    s.dendrites = rng.integer(3, 7);
    s.stemRadiusUm = rng.uniform(0.5, 1.1);
    s.thinnestUm = rng.uniform(0.12, 0.28);
    s.dendriteLengthUm = rng.logUniform(60, 180);
    s.branchEveryUm = rng.logUniform(18, 60);
    s.spinesPerUm = rng.chance(0.65) ? rng.uniform(0.3, 1.4) : rng.uniform(0, 0.05);
    s.axonLengthUm = rng.logUniform(150, 500);
    s.axonRadiusUm = rng.uniform(0.09, 0.2);
    s.boutonEveryUm = rng.logUniform(2.5, 10);
    s.persistenceUm = rng.logUniform(50, 220);
    s.halfDepthUm = halfDepthUm;
    return s;
}

Morphology growNeuron(const NeuronStyle& style, Rng& rng) {
    return Growth(style, rng).grow();
}

}  // namespace posteria::simulation
