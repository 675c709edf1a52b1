#include "core/analysis/object_matching.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace posteria::analysis {

namespace {

struct Alike {
    int sample, label;
    double iou;
};

struct Candidate {
    int sample, label;
    double area;
    double support = 0;
    std::vector<Alike> alike = {};  // in other samples, by sample, then label
};

// Every object of every sample, with those it is alike to.
class Candidates {
  public:
    Candidates(const std::vector<Labelling>& samples, double leastOverlap,
               const std::function<void()>& check) {
        for (std::size_t k = 0; k < samples.size(); ++k) {
            m_first.push_back(m_all.size());
            int label = 0;
            for (const auto area : samples[k].areas())
                m_all.push_back({static_cast<int>(k), ++label, static_cast<double>(area)});
        }
        for (std::size_t k = 0; k < samples.size(); ++k) {
            for (std::size_t l = k + 1; l < samples.size(); ++l) {
                if (check) check();
                compare(samples[k], static_cast<int>(k), samples[l], static_cast<int>(l),
                        leastOverlap);
            }
        }
        for (auto& candidate : m_all) {
            std::stable_sort(candidate.alike.begin(), candidate.alike.end(),
                             [](const auto& a, const auto& b) {
                                 return std::tie(a.sample, a.label) < std::tie(b.sample, b.label);
                             });
            for (std::size_t i = 0; i < candidate.alike.size();) {
                double best = 0;
                const int sample = candidate.alike[i].sample;
                for (; i < candidate.alike.size() && candidate.alike[i].sample == sample; ++i)
                    best = std::max(best, candidate.alike[i].iou);
                candidate.support += best;
            }
        }
    }

    std::size_t size() const { return m_all.size(); }
    const Candidate& operator[](std::size_t i) const { return m_all[i]; }
    std::size_t index(int sample, int label) const {
        return m_first[static_cast<std::size_t>(sample)] + static_cast<std::size_t>(label - 1);
    }
    // As rule 2 orders them.
    std::vector<std::size_t> bySupport() const {
        std::vector<std::size_t> order(m_all.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(m_all[a].support, m_all[a].area) >
                   std::tie(m_all[b].support, m_all[b].area);
        });
        return order;
    }

  private:
    void compare(const Labelling& first, int k, const Labelling& second, int l, double least) {
        for (const auto& overlap : overlaps(first, second)) {
            auto& a = m_all[index(k, overlap.a)];
            auto& b = m_all[index(l, overlap.b)];
            const auto both = static_cast<double>(overlap.pixels);
            const double iou = both / (a.area + b.area - both);
            if (iou < least) continue;
            a.alike.push_back({l, overlap.b, iou});
            b.alike.push_back({k, overlap.a, iou});
        }
    }

    std::vector<Candidate> m_all;
    std::vector<std::size_t> m_first;  // of a sample
};

}  // namespace

std::vector<MatchedObject> matchObjects(const std::vector<Labelling>& samples, double leastOverlap,
                                        const std::function<void()>& check) {
    const Candidates candidates(samples, leastOverlap, check);
    std::vector<char> taken(candidates.size());
    std::vector<MatchedObject> objects;
    for (const auto i : candidates.bySupport()) {
        if (taken[i]) continue;
        const auto& reference = candidates[i];
        MatchedObject object;
        object.reference = reference.sample;
        object.labels.resize(samples.size());
        int times = 0;
        const auto take = [&](int sample, int label) {
            taken[candidates.index(sample, label)] = 1;
            object.labels[static_cast<std::size_t>(sample)] = label;
            ++times;
        };
        take(reference.sample, reference.label);
        for (std::size_t a = 0; a < reference.alike.size();) {
            const int sample = reference.alike[a].sample;
            const Alike* best = nullptr;
            for (; a < reference.alike.size() && reference.alike[a].sample == sample; ++a) {
                const auto& other = reference.alike[a];
                if (!taken[candidates.index(sample, other.label)] &&
                    (!best || other.iou > best->iou)) {
                    best = &other;
                }
            }
            if (best) take(sample, best->label);
        }
        object.presence = times / static_cast<double>(samples.size());
        objects.push_back(std::move(object));
    }
    std::stable_sort(objects.begin(), objects.end(),
                     [](const auto& a, const auto& b) { return a.presence > b.presence; });
    return objects;
}

Labelling consensus(const std::vector<MatchedObject>& objects,
                    const std::vector<Labelling>& samples) {
    if (samples.empty()) return {};
    const auto& first = samples.front();
    // Of every sample: which object takes its outline from a label; 0: none.
    std::vector<std::vector<int>> numbers;
    for (const auto& sample : samples)
        numbers.emplace_back(static_cast<std::size_t>(sample.count) + 1);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto k = static_cast<std::size_t>(objects[i].reference);
        numbers[k][static_cast<std::size_t>(objects[i].labels[k])] = static_cast<int>(i) + 1;
    }
    std::vector<std::int32_t> labels(static_cast<std::size_t>(first.width * first.height));
    for (std::size_t k = 0; k < samples.size(); ++k) {
        for (const auto& run : samples[k].runs) {
            const int number = numbers[k][static_cast<std::size_t>(run.label)];
            if (number == 0) continue;
            auto* row = labels.data() + run.y * first.width;
            for (auto x = run.begin; x < run.end; ++x) {
                if (row[x] == 0 || number < row[x]) row[x] = number;
            }
        }
    }
    return runsOf(labels.data(), first.width, first.height,
                  static_cast<std::int32_t>(objects.size()));
}

image::Plane presenceMap(const std::vector<Labelling>& samples) {
    if (samples.empty()) return {};
    const auto width = samples.front().width;
    void* memory = nullptr;
    auto plane =
        image::Plane::allocate(image::PixelType::Float32, width, samples.front().height, &memory);
    auto* out = static_cast<float*>(memory);
    for (const auto& sample : samples) {
        for (const auto& run : sample.runs) {
            for (auto x = run.begin; x < run.end; ++x)
                out[run.y * width + x] += 1;
        }
    }
    for (std::int64_t i = 0; i < plane.size(); ++i)
        out[i] /= static_cast<float>(samples.size());
    return plane;
}

}  // namespace posteria::analysis
