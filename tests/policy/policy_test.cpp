// The house rules that a compiler does not check: who may print, file length, names of types.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "policy/source_tree.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using testing::library_sources;
using testing::read_sources;
using testing::SourceFile;

/// Calls `check(source, line, match)` for every match of `pattern`.
template <typename Check>
void for_each_match(const std::vector<SourceFile>& sources, const std::string& pattern, Check check) {
  const std::regex regex(pattern);
  for (const SourceFile& source : sources) {
    for (size_t i = 0; i < source.lines.size(); ++i) {
      std::smatch match;
      if (std::regex_search(source.lines[i], match, regex)) {
        check(source, source.name + ":" + std::to_string(i + 1), match);
      }
    }
  }
}

TEST(Policy, LibraryHeadersOfThePublicInterfaceHideThirdParties) {
  for_each_match(read_sources({"include/kiloword"}),
                 "#include <(opencv2|CLI|nlohmann|gif_lib|sentencepiece|archive|curl|openssl|boost)",
                 [](const SourceFile&, const std::string& place, const std::smatch& match) {
                   ADD_FAILURE() << place << ": " << match.str() << " in a public header";
                 });
}

TEST(Policy, OnlyTheCommandLinePrintsOrExits) {
  for_each_match(library_sources(),
                 R"(\b(std::(cout|cerr|clog) *<<|printf\(|puts\(|std::exit|abort\(\)|_exit\())",
                 [](const SourceFile& source, const std::string& place, const std::smatch& match) {
                   if (source.name == "src/base/interrupt.cpp") return;  // what an interrupt asks for
                   EXPECT_EQ(source.module, "cli") << place << ": " << match.str();
                 });
}

// Two types of one name in one namespace let the linker take the functions of one for the other's.
TEST(Policy, TypesInHeadersHaveNamesOfTheirOwn) {
  std::map<std::string, std::string> seen;
  for_each_match(library_sources(), R"(^(?:struct|class) (\w+)(?: final)? ?(?::[^:;]*)?\{)",
                 [&seen](const SourceFile& source, const std::string& place, const std::smatch& match) {
                   if (fs::path(source.name).extension() != ".h") return;
                   const auto [entry, is_new] = seen.emplace(match[1], place);
                   EXPECT_TRUE(is_new) << match[1] << " at " << place << " and at " << entry->second;
                 });
  EXPECT_GT(seen.size(), 60U);
}

TEST(Policy, FilesAreShort) {
  constexpr size_t kMaxLines = 400;
  for (const SourceFile& source : read_sources({"include/kiloword", "src", "tests", "bench"})) {
    EXPECT_LE(source.lines.size(), kMaxLines) << source.name;
  }
}

// The docs call scripts by their names alone.
TEST(Policy, ScriptsWithAnInterpreterAreExecutable) {
  size_t count = 0;
  const fs::path root(KILOWORD_SOURCE_DIR);
  for (const char* folder : {"bench", "python", "scripts", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file()) continue;
      std::array<char, 2> start{};
      std::ifstream(entry.path()).read(start.data(), start.size());
      if (start != std::array<char, 2>{'#', '!'}) continue;
      ++count;
      EXPECT_NE(entry.status().permissions() & fs::perms::owner_exec, fs::perms::none) << entry.path();
    }
  }
  EXPECT_GT(count, 30U);
}

TEST(Policy, NothingIsLeftForLater) {
  const std::string words = std::string("TO") + "DO\\b|FIX" + "ME\\b|XX" + "X\\b|DIS" + "ABLED_";
  for_each_match(read_sources({"include/kiloword", "src", "tests", "bench"}), "\\b(" + words + ")",
                 [](const SourceFile&, const std::string& place, const std::smatch& match) {
                   ADD_FAILURE() << place << ": " << match.str();
                 });
}

}  // namespace
}  // namespace kiloword
