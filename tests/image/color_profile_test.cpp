// Embedded ICC profiles in every format that carries them; the profiles are made here by Little CMS.
#include <gtest/gtest.h>
#include <lcms2.h>

#include <cmath>

#include "image/jpeg_file.h"
#include "image/test_images.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::big_endian;
using test::deflated;
using test::little_endian;
using test::png_chunk;
using test::tiff_entry;

std::string profile_bytes(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

cmsToneCurve* srgb_curve() {
  const cmsFloat64Number parameters[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return cmsBuildParametricToneCurve(nullptr, 4, parameters);
}

std::string rgb_profile(const cmsCIExyYTRIPLE& primaries) {
  const cmsCIExyY white = {0.3127, 0.3290, 1};
  cmsToneCurve* curve = srgb_curve();
  cmsToneCurve* curves[] = {curve, curve, curve};
  const std::string bytes = profile_bytes(cmsCreateRGBProfile(&white, &primaries, curves));
  cmsFreeToneCurve(curve);
  return bytes;
}

std::string display_p3() {
  return rgb_profile({{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}});
}

std::string srgb() {
  return rgb_profile({{0.640, 0.330, 1}, {0.300, 0.600, 1}, {0.150, 0.060, 1}});
}

std::string grey_profile(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  const std::string bytes = profile_bytes(cmsCreateGrayProfile(cmsD50_xyY(), curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

/// A profile under which only black ink darkens: whatever the other inks are, L is 100 less its share.
std::string ink_profile() {
  cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 2.1);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* table = cmsStageAllocCLut16bit(nullptr, 2, 4, 3, nullptr);
  cmsStageSampleCLut16bit(
      table,
      [](const cmsUInt16Number inks[], cmsUInt16Number lab[], void*) -> cmsInt32Number {
        const cmsCIELab color{100 - inks[3] / 655.35, 0, 0};
        cmsFloat2LabEncodedV2(lab, &color);
        return 1;
      },
      nullptr, 0);
  cmsPipelineInsertStage(pipeline, cmsAT_END, table);
  cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
  cmsPipelineFree(pipeline);
  return profile_bytes(profile);
}

/// Display P3 to sRGB by its definition (SMPTE RP 431-2's primaries, D65, sRGB's curve), clipped.
std::vector<uint8_t> p3_to_srgb(const std::vector<uint8_t>& p3) {
  constexpr double kMatrix[3][3] = {
      {1.2249402, -0.2249402, 0.0}, {-0.0420569, 1.0420569, 0.0}, {-0.0196376, -0.0786361, 1.0982736}};
  double linear[3];
  for (int i = 0; i < 3; ++i) {
    const double v = p3[static_cast<size_t>(i)] / 255.0;
    linear[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  }
  std::vector<uint8_t> out;
  for (const auto& row : kMatrix) {
    double v = row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2];
    v = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
    out.push_back(static_cast<uint8_t>(std::lround(std::min(std::max(v, 0.0), 1.0) * 255)));
  }
  return out;
}

constexpr uint8_t kRed = 180, kGreen = 90, kBlue = 60;
const std::vector<uint8_t> kStored = {kRed, kGreen, kBlue};

void expect_color(const Image& image, const std::vector<uint8_t>& color, int tolerance, const char* what) {
  ASSERT_GE(image.rgb.size(), 3U) << what;
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(image.rgb[i], color[i], tolerance) << what << " " << i;
}

std::string png(int color_type, const std::string& pixel, const std::string& profile) {
  return test::png_start(1, 1, 8, color_type) + png_chunk("iCCP", "p\0\0"s + deflated(profile)) +
         png_chunk("IDAT", deflated("\0"s + pixel)) + png_chunk("IEND", "");
}

/// A grey or flat picture of 16 x 16 with the profile in as many APP2 segments as asked.
std::string jpeg(const std::string& profile, size_t parts) {
  Image image{16, 16, {}};
  for (int i = 0; i < 256; ++i) image.rgb.insert(image.rgb.end(), kStored.begin(), kStored.end());
  std::string bytes = test::jpeg_file(image);
  const size_t part = (profile.size() + parts - 1) / parts;
  for (size_t i = parts; i-- > 0;) {  // each before those that are there, so that they end up in order
    const std::string data = profile.substr(i * part, part);
    bytes.insert(2, "\xFF\xE2"s + big_endian(data.size() + 16, 2) + "ICC_PROFILE\0"s +
                        static_cast<char>(i + 1) + static_cast<char>(parts) + data);
  }
  return bytes;
}

/// One pixel, of RGB or of inks.
std::string tiff(const std::string& profile, const std::vector<uint8_t>& pixel = kStored) {
  const size_t data = 8 + 2 + 9 * 12 + 4;
  const auto samples = static_cast<uint32_t>(pixel.size());
  const std::string stored = std::string(pixel.begin(), pixel.end()) + std::string(4 - samples, '\0');
  return "II*\0"s + little_endian(8, 4) + little_endian(9, 2) + tiff_entry(256, 4, 1, 1) +
         tiff_entry(257, 4, 1, 1) + tiff_entry(258, 3, 1, 8) + tiff_entry(262, 3, 1, samples == 4 ? 5 : 2) +
         tiff_entry(273, 4, 1, data) + tiff_entry(277, 3, 1, samples) + tiff_entry(278, 4, 1, 1) +
         tiff_entry(279, 4, 1, samples) +
         tiff_entry(34675, 7, static_cast<uint32_t>(profile.size()), data + 4) + little_endian(0, 4) +
         stored + profile;
}

std::string webp(const std::string& profile) {
  const std::string still = test::sample("lossy.webp").substr(12);
  std::string chunk =
      "ICCP" + little_endian(profile.size(), 4) + profile + std::string(profile.size() % 2, '\0');
  const std::string chunks = "VP8X" + little_endian(10, 4) + "\x20\0\0\0"s + little_endian(23, 3) +
                             little_endian(15, 3) + chunk + still;
  return "RIFF" + little_endian(chunks.size() + 4, 4) + "WEBP" + chunks;
}

const std::string kPixel{static_cast<char>(kRed), static_cast<char>(kGreen), static_cast<char>(kBlue)};

TEST(ColorProfile, ColoursBecomeSrgb) {
  const std::string p3 = display_p3();
  const std::vector<uint8_t> expected = p3_to_srgb(kStored);
  EXPECT_GT(expected[0], kRed + 5);
  expect_color(decode_image(png(2, kPixel, p3)), expected, 1, "PNG");
  expect_color(decode_image(png(6, kPixel + "\xFF", p3)), expected, 1, "PNG with opacity");
  expect_color(decode_image(jpeg(p3, 1)), expected, 4, "JPEG");
  expect_color(decode_image(jpeg(p3, 3)), expected, 4, "JPEG in three parts");
  expect_color(decode_image(tiff(p3)), expected, 1, "TIFF");
  const Image stored = decode_image(test::sample("lossy.webp"));
  const Image shown = decode_image(webp(p3));
  const size_t at = (size_t{7} * 24 + 12) * 3;
  const std::vector<uint8_t> of_webp = p3_to_srgb({stored.rgb[at], stored.rgb[at + 1], stored.rgb[at + 2]});
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(shown.rgb[at + i], of_webp[i], 1) << i;
}

TEST(ColorProfile, ReducedJpegsAreConvertedToo) {
  PreprocessSpec spec;
  spec.size_px = 1;
  const DecodedImage decoded = decode_for_model(jpeg(display_p3(), 1), spec);
  EXPECT_LT(decoded.image.width, 16);
  expect_color(decoded.image, p3_to_srgb(kStored), 4, "reduced");
}

TEST(ColorProfile, IsIgnoredWhereAsked) {
  DecodeLimits limits;
  limits.ignore_profile = true;
  expect_color(decode_image(png(2, kPixel, display_p3()), limits), kStored, 0, "PNG");
}

TEST(ColorProfile, SrgbChangesNoByte) {
  expect_color(decode_image(png(2, kPixel, srgb())), kStored, 0, "sRGB");
}

TEST(ColorProfile, GreyIsOfItsOwnSpace) {
  // Gamma 1: sRGB's curve of 90 / 255.
  const double linear = 90 / 255.0;
  const auto expected = static_cast<uint8_t>(std::lround((1.055 * std::pow(linear, 1 / 2.4) - 0.055) * 255));
  expect_color(decode_image(png(0, "\x5A", grey_profile(1.0))), {expected, expected, expected}, 1, "grey");
  expect_color(decode_image(png(2, kPixel, grey_profile(1.0))), kStored, 0, "profile of another space");
  expect_color(decode_image(png(0, "\x5A", display_p3())), {90, 90, 90}, 0, "profile of another space");
}

TEST(ColorProfile, InksAreOfTheirOwnSpace) {
  const std::string inks = ink_profile();
  expect_color(decode_image(tiff(inks, {255, 128, 7, 0})), {255, 255, 255}, 1, "inks that do not darken");
  expect_color(decode_image(tiff(inks, {9, 9, 9, 255})), {0, 0, 0}, 2, "black ink");
  expect_color(decode_image(tiff(inks, {200, 0, 0, 128})), {118, 118, 118}, 3, "half of it: L of 49.8");
  expect_color(decode_image(tiff("", {255, 0, 0, 0})), {0, 255, 255}, 0, "no profile");
  expect_color(decode_image(tiff(display_p3(), {255, 0, 0, 0})), {0, 255, 255}, 0, "of another space");
  DecodeLimits limits;
  limits.ignore_profile = true;
  expect_color(decode_image(tiff(inks, {255, 0, 0, 0}), limits), {0, 255, 255}, 0, "ignored");

  const std::string plain = test::sample("cmyk.jpg");
  std::string profiled = plain;
  profiled.insert(2, "\xFF\xE2"s + big_endian(inks.size() + 16, 2) + "ICC_PROFILE\0\1\1"s + inks);
  const Image image = decode_image(profiled);
  EXPECT_NE(image.rgb, decode_image(plain).rgb);
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    ASSERT_NEAR(image.rgb[i], image.rgb[i + 1], 1) << "only black counts";
    ASSERT_NEAR(image.rgb[i], image.rgb[i + 2], 1);
  }
  EXPECT_EQ(decode_image(profiled, limits).rgb, decode_image(plain).rgb);
}

TEST(ColorProfile, DamagedOnesAreIgnored) {
  const std::string p3 = display_p3();
  for (size_t size : {size_t{0}, size_t{40}, size_t{128}, p3.size() / 2}) {
    expect_color(decode_image(png(2, kPixel, p3.substr(0, size))), kStored, 0, "cut");
  }
  std::string two_of_three = jpeg(p3, 3);
  const size_t second = two_of_three.find("ICC_PROFILE\0\2"s);
  two_of_three[second] = 'x';
  expect_color(decode_image(two_of_three), kStored, 4, "a part is missing");
  for (size_t i = 0; i < p3.size(); i += 3) decode_image(png(2, kPixel, test::patched(p3, i, "\xFF")));
}

}  // namespace
}  // namespace kiloword
