// The house rules that a compiler does not check: layers, who may print, which library is known where, file
// length.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace kiloword {
namespace {

namespace fs = std::filesystem;

struct SourceFile {
  std::string name;    // relative to the source tree
  std::string module;  // the folder below include/kiloword or src
  std::vector<std::string> lines;
};

std::vector<SourceFile> read_sources(const std::vector<std::string>& folders) {
  std::vector<SourceFile> sources;
  const fs::path root(KILOWORD_SOURCE_DIR);
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".h" && path.extension() != ".cpp") continue;
      SourceFile source{
          fs::relative(path, root).string(), fs::relative(path, root / folder).begin()->string(), {}};
      std::ifstream stream(path);
      for (std::string line; std::getline(stream, line);) source.lines.push_back(line);
      sources.push_back(std::move(source));
    }
  }
  return sources;
}

const std::vector<SourceFile>& library_sources() {
  static const std::vector<SourceFile> kSources = read_sources({"include/kiloword", "src"});
  return kSources;
}

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

/// Which other modules' headers a module may include.
const std::map<std::string, std::set<std::string>>& allowed_includes() {
  static const std::map<std::string, std::set<std::string>> kAllowed{
      {"base", {}},
      {"image", {"base"}},
      {"text", {"base"}},
      {"labels", {"base"}},
      {"caption", {"base", "labels"}},
      {"guided", {"base", "text", "lm"}},
      {"evaluation", {"base", "labels"}},
      {"checkpoint", {"base"}},
      {"nn", {"base", "checkpoint"}},
      {"clip", {"base", "image", "text", "checkpoint", "nn"}},
      {"lm", {"base", "text", "checkpoint", "nn"}},
      {"scoring", {"base", "labels", "clip"}},
      {"models", {"base"}},
      {"pipeline", {"base", "image", "labels", "caption", "guided", "clip", "scoring"}},
      {"engine", {"base", "image", "labels", "guided", "nn", "clip", "lm", "scoring", "models", "pipeline"}},
      {"batch", {"base", "image", "pipeline"}},
      {"report", {"base", "image", "pipeline", "batch"}},
      {"serve", {"base", "labels", "caption", "guided", "clip", "lm", "scoring", "pipeline"}},
      {"client", {"base"}},
      {"cli",
       {"base", "nn", "client", "image", "text", "labels", "caption", "guided", "evaluation", "clip", "lm",
        "scoring", "models", "pipeline", "engine", "batch", "report", "serve"}},
  };
  return kAllowed;
}

TEST(Policy, ModulesIncludeOnlyWhatStandsBelowThem) {
  ASSERT_GT(library_sources().size(), 50U);
  for_each_match(library_sources(), "#include \"kiloword/([a-z]+)/",
                 [](const SourceFile& source, const std::string& place, const std::smatch& match) {
                   const auto allowed = allowed_includes().find(source.module);
                   ASSERT_NE(allowed, allowed_includes().end()) << "unknown module of " << source.name;
                   EXPECT_TRUE(match[1] == source.module || allowed->second.count(match[1]) > 0)
                       << place << ": " << source.module << " must not include " << match[1];
                 });
}

TEST(Policy, EachLibraryIsKnownToItsModulesOnly) {
  const std::map<std::string, std::set<std::string>> homes{
      {"#include <(CLI|cli11)/", {"cli"}},
      {"#include <(torch|ATen|c10)/", {"nn", "clip", "lm", "cli"}},
      {"#include <opencv2/", {"image", "evaluation", "cli"}},
      {"#include <sentencepiece", {"text"}},
      {"#include <gif_lib", {"image"}},
      {"#include <xxhash", {"base"}},
      {"#include <zlib", {"image", "text"}},
      {"#include <lcms2", {"image"}},
      {"#include <curl/", {"models", "client"}},
      {"#include <openssl/", {"models"}},
      {"#include <boost/", {"serve"}},
  };
  for (const auto& [pattern, modules] : homes) {
    for_each_match(
        library_sources(), pattern,
        [modules = modules](const SourceFile& source, const std::string& place, const std::smatch& match) {
          EXPECT_TRUE(modules.count(source.module) > 0) << place << ": " << match.str();
        });
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

TEST(Policy, NothingIsLeftForLater) {
  const std::string words = std::string("TO") + "DO\\b|FIX" + "ME\\b|XX" + "X\\b|DIS" + "ABLED_";
  for_each_match(read_sources({"include/kiloword", "src", "tests", "bench"}), "\\b(" + words + ")",
                 [](const SourceFile&, const std::string& place, const std::smatch& match) {
                   ADD_FAILURE() << place << ": " << match.str();
                 });
}

}  // namespace
}  // namespace kiloword
