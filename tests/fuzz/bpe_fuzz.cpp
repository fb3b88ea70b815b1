// Texts through both flavours of byte-level BPE, and vocabulary files of every kind through their parsers.
// The first byte chooses; see the cases below.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "tokenizer/bpe_tokenizer.h"
#include "tokenizer/bpe_vocabulary_parser.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/gzip.h"
#include "tokenizer/sentencepiece_model_check.h"
#include "tokenizer/tokenizer_json.h"
#include "tokenizer/unigram_tokenizer.h"
#include "tokenizer/xlm_vocabulary.h"

namespace {

using kiloword::AddedPieces;
using kiloword::BpeTokenizer;
using kiloword::ClipTextRules;

const BpeTokenizer& tiny_clip() {
  static const BpeTokenizer kTokenizer(
      kiloword::parse_openai_clip_vocabulary(
          {"tiny", "header\nt h\nth e</w>\na a\naa a\n\u00c3 \u0142\n' s</w>"}),
      "tiny", ClipTextRules::kOpenAi, {});
  return kTokenizer;
}

const BpeTokenizer& tiny_gpt2() {
  static const BpeTokenizer kTokenizer = [] {
    std::string vocab = "{";
    for (int byte = 0; byte < 256; ++byte) {
      std::string spelling = kiloword::byte_spelling(static_cast<uint8_t>(byte));
      if (spelling == "\"" || spelling == "\\") spelling.insert(0, "\\");
      vocab += "\"" + spelling + "\":" + std::to_string(byte) + ",";
    }
    vocab += R"("th":256,"the":257,"aa":258,"aaa":259,"<|endoftext|>":260})";
    return BpeTokenizer(
        kiloword::parse_hugging_face_vocabulary({"vocab", vocab}, {"merges", "t h\nth e\na a\naa a\n"}, {}),
        "tiny", ClipTextRules::kTransformers, {});
  }();
  return kTokenizer;
}

void require(bool condition) {
  if (!condition) std::abort();
}

void use(const kiloword::Tokenizer& tokenizer) {
  for (const int32_t id : tokenizer.encode("The caf\u00e9's 12 dogs")) require(!tokenizer.piece(id).empty());
}

/// tokenizer_config.json, a NUL, added_tokens.json, a NUL, a text with the tokens that they name in it.
void use_added(const std::string& input) {
  const size_t first = std::min(input.find('\0'), input.size());
  const size_t second = std::min(input.find('\0', std::min(first + 1, input.size())), input.size());
  const std::string rest = second < input.size() ? input.substr(second + 1) : "the dog";
  AddedPieces pieces;
  int32_t id = 0;
  const kiloword::TokenizerSettings settings = kiloword::parse_tokenizer_settings(
      {{"settings", input.substr(0, first)},
       {"special", ""},
       {"numbered", first < second ? input.substr(first + 1, second - first - 1) : ""}});
  for (const kiloword::AddedToken& token : settings.added) {
    require(!token.content.empty());
    pieces.add(token.content, ++id, token.reach);
  }
  for (const AddedPieces::Part& part : pieces.split(kiloword::to_valid_utf8(rest)))
    require(!part.text.empty());
}

void run(uint8_t choice, const std::string& input) {
  switch (choice % 8) {
    case 0:
      require(kiloword::is_valid_utf8(tiny_clip().decode(tiny_clip().encode(input))));
      break;
    case 1:
      require(tiny_gpt2().decode(tiny_gpt2().encode(input)) == kiloword::to_valid_utf8(input));
      break;
    case 2: {  // vocab.json, a NUL, merges.txt
      const size_t end = input.find('\0');
      const std::string merges = end == std::string::npos ? "" : input.substr(end + 1);
      use(BpeTokenizer(
          kiloword::parse_hugging_face_vocabulary({"vocab", input.substr(0, end)}, {"merges", merges}, {}),
          "", ClipTextRules::kTransformers, {}));
      break;
    }
    case 3:
      use(BpeTokenizer(kiloword::parse_openai_clip_vocabulary({"merges", input}), "", ClipTextRules::kOpenAi,
                       {}));
      break;
    case 4:
      require(kiloword::gunzip(input, 1 << 16, "").size() <= 1 << 16);
      break;
    case 5:
      kiloword::find_sentencepiece_flaw(input);
      use(kiloword::UnigramTokenizer(kiloword::read_xlm_vocabulary({"model", input}), "model"));
      break;
    case 6:
      use(*kiloword::parse_tokenizer_json({"tokenizer.json", input}, ClipTextRules::kTransformers, {}));
      break;
    default:
      use_added(input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  try {
    run(data[0], std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  } catch (const kiloword::Error&) {
    return 0;  // what a hostile file deserves
  }
  return 0;
}
