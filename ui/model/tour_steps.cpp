#include "ui/model/tour_steps.h"

#include <QFile>
#include <QRegularExpression>
#include <QStringList>

namespace posteria::ui {

std::vector<TourStep> readTourSteps(const QString& markdown) {
    static const QRegularExpression heading(QStringLiteral("^### \\d+\\. (.+)$"));
    std::vector<TourStep> steps;
    bool inside = false;
    for (const auto& line : markdown.split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("## ")))
            inside = line == QLatin1String("## A first walk");
        if (!inside) continue;
        if (const auto found = heading.match(line); found.hasMatch())
            steps.push_back({found.captured(1), {}});
        else if (!steps.empty() && !line.startsWith(QLatin1String("![")))
            steps.back().text += line + QLatin1Char('\n');
    }
    for (auto& step : steps)
        step.text = step.text.trimmed();
    return steps;
}

std::vector<TourStep> tourSteps() {
    QFile file(QStringLiteral(":/posteria/README.md"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return readTourSteps(QString::fromUtf8(file.readAll()));
}

}  // namespace posteria::ui
