#pragma once

#include <string>

namespace kiloword {

/// An ICC profile for the code points of ITU-T H.273 (colour primaries, tables 2; transfer characteristics,
/// table 3). Empty for sRGB and for what is unspecified or unknown. The transfer functions of video cameras
/// (BT.709 and its kin) count as sRGB's, as on screens. Of PQ and HLG the reference white of 203 cd/m2 (ITU-R
/// BT.2408) becomes white, and what is brighter is cut.
std::string nclx_profile(int primaries, int transfer);

}  // namespace kiloword
