#pragma once

#include <string_view>

#include "kiloword/image/probe.h"

// One function for each format that probe_image() detects. Each sets width, height and orientation; sizes may
// be zero or negative. Throws like probe_image().
namespace kiloword {

ImageHeader probe_jpeg(std::string_view bytes);
ImageHeader probe_png(std::string_view bytes);
ImageHeader probe_gif(std::string_view bytes);
ImageHeader probe_webp(std::string_view bytes);
ImageHeader probe_bmp(std::string_view bytes);
ImageHeader probe_tiff(std::string_view bytes);
ImageHeader probe_jpeg2000(std::string_view bytes);
ImageHeader probe_pnm(std::string_view bytes);
ImageHeader probe_sun_raster(std::string_view bytes);

}  // namespace kiloword
