// One image in the window: a stack, where it lies on the document's pixel grid, and how it is
// shown. The stack can be replaced (a mean that is refined); display settings then stay. GUI thread
// only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <optional>
#include <vector>

#include "core/image/stack.h"
#include "ui/model/display_settings.h"

namespace posteria::ui {

// Where a layer's pixels lie on the document's grid, in full-size pixels of the input. A result may
// cover a part of the plane and some of the slices. Empty lists: the document's own indices.
struct Placement {
    std::int64_t x = 0, y = 0;
    std::vector<std::int64_t> t, z;

    bool operator==(const Placement& o) const {
        return x == o.x && y == o.y && t == o.t && z == o.z;
    }
};

// The stack's plane at the document's (t, z), of channel c; none where it has none. A stack with a
// single time point (slice) and no list is shown at every t (z).
std::optional<image::PlaneIndex> planeAt(const image::Stack& stack, const Placement& placement,
                                         std::int64_t t, std::int64_t z, std::int64_t c);

class Layer : public QObject {
    Q_OBJECT
  public:
    enum class Role { Image, Sample, Mean, Uncertainty, Difference, Labels, Shapes, Points };
    Q_ENUM(Role)

    Layer(const QString& name, image::StackPtr stack, Role role = Role::Image,
          QObject* parent = nullptr);

    quint64 id() const { return m_id; }  // unique in the process, never reused
    Role role() const { return m_role; }
    // Lies over what the panes show, whatever that is: labels, shapes and points.
    bool isOverlay() const { return m_role >= Role::Labels; }
    // Made by a run or a comparison, and gone with it.
    bool isResult() const { return m_role != Role::Image && !isOverlay(); }

    const QString& name() const { return m_name; }
    void setName(const QString& name);

    // May be null: a result that is still awaited.
    const image::StackPtr& stack() const { return m_stack; }
    // With another number of channels the display settings start afresh.
    void setStack(image::StackPtr stack);

    const Placement& placement() const { return m_placement; }
    void setPlacement(const Placement& placement);
    std::optional<image::PlaneIndex> planeAt(std::int64_t t, std::int64_t z, std::int64_t c) const;

    const LayerDisplay& display() const { return m_display; }
    void setDisplay(const LayerDisplay& display);  // the opacity is clamped
    bool isVisible() const { return m_display.visible; }
    void setVisible(bool visible);
    double opacity() const { return m_display.opacity; }
    void setOpacity(double opacity);
    const VolumeDisplay& volumeDisplay() const { return m_display.volume; }
    void setVolumeDisplay(const VolumeDisplay& display);

    // What the values are measured in: "grey values" unless told otherwise.
    const QString& unitText() const { return m_unitText; }
    void setUnitText(const QString& text);

    int channelCount() const { return static_cast<int>(m_channels.size()); }
    const std::vector<ChannelDisplay>& channels() const { return m_channels; }
    void setChannel(int c, const ChannelDisplay& display);
    // Those on the screen while channel `chosen` of all images is shown; below 0: the visible ones.
    std::vector<int> channelsShown(int chosen) const;
    QString channelName(int c) const;  // the file's, or "channel 1", …
    // The user's limits: they stay until resetLimits.
    void setLimits(int c, const Limits& limits);
    // Automatic limits of channel c from a plane that is about to be shown; keeps following the
    // data. Standard deviations start at zero and their channels share one range, so that one
    // colour bar serves all of them. Differences get limits symmetric about zero.
    void takeLimits(int c, const image::Plane& plane);
    // All channels follow the data again, from the next plane that is shown, bytes too.
    void resetLimits();
    // Likewise, but for the limits that the user has set.
    void renewLimits();
    // False once a plane of the current stack has set channel c's limits, or the user has.
    bool needsLimits(int c) const;
    // Whether channel c takes limits from every plane that is shown.
    bool followsPlanes(int c) const;

    // Limits, gamma and colormaps follow those of another layer (samples follow their mean, so that
    // scrubbing does not flicker); null ends that.
    void setDisplaySource(Layer* source);
    Layer* displaySource() const { return m_displaySource; }

  Q_SIGNALS:
    void nameChanged(const QString& name);
    void stackChanged();
    void placementChanged();
    void displayChanged();  // display, unit, channels

  private:
    void copyDisplay();

    quint64 m_id;
    Role m_role;
    QString m_name, m_unitText;
    image::StackPtr m_stack;
    Placement m_placement;
    LayerDisplay m_display;
    std::vector<ChannelDisplay> m_channels;
    std::vector<bool> m_limitsKnown;  // for the current stack
    bool m_limitsAsked = false;       // by the user: those that a layer starts with will not do
    QPointer<Layer> m_displaySource;
};

}  // namespace posteria::ui
