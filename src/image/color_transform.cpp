#include "image/color_transform.h"

#include <lcms2.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <vector>

#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

constexpr size_t kKept = 4;
constexpr int kGridStep = 17;  // 16 levels of each of red, green and blue

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

cmsUInt32Number sample_format(ColorSpace space) {
  switch (space) {
    case ColorSpace::kGrey:
      return TYPE_GRAY_8;
    case ColorSpace::kRgb:
      return TYPE_RGB_8;
    default:
      return TYPE_CMYK_8;
  }
}

cmsColorSpaceSignature signature(ColorSpace space) {
  switch (space) {
    case ColorSpace::kGrey:
      return cmsSigGrayData;
    case ColorSpace::kRgb:
      return cmsSigRgbData;
    default:
      return cmsSigCmykData;
  }
}

/// Whether the profile describes a picture's samples: no link between devices, no list of names.
bool describes(cmsHPROFILE profile, ColorSpace space) {
  const cmsProfileClassSignature kind = cmsGetDeviceClass(profile);
  return cmsGetColorSpace(profile) == signature(space) &&
         (kind == cmsSigInputClass || kind == cmsSigDisplayClass || kind == cmsSigOutputClass ||
          kind == cmsSigColorSpaceClass);
}

/// Whether no colour changes by more than a level.
bool changes_nothing(const ColorTransform& transform, ColorSpace space) {
  if (space == ColorSpace::kCmyk) return false;
  std::vector<uint8_t> before;
  if (space == ColorSpace::kGrey) {
    for (int level = 0; level < 256; ++level) before.push_back(static_cast<uint8_t>(level));
  } else {
    for (int color = 0; color < 16 * 16 * 16; ++color) {
      for (const int shift : {8, 4, 0}) {
        before.push_back(static_cast<uint8_t>((color >> shift & 15) * kGridStep));
      }
    }
  }
  const size_t samples = space == ColorSpace::kGrey ? 1 : 3;
  std::vector<uint8_t> after(before.size() / samples * 3);
  transform.apply(before.data(), after.data(), before.size() / samples);
  for (size_t i = 0; i < after.size(); ++i) {
    if (std::abs(after[i] - before[samples == 1 ? i / 3 : i]) > 1) return false;
  }
  return true;
}

std::shared_ptr<const ColorTransform> make_transform(const std::string& bytes, ColorSpace from) {
  const Profile profile(cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!profile || !describes(profile.get(), from)) return nullptr;
  const Profile srgb(cmsCreate_sRGBProfile());
  if (!srgb) return nullptr;
  void* handle =
      cmsCreateTransform(profile.get(), sample_format(from), srgb.get(), TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
  if (handle == nullptr) return nullptr;
  auto transform = std::make_shared<const ColorTransform>(handle);
  return changes_nothing(*transform, from) ? nullptr : transform;
}

struct Kept {
  ColorSpace from;
  std::string key;
  std::shared_ptr<const ColorTransform> transform;
};

}  // namespace

std::shared_ptr<const ColorTransform> ColorTransform::to_srgb(const std::string& profile, ColorSpace from) {
  if (profile.empty()) return nullptr;
  thread_local std::deque<Kept> kept;
  const std::string key = Fingerprint().add(profile).hex();
  for (const Kept& known : kept) {
    if (known.from == from && known.key == key) return known.transform;
  }
  kept.push_front({from, key, make_transform(profile, from)});
  if (kept.size() > kKept) kept.pop_back();
  return kept.front().transform;
}

std::shared_ptr<const ColorTransform> ColorTransform::lab_to_srgb() {
  const Profile lab(cmsCreateLab4Profile(nullptr));
  const Profile srgb(cmsCreate_sRGBProfile());
  if (!lab || !srgb) return nullptr;
  void* handle = cmsCreateTransform(lab.get(), TYPE_Lab_8, srgb.get(), TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
  return handle == nullptr ? nullptr : std::make_shared<const ColorTransform>(handle);
}

ColorTransform::~ColorTransform() {
  cmsDeleteTransform(handle_);
}

void ColorTransform::apply(const uint8_t* from, uint8_t* rgb, size_t pixels) const {
  cmsDoTransform(handle_, from, rgb, static_cast<cmsUInt32Number>(pixels));
}

}  // namespace kiloword
