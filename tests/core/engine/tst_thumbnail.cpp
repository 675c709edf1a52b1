// Thumbnails are read back as pictures: what is bright is where it was, in the colours asked for.
#include <QImage>
#include <QtTest>

#include "core/base/error.h"
#include "core/engine/thumbnail.h"
#include "core/io/png_writer.h"
#include "tests/ui/stacks.h"

using namespace posteria;
using namespace posteria::engine;

namespace {

constexpr int kWide = 600, kHigh = 300;

// Dark but for one quarter: the upper right one in channel 0, the lower left one in channel 1.
image::StackPtr quarters() {
    image::StackInfo info;
    info.type = image::PixelType::Float32;
    info.shape = {1, 2, 1, kHigh, kWide};
    info.channels.resize(2);
    info.channels[0].color = 0x00ff00;
    info.channels[1].color = 0xff00ff;
    std::vector<image::Plane> planes;
    for (int c = 0; c < 2; ++c) {
        void* data = nullptr;
        planes.push_back(image::Plane::allocate(info.type, kWide, kHigh, &data));
        auto* pixel = static_cast<float*>(data);
        for (int y = 0; y < kHigh; ++y)
            for (int x = 0; x < kWide; ++x, ++pixel)
                *pixel = (x >= kWide / 2) == (c == 0) && (y < kHigh / 2) == (c == 0) ? 500.f : 20.f;
    }
    return image::makeMemoryStack(info, std::move(planes));
}

QImage picture(const std::vector<std::uint8_t>& png) {
    return QImage::fromData(png.data(), int(png.size()), "PNG");
}

}  // namespace

class TestThumbnail : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void greyShowsOneChannel() {
        const auto image =
            picture(thumbnailPng(*quarters(), {0, 1, 0}, {}, ThumbnailColors::Grey, 120));
        QCOMPARE(image.size(), QSize(120, 60));
        QCOMPARE(image.pixelColor(30, 45), QColor(255, 255, 255));
        QCOMPARE(image.pixelColor(90, 15), QColor(0, 0, 0));
    }

    void channelsAddUpInTheirColours() {
        const auto image =
            picture(thumbnailPng(*quarters(), {}, {}, ThumbnailColors::Channels, 120));
        QCOMPARE(image.pixelColor(90, 15), QColor(0, 255, 0));
        QCOMPARE(image.pixelColor(30, 45), QColor(255, 0, 255));
        QCOMPARE(image.pixelColor(30, 15), QColor(0, 0, 0));
    }

    void magmaEndsInItsOwnColours() {
        const auto image = picture(thumbnailPng(*quarters(), {}, {}, ThumbnailColors::Magma, 120));
        QCOMPARE(image.pixelColor(90, 15), QColor(0xfc, 0xfd, 0xbf));
        QCOMPARE(image.pixelColor(30, 15), QColor(0, 0, 4));
    }

    void aRegionIsShownAlone() {
        const image::Rect upperRight{kWide / 2, 0, kWide / 2, kHigh / 2};
        const auto image =
            picture(thumbnailPng(*quarters(), {0, 1, 0}, upperRight, ThumbnailColors::Grey, 4096));
        QCOMPARE(image.size(), QSize(kWide / 2, kHigh / 2));  // never magnified
        QCOMPARE(image.pixelColor(10, 10), QColor(0, 0, 0));
    }

    void aPictureOfNoSizeIsRefused() {
        QVERIFY_EXCEPTION_THROWN(io::encodePng(2, 2, {1, 2, 3}), Error);
        QVERIFY_EXCEPTION_THROWN(io::encodePng(0, 0, {}), Error);
    }
};

QTEST_APPLESS_MAIN(TestThumbnail)
#include "tst_thumbnail.moc"
