// Vocabulary files that are wrong in one way each, with the exact message.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/gzip.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

using testing::byte_vocabulary;
using testing::gzipped;

/// The error for `folder`, with the folder's own name left out.
std::string error_of(const testing::TemporaryFolder& folder) {
  try {
    load_tokenizer(folder.path());
    return "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    std::string line = error.what();
    const std::string prefix = folder.path().string() + "/";
    for (size_t at = line.find(prefix); at != std::string::npos; at = line.find(prefix))
      line.erase(at, prefix.size());
    return line;
  }
}

struct Hostile {
  const char* name;
  std::string vocab;
  std::string merges;
  std::string error;
};

std::ostream& operator<<(std::ostream& out, const Hostile& hostile) {
  return out << hostile.name;
}

class HostileHuggingFace : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileHuggingFace, IsRefusedInOneLine) {
  const testing::TemporaryFolder folder;
  folder.write("vocab.json", GetParam().vocab);
  folder.write("merges.txt", GetParam().merges);
  EXPECT_EQ(error_of(folder), GetParam().error);
}

constexpr const char* kAgain = "; download the tokenizer files again";
constexpr const char* kOther = "; take the tokenizer files that belong to the model";

std::string in_vocab(const std::string& what) {
  return what + ", vocab.json" + kAgain;
}
std::string broken_merge(const std::string& what, int line) {
  return what + ", merges.txt:" + std::to_string(line) + kOther;
}
std::string no_merge(int line) {
  return "merge is not two pieces with a space between, merges.txt:" + std::to_string(line) + kAgain;
}

INSTANTIATE_TEST_SUITE_P(
    Vocabulary, HostileHuggingFace,
    ::testing::Values(
        Hostile{"Empty", "", "", in_vocab("invalid JSON at byte 1")},
        Hostile{"Truncated", R"({"a": 0, "b)", "", in_vocab("invalid JSON at byte 12")},
        Hostile{"NotUtf8", "{\"a\xff\": 0}", "", in_vocab("invalid JSON at byte 4")},
        Hostile{"Array", "[1, 2]", "", in_vocab("vocabulary is not a JSON object of pieces and ids")},
        Hostile{"Number", "7", "", in_vocab("vocabulary is not a JSON object of pieces and ids")},
        Hostile{"Nested", R"({"a": {"b": 0}})", "",
                in_vocab("id of the piece 'a' is not a whole number from 0")},
        Hostile{"DeeplyNested", std::string(100000, '['), "",
                in_vocab("vocabulary is not a JSON object of pieces and ids")},
        Hostile{"StringId", R"({"a": "0"})", "",
                in_vocab("id of the piece 'a' is not a whole number from 0")},
        Hostile{"NegativeId", R"({"a": -1})", "",
                in_vocab("id of the piece 'a' is not a whole number from 0")},
        Hostile{"FractionId", R"({"a": 0.5})", "",
                in_vocab("id of the piece 'a' is not a whole number from 0")},
        Hostile{"NullId", R"({"a": null})", "", in_vocab("id of the piece 'a' is not a whole number from 0")},
        Hostile{"HugeId", R"({"a": 0, "b": 4294967297})", "",
                in_vocab("id 4294967297 of the piece 'b' is not below the number of pieces, 2")},
        Hostile{"IdBeyond64Bits", R"({"a": 99999999999999999999})", "",
                in_vocab("id of the piece 'a' is not a whole number from 0")},
        Hostile{"SameIdTwice", R"({"a": 0, "b": 0})", "",
                in_vocab("id 0 of the piece 'b' is also that of 'a'")},
        Hostile{"HoleInTheIds", R"({"a": 0, "b": 2})", "",
                in_vocab("id 2 of the piece 'b' is not below the number of pieces, 2")},
        Hostile{"SamePieceTwice", R"({"a": 0, "a": 1})", "",
                std::string("vocabulary has the piece 'a' twice, vocab.json") + kOther},
        Hostile{"NoPieces", "{}", "",
                std::string("vocabulary lacks the byte piece '\u0100', vocab.json") + kOther},
        Hostile{"MissingByte", R"({"a": 0})", "",
                std::string("vocabulary lacks the byte piece '\u0100', vocab.json") + kOther},
        Hostile{"ClipWithoutWordEnds", byte_vocabulary({"dog</w>"}), "",
                std::string("vocabulary lacks the byte piece '\u0100</w>', vocab.json") + kOther},
        Hostile{"LongPieceIsCut", "{\"" + std::string(1000, 'x') + "\": -1}", "",
                in_vocab("id of the piece '" + std::string(40, 'x') + "...' is not a whole number from 0")}),
    [](const ::testing::TestParamInfo<Hostile>& instance) { return instance.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Merges, HostileHuggingFace,
    ::testing::Values(Hostile{"OnePiece", byte_vocabulary({}), "#version: 0.2\nab\n", no_merge(2)},
                      Hostile{"ThreePieces", byte_vocabulary({}), "a b c\n", no_merge(1)},
                      Hostile{"LeadingSpace", byte_vocabulary({}), " a b\n", no_merge(1)},
                      Hostile{"TrailingSpace", byte_vocabulary({}), "a \n", no_merge(1)},
                      Hostile{"BlankLineWithin", byte_vocabulary({"ab", "bc"}), "a b\n\nb c\n", no_merge(2)},
                      Hostile{"UnknownLeft", byte_vocabulary({}), "#version: 0.2\nxx y\n",
                              broken_merge("merge of 'xx', which is not in the vocabulary", 2)},
                      Hostile{"UnknownRight", byte_vocabulary({}), "x yy\n",
                              broken_merge("merge of 'yy', which is not in the vocabulary", 1)},
                      Hostile{"UnknownWhole", byte_vocabulary({}), "x y\n",
                              broken_merge("merge into 'xy', which is not in the vocabulary", 1)},
                      Hostile{"NotUtf8", byte_vocabulary({}), "x \xff\n",
                              broken_merge("merge of '\ufffd', which is not in the vocabulary", 1)},
                      Hostile{"MergeTwice", byte_vocabulary({"ab", "bc"}), "a b\nb c\na b\n",
                              broken_merge("merge of 'a' and 'b' is listed twice", 3)}),
    [](const ::testing::TestParamInfo<Hostile>& instance) { return instance.param.name; });

TEST(HuggingFaceMerges, MayEndInBlankLinesAndCarriageReturns) {
  const testing::TemporaryFolder folder;
  folder.write("vocab.json", byte_vocabulary({"ab", "abc"}));
  folder.write("merges.txt", "#version: 0.2\r\na b\r\nab c\r\n\r\n");
  EXPECT_EQ(load_tokenizer(folder.path())->encode("abc"), std::vector<int32_t>{257});
}

TEST(HuggingFaceFiles, MayBeFolders) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "vocab.json");
  folder.write("merges.txt", "");
  EXPECT_NE(error_of(folder), "no error");
}

TEST(ClipVocabulary, NeedsStartAndEnd) {
  std::vector<std::string> more;
  more.reserve(256);
  for (int byte = 0; byte < 256; ++byte) more.push_back(byte_spelling(static_cast<uint8_t>(byte)) + "</w>");
  const testing::TemporaryFolder folder;
  folder.write("merges.txt", "");
  folder.write("vocab.json", byte_vocabulary(more));
  EXPECT_EQ(error_of(folder),
            std::string("vocabulary lacks the piece '<|startoftext|>', vocab.json") + kOther);
  more.emplace_back("<|startoftext|>");
  folder.write("vocab.json", byte_vocabulary(more));
  EXPECT_EQ(error_of(folder), std::string("vocabulary lacks the piece '<|endoftext|>', vocab.json") + kOther);
}

std::string error_of_openai_file(const std::string& content) {
  const testing::TemporaryFolder folder;
  folder.write("bpe_simple_vocab_16e6.txt.gz", content);
  return error_of(folder);
}

TEST(HostileOpenAiVocabulary, Gzip) {
  const std::string at = ", bpe_simple_vocab_16e6.txt.gz; download it again";
  const std::string good = gzipped("header\na b\nab c</w>\n");
  EXPECT_EQ(error_of_openai_file(good), "no error");
  EXPECT_EQ(error_of_openai_file(""), "not gzip data" + at);
  EXPECT_EQ(error_of_openai_file("header\na b\n"), "not gzip data" + at);
  for (const size_t size : {size_t{2}, size_t{10}, good.size() / 2, good.size() - 8, good.size() - 1}) {
    EXPECT_EQ(error_of_openai_file(good.substr(0, size)), "truncated or corrupt gzip data" + at) << size;
  }
  std::string flipped = good;
  flipped[good.size() - 6] ^= 1;  // the checksum
  EXPECT_EQ(error_of_openai_file(flipped), "truncated or corrupt gzip data" + at);
}

TEST(Gunzip, StopsAtItsLimit) {
  const std::string bomb = gzipped(std::string(1000001, 'x'));
  EXPECT_LT(bomb.size(), 2000U);
  EXPECT_EQ(gunzip(bomb, 1000001, "f").size(), 1000001U);
  try {
    gunzip(bomb, 1000000, "f");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "unpacks to more than 1000000 bytes, f; download it again");
  }
}

TEST(HostileOpenAiVocabulary, Merges) {
  const std::string file = "bpe_simple_vocab_16e6.txt.gz";
  EXPECT_EQ(error_of_openai_file(gzipped("header\na b\nfoo bar\n")),
            "merge of 'foo', which is not in the vocabulary, " + file + ":3" + kOther);
  EXPECT_EQ(error_of_openai_file(gzipped("header\na\n")),
            "merge is not two pieces with a space between, " + file + ":2" + kAgain);
  EXPECT_EQ(error_of_openai_file(gzipped("header\na b\na b\n")),
            "vocabulary has the piece 'ab' twice, " + file + kOther);
  EXPECT_EQ(error_of_openai_file(gzipped("header\n< |startoftext|>\n")),
            "vocabulary has the piece '<|startoftext|>' twice, " + file + kOther);
}

}  // namespace
}  // namespace kiloword
