#include <algorithm>
#include <cmath>

#include "core/simulation/drawing.h"
#include "core/simulation/neuron.h"
#include "core/simulation/solids.h"
#include "core/simulation/value_noise.h"

namespace posteria::simulation {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kThinnestUm = 0.03;  // a file that knows no radii holds zeros

// How a neuron lies in the field: turned about z, tilted about an axis in the plane, and moved so
// that the anchor, a point of the neuron, comes to lie at `at`.
struct Pose {
    double turn = 0, tilt = 0, tiltAxis = 0;
    bool mirrored = false;
    Position anchor, at;

    Position apply(const Position& p) const {
        const double dx = mirrored ? anchor.x - p.x : p.x - anchor.x;
        const double dy = p.y - anchor.y, dz = p.z - anchor.z;
        const double x = std::cos(turn) * dx - std::sin(turn) * dy;
        const double y = std::sin(turn) * dx + std::cos(turn) * dy;
        const double c = std::cos(tiltAxis), s = std::sin(tiltAxis);
        const double along = c * x + s * y, across = c * y - s * x;
        const double leaning = std::cos(tilt) * across - std::sin(tilt) * dz;
        return {at.x + c * along - s * leaning, at.y + s * along + c * leaning,
                at.z + std::sin(tilt) * across + std::cos(tilt) * dz};
    }
};

double distance(const Position& a, const Position& b) {
    return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) +
                     (a.z - b.z) * (a.z - b.z));
}

// Where a cell of this size would lie in one that is drawn already.
bool crowded(const std::vector<Position>& somata, const Position& p, double apartUm) {
    return std::any_of(somata.begin(), somata.end(),
                       [&](const Position& other) { return distance(other, p) < apartUm; });
}

class Field {
  public:
    Field(Canvas& canvas, Rng& rng) : m_canvas(canvas), m_rng(rng) {}

    double draw(const Morphology& neuron, const Pose& pose) {
        Morphology placed = neuron;
        for (auto& node : placed.nodes) {
            const Position p = pose.apply({node.x, node.y, node.z});
            node.x = p.x;
            node.y = p.y;
            node.z = p.z;
        }
        return drawMorphology(m_canvas, placed, m_rng.logNormal(0.35));
    }

    double grow(const NeuronStyle& style, double x, double y) {
        Pose pose;
        pose.at = {x, y, m_rng.uniform(-0.3, 0.3) * m_canvas.depthUm()};
        return draw(growNeuron(style, m_rng), pose);
    }

  private:
    Canvas& m_canvas;
    Rng& m_rng;
};

// Organelles shut the dye out: what is filled is not filled evenly.
void addTexture(Canvas& canvas, Rng& rng) {
    const double contrast = rng.uniform(0.1, 0.35);
    const ValueNoise coarse(rng, rng.uniform(0.9, 1.6)), fine(rng, rng.uniform(0.35, 0.6));
    for (std::int64_t plane = 0; plane < canvas.planes(); ++plane) {
        const double z = canvas.zOf(static_cast<double>(plane));
        for (std::int64_t row = 0; row < canvas.height(); ++row) {
            float* line = canvas.plane(plane) + row * canvas.width();
            const double y = canvas.yOf(static_cast<double>(row));
            for (std::int64_t column = 0; column < canvas.width(); ++column) {
                if (line[column] == 0) continue;
                const double x = canvas.xOf(static_cast<double>(column));
                // Turned against the pixels, so that the lattices do not show.
                const double u = 0.8 * x - 0.6 * y, v = 0.6 * x + 0.8 * y;
                line[column] *= static_cast<float>(
                    1 + contrast * (0.8 * coarse.at(u, v, z) + fine.at(v, -u, z)));
            }
        }
    }
}

// Neurons around nuclei of the layout, then others within reach, until there is enough of them.
double drawGrown(Canvas& canvas, const CellLayout& layout, double wanted, Rng& rng) {
    Field field(canvas, rng);
    const double depthReach = 0.5 * canvas.depthUm() * rng.uniform(0.6, 1.3);
    const NeuronStyle kind = randomNeuronStyle(rng, depthReach);
    const double labelled = rng.uniform(0, 0.8);
    std::vector<Position> somata;
    double drawn = 0;
    for (const Cell& cell : layout.cells()) {
        const bool taken = rng.chance(labelled);
        if (!taken || drawn >= wanted || crowded(somata, {cell.nucleus.x, cell.nucleus.y, 0}, 15))
            continue;
        NeuronStyle style = kind;
        style.somaRadiusUm = cell.nucleusShort * rng.uniform(1.1, 1.3);
        somata.push_back({cell.nucleus.x, cell.nucleus.y, 0});
        drawn += field.grow(style, cell.nucleus.x, cell.nucleus.y);
    }
    const double reach = 0.8 * kind.dendriteLengthUm;
    for (int attempt = 0; drawn < wanted && attempt < 400; ++attempt) {
        const Position p{rng.uniform(-1, 1) * (0.5 * canvas.widthUm() + reach),
                         rng.uniform(-1, 1) * (0.5 * canvas.heightUm() + reach), 0};
        if (crowded(somata, p, 2.5 * kind.somaRadiusUm)) continue;
        somata.push_back(p);
        drawn += field.grow(kind, p.x, p.y);
    }
    return drawn > 0 ? drawn : field.grow(kind, 0, 0);
}

// The neuron of a file as often as it takes, each time with another of its points in the field. It
// is kept as it was measured: turned and tilted, but neither scaled nor flattened.
double drawGiven(Canvas& canvas, const Morphology& neuron, double wanted, Rng& rng) {
    Field field(canvas, rng);
    std::vector<const MorphologyNode*> cells;
    for (const auto& node : neuron.nodes)
        if (node.type == kSoma) cells.push_back(&node);
    std::vector<Position> somata;  // placed so far
    double drawn = 0;
    for (int attempt = 0; attempt == 0 || (attempt < 40 && drawn < wanted); ++attempt) {
        const bool atSoma = attempt == 0 && !cells.empty() && rng.chance(0.4);
        const std::size_t count = atSoma ? cells.size() : neuron.nodes.size();
        const auto pick = std::min(
            static_cast<std::size_t>(rng.uniform() * static_cast<double>(count)), count - 1);
        const MorphologyNode& node = atSoma ? *cells[pick] : neuron.nodes[pick];
        Pose pose;
        pose.anchor = {node.x, node.y, node.z};
        pose.turn = rng.uniform(0, 2 * kPi);
        pose.tilt = 0.2 * rng.normal();
        pose.tiltAxis = rng.uniform(0, kPi);
        pose.mirrored = rng.chance(0.5);
        pose.at = {rng.uniform(-0.35, 0.35) * canvas.widthUm(),
                   rng.uniform(-0.35, 0.35) * canvas.heightUm(),
                   rng.uniform(-0.2, 0.2) * canvas.depthUm()};
        if (!cells.empty()) {  // cells do not lie in one another
            const MorphologyNode& cell = *cells.front();
            const Position soma = pose.apply({cell.x, cell.y, cell.z});
            if (crowded(somata, soma, 2.2 * cell.radius)) continue;
            somata.push_back(soma);
        }
        drawn += field.draw(neuron, pose);
    }
    return drawn;
}

Position positionOf(const MorphologyNode& node) {
    return {node.x, node.y, node.z};
}

// The plane in which the piece that ends in a node and the one that goes on from it meet.
struct Cut {
    std::size_t next = 0;  // the child that goes on, the first of the same kind; 0: none
    Position normal;       // zero where nothing goes on
};

std::vector<Cut> cutsOf(const Morphology& morphology) {
    const auto& nodes = morphology.nodes;
    std::vector<Cut> cuts(nodes.size());
    const auto towards = [&](std::size_t i) {  // direction of the piece that ends in node i
        const Position a = positionOf(nodes[static_cast<std::size_t>(nodes[i].parent)]);
        const Position b = positionOf(nodes[i]);
        const double length = std::max(distance(a, b), 1e-12);
        return Position{(b.x - a.x) / length, (b.y - a.y) / length, (b.z - a.z) / length};
    };
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        if (nodes[i].parent < 0) continue;
        const auto above = static_cast<std::size_t>(nodes[i].parent);
        if (nodes[above].parent < 0 || nodes[above].type != nodes[i].type || cuts[above].next > 0)
            continue;
        const Position in = towards(above), out = towards(i);
        const Position sum{in.x + out.x, in.y + out.y, in.z + out.z};
        const double length = distance(sum, {});
        if (length < 0.1) continue;  // it turns back on itself
        cuts[above] = {i, {sum.x / length, sum.y / length, sum.z / length}};
    }
    return cuts;
}

}  // namespace

double drawMorphology(Canvas& canvas, const Morphology& morphology, double density) {
    const auto cuts = cutsOf(morphology);
    double drawn = 0;
    for (std::size_t i = 0; i < morphology.nodes.size(); ++i) {
        const auto& node = morphology.nodes[i];
        const Position to = positionOf(node);
        const double radius = std::max(node.radius, kThinnestUm);
        const auto above = static_cast<std::size_t>(node.parent);
        const MorphologyNode* parent = node.parent >= 0 ? &morphology.nodes[above] : nullptr;
        const bool ofSoma = parent && parent->type == kSoma;
        if (node.type == kSoma && !ofSoma) drawBall(canvas, to, radius, density);
        if (!parent) continue;
        Position from = positionOf(*parent);
        const double length = distance(from, to);
        double start = parent->radius;
        if (ofSoma) {
            // What lies within the soma's ball is drawn already; this also holds for the two
            // points at its border by which some files give a soma's size.
            if (length <= 1.001 * parent->radius) continue;
            const double inside = parent->radius / length;
            from = {from.x + inside * (to.x - from.x), from.y + inside * (to.y - from.y),
                    from.z + inside * (to.z - from.z)};
        }
        // A neurite on its soma, or a spine on its dendrite, does not begin as thick as what it
        // leaves.
        if (node.type != parent->type) start = node.radius;
        drawn += drawTaperedLine(canvas, from, std::max(start, kThinnestUm), to, radius, density,
                                 cuts[above].next == i ? cuts[above].normal : Position{},
                                 cuts[i].normal);
    }
    return drawn;
}

void drawNeurons(Canvas& canvas, const CellLayout& layout, double density, Rng& rng,
                 const Morphology* neuron) {
    // Micrometres of neurite a square micrometre: from one branch to a dense neuropil.
    const double wanted =
        rng.logUniform(0.05, 0.5) * density * depthFactor(canvas) * canvas.areaUm2();
    const double drawn =
        neuron ? drawGiven(canvas, *neuron, wanted, rng) : drawGrown(canvas, layout, wanted, rng);
    addTexture(canvas, rng);
    // Neurites out of focus and unbound dye fill the field between them, not the layout's cells.
    const double level = rng.logUniform(0.02, 0.6) * std::max(drawn / canvas.areaUm2(), 0.02);
    const double waveX = rng.uniform(-0.3, 0.3), waveY = rng.uniform(-0.3, 0.3);
    const double phaseX = rng.uniform(0, 2 * kPi), phaseY = rng.uniform(0, 2 * kPi);
    canvas.addDiffuse([&](double x, double y) {
        return level *
               (1 + 0.25 * std::sin(waveX * x + phaseX) + 0.25 * std::sin(waveY * y + phaseY));
    });
}

}  // namespace posteria::simulation
