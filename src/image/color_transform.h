#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace kiloword {

/// What the samples of a picture are: 1, 3 or 4 bytes a pixel; inks are 0 where there is none.
enum class ColorSpace { kGrey, kRgb, kCmyk };

/// Little CMS: colours of an ICC profile to sRGB, by the perceptual intent, as Pillow's `profileToProfile`.
class ColorTransform {
 public:
  /// Nothing where `profile` is empty, ill-formed or of another colour space than `from`, and where it is
  /// sRGB to a level of 255. The last few of a thread are kept, so that a run over many pictures of one
  /// profile sets it up once.
  static std::shared_ptr<const ColorTransform> to_srgb(const std::string& profile, ColorSpace from);

  /// CIELab of D50, where L is 0 to 255 and a and b have an offset of 128. Nothing where memory is short.
  static std::shared_ptr<const ColorTransform> lab_to_srgb();

  explicit ColorTransform(void* handle) : handle_(handle) {}
  ColorTransform(const ColorTransform&) = delete;
  ColorTransform& operator=(const ColorTransform&) = delete;
  ~ColorTransform();

  /// `pixels` pixels of the profile's space to RGB; of three samples a pixel also in place.
  void apply(const uint8_t* from, uint8_t* rgb, size_t pixels) const;

 private:
  void* handle_;
};

}  // namespace kiloword
