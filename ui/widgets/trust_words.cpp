#include "ui/widgets/trust_words.h"

#include <QCoreApplication>
#include <algorithm>

namespace posteria::ui::widgets {

namespace {

using posterior::Trust;

QString words(const char* text) {
    return QCoreApplication::translate("TrustPanel", text);
}

}  // namespace

QColor trustColor(Trust trust) {
    switch (trust) {
        case Trust::Green:
            return {76, 175, 110};
        case Trust::Amber:
            return {227, 182, 23};
        case Trust::Red:
            return {224, 74, 74};
        case Trust::Unknown:
            break;
    }
    return {120, 126, 134};
}

QString trustText(const std::vector<posterior::TrustLight>& lights) {
    const auto count = [&](Trust state) {
        return int(std::count_if(lights.begin(), lights.end(),
                                 [&](const auto& light) { return light.state == state; }));
    };
    switch (posterior::verdict(lights)) {
        case Trust::Green:
            return words("Nothing speaks against this result");
        case Trust::Amber:
            return count(Trust::Amber) == 1
                       ? words("Usable with care: 1 caution")
                       : words("Usable with care: %1 cautions").arg(count(Trust::Amber));
        case Trust::Red:
            return count(Trust::Red) == 1
                       ? words("Do not rely on this: 1 warning")
                       : words("Do not rely on this: %1 warnings").arg(count(Trust::Red));
        case Trust::Unknown:
            break;
    }
    return words("Nothing is known of this result");
}

}  // namespace posteria::ui::widgets
