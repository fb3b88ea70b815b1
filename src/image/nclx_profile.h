#pragma once

#include <string>

namespace kiloword {

/// An ICC profile for the code points of ITU-T H.273 (colour primaries, table 2; transfer characteristics,
/// table 3). Empty for sRGB, and for unspecified or unknown values. Camera transfer functions (BT.709 and
/// similar) are treated as sRGB's, as displays do. For PQ and HLG, the reference white of 203 cd/m2 (ITU-R
/// BT.2408) becomes white, and brighter values are clipped.
std::string nclx_profile(int primaries, int transfer);

}  // namespace kiloword
