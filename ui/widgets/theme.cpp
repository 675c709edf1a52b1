#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QFont>
#include <QPalette>
#include <QProxyStyle>
#include <utility>

namespace posteria::ui::widgets::theme {

namespace {

const Colors kDark{
    {35, 36, 43},     // background
    {46, 51, 62},     // foreground
    {66, 74, 84},     // primary
    {86, 95, 108},    // secondary
    {97, 105, 110},   // highlight
    {54, 60, 72},     // disabled
    {240, 241, 242},  // text
    {160, 164, 170},  // dimmed
    {118, 123, 131},  // faint
    {209, 210, 212},  // icon
    {255, 255, 255},  // handle
    {69, 96, 196},    // current
    {76, 103, 204},   // currentHover
    {58, 82, 168},    // currentPressed
    {255, 255, 255},  // onCurrent
    {227, 182, 23},   // warning
    {226, 86, 106},   // error
    {126, 156, 240},  // link
};
const Colors kLight{
    {233, 234, 238},  // background
    {248, 249, 250},  // foreground
    {215, 218, 224},  // primary
    {192, 197, 206},  // secondary
    {150, 157, 168},  // highlight
    {228, 230, 234},  // disabled
    {28, 30, 36},     // text
    {84, 90, 100},    // dimmed
    {140, 146, 156},  // faint
    {70, 75, 84},     // icon
    {20, 22, 28},     // handle
    {58, 88, 196},    // current
    {76, 106, 214},   // currentHover
    {46, 70, 160},    // currentPressed
    {255, 255, 255},  // onCurrent
    {196, 138, 0},    // warning
    {190, 30, 50},    // error
    {40, 70, 180},    // link
};

Theme g_inUse = Theme::Dark;

QString styleSheet() {
    QFile file(QStringLiteral(":/posteria/theme/theme.qss"));
    if (!file.open(QIODevice::ReadOnly)) qFatal("the theme is not compiled in");
    QString text = QString::fromUtf8(file.readAll());
    const Colors& c = colors();
    // A name that begins another one comes after it.
    const std::pair<const char*, QColor> names[] = {
        {"$currentHover", c.currentHover},
        {"$currentPressed", c.currentPressed},
        {"$current", c.current},
        {"$onCurrent", c.onCurrent},
        {"$background", c.background},
        {"$foreground", c.foreground},
        {"$primary", c.primary},
        {"$secondary", c.secondary},
        {"$highlight", c.highlight},
        {"$disabled", c.disabled},
        {"$text", c.text},
        {"$dimmed", c.dimmed},
        {"$faint", c.faint},
        {"$icon", c.icon},
        {"$handle", c.handle},
        {"$warning", c.warning},
        {"$error", c.error},
    };
    for (const auto& [name, color] : names)
        text.replace(QLatin1String(name), color.name());
    text.replace(QLatin1String("$arrows"),
                 g_inUse == Theme::Dark ? QStringLiteral("") : QStringLiteral("-dark"));
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

const Colors& colors(Theme theme) {
    return theme == Theme::Dark ? kDark : kLight;
}

const Colors& colors() {
    return colors(g_inUse);
}

Theme inUse() {
    return g_inUse;
}

void apply(QApplication& application, Theme theme) {
    g_inUse = theme;
    const Colors& c = colors();
    // Each of these goes through all widgets: the second time only what is another one.
    const bool first = application.styleSheet().isEmpty();
    if (first) application.setStyle(new Style);
    QPalette palette;
    palette.setColor(QPalette::Window, c.background);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.foreground);
    palette.setColor(QPalette::AlternateBase, c.primary);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.dimmed);
    palette.setColor(QPalette::Button, c.primary);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.warning);
    palette.setColor(QPalette::Light, c.highlight);
    palette.setColor(QPalette::Mid, c.foreground);
    palette.setColor(QPalette::Dark, c.background);
    palette.setColor(QPalette::Highlight, c.current);
    palette.setColor(QPalette::HighlightedText, c.onCurrent);
    palette.setColor(QPalette::ToolTipBase, c.primary);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Link, c.link);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, c.faint);
    application.setPalette(palette);
    if (first) {
        QFont font = application.font();
        font.setPointSizeF(9);
        application.setFont(font);
    }
    application.setStyleSheet(styleSheet());
}

}  // namespace posteria::ui::widgets::theme
