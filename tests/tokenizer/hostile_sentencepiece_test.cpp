// SentencePiece models that are wrong in one way each: a clear error instead of a crash in the library.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"
#include "tokenizer/sentencepiece_model_check.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

std::string little_endian(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  return bytes;
}

/// A length-delimited protobuf field.
std::string field(unsigned number, const std::string& content) {
  std::string bytes(1, static_cast<char>(number << 3 | 2));
  size_t size = content.size();
  for (; size >= 0x80; size >>= 7) bytes += static_cast<char>(static_cast<unsigned char>(size | 0x80));
  return bytes + static_cast<char>(size) + content;
}

/// A piece of a model; type 1 is normal, 2 unknown.
std::string piece(const std::string& text, float score = 0, int type = 1) {
  uint32_t bits = 0;
  std::memcpy(&bits, &score, sizeof bits);
  return field(1, field(1, text) + "\x15" + little_endian(bits) + "\x18" + static_cast<char>(type));
}

const std::string kGood = piece("<unk>", 0, 2) + piece("a", -1);

std::string with_character_map(const std::vector<uint32_t>& units, const std::string& replacements) {
  std::string map = little_endian(static_cast<uint32_t>(4 * units.size()));
  for (const uint32_t unit : units) map += little_endian(unit);
  return kGood + field(3, field(2, map + replacements));
}

constexpr uint32_t kHasValue = 1U << 8;
constexpr uint32_t kLeaf = 1U << 31;

/// A unit at `at` with the label `byte` and children from `base` on.
uint32_t unit(uint32_t at, uint32_t byte, uint32_t base) {
  return byte | ((at ^ base) << 10);
}

/// A trie without keys, of `blocks` times 256 units; the root's children start at 256.
std::vector<uint32_t> empty_trie(size_t blocks) {
  std::vector<uint32_t> units(256 * blocks, kLeaf);
  units[0] = unit(0, 0, 256);
  return units;
}

/// A trie of the key "a", whose value lies at 512.
std::vector<uint32_t> trie_of_a(uint32_t unit_of_a) {
  std::vector<uint32_t> units = empty_trie(3);
  units[256 + 'a'] = unit_of_a;
  return units;
}

std::string error_of(const std::string& model) {
  const testing::TemporaryFolder folder;
  const auto path = folder.write("m.model", model);
  try {
    load_tokenizer(path)->encode("a photo");
    return "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where(), path.string());
    EXPECT_EQ(error.remedy(), "download the tokenizer files again");
    return error.message();
  }
}

std::string unusable(const std::string& why) {
  return "not a usable SentencePiece model: " + why;
}

TEST(HostileSentencePiece, Pieces) {
  EXPECT_EQ(error_of(kGood), "no error");
  EXPECT_EQ(error_of(""), unusable("it has no pieces"));
  EXPECT_EQ(error_of("not a model"), unusable("it is truncated or corrupt"));
  EXPECT_EQ(error_of(kGood.substr(0, kGood.size() - 1)), unusable("it is truncated or corrupt"));
  EXPECT_EQ(error_of(std::string(100, '\xff')), unusable("it is truncated or corrupt"));
  EXPECT_EQ(error_of(kGood + piece("a\xff")), unusable("a piece is not text in UTF-8"));
  EXPECT_EQ(error_of(kGood + piece(std::string("a\0b", 3))), unusable("a piece is not text in UTF-8"));
  EXPECT_EQ(error_of(kGood + piece(std::string(1025, 'x'))), unusable("a piece is longer than 1024 bytes"));
  EXPECT_EQ(error_of(kGood + piece("b", std::nanf(""))), unusable("a piece's score is not a number"));
  EXPECT_EQ(error_of(kGood + piece("b", std::numeric_limits<float>::infinity())),
            unusable("a piece's score is not a number"));
  EXPECT_EQ(error_of(kGood + field(1, "\x0a\x05x")), unusable("a piece is corrupt"));
  EXPECT_EQ(error_of(kGood + field(4, std::string(65537, 'x'))),
            unusable("its self-test is longer than 65536 bytes"));
}

TEST(HostileSentencePiece, WhatTheLibraryFinds) {
  EXPECT_EQ(error_of(piece("a")), unusable("unk is not defined."));
  EXPECT_EQ(error_of(kGood + piece("a")), unusable("a is already defined."));
  EXPECT_EQ(error_of(kGood + piece("")), unusable("piece must not be empty."));
}

TEST(HostileSentencePiece, CharacterMap) {
  const std::string corrupt = unusable("its character map is corrupt");
  const std::vector<uint32_t> empty = empty_trie(2);
  EXPECT_EQ(error_of(with_character_map(empty, std::string("b\0", 2))), "no error");
  EXPECT_EQ(error_of(with_character_map(empty, "b")), corrupt) << "no NUL at the end";
  EXPECT_EQ(error_of(with_character_map(empty, "")), corrupt) << "no replacements";
  EXPECT_EQ(error_of(with_character_map({}, std::string("b\0", 2))), corrupt) << "no root";
  EXPECT_EQ(error_of(with_character_map({0}, std::string("b\0", 2))), corrupt) << "children outside";
  EXPECT_EQ(error_of(with_character_map(empty_trie(1), std::string("b\0", 2))), corrupt)
      << "children outside";
  EXPECT_EQ(error_of(kGood + field(3, field(2, "abc"))), corrupt) << "shorter than its size field";
  EXPECT_EQ(error_of(kGood + field(3, field(2, little_endian(1000) + std::string(20, '\0')))), corrupt);
  EXPECT_EQ(error_of(kGood + field(3, "\x12\x50")), unusable("its normalizer is corrupt"));
}

TEST(HostileSentencePiece, CharacterMapThatLeadsAstray) {
  const std::string corrupt = unusable("its character map is corrupt");
  const std::string replacements("b\0", 2);
  constexpr uint32_t kAt = 256 + 'a';
  std::vector<uint32_t> units = trie_of_a(unit(kAt, 'a', 512) | kHasValue);
  EXPECT_EQ(error_of(with_character_map(units, replacements)), "no error");
  EXPECT_EQ(error_of(with_character_map(units, std::string(257, 'b') + '\0')), corrupt)
      << "endless replacement";
  units[512] = kLeaf | 2;
  EXPECT_EQ(error_of(with_character_map(units, replacements)), corrupt) << "value outside";
  units = trie_of_a(unit(kAt, 'a', 256));
  EXPECT_EQ(error_of(with_character_map(units, replacements)), corrupt) << "loop to the root";
  units = trie_of_a(unit(kAt, 'a', 0x20000));
  EXPECT_EQ(error_of(with_character_map(units, replacements)), corrupt) << "far outside";
}

/// 33 values on one way: the library has room for 32.
TEST(HostileSentencePiece, CharacterMapWithTooManyPrefixes) {
  for (const size_t keys : {size_t{32}, size_t{33}}) {
    std::vector<uint32_t> units = empty_trie(keys + 2);
    for (uint32_t depth = 1; depth <= keys; ++depth) {
      const uint32_t at = 256 * depth + 'a';
      units[at] = unit(at, 'a', 256 * (depth + 1)) | kHasValue;
    }
    EXPECT_EQ(find_sentencepiece_flaw(with_character_map(units, std::string("b\0", 2))),
              keys == 32 ? "" : "its character map is corrupt");
  }
}

/// Flipped bits are refused or give a tokenizer that works; they never end the process.
TEST(HostileSentencePiece, RandomDamage) {
  std::mt19937 random(7);
  for (const char* name : {"tiny_unigram.model", "tiny_bpe.model"}) {
    const std::string good = read_file(testing::tiny_vocabulary(name), uint64_t{1} << 20, ErrorKind::kModel);
    for (int round = 0; round < 300; ++round) {
      std::string model = good;
      for (auto flips = 1 + random() % 8; flips > 0; --flips) {
        char& byte = model[random() % model.size()];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (random() % 8)));
      }
      if (round % 4 == 0) model.resize(random() % model.size());
      const testing::TemporaryFolder folder;
      try {
        const auto tokenizer = load_tokenizer(folder.write("m.model", model));
        tokenizer->decode(tokenizer->encode(testing::random_text(static_cast<unsigned>(round), 100)));
      } catch (const Error& error) {
        EXPECT_NE(error.message(), "");
      }
    }
  }
}

}  // namespace
}  // namespace kiloword
