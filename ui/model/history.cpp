#include "ui/model/history.h"

#include <utility>

namespace posteria::ui {

namespace {

constexpr int kMostSteps = 200;
constexpr qint64 kOneGoMs = 800;  // between changes that belong together
enum StepId { kLookStep = 1, kPlaceStep };

// Limits that follow the data count for nothing.
bool sameLook(const History::Look& a, const History::Look& b) {
    if (a.name != b.name || !(a.display == b.display) || a.channels.size() != b.channels.size() ||
        a.marks != b.marks || !(a.style == b.style))
        return false;
    for (std::size_t c = 0; c < a.channels.size(); ++c) {
        auto one = a.channels[c];
        if (one.automatic && b.channels[c].automatic) one.limits = b.channels[c].limits;
        if (one != b.channels[c]) return false;
    }
    return true;
}

bool samePlace(const History::Place& a, const History::Place& b) {
    return a.axes == b.axes && a.slab == b.slab && a.t == b.t && a.z == b.z &&
           a.channel == b.channel && a.fitted == b.fitted &&
           (a.fitted || (a.center == b.center && a.scale == b.scale));
}

History::Look lookOf(const Layer& layer) {
    const auto* marks = qobject_cast<const MarkLayer*>(&layer);
    return {layer.name(), layer.display(), layer.channels(),
            marks ? marks->marks() : std::vector<Mark>(), marks ? marks->style() : MarkStyle()};
}

History::Place placeOf(const ViewState& view) {
    return {view.axisOrder(), view.slab(),     view.t(),      view.z(),
            view.channel(),   view.isFitted(), view.center(), view.scale()};
}

// A step that goes on while changes follow one another.
template <class State, int Id>
class Step : public QUndoCommand {
  public:
    Step(History* history, State before, State after, qint64 when, const QString& text)
        : m_history(history), m_before(std::move(before)), m_after(std::move(after)), m_when(when) {
        setText(text);
    }
    int id() const override { return Id; }
    void undo() override { apply(m_before); }
    // It is pushed when all has been done already.
    void redo() override {
        if (m_done) apply(m_after);
        m_done = true;
    }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const Step*>(other);
        if (next->m_when - m_when > kOneGoMs || !sameSubject(m_after, next->m_after)) return false;
        m_after = next->m_after;
        m_when = next->m_when;
        return true;
    }

  private:
    using Looks = std::map<quint64, History::Look>;
    static bool sameSubject(const Looks& a, const Looks& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](const auto& x, const auto& y) { return x.first == y.first; });
    }
    static bool sameSubject(const History::Place& a, const History::Place& b) {
        return a.axes == b.axes && a.slab == b.slab;
    }
    void apply(const Looks& looks) { m_history->show(looks); }
    void apply(const History::Place& place) { m_history->go(place); }

    History* m_history;
    State m_before, m_after;
    qint64 m_when;
    bool m_done = false;
};

}  // namespace

History::History(Document* document, QObject* parent) : QObject(parent), m_document(document) {
    m_steps.setUndoLimit(kMostSteps);
    m_clock.start();
    m_timer.setSingleShot(true);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &History::record);
    connect(document, &Document::layersChanged, this, &History::follow);
    const auto soon = [this] { m_timer.start(); };
    ViewState& view = document->view();
    connect(&view, &ViewState::viewChanged, this, soon);
    connect(&view, &ViewState::tChanged, this, soon);
    connect(&view, &ViewState::zChanged, this, soon);
    connect(&view, &ViewState::channelChanged, this, soon);
    connect(&view, &ViewState::axisOrderChanged, this, soon);
    connect(&view, &ViewState::slabChanged, this, soon);
    // Another image brings a place of its own, and choosing it hides what does not fit.
    connect(&view, &ViewState::imageChanged, this, &History::takeAsGiven);
    connect(document, &Document::selectionChanged, this, &History::takeAsGiven);
    follow();
}

void History::reset() {
    m_steps.clear();
    takeAsGiven();
}

void History::setPaused(bool paused) {
    m_paused = paused;
    if (!paused) m_timer.start();
}

void History::follow() {
    for (Layer* layer : m_document->layers()) {
        connect(layer, &Layer::displayChanged, &m_timer, qOverload<>(&QTimer::start),
                Qt::UniqueConnection);
        connect(layer, &Layer::nameChanged, &m_timer, qOverload<>(&QTimer::start),
                Qt::UniqueConnection);
        if (auto* marks = qobject_cast<MarkLayer*>(layer))
            connect(marks, &MarkLayer::marksChanged, &m_timer, qOverload<>(&QTimer::start),
                    Qt::UniqueConnection);
    }
    takeAsGiven();
}

void History::takeAsGiven() {
    m_given = true;
    m_timer.start();
}

void History::forget() {
    m_looks.clear();
    for (const Layer* layer : m_document->layers())
        m_looks[layer->id()] = lookOf(*layer);
    m_place = placeOf(m_document->view());
}

void History::record() {
    if (m_paused) return;
    if (std::exchange(m_given, false)) {
        forget();
        return;
    }
    std::map<quint64, Look> before, after;
    QString name;
    for (const Layer* layer : m_document->layers()) {
        Look now = lookOf(*layer);
        Look& known = m_looks[layer->id()];
        // Names of results tell of their samples and change by themselves.
        if (layer->isResult()) known.name = now.name;
        // A result has come.
        const bool another = known.channels.size() != now.channels.size();
        if (!another && !sameLook(known, now)) {
            before[layer->id()] = known;
            after[layer->id()] = now;
            name = layer->name();
        }
        known = std::move(now);
    }
    if (!after.empty())
        m_steps.push(new Step<std::map<quint64, Look>, kLookStep>(
            this, before, after, m_clock.elapsed(), tr("Display of %1").arg(name)));
    const Place place = placeOf(m_document->view());
    if (!samePlace(m_place, place))
        m_steps.push(
            new Step<Place, kPlaceStep>(this, m_place, place, m_clock.elapsed(), tr("View")));
    m_place = place;
}

void History::show(const std::map<quint64, Look>& looks) {
    for (Layer* layer : m_document->layers()) {
        const auto found = looks.find(layer->id());
        if (found == looks.end()) continue;
        const Look& look = found->second;
        if (!layer->isResult()) layer->setName(look.name);
        layer->setDisplay(look.display);
        if (auto* marks = qobject_cast<MarkLayer*>(layer)) {
            marks->setMarks(look.marks);
            marks->setStyle(look.style);
        }
        if (static_cast<int>(look.channels.size()) != layer->channelCount()) continue;
        for (std::size_t c = 0; c < look.channels.size(); ++c)
            layer->setChannel(static_cast<int>(c), look.channels[c]);
    }
    forget();
}

void History::go(const Place& place) {
    ViewState& view = m_document->view();
    view.setAxisOrder(place.axes);
    view.setSlab(place.slab);
    view.setT(place.t);
    view.setZ(place.z);
    view.setChannel(place.channel);
    if (place.fitted)
        view.fit();
    else
        view.setView(place.center, place.scale);
    forget();
}

}  // namespace posteria::ui
