#include "tokenizer/unigram_tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "tokenizer/piece_table.h"
#include "tokenizer/tiny_vocabulary.h"
#include "tokenizer/xlm_vocabulary.h"

namespace kiloword {
namespace {

using Found = std::vector<std::pair<int32_t, size_t>>;
using Ids = std::vector<int32_t>;

Found prefixes(const PieceTable& table, std::string_view text) {
  Found found;
  table.for_prefixes(text, [&found](int32_t id, size_t bytes) { found.emplace_back(id, bytes); });
  return found;
}

TEST(PieceTable, FindsEveryPrefixShortestFirst) {
  const PieceTable table({{"ab", 0}, {"a", 1}, {"abc", 2}, {"b", 3}, {"abcdefghij", 4}, {"abcdefghik", 5}});
  EXPECT_EQ(prefixes(table, "abcd"), (Found{{1, 1}, {0, 2}, {2, 3}}));
  EXPECT_EQ(prefixes(table, "abcdefghikl"), (Found{{1, 1}, {0, 2}, {2, 3}, {5, 10}}));
  EXPECT_EQ(prefixes(table, "c"), Found());
  EXPECT_EQ(prefixes(table, ""), Found());
  EXPECT_EQ(prefixes(table, std::string("a\0b", 3)), (Found{{1, 1}}));
  EXPECT_EQ(prefixes(PieceTable(), "a"), Found());
}

TEST(PieceTable, OfEqualPiecesTheLastCounts) {
  EXPECT_EQ(prefixes(PieceTable({{"a", 7}, {"a", 9}, {"ab", 8}}), "ab"), (Found{{9, 1}, {8, 2}}));
}

TEST(PieceTable, BytesHaveNoSign) {
  EXPECT_EQ(prefixes(PieceTable({{"\xff", 1}, {"z", 2}, {"\x80", 3}, {"\xff\xff", 4}}), "\xff\xff"),
            (Found{{1, 1}, {4, 2}}));
}

UnigramVocabulary letters() {
  UnigramVocabulary vocabulary;
  vocabulary.pieces = {{"<unk>", 0},    {"<s>", 0}, {"\u2581", -2}, {"a", -1},
                       {"\u2581a", -2}, {"ab", -5}, {"b", -3},      {"\u2581\u6771", -4}};
  vocabulary.marks = {1};
  vocabulary.start_id = 1;
  return vocabulary;
}

TEST(UnigramTokenizer, TakesTheLikeliestPieces) {
  const UnigramTokenizer tokenizer(letters(), "tiny");
  EXPECT_EQ(tokenizer.encode("a"), Ids{4});
  EXPECT_EQ(tokenizer.encode("ab"), (Ids{4, 6}));  // -2 - 3 before -2 - 5
  EXPECT_EQ(tokenizer.encode("a  b\u3000a"), (Ids{4, 2, 6, 4}));
  EXPECT_EQ(tokenizer.encode("\u6771"), Ids{7});
  EXPECT_EQ(tokenizer.encode(""), Ids());
  EXPECT_EQ(tokenizer.encode(" \n\t "), Ids());
}

TEST(UnigramTokenizer, ARunOfUnknownCharactersIsOnePiece) {
  const UnigramTokenizer tokenizer(letters(), "tiny");
  EXPECT_EQ(tokenizer.encode("xyz"), (Ids{2, 0}));
  EXPECT_EQ(tokenizer.encode("xay \u4eac"), (Ids{2, 0, 3, 0, 2, 0}));
}

TEST(UnigramTokenizer, MarksAreNoTextAndTextsAreNoMarks) {
  const UnigramTokenizer tokenizer(letters(), "tiny");
  const Ids ids = tokenizer.encode("<s>");
  EXPECT_EQ(ids, (Ids{2, 0}));
  EXPECT_EQ(tokenizer.decode({1, 4, 6, 2, 3, 99, -1}), "ab a");
  EXPECT_EQ(tokenizer.piece(1), "<s>");
  EXPECT_EQ(tokenizer.piece(99), "");
}

TEST(UnigramTokenizer, AMarkOfSpaceInATextBeginsAWord) {
  const UnigramTokenizer tokenizer(letters(), "tiny");
  EXPECT_EQ(tokenizer.encode("a\u2581a"), (Ids{4, 4}));
  EXPECT_EQ(tokenizer.encode("\u2581a"), Ids{4});
  EXPECT_EQ(tokenizer.encode("\u2581\u2581"), (Ids{2, 2}));
}

TEST(UnigramTokenizer, RunsOfSpacesMayBecomeAMark) {
  UnigramVocabulary vocabulary = letters();
  vocabulary.gap = "\u2581";
  vocabulary.strips_end = true;
  const UnigramTokenizer tokenizer(std::move(vocabulary), "tiny");
  EXPECT_EQ(tokenizer.encode("  a   a a  "), (Ids{4, 4, 4}));
}

std::string error_of(UnigramVocabulary vocabulary) {
  try {
    const UnigramTokenizer tokenizer(std::move(vocabulary), "tiny");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(UnigramTokenizer, VocabulariesThatCannotBe) {
  EXPECT_EQ(error_of({}), "a vocabulary without an unknown piece");
  UnigramVocabulary vocabulary = letters();
  vocabulary.unknown_id = 99;
  EXPECT_EQ(error_of(std::move(vocabulary)), "a vocabulary without an unknown piece");
  vocabulary = letters();
  vocabulary.pieces.push_back({std::string(1025, 'a'), 0});
  EXPECT_EQ(error_of(std::move(vocabulary)), "a piece is longer than 1024 bytes");
  vocabulary = letters();
  vocabulary.marks = {-1};
  EXPECT_EQ(error_of(std::move(vocabulary)), "a mark that is not a piece");
  vocabulary = letters();
  vocabulary.character_map = "abc";
  EXPECT_EQ(error_of(std::move(vocabulary)), "its character map is corrupt");
}

std::string error_of_xlm(const std::string& model) {
  try {
    read_xlm_vocabulary({"model", model});
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

/// A length-delimited field of up to 127 bytes.
std::string field(char number, const std::string& content) {
  return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(content.size()) + content;
}

TEST(XlmVocabulary, OtherModelsAreRefused) {
  const auto piece = [](const char* text) { return field(1, field(1, text)); };
  const std::string marks = piece("<unk>") + piece("<s>") + piece("</s>");
  const std::string refused = "not a SentencePiece model of XLM-R's kind: ";
  EXPECT_EQ(error_of_xlm(marks + piece("a")), "no error");
  EXPECT_EQ(error_of_xlm(""), "not a usable SentencePiece model: it has no pieces");
  EXPECT_EQ(error_of_xlm(marks), refused + "it has no pieces");
  EXPECT_EQ(error_of_xlm(piece("<pad>") + marks), refused + "piece 0 is not <unk>");
  EXPECT_EQ(error_of_xlm(marks + piece("a") + field(2, "\x18\x02")), refused + "it is not a Unigram model");
  EXPECT_EQ(error_of_xlm((marks + piece("a")).substr(0, 20)),
            "not a usable SentencePiece model: it is truncated or corrupt");
}

}  // namespace
}  // namespace kiloword
