#include "image/nclx_profile.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

namespace kiloword {
namespace {

constexpr int kBt709 = 1;
constexpr int kUnspecified = 2;
constexpr int kLinear = 8;
constexpr int kPq = 16;
constexpr int kHlg = 18;
constexpr size_t kCurvePoints = 1024;
constexpr double kReferenceWhite = 203;  // cd/m2

struct Primaries {
  int code;
  cmsCIExyY white;
  cmsCIExyYTRIPLE colors;
};

constexpr cmsCIExyY kD65{0.3127, 0.3290, 1};
constexpr cmsCIExyY kC{0.310, 0.316, 1};
constexpr cmsCIExyY kDci{0.314, 0.351, 1};

constexpr std::array<Primaries, 8> kPrimaries{{
    {1, kD65, {{0.640, 0.330, 1}, {0.300, 0.600, 1}, {0.150, 0.060, 1}}},
    {4, kC, {{0.67, 0.33, 1}, {0.21, 0.71, 1}, {0.14, 0.08, 1}}},
    {5, kD65, {{0.64, 0.33, 1}, {0.29, 0.60, 1}, {0.15, 0.06, 1}}},
    {6, kD65, {{0.630, 0.340, 1}, {0.310, 0.595, 1}, {0.155, 0.070, 1}}},
    {7, kD65, {{0.630, 0.340, 1}, {0.310, 0.595, 1}, {0.155, 0.070, 1}}},
    {9, kD65, {{0.708, 0.292, 1}, {0.170, 0.797, 1}, {0.131, 0.046, 1}}},
    {11, kDci, {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}}},
    {12, kD65, {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}}},
}};

/// SMPTE ST 2084, as a share of the reference white.
double pq_light(double signal) {
  const double power = std::pow(signal, 1 / 78.84375);
  const double light =
      std::pow(std::max(power - 0.8359375, 0.0) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125);
  return light * 10000 / kReferenceWhite;
}

/// ITU-R BT.2100, of a display of 1000 cd/m2 (system gamma 1.2), as a share of the reference white.
double hlg_light(double signal) {
  constexpr double kA = 0.17883277;
  constexpr double kB = 1 - 4 * kA;
  const double c = 0.5 - kA * std::log(4 * kA);
  const double scene = signal <= 0.5 ? signal * signal / 3 : (std::exp((signal - c) / kA) + kB) / 12;
  return std::pow(scene, 1.2) * 1000 / kReferenceWhite;
}

cmsToneCurve* tabulated(double (*light)(double)) {
  std::vector<cmsUInt16Number> table;
  for (size_t i = 0; i < kCurvePoints; ++i) {
    const double share = std::min(light(static_cast<double>(i) / (kCurvePoints - 1)), 1.0);
    table.push_back(static_cast<cmsUInt16Number>(std::lround(share * 65535)));
  }
  return cmsBuildTabulatedToneCurve16(nullptr, kCurvePoints, table.data());
}

cmsToneCurve* curve_of(int transfer) {
  switch (transfer) {
    case 4:
      return cmsBuildGamma(nullptr, 2.2);
    case 5:
      return cmsBuildGamma(nullptr, 2.8);
    case kLinear:
      return cmsBuildGamma(nullptr, 1.0);
    case kPq:
      return tabulated(pq_light);
    case 17:
      return cmsBuildGamma(nullptr, 2.6);
    case kHlg:
      return tabulated(hlg_light);
    default: {
      const std::array<double, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
      return cmsBuildParametricToneCurve(nullptr, 4, srgb.data());
    }
  }
}

bool is_srgb_curve(int transfer) {
  return transfer != 4 && transfer != 5 && transfer != kLinear && (transfer < kPq || transfer > kHlg);
}

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};

}  // namespace

std::string nclx_profile(int primaries, int transfer) {
  if (primaries == kUnspecified) primaries = kBt709;
  if (primaries == kBt709 && is_srgb_curve(transfer)) return "";
  const auto* known = std::find_if(kPrimaries.begin(), kPrimaries.end(),
                                   [&](const Primaries& entry) { return entry.code == primaries; });
  if (known == kPrimaries.end()) return "";
  const std::unique_ptr<cmsToneCurve, FreeCurve> curve(curve_of(transfer));
  if (!curve) return "";
  const std::array<cmsToneCurve*, 3> curves{curve.get(), curve.get(), curve.get()};
  const std::unique_ptr<void, CloseProfile> profile(
      cmsCreateRGBProfile(&known->white, &known->colors, curves.data()));
  cmsUInt32Number size = 0;
  if (!profile || cmsSaveProfileToMem(profile.get(), nullptr, &size) == 0) return "";
  std::string out(size, '\0');
  if (cmsSaveProfileToMem(profile.get(), out.data(), &size) == 0) return "";
  return out;
}

}  // namespace kiloword
