#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace kiloword {

/// The Unigram model of a tokenizer.json, `parsed`, as SentencePiece's own ModelProto, so that its library
/// reads it: pieces with scores, the character map, what is done to spaces. Throws Error(kModel) with `path`
/// for what is ill-formed or not supported.
std::string unigram_model_proto(const nlohmann::json& parsed, const std::string& path);

}  // namespace kiloword
