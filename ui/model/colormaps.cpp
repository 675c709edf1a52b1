#include "ui/model/colormaps.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace posteria::ui {

namespace {

using ControlPoints = std::vector<std::uint32_t>;  // evenly spaced

const ControlPoints kMagma = {0x000004, 0x1d1147, 0x51127c, 0x822681, 0xb63679,
                              0xe65164, 0xfb8861, 0xfec287, 0xfcfdbf};
const ControlPoints kViridis = {0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d,
                                0x2c728e, 0x26828e, 0x21908c, 0x1f9f88, 0x27ad81, 0x3ebc74,
                                0x5cc863, 0x82d34d, 0xaadc32, 0xd5e21a, 0xfde725};
const ControlPoints kInferno = {0x000004, 0x0b0724, 0x210c4a, 0x3d0965, 0x56106e, 0x70196e,
                                0x89226a, 0xa32c61, 0xbb3654, 0xd14545, 0xe35932, 0xf1721e,
                                0xf98c0a, 0xfcaa0f, 0xf9c932, 0xf2e865, 0xfcffa4};
const ControlPoints kPlasma = {0x0d0887, 0x4c02a1, 0x7e03a8, 0xa92395, 0xcc4678,
                               0xe56b5d, 0xf89441, 0xfdc328, 0xf0f921};
const ControlPoints kTurbo = {0x30123b, 0x4040a2, 0x466be3, 0x4293ff, 0x28bbec, 0x18dcc3,
                              0x31f299, 0x6bfe64, 0xa2fc3c, 0xcced34, 0xedd03a, 0xfdad35,
                              0xfb8022, 0xec520f, 0xd23105, 0xac1701, 0x7a0403};
const ControlPoints kTwilight = {0xe2d9e2, 0xc2ced4, 0x93b4c6, 0x7196c1, 0x6276ba, 0x5e50ac,
                                 0x592a8f, 0x45135c, 0x301437, 0x4b1342, 0x751e4f, 0x993650,
                                 0xb25752, 0xc27d63, 0xcca389, 0xd8c7be, 0xe2d9e2};
const ControlPoints kBlueRed = {0x0b2a6b, 0x2f5fb3, 0x6f9bd8, 0xb9d0ee, 0xf4f4f4,
                                0xf0c3b4, 0xdd8a6f, 0xb94a3a, 0x6e1020};

// Where a table bends, joined by straight lines.
struct Bend {
    int entry;
    std::uint32_t rgb;
};
const std::vector<Bend> kGistEarth = {
    {0, 0x000000},   {1, 0x01002b},   {6, 0x040064},   {8, 0x050274},   {31, 0x153778},
    {72, 0x308080},  {119, 0x4a9b46}, {137, 0x72a551}, {176, 0xb4b65d}, {198, 0xbfa664},
    {204, 0xc4a46f}, {226, 0xddb9a5}, {239, 0xebd1cb}, {255, 0xfdfbfb}};
const std::vector<Bend> kPiYG = {{0, 0x8e0152},   {26, 0xc51b7d},  {51, 0xde77ae},  {77, 0xf1b6da},
                                 {102, 0xfde0ef}, {128, 0xf7f7f7}, {153, 0xe6f5d0}, {179, 0xb8e186},
                                 {204, 0x7fbc41}, {230, 0x4d9221}, {255, 0x276419}};
const std::vector<Bend> kFire = {{0, 0x000000},   {8, 0x00003d},   {15, 0x00005b},  {32, 0x3100a5},
                                 {48, 0x6200dc},  {56, 0x7a00e3},  {64, 0x9200d2},  {71, 0xa000b8},
                                 {96, 0xc3005d},  {103, 0xcd0c43}, {120, 0xe53905}, {136, 0xfc6500},
                                 {144, 0xff7500}, {208, 0xffea00}, {216, 0xfff823}, {224, 0xffff62},
                                 {240, 0xffffdf}, {248, 0xffffff}, {255, 0xffffff}};
const std::vector<Bend> kIce = {{0, 0x009c8c},   {40, 0x00c4b0},  {48, 0x13c1d1},  {55, 0x1bb9da},
                                {64, 0x32abea},  {72, 0x30a2e1},  {88, 0x707df6},  {103, 0x9b5efa},
                                {112, 0xba51fa}, {119, 0xc756fa}, {128, 0xd95cf5}, {136, 0xe561e6},
                                {151, 0xf95ddf}, {174, 0xfa56a7}, {190, 0xfa417f}, {208, 0xfa2f6a},
                                {224, 0xfb1354}, {232, 0xfb0040}, {240, 0xf3041a}, {247, 0xe7001a},
                                {255, 0xe6001b}};

int component(std::uint32_t rgb, int shift) {
    return static_cast<int>((rgb >> shift) & 0xff);
}

// Catmull-Rom through the control points, one colour component at a time.
int splineComponent(const ControlPoints& points, int shift, double position) {
    const int last = static_cast<int>(points.size()) - 1;
    const int i = std::min(static_cast<int>(position), last - 1);
    const double u = position - i;
    const auto at = [&](int k) { return double(component(points[std::clamp(k, 0, last)], shift)); };
    const double before = i > 0 ? at(i - 1) : 2 * at(0) - at(1);
    const double after = i + 2 <= last ? at(i + 2) : 2 * at(last) - at(last - 1);
    const double p1 = at(i), p2 = at(i + 1);
    const double m1 = (p2 - before) / 2, m2 = (after - p1) / 2;
    const double u2 = u * u, u3 = u2 * u;
    const double value = (2 * u3 - 3 * u2 + 1) * p1 + (u3 - 2 * u2 + u) * m1 +
                         (3 * u2 - 2 * u3) * p2 + (u3 - u2) * m2;
    return std::clamp(static_cast<int>(std::lround(value)), 0, 255);
}

ColorTable spline(const ControlPoints& points) {
    ColorTable table;
    for (int i = 0; i < 256; ++i) {
        const double position = i / 255.0 * (points.size() - 1);
        table[i] = qRgb(splineComponent(points, 16, position), splineComponent(points, 8, position),
                        splineComponent(points, 0, position));
    }
    return table;
}

ColorTable joined(const std::vector<Bend>& bends) {
    ColorTable table;
    for (std::size_t k = 0; k + 1 < bends.size(); ++k) {
        const Bend &a = bends[k], &b = bends[k + 1];
        for (int i = a.entry; i <= b.entry; ++i) {
            const double share = double(i - a.entry) / (b.entry - a.entry);
            const auto at = [&](int shift) {
                return int(std::lround(component(a.rgb, shift) * (1 - share) +
                                       component(b.rgb, shift) * share));
            };
            table[std::size_t(i)] = qRgb(at(16), at(8), at(0));
        }
    }
    return table;
}

ColorTable fromWhite(std::uint32_t rgb) {
    return joined({{0, 0xffffff}, {255, rgb}});
}

ColorTable hues() {
    ColorTable table;
    for (int i = 0; i < 256; ++i)
        table[std::size_t(i)] = QColor::fromHsvF(float(i / 255.0 * 63 / 64), 1, 1).rgb();
    return table;
}

// From dark over light back to dark: half a turn further, and the other way round.
ColorTable shifted(const ColorTable& table) {
    ColorTable result;
    for (int i = 0; i < 256; ++i)
        result[std::size_t(i)] = table[std::size_t((383 - i) % 255)];
    return result;
}

ColorTable markedEnds() {
    ColorTable table = colorRamp(0xffffff);
    table.front() = qRgb(0, 0, 255);
    table.back() = qRgb(255, 0, 0);
    return table;
}

using Named = std::pair<QString, ColorTable>;

const std::vector<std::vector<Named>>& tables() {
    static const std::vector<std::vector<Named>> all = {
        {{"gray", colorRamp(0xffffff)},
         {"red", colorRamp(0xff0000)},
         {"green", colorRamp(0x00ff00)},
         {"blue", colorRamp(0x0000ff)},
         {"cyan", colorRamp(0x00ffff)},
         {"magenta", colorRamp(0xff00ff)},
         {"yellow", colorRamp(0xffff00)},
         {"bop blue", colorRamp(0x20adf8)},
         {"bop orange", colorRamp(0xeda51e)},
         {"bop purple", colorRamp(0x942094)}},
        {{"magma", spline(kMagma)},
         {"viridis", spline(kViridis)},
         {"inferno", spline(kInferno)},
         {"plasma", spline(kPlasma)}},
        {{"fire", joined(kFire)},
         {"ice", joined(kIce)},
         {"turbo", spline(kTurbo)},
         {"gist_earth", joined(kGistEarth)},
         {"hsv", hues()},
         {"twilight", spline(kTwilight)},
         {"twilight_shifted", shifted(spline(kTwilight))}},
        {{"blue-red", spline(kBlueRed)}, {"PiYG", joined(kPiYG)}},
        {{"gray_r", fromWhite(0x000000)},
         {"I Blue", fromWhite(0x0033cc)},
         {"I Bordeaux", fromWhite(0xcc0033)},
         {"I Forest", fromWhite(0x009900)},
         {"I Orange", fromWhite(0xff7500)},
         {"I Purple", fromWhite(0x7500ff)}},
        {{"HiLo", markedEnds()}, {"nan", colorRamp(0xffffff)}},
    };
    return all;
}

}  // namespace

ColorTable colorRamp(std::uint32_t rgb) {
    ColorTable table;
    for (int i = 0; i < 256; ++i) {
        table[i] = qRgb((component(rgb, 16) * i + 127) / 255, (component(rgb, 8) * i + 127) / 255,
                        (component(rgb, 0) * i + 127) / 255);
    }
    return table;
}

const QList<QStringList>& colormapGroups() {
    static const QList<QStringList> groups = [] {
        QList<QStringList> lists;
        for (const auto& group : tables()) {
            lists.append(QStringList());
            for (const auto& entry : group)
                lists.back().append(entry.first);
        }
        return lists;
    }();
    return groups;
}

const QStringList& colormapNames() {
    static const QStringList names = [] {
        QStringList list;
        for (const auto& group : colormapGroups())
            list += group;
        return list;
    }();
    return names;
}

QRgb labelColor(std::uint64_t label) {
    if (label == 0) return qRgba(0, 0, 0, 0);
    // Hues a golden section apart never meet again; three levels of light tell near ones apart.
    const double hue = std::fmod(static_cast<double>(label) * 0.6180339887498949 + 0.05, 1.0);
    const double light[] = {0.55, 0.68, 0.42};
    return QColor::fromHslF(float(hue), 0.85f, float(light[label % 3])).rgb();
}

bool isColormap(const QString& name) {
    return colormapNames().contains(name);
}

const ColorTable& colormap(const QString& name) {
    for (const auto& group : tables()) {
        for (const auto& entry : group) {
            if (entry.first == name) return entry.second;
        }
    }
    return tables().front().front().second;
}

QRgb colorOfNothing(const QString& name) {
    return name == QLatin1String("nan") ? qRgb(255, 0, 0) : qRgba(0, 0, 0, 0);
}

}  // namespace posteria::ui
