#include "core/analysis/object_analysis.h"

#include <mutex>

#include "core/base/error.h"
#include "core/io/parallel.h"

namespace posteria::analysis {

namespace {

using image::Plane;

void requirePossible(const ObjectRequest& request) {
    const auto refuse = [](const std::string& what) { throw Error(ErrorKind::Usage, what); };
    if (request.samples.empty()) refuse("There is no sample to find objects in.");
    if (request.channels.empty()) refuse("There is no channel to find objects in.");
    if (request.settings.size() != request.channels.size())
        refuse("Every channel needs settings of its own.");
    const auto& shape = request.samples.front()->shape();
    for (const auto& sample : request.samples) {
        if (sample->shape() == shape) continue;
        throw Error(ErrorKind::Input, "The samples differ in size.", sample->info().path,
                    "Give the samples of one posterior.");
    }
    for (const auto channel : request.channels) {
        if (channel < 0 || channel >= shape.c)
            refuse("There is no channel " + std::to_string(channel) + ".");
    }
    if (request.t < 0 || request.t >= shape.t || request.z < 0 || request.z >= shape.z)
        refuse("There is no plane t " + std::to_string(request.t) + ", z " +
               std::to_string(request.z) + ".");
    if (!(request.leastOverlap > 0 && request.leastOverlap <= 1))
        refuse("The least overlap must lie above 0 and at most at 1.");
    for (const auto& settings : request.settings)
        requireValid(settings);
}

// The mean of planes that come in any order, from several threads, one at a time.
class MeanPlane {
  public:
    void add(const Plane& plane) {
        m_sum.resize(static_cast<std::size_t>(plane.size()));
        const float* p = plane.as<float>();
        for (std::size_t i = 0; i < m_sum.size(); ++i)
            m_sum[i] += static_cast<double>(p[i]);
        ++m_count;
    }
    Plane mean(std::int64_t width, std::int64_t height) const {
        void* memory = nullptr;
        auto plane = Plane::allocate(image::PixelType::Float32, width, height, &memory);
        for (std::size_t i = 0; i < m_sum.size(); ++i)
            static_cast<float*>(memory)[i] = static_cast<float>(m_sum[i] / m_count);
        return plane;
    }

  private:
    std::vector<double> m_sum;
    int m_count = 0;
};

// What one sample gives, of every channel and pair.
struct SampleObjects {
    std::vector<Segmentation> channels;
    std::vector<std::vector<ObjectFigures>> figures;
    std::vector<Colocalisation> pairs;
};

ObjectSpread spreadOf(const MatchedObject& object, std::size_t channel,
                      const std::vector<SampleObjects>& samples) {
    std::vector<double> area, intensity, total, x, y;
    for (std::size_t k = 0; k < samples.size(); ++k) {
        if (object.labels[k] == 0) continue;
        const auto& figures =
            samples[k].figures[channel][static_cast<std::size_t>(object.labels[k] - 1)];
        area.push_back(figures.area);
        intensity.push_back(figures.intensity);
        total.push_back(figures.total());
        x.push_back(figures.x);
        y.push_back(figures.y);
    }
    return {summarise(area), summarise(intensity), summarise(total), summarise(x), summarise(y)};
}

class Analysis {
  public:
    Analysis(const ObjectRequest& request, const std::function<void(int, int)>& progress,
             const CancelToken& token)
        : m_request(request),
          m_progress(progress),
          m_token(token),
          m_samples(request.samples.size()),
          m_means(request.channels.size()) {}

    PlaneObjects run() {
        io::forEachInParallel(m_samples.size(), [&](std::size_t, std::size_t k) { segment(k); });
        PlaneObjects result{m_request.t, m_request.z, {}, {}};
        result.channels.resize(m_request.channels.size());
        io::forEachInParallel(result.channels.size(),
                              [&](std::size_t, std::size_t c) { result.channels[c] = channel(c); });
        std::size_t pair = 0;
        for (std::size_t a = 0; a < m_request.channels.size(); ++a) {
            for (std::size_t b = a + 1; b < m_request.channels.size(); ++b, ++pair) {
                auto& values = result.pairs.emplace_back(ChannelPair{a, b, {}, {}, {}});
                for (const auto& sample : m_samples) {
                    values.pearson.push_back(sample.pairs[pair].pearson);
                    values.manders1.push_back(sample.pairs[pair].manders1);
                    values.manders2.push_back(sample.pairs[pair].manders2);
                }
            }
        }
        return result;
    }

  private:
    void segment(std::size_t k) {
        auto& sample = m_samples[k];
        std::vector<Plane> planes;
        for (std::size_t c = 0; c < m_request.channels.size(); ++c) {
            m_token.throwIfCancelled();
            planes.push_back(m_request.samples[k]
                                 ->readPlane({m_request.t, m_request.channels[c], m_request.z})
                                 .toFloat());
            sample.channels.push_back(analysis::segment(planes[c], m_request.settings[c]));
            sample.figures.push_back(measureObjects(sample.channels[c].labels, planes[c]));
        }
        for (std::size_t a = 0; a < planes.size(); ++a) {
            for (std::size_t b = a + 1; b < planes.size(); ++b) {
                m_token.throwIfCancelled();
                sample.pairs.push_back(colocalise(planes[a], sample.channels[a].labels, planes[b],
                                                  sample.channels[b].labels));
            }
        }
        const std::lock_guard lock(m_mutex);
        for (std::size_t c = 0; c < planes.size(); ++c)
            m_means[c].add(planes[c]);
        if (m_progress) m_progress(++m_done, static_cast<int>(m_samples.size()));
    }

    ChannelObjects channel(std::size_t c) const {
        m_token.throwIfCancelled();
        const auto& shape = m_request.samples.front()->shape();
        ChannelObjects result;
        result.channel = m_request.channels[c];
        std::vector<Labelling> labels;
        for (const auto& sample : m_samples) {
            const auto& segmentation = sample.channels[c];
            double area = 0;
            for (const auto& figures : sample.figures[c])
                area += figures.area;
            result.counts.push_back(segmentation.labels.count);
            result.areaShares.push_back(area / static_cast<double>(shape.y * shape.x));
            result.thresholds.push_back(segmentation.threshold);
            labels.push_back(segmentation.labels);
        }
        result.objects =
            matchObjects(labels, m_request.leastOverlap, [&] { m_token.throwIfCancelled(); });
        for (const auto& object : result.objects)
            result.spreads.push_back(spreadOf(object, c, m_samples));
        result.labels = consensus(result.objects, labels);
        result.presence = presenceMap(labels);
        m_token.throwIfCancelled();
        const auto mean = m_means[c].mean(shape.x, shape.y);
        result.meanCount = analysis::segment(mean, m_request.settings[c]).labels.count;
        return result;
    }

    const ObjectRequest& m_request;
    const std::function<void(int, int)>& m_progress;
    const CancelToken& m_token;
    std::vector<SampleObjects> m_samples;
    std::vector<MeanPlane> m_means;
    std::mutex m_mutex;
    int m_done = 0;
};

}  // namespace

PlaneObjects analyseObjects(const ObjectRequest& request,
                            const std::function<void(int, int)>& progress,
                            const CancelToken& token) {
    requirePossible(request);
    return Analysis(request, progress, token).run();
}

}  // namespace posteria::analysis
