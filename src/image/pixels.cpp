#include "image/pixels.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace kiloword {
namespace {

// Square tiles keep both sides of a transposition in the cache.
constexpr ptrdiff_t kTile = 64;

}  // namespace

Image apply_orientation(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) {
    return image;
  }
  const ptrdiff_t width = image.width;
  const ptrdiff_t height = image.height;
  const ptrdiff_t right = width - 1;
  const ptrdiff_t bottom = (height - 1) * width;
  // Where, in stored pixels, the upright picture starts, and the steps to its next pixel and its next row.
  struct Walk {
    ptrdiff_t start, step_x, step_y;
  };
  const Walk walks[] = {
      {right, -1, width},            // 2: mirrored
      {bottom + right, -1, -width},  // 3: upside down
      {bottom, 1, -width},           // 4: mirrored upside down
      {0, width, 1},                 // 5: mirrored over the main diagonal
      {bottom, -width, 1},           // 6: to be turned clockwise
      {bottom + right, -width, -1},  // 7: mirrored over the other diagonal
      {right, width, -1},            // 8: to be turned counter-clockwise
  };
  const Walk& walk = walks[orientation - 2];
  Image out{image.width, image.height, {}};
  if (orientation >= 5) {
    std::swap(out.width, out.height);
  }
  out.rgb.resize(image.rgb.size());

  for (ptrdiff_t tile_y = 0; tile_y < out.height; tile_y += kTile) {
    for (ptrdiff_t tile_x = 0; tile_x < out.width; tile_x += kTile) {
      const ptrdiff_t end_y = std::min<ptrdiff_t>(tile_y + kTile, out.height);
      const ptrdiff_t end_x = std::min<ptrdiff_t>(tile_x + kTile, out.width);
      for (ptrdiff_t y = tile_y; y < end_y; ++y) {
        uint8_t* to = out.rgb.data() + (y * out.width + tile_x) * 3;
        const uint8_t* from = image.rgb.data() + (walk.start + y * walk.step_y + tile_x * walk.step_x) * 3;
        for (ptrdiff_t x = tile_x; x < end_x; ++x, to += 3, from += walk.step_x * 3) {
          to[0] = from[0];
          to[1] = from[1];
          to[2] = from[2];
        }
      }
    }
  }
  return out;
}

PictureBox apply_orientation(const PictureBox& box, int width, int height, int orientation) {
  const bool is_mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool is_upside_down = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  PictureBox out = box;
  if (is_mirrored) out.left = width - box.left - box.width;
  if (is_upside_down) out.top = height - box.top - box.height;
  if (orientation >= 5 && orientation <= 8) {
    std::swap(out.left, out.top);
    std::swap(out.width, out.height);
  }
  return out;
}

}  // namespace kiloword
