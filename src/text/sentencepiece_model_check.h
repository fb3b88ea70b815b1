#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// The first thing in `model`, a serialized SentencePiece ModelProto, that the sentencepiece library would
/// trust without looking and crash on; empty when there is none.
std::string find_sentencepiece_flaw(std::string_view model);

}  // namespace kiloword
