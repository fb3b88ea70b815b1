#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// The first flaw in `model`, a serialized SentencePiece ModelProto, that the sentencepiece library (0.1.97)
/// does not check and would crash or hang on; empty if there is none. Flaws that the library checks itself
/// (duplicate pieces, a missing unknown piece ...) are ignored.
std::string find_sentencepiece_flaw(std::string_view model);

}  // namespace kiloword
