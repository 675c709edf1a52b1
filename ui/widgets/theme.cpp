#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QFont>
#include <QPalette>
#include <QProxyStyle>
#include <utility>

namespace posteria::ui::widgets::theme {

namespace {

QString styleSheet() {
    QFile file(QStringLiteral(":/posteria/theme/dark.qss"));
    if (!file.open(QIODevice::ReadOnly)) qFatal("the theme is not compiled in");
    QString text = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> colors[] = {
        {"$background", kBackground},
        {"$foreground", kForeground},
        {"$primary", kPrimary},
        {"$secondary", kSecondary},
        {"$highlight", kHighlight},
        {"$text", kText},
        {"$icon", kIcon},
        {"$warning", kWarning},
        {"$error", kError},
        {"$current", kCurrent},
        {"$dimmed", kDimmed},
    };
    for (const auto& [name, color] : colors)
        text.replace(QLatin1String(name), color.name());
    return text;
}

// Fusion, but a click beside a slider's handle takes it there and not a page further.
class Style final : public QProxyStyle {
  public:
    Style() : QProxyStyle(QStringLiteral("Fusion")) {}
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override {
        if (hint == SH_Slider_AbsoluteSetButtons) return Qt::LeftButton;
        if (hint == SH_Slider_PageSetButtons) return Qt::NoButton;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

}  // namespace

void apply(QApplication& application) {
    application.setStyle(new Style);
    QPalette palette;
    palette.setColor(QPalette::Window, kBackground);
    palette.setColor(QPalette::WindowText, kText);
    palette.setColor(QPalette::Base, kForeground);
    palette.setColor(QPalette::AlternateBase, kPrimary);
    palette.setColor(QPalette::Text, kText);
    palette.setColor(QPalette::PlaceholderText, kDimmed);
    palette.setColor(QPalette::Button, kPrimary);
    palette.setColor(QPalette::ButtonText, kText);
    palette.setColor(QPalette::BrightText, kWarning);
    palette.setColor(QPalette::Light, kHighlight);
    palette.setColor(QPalette::Mid, kForeground);
    palette.setColor(QPalette::Dark, kBackground);
    palette.setColor(QPalette::Highlight, kCurrent);
    palette.setColor(QPalette::HighlightedText, kText);
    palette.setColor(QPalette::ToolTipBase, kPrimary);
    palette.setColor(QPalette::ToolTipText, kText);
    palette.setColor(QPalette::Link, QColor(126, 156, 240));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(118, 123, 131));
    application.setPalette(palette);
    QFont font = application.font();
    font.setPointSizeF(9);
    application.setFont(font);
    application.setStyleSheet(styleSheet());
}

}  // namespace posteria::ui::widgets::theme
