// How the verdict on a run is worded and coloured, wherever it is shown.
#pragma once

#include <QColor>
#include <QString>
#include <vector>

#include "core/posterior/trust.h"

namespace posteria::ui::widgets {

QColor trustColor(posterior::Trust trust);
// "Usable with care: 2 cautions".
QString trustText(const std::vector<posterior::TrustLight>& lights);

}  // namespace posteria::ui::widgets
