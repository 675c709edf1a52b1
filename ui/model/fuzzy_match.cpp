#include "ui/model/fuzzy_match.h"

#include <algorithm>
#include <vector>

namespace posteria::ui {

namespace {

constexpr int kLetter = 10, kWordStart = 8, kInARow = 12, kLongest = 4;
constexpr int kImpossible = -1'000'000;

bool startsWord(const QString& text, int i) {
    if (i == 0) return true;
    const QChar before = text[i - 1], own = text[i];
    return !before.isLetterOrNumber() || (before.isLower() && own.isUpper());
}

}  // namespace

std::optional<int> fuzzyMatch(const QString& query, const QString& text) {
    QString letters = query.toCaseFolded();
    letters.removeIf([](QChar c) { return c.isSpace(); });
    if (letters.isEmpty()) return 0;
    const QString folded = text.toCaseFolded();
    // Letters that fold into two have no place.
    if (text.isEmpty() || folded.size() != text.size()) return std::nullopt;
    const int n = int(text.size());
    // best[i]: the most that the letters so far are worth with the last of them at i.
    std::vector<int> best(n, kImpossible);
    for (int k = 0; k < letters.size(); ++k) {
        std::vector<int> next(n, kImpossible);
        int before = k == 0 ? 0 : kImpossible;  // the best of all that end before i
        for (int i = 0; i < n; ++i) {
            if (k > 0 && i > 0) before = std::max(before, best[i - 1]);
            if (folded[i] != letters[k] || before == kImpossible) continue;
            int value = before;
            if (k > 0 && i > 0 && best[i - 1] != kImpossible)
                value = std::max(value, best[i - 1] + kInARow);
            next[i] = value + kLetter + (startsWord(text, i) ? kWordStart : 0);
        }
        best = std::move(next);
    }
    const int most = *std::max_element(best.begin(), best.end());
    if (most < 0) return std::nullopt;
    return most - std::min(kLongest, n / 16);
}

}  // namespace posteria::ui
