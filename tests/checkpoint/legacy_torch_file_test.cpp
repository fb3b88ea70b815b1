// The reader of the files of PyTorch before 1.6 against damaged ones; torch_archive_test.cpp compares an
// intact one with PyTorch.

#include "checkpoint/legacy_torch_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

std::string whole_file() {
  std::ifstream file(std::string(KILOWORD_TESTS_DIR) + "/checkpoint/data/legacy.pt", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string error_of(const std::string& bytes) {
  std::deque<std::string> copies;
  try {
    parse_legacy_torch_file(bytes, copies);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    return error.message();
  }
  return "no error";
}

/// `whole` with one replacement, of the last `from` in it where `last`.
std::string replaced(std::string whole, const std::string& from, const std::string& to, bool last = false) {
  const size_t at = last ? whole.rfind(from) : whole.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return whole.replace(at, from.size(), to);
}

/// The file's only storage of 24 elements: its key, and where the key last stands, in the list of storages.
struct LargestStorage {
  std::string key;
  size_t listed_at = 0;
};

LargestStorage largest_storage(const std::string& whole) {
  // ("storage", FloatStorage, key, "cpu", 24, None): the key is the text before "cpu" and 24 is K\x18.
  const size_t count = whole.find("K\x18N");
  EXPECT_NE(count, std::string::npos);
  const size_t key_mark = whole.rfind('X', whole.rfind("h\x07", count) - 3);
  const auto length = static_cast<size_t>(static_cast<unsigned char>(whole[key_mark + 1]));
  LargestStorage storage;
  storage.key = whole.substr(key_mark + 5, length);
  storage.listed_at = whole.rfind(storage.key);
  return storage;
}

TEST(LegacyTorchFile, IntactOneHasNoError) {
  EXPECT_EQ(error_of(whole_file()), "no error");
  EXPECT_TRUE(looks_like_legacy_torch_file(whole_file()));
}

TEST(LegacyTorchFile, CutAnywhereIsAnError) {
  const std::string whole = whole_file();
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(error_of(whole.substr(0, length)), "no error") << length;
}

TEST(LegacyTorchFile, ChangedBytesNeverCrash) {
  const std::string whole = whole_file();
  size_t refused = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char value : {'\x00', '\x2e', '\x7f', '\xff'}) {
      std::string bytes = whole;
      bytes[at] = value;
      if (error_of(bytes) != "no error") ++refused;
    }
  }
  EXPECT_GT(refused, whole.size());
}

TEST(LegacyTorchFile, SaysWhatIsWrong) {
  const std::string whole = whole_file();
  EXPECT_EQ(error_of(whole + "more"), "PyTorch file has 4 bytes after its end");
  EXPECT_EQ(error_of("\x80\x02K\x01."), "not a file of PyTorch before 1.6");
  EXPECT_EQ(error_of(replaced(whole, "M\xe9\x03", "M\xea\x03")),
            "PyTorch file is not of version 1001, the only one before PyTorch 1.6");
  EXPECT_EQ(error_of(replaced(whole, "q\x02\x88", "q\x02\x89")),
            "checkpoint was written on a big-endian machine");
  EXPECT_EQ(error_of(replaced(whole, "little_endian", "middle_endian")),
            "PyTorch file does not state its byte order");
  EXPECT_EQ(error_of(replaced(whole, "FloatStorage", "FlautStorage")),
            "a tensor has the unknown storage type \"torch FlautStorage\"");
}

TEST(LegacyTorchFile, StoragesAreThoseThatTensorsName) {
  const std::string whole = whole_file();
  const LargestStorage storage = largest_storage(whole);
  std::string other_key = whole;
  other_key[storage.listed_at] = 'x';
  EXPECT_EQ(error_of(other_key), "storage \"" + other_key.substr(storage.listed_at, storage.key.size()) +
                                     "\" belongs to no tensor");
  EXPECT_EQ(error_of(replaced(whole, "K\x18N", "K\x17N")).substr(0, 7), "storage");
  EXPECT_NE(error_of(replaced(whole, "K\x18N", "K\x19N")), "no error");
  // A part of another storage instead of None.
  EXPECT_EQ(error_of(replaced(whole, "K\x18Nt", "K\x18)t")),
            "a tensor is a part of another storage, which PyTorch before 0.4 wrote");
}

/// The first storage's number of elements set to one that overflows.
TEST(LegacyTorchFile, HugeStorage) {
  const std::string whole = whole_file();
  const size_t data = whole.rfind("e.") + 2;
  std::string huge = whole;
  huge.replace(data, 8, std::string(8, '\x7f'));
  EXPECT_NE(error_of(huge).find("has 9187201950435737471 elements, its tensors expect"), std::string::npos)
      << error_of(huge);
}

}  // namespace
}  // namespace kiloword
