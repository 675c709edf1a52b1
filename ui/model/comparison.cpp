#include "ui/model/comparison.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace posteria::ui {

namespace {

constexpr std::size_t kMostPanes = 6;

// The stack's own index for each of the document's.
std::int64_t ownIndex(std::int64_t i, const std::vector<std::int64_t>& list, std::int64_t size) {
    if (size == 1 && list.empty()) return 0;
    if (list.empty()) return i < size ? i : -1;
    const auto found = std::find(list.begin(), list.end(), i);
    return found == list.end() ? -1 : found - list.begin();
}

class DifferenceSource : public image::PlaneSource {
  public:
    image::StackPtr a, b;
    std::vector<std::int64_t> t, z;       // of A, for each of B's; -1: none
    std::int64_t shiftX = 0, shiftY = 0;  // from B's pixels to A's

    image::Plane read(const image::PlaneIndex& plane, int, const image::Rect& rect) const override {
        const auto channel = [&](const image::Stack& stack) {
            return std::min(plane.c, stack.shape().c - 1);
        };
        const image::Plane right = b->read(
            {std::min(plane.t, b->shape().t - 1), channel(*b), std::min(plane.z, b->shape().z - 1)},
            0, rect);
        void* memory = nullptr;
        auto result =
            image::Plane::allocate(image::PixelType::Float32, rect.width, rect.height, &memory);
        auto* out = static_cast<float*>(memory);
        std::fill(out, out + rect.width * rect.height, std::numeric_limits<float>::quiet_NaN());
        const auto ownT = t[static_cast<std::size_t>(plane.t)];
        const auto ownZ = z[static_cast<std::size_t>(plane.z)];
        const image::Rect wanted{rect.x + shiftX, rect.y + shiftY, rect.width, rect.height};
        const image::Rect both = wanted.intersected(a->bounds());
        if (ownT < 0 || ownZ < 0 || both.empty()) return result;
        const image::Plane left = a->read({ownT, channel(*a), ownZ}, 0, both);
        const std::int64_t dx = both.x - wanted.x, dy = both.y - wanted.y;
        image::visit(left, [&](const auto* l) {
            image::visit(right, [&](const auto* r) {
                for (std::int64_t y = 0; y < both.height; ++y) {
                    const std::int64_t row = (y + dy) * rect.width + dx;
                    for (std::int64_t x = 0; x < both.width; ++x) {
                        out[row + x] =
                            static_cast<float>(static_cast<double>(l[y * both.width + x]) -
                                               static_cast<double>(r[row + x]));
                    }
                }
            });
        });
        return result;
    }
};

}  // namespace

image::StackPtr makeDifference(const image::StackPtr& a, const Placement& placementOfA,
                               const image::StackPtr& b, const Placement& placementOfB) {
    auto source = std::make_unique<DifferenceSource>();
    source->a = a;
    source->b = b;
    source->shiftX = placementOfB.x - placementOfA.x;
    source->shiftY = placementOfB.y - placementOfA.y;
    image::StackInfo info = b->info();
    const auto along = [](std::int64_t ofA, std::int64_t ofB,
                          const std::vector<std::int64_t>& listA,
                          const std::vector<std::int64_t>& listB, std::vector<std::int64_t>& own) {
        const std::int64_t size = ofB == 1 && listB.empty() ? ofA : ofB;
        for (std::int64_t i = 0; i < size; ++i) {
            const auto document = listB.empty() ? i : listB[static_cast<std::size_t>(i)];
            own.push_back(ownIndex(document, listA, ofA));
        }
        return size;
    };
    info.shape.t = along(a->shape().t, b->shape().t, placementOfA.t, placementOfB.t, source->t);
    info.shape.z = along(a->shape().z, b->shape().z, placementOfA.z, placementOfB.z, source->z);
    if (a->shape().c > b->shape().c) info.channels = a->info().channels;
    info.shape.c = std::max(a->shape().c, b->shape().c);
    info.type = image::PixelType::Float32;
    info.reader = "difference";
    info.path.clear();
    info.levels = {{info.shape.y, info.shape.x}};
    for (auto& channel : info.channels) {
        channel.color.reset();
        channel.displayRange.reset();
    }
    return std::make_shared<image::Stack>(std::move(info), std::move(source));
}

Comparison::Comparison(Document* document, QObject* parent)
    : QObject(parent), m_document(document) {
    connect(document, &Document::panesChanged, this, &Comparison::panesChanged);
}

Comparison::~Comparison() = default;

std::pair<Layer*, Layer*> Comparison::pair() const {
    Layer* selected = m_document->base();
    if (!selected || !selected->stack()) return {nullptr, nullptr};
    if (const Run* run = m_document->activeRun()) {
        Layer* result = run->owns(selected) ? selected : run->mean();
        if (run->input() && result->stack()) return {run->input(), result};
        return {nullptr, nullptr};
    }
    // The nearest image below the selected one, or above it, that has its size.
    const auto layers = m_document->layers();
    const auto at = std::find(layers.begin(), layers.end(), selected);
    const auto fits = [&](const Layer* other) {
        if (other == selected || other->role() != Layer::Role::Image) return false;
        const auto &one = other->stack()->shape(), &two = selected->stack()->shape();
        return one.x == two.x && one.y == two.y;
    };
    const auto below = std::find_if(std::make_reverse_iterator(at), layers.rend(), fits);
    if (below != layers.rend()) return {*below, selected};
    const auto above = std::find_if(at, layers.end(), fits);
    if (above != layers.end()) return {*above, selected};
    return {nullptr, nullptr};
}

Layer* Comparison::a() const {
    return pair().first;
}
Layer* Comparison::b() const {
    return pair().second;
}

bool Comparison::setMode(Mode mode) {
    if (!a()) mode = Mode::Off;
    if (mode != m_mode) {
        m_mode = mode;
        Q_EMIT modeChanged();
        Q_EMIT panesChanged();
    }
    return a() != nullptr;
}

void Comparison::updateDifference() {
    const auto [a, b] = pair();
    if (m_mode != Mode::Difference || !a) {
        m_difference.reset();
        m_a = m_b = nullptr;
        return;
    }
    if (!m_difference) {
        m_difference = std::make_unique<Layer>(QString(), nullptr, Layer::Role::Difference);
    }
    m_difference->setName(QStringLiteral("%1 − %2").arg(a->name(), b->name()));
    m_difference->setUnitText(b->unitText());
    if (a == m_a && b == m_b) return;
    for (const auto& old : {m_a, m_b}) {
        if (old) disconnect(old, &Layer::stackChanged, m_difference.get(), nullptr);
    }
    m_a = a;
    m_b = b;
    const auto renew = [this] {
        if (!m_a || !m_b || !m_a->stack() || !m_b->stack()) return;
        m_difference->setStack(
            makeDifference(m_a->stack(), m_a->placement(), m_b->stack(), m_b->placement()));
        m_difference->setPlacement(m_b->placement());
    };
    // A mean that is refined changes the difference, too.
    connect(a, &Layer::stackChanged, m_difference.get(), renew);
    connect(b, &Layer::stackChanged, m_difference.get(), renew);
    renew();
}

std::vector<Document::Pane> Comparison::panes() {
    updateDifference();
    const auto [a, b] = pair();
    if (m_mode == Mode::Off || !a) return m_document->panes();
    std::vector<Document::Pane> panes;
    const Run* active = m_document->activeRun();
    if (m_mode == Mode::Runs && active) {
        panes.push_back({Document::tr("input"), {active->input()}, nullptr});
        const auto& runs = m_document->runs();
        // The newest, as many as there is room for.
        for (auto run = runs.rbegin(); run != runs.rend() && panes.size() < kMostPanes; ++run) {
            if ((*run)->input() != active->input() || !(*run)->mean()->stack()) continue;
            panes.insert(panes.begin() + 1,
                         {QStringLiteral("%1 · %2").arg((*run)->title(), (*run)->settingsText()),
                          {(*run)->mean()},
                          (*run)->hasUncertainty() && (*run)->spread() == Run::Spread::Deviation
                              ? (*run)->uncertainty()
                              : nullptr});
        }
        if (m_document->isInputHeld())
            for (auto& pane : panes)
                pane = panes.front();
        return panes;
    }
    panes.push_back({a->name(), {a}, nullptr});
    if (m_document->isInputHeld()) {
        if (m_mode == Mode::Difference) panes.resize(3, panes.front());
        return panes;
    }
    if (m_mode == Mode::Swipe) {
        panes.front().swipe = b;
        return panes;
    }
    panes.push_back({b->name(), {b}, nullptr});
    panes.push_back({m_difference->name(), {m_difference.get()}, nullptr});
    return panes;
}

}  // namespace posteria::ui
