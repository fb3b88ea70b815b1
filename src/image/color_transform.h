#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace kiloword {

/// The colour space of samples: 1, 3 or 4 bytes per pixel. In CMYK, 0 is no ink.
enum class ColorSpace { kGrey, kRgb, kCmyk };

/// Converts colours of an ICC profile to sRGB with Little CMS, by perceptual intent, like Pillow's
/// `profileToProfile`.
class ColorTransform {
 public:
  /// Null if `profile` is empty, ill-formed or of a colour space other than `from`, or equals sRGB to within
  /// 1 of 255 levels. Each thread caches its last few transforms, so that many images with one profile share
  /// one.
  static std::shared_ptr<const ColorTransform> to_srgb(const std::string& profile, ColorSpace from);

  /// From CIELab D50, with L from 0 to 255, and a and b offset by 128. Null if out of memory.
  static std::shared_ptr<const ColorTransform> lab_to_srgb();

  explicit ColorTransform(void* handle) : handle_(handle) {}
  ColorTransform(const ColorTransform&) = delete;
  ColorTransform& operator=(const ColorTransform&) = delete;
  ~ColorTransform();

  /// Converts `pixels` pixels to RGB; with three samples per pixel, also in place.
  void apply(const uint8_t* from, uint8_t* rgb, size_t pixels) const;

 private:
  void* handle_;
};

}  // namespace kiloword
