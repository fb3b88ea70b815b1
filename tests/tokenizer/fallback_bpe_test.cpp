// tokenizer.json of SentencePiece's kind against the SentencePiece library: the same vocabulary, its merges
// derived from its pieces as Hugging Face's converters do it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>

#include "kiloword/base/error.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::TemporaryFolder;

const std::string kSpace = "\u2581";
const std::filesystem::path kShared = KILOWORD_SHARED_DIR;

size_t code_points(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// A vocabulary whose pieces come in the order in which they are to be merged, as SentencePiece's training
/// leaves them.
json merges_of(const json& vocab) {
  std::vector<std::tuple<int, size_t, std::string>> found;
  for (const auto& [piece, id] : vocab.items()) {
    if (code_points(piece) < 2 || piece.front() == '<') continue;
    for (size_t at = 1; at < piece.size(); ++at) {
      const std::string left = piece.substr(0, at);
      const std::string right = piece.substr(at);
      if (vocab.contains(left) && vocab.contains(right))
        found.emplace_back(id.get<int>(), code_points(left), std::string(left).append(" ").append(right));
    }
  }
  std::sort(found.begin(), found.end());
  json merges = json::array();
  for (const auto& [id, length, merge] : found) merges.push_back(merge);
  return merges;
}

json replace_spaces() {
  return {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", kSpace}};
}

json llama_normalizer() {
  return {{"type", "Sequence"},
          {"normalizers", {{{"type", "Prepend"}, {"prepend", kSpace}}, replace_spaces()}}};
}

json added(const char* content, int id, bool special) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", special}};
}

json as_tokenizer_json(const Tokenizer& source) {
  json vocab = json::object();
  for (int32_t id = 0; id < source.vocab_size(); ++id) vocab[source.piece(id)] = id;
  return {
      {"normalizer", llama_normalizer()},
      {"pre_tokenizer", nullptr},
      {"added_tokens", {added("<unk>", 0, true), added("<s>", 1, true), added("</s>", 2, true)}},
      {"model", {{"type", "BPE"}, {"byte_fallback", true}, {"vocab", vocab}, {"merges", merges_of(vocab)}}}};
}

std::unique_ptr<Tokenizer> load(const json& content) {
  const TemporaryFolder folder;
  folder.write("tokenizer.json", content.dump());
  return load_tokenizer(folder.path());
}

TEST(FallbackBpe, EqualsSentencePiece) {
  const auto model = kShared / "tokenizers" / "sentencepiece" / "llama32k-bpe-bytefallback.model";
  if (!std::filesystem::exists(model)) GTEST_SKIP() << model << " is absent";
  const auto reference = load_tokenizer(model);
  const auto read = load(as_tokenizer_json(*reference));
  EXPECT_EQ(read->vocab_size(), 32000);
  EXPECT_EQ(read->start_id(), 1);
  EXPECT_EQ(read->end_id(), 2);
  std::ifstream file(kShared / "goldens" / "tokenizer-sentencepiece-llama32k.json");
  const auto cases = json::parse(file).at("cases");
  ASSERT_GT(cases.size(), 40U);
  for (const auto& entry : cases) {
    const std::string text = entry.at("text");
    const auto ids = entry.at("ids").get<std::vector<int32_t>>();  // of spm_encode
    EXPECT_EQ(read->encode(text), ids) << entry.at("text");
    EXPECT_EQ(read->decode(ids), reference->decode(ids)) << entry.at("text");
  }
}

/// "<pad>", "<eos>", "<bos>", all bytes, and a few pieces; without a space at the beginning, as Gemma's.
json tiny_gemma() {
  json vocab = {{"<pad>", 0}, {"<eos>", 1}, {"<bos>", 2}};
  for (int byte = 0; byte < 256; ++byte) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto high = static_cast<size_t>(byte / 16);
    const auto low = static_cast<size_t>(byte % 16);
    vocab[std::string("<0x") + kDigits[high] + kDigits[low] + ">"] = 3 + byte;
  }
  for (const char* piece : {"\u2581", "a", "b", "c", "ab", "bc", "\u2581a", "\u00e9", "<h1>", "\n\n", "abc"})
    vocab[piece] = vocab.size();
  return {{"normalizer", replace_spaces()},
          {"pre_tokenizer",
           {{"type", "Split"}, {"pattern", {{"String", " "}}}, {"behavior", "MergedWithPrevious"}}},
          {"added_tokens",
           {added("<pad>", 0, true), added("<eos>", 1, true), added("<bos>", 2, true),
            added("<h1>", 267, false), added("\n\n", 268, false)}},
          {"model",
           {{"type", "BPE"},
            {"byte_fallback", true},
            {"vocab", vocab},
            {"merges", {"b c", "a b", "\u2581 a", "a bc"}}}}};
}

std::vector<std::string> pieces(const Tokenizer& tokenizer, const std::string& text) {
  std::vector<std::string> pieces;
  for (const int32_t id : tokenizer.encode(text)) pieces.push_back(tokenizer.piece(id));
  return pieces;
}

using Pieces = std::vector<std::string>;

TEST(FallbackBpe, TakesAddedPiecesWholeAndSpellsStrangersByBytes) {
  const auto tokenizer = load(tiny_gemma());
  EXPECT_EQ(tokenizer->start_id(), 2);
  EXPECT_EQ(tokenizer->end_id(), 1);
  EXPECT_EQ(pieces(*tokenizer, ""), Pieces{});
  EXPECT_EQ(pieces(*tokenizer, "abc ab"), (Pieces{"abc", kSpace, "ab"}));
  EXPECT_EQ(pieces(*tokenizer, "a<h1>b\n\n\nc"), (Pieces{"a", "<h1>", "b", "\n\n", "<0x0A>", "c"}));
  EXPECT_EQ(pieces(*tokenizer, "\u00e9\u00e8"), (Pieces{"\u00e9", "<0xC3>", "<0xA8>"}));
  EXPECT_EQ(pieces(*tokenizer, "<eos>").size(), 5U);  // a special piece in a text is plain text
  for (const char* text : {"abc ab", "a<h1>b\n\n\nc", " \u00e9\u00e8 ", "\U0001F600"})
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
  EXPECT_EQ(tokenizer->decode({2, 260, 1, -1, 5000}), "a");
  EXPECT_EQ(tokenizer->decode({3 + 0xC3}), "\uFFFD");
}

TEST(FallbackBpe, MayLower) {
  json content = tiny_gemma();
  content["normalizer"] = {{"type", "Sequence"},
                           {"normalizers", {{{"type", "Lowercase"}}, replace_spaces()}}};
  EXPECT_EQ(pieces(*load(content), "ABC"), Pieces{"abc"});
}

TEST(FallbackBpe, NewPairsOfALowerRankComeBeforeOtherOccurrences) {
  json content = tiny_gemma();
  content["model"]["vocab"]["bcb"] = content["model"]["vocab"].size();
  content["model"]["merges"] = {"bc b", "b c"};
  EXPECT_EQ(pieces(*load(content), "bcbc"), (Pieces{"bcb", "c"}));
}

std::string error_with(const char* pointer, const json& value) {
  json content = tiny_gemma();
  content[json::json_pointer(pointer)] = value;
  try {
    load(content);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    return error.message();
  }
  return "no error";
}

TEST(FallbackBpe, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(error_with("/normalizer", nullptr), "tokenizer.json does not turn spaces into \u2581");
  EXPECT_EQ(error_with("/normalizer", {{"type", "NFKC"}}),
            "tokenizer.json changes texts in a way that is not supported: 'NFKC'");
  EXPECT_EQ(error_with("/normalizer", 7), "tokenizer.json changes texts in a way that is not supported: ''");
  EXPECT_EQ(error_with("/pre_tokenizer", {{"type", "Metaspace"}}),
            "tokenizer.json splits texts in a way that is not supported: 'Metaspace'");
  EXPECT_EQ(error_with("/added_tokens/3/lstrip", true),
            "tokenizer.json has an added token with lstrip, which is not supported");
  json lacking = tiny_gemma()["model"]["vocab"];
  lacking.erase("<0x0A>");
  lacking["another"] = 3 + 0x0A;
  EXPECT_EQ(error_with("/model/vocab", lacking), "vocabulary lacks the byte piece '<0x0A>'");
  EXPECT_EQ(error_with("/model/merges/0", {"b", "x"}), "merge of 'x', which is not in the vocabulary");
}

}  // namespace
}  // namespace kiloword
