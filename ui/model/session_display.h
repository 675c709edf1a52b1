// How a layer is shown, as a session keeps it.
#pragma once

#include <QJsonObject>
#include <vector>

#include "ui/model/display_settings.h"
#include "ui/model/session_reader.h"

namespace posteria::ui {

class Layer;

struct SessionDisplay {
    LayerDisplay layer;
    std::vector<ChannelDisplay> channels;
};

SessionDisplay takeDisplay(const Layer& layer);
// Channels only where there are as many: a file that has changed since may have others.
void applyDisplay(const SessionDisplay& display, Layer& layer);

// Adds to an object, and reads from it.
void writeDisplay(const SessionDisplay& display, QJsonObject* to);
SessionDisplay readDisplay(const SessionReader& reader);

}  // namespace posteria::ui
