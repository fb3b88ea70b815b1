#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// The first thing in `model`, a serialized SentencePiece ModelProto, that the sentencepiece library (0.1.97)
/// would trust without looking and crash or hang on; empty when there is none. What the library checks itself
/// (duplicate pieces, a missing unknown piece ...) is left to it.
std::string find_sentencepiece_flaw(std::string_view model);

}  // namespace kiloword
