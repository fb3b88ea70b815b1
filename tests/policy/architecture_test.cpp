// Holds ARCHITECTURE.md's table of modules, and what CMake is told that libraries depend on, against the
// includes.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "policy/source_tree.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using testing::library_sources;
using testing::read_lines;
using testing::SourceFile;

using Names = std::set<std::string>;

const fs::path kRoot(KILOWORD_SOURCE_DIR);

Names words_of(const std::string& text, const std::string& pattern) {
  Names words;
  const std::regex word(pattern);
  for (std::sregex_iterator match(text.begin(), text.end(), word), end; match != end; ++match) {
    words.insert(match->str());
  }
  return words;
}

/// A row of the table.
struct ModuleRow {
  std::string name;
  Names includes;
  std::string libraries;
};

/// "| `name` | modules whose headers it includes | libraries that it knows | what it holds |"
std::vector<ModuleRow> table_rows() {
  std::vector<ModuleRow> rows;
  const std::regex row(R"(^\| `([a-z]+)` \| ([^|]*) \| ([^|]*) \|.*)");
  bool is_table = false;
  for (const std::string& line : read_lines(kRoot / "ARCHITECTURE.md")) {
    if (line.rfind("## ", 0) == 0) is_table = line.rfind("## Modules", 0) == 0;
    std::smatch match;
    if (is_table && std::regex_match(line, match, row)) {
      rows.push_back({match[1], words_of(match[2], "[a-z]+"), match[3]});
    }
  }
  return rows;
}

/// The files of the project that each file includes.
using Includes = std::map<std::string, Names>;

const Includes& direct_includes() {
  static const Includes kIncludes = [] {
    Includes includes;
    const std::regex include("^#include \"([^\"]+\\.h)\"");
    for (const SourceFile& source : library_sources()) {
      Names& found = includes[source.name];
      for (const std::string& line : source.lines) {
        std::smatch match;
        if (!std::regex_search(line, match, include)) continue;
        const std::string path = match[1];
        const std::string file = (path.rfind("kiloword/", 0) == 0 ? "include/" : "src/") + path;
        if (fs::exists(kRoot / file)) found.insert(file);
      }
    }
    return includes;
  }();
  return kIncludes;
}

/// "src/clip/config.h" and "include/kiloword/clip/model_info.h" are clip's.
std::string module_of(const std::string& file) {
  const std::string rest =
      file.substr(file.rfind("src/", 0) == 0 ? 4 : std::string("include/kiloword/").size());
  return rest.substr(0, rest.find('/'));
}

/// The modules whose headers `files` include, headers of headers among them.
Names modules_reached(const std::vector<std::string>& files) {
  Names seen;
  std::vector<std::string> open(files);
  while (!open.empty()) {
    const std::string file = open.back();
    open.pop_back();
    const auto found = direct_includes().find(file);
    if (found == direct_includes().end()) continue;
    for (const std::string& header : found->second) {
      if (seen.insert(header).second) open.push_back(header);
    }
  }
  Names modules;
  for (const std::string& header : seen) modules.insert(module_of(header));
  return modules;
}

/// A library as a CMakeLists.txt declares it.
struct Library {
  std::string module;
  std::vector<std::string> sources;
  Names depends;
};

std::map<std::string, Library> declared_libraries() {
  std::map<std::string, Library> libraries;
  const std::regex call(R"(kiloword_module\(([^)]*)\))");
  for (const auto& entry : fs::directory_iterator(kRoot / "src")) {
    std::string text;
    for (const std::string& line : read_lines(entry.path() / "CMakeLists.txt")) {
      text += line.substr(0, line.find('#')) + "\n";
    }
    const std::string module = entry.path().filename().string();
    for (std::sregex_iterator match(text.begin(), text.end(), call), end; match != end; ++match) {
      std::istringstream words((*match)[1].str());
      std::string name;
      words >> name;
      Library& library = libraries[name];
      library.module = module;
      std::string part;
      for (std::string word; words >> word;) {
        if (word == "SOURCES" || word == "DEPENDS" || word == "LINK" || word == "TORCH") {
          part = word;
        } else if (part == "DEPENDS") {
          library.depends.insert(word);
        } else if (part == "SOURCES" && fs::path(word).extension() == ".cpp") {
          library.sources.push_back("src/" + module + "/" + word);
        }
      }
    }
  }
  return libraries;
}

void add_with_dependencies(const std::map<std::string, Library>& libraries, const std::string& name,
                           Names& reached) {
  if (!reached.insert(name).second) return;
  for (const std::string& below : libraries.at(name).depends)
    add_with_dependencies(libraries, below, reached);
}

std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

TEST(Architecture, TheTableSaysWhatEachModuleIncludes) {
  std::map<std::string, Names> actual;
  for (const auto& [file, headers] : direct_includes()) {
    Names& modules = actual[module_of(file)];
    for (const std::string& header : headers) {
      if (module_of(header) != module_of(file)) modules.insert(module_of(header));
    }
  }
  const std::vector<ModuleRow> rows = table_rows();
  ASSERT_GT(rows.size(), 15U);
  Names above;
  for (const ModuleRow& row : rows) {
    EXPECT_EQ(joined(row.includes), joined(actual[row.name])) << row.name;
    for (const std::string& below : row.includes) {
      EXPECT_TRUE(above.count(below) > 0) << row.name << " includes " << below << ", which is not above it";
    }
    above.insert(row.name);
  }
  for (const auto& [module, modules] : actual)
    EXPECT_TRUE(above.count(module) > 0) << module << " has no row";
}

TEST(Architecture, LibrariesDependOnWhatTheyInclude) {
  const std::map<std::string, Library> libraries = declared_libraries();
  ASSERT_GT(libraries.size(), 15U);
  for (const auto& [name, library] : libraries) {
    Names reached;
    add_with_dependencies(libraries, name, reached);
    Names declared;
    for (const std::string& below : reached) declared.insert(libraries.at(below).module);
    const Names used = modules_reached(library.sources);
    for (const std::string& module : used) {
      EXPECT_TRUE(declared.count(module) > 0) << name << " includes headers of " << module;
    }
    for (const std::string& below : library.depends) {
      const std::string& module = libraries.at(below).module;
      const bool is_used = module == library.module || used.count(module) > 0;
      EXPECT_TRUE(is_used) << name << " depends on " << below << " and includes nothing of it";
    }
  }
}

TEST(Architecture, EachThirdPartyIsKnownToItsModulesOnly) {
  const std::map<std::string, std::string> names{
      {"<(CLI|cli11)/", "CLI11"}, {"<(torch|ATen|c10)/", "libtorch"},
      {"<opencv2/", "OpenCV"},    {"<sentencepiece", "sentencepiece"},
      {"<gif_lib", "giflib"},     {"<jpeglib", "libjpeg"},
      {"<png\\.h", "libpng"},     {"<tiffio", "libtiff"},
      {"<xxhash", "xxHash"},      {"<zlib", "zlib"},
      {"<lcms2", "Little CMS"},   {"<curl/", "libcurl"},
      {"<openssl/", "libcrypto"}, {"<boost/", "Boost"},
      {"<archive", "libarchive"}, {"<nlohmann/", "json"},
      {"<webp/", "libwebp"},      {"<openjpeg", "OpenJPEG"},
      {"<libheif/", "libheif"},   {"<jxl/", "libjxl"},
      {"<libraw/", "LibRaw"},     {"<tesseract/", "Tesseract"},
      {"<unicode/", "ICU"},
  };
  std::map<std::string, std::string> libraries;
  for (const ModuleRow& row : table_rows()) libraries[row.name] = row.libraries;
  for (const auto& [pattern, name] : names) {
    const std::regex include("^#include " + pattern);
    Names modules;
    for (const SourceFile& source : library_sources()) {
      for (const std::string& line : source.lines) {
        if (std::regex_search(line, include)) modules.insert(source.module);
      }
    }
    for (const auto& [module, known] : libraries) {
      EXPECT_EQ(known.find(name) != std::string::npos, modules.count(module) > 0) << module << ", " << name;
    }
  }
}

// The first include of a source is its header, so that this compiles by itself; CMake compiles those without
// a source.
TEST(Architecture, EachHeaderIsTheFirstIncludeOfItsSource) {
  const std::regex include("^#include (.*)$");
  for (const SourceFile& source : library_sources()) {
    if (fs::path(source.name).extension() != ".cpp") continue;
    const std::string own = fs::path(source.name.substr(4)).replace_extension(".h").string();
    const bool is_public = fs::exists(kRoot / "include/kiloword" / own);
    if (!is_public && !fs::exists(kRoot / "src" / own)) continue;
    const auto first = std::find_if(source.lines.begin(), source.lines.end(), [&](const std::string& line) {
      return std::regex_search(line, include);
    });
    ASSERT_NE(first, source.lines.end()) << source.name;
    EXPECT_EQ(*first, "#include \"" + std::string(is_public ? "kiloword/" : "") + own + "\"") << source.name;
  }
}

TEST(Architecture, PrivateHeadersStayPrivate) {
  for (const auto& [file, headers] : direct_includes()) {
    for (const std::string& header : headers) {
      const bool is_private = header.rfind("src/", 0) == 0;
      EXPECT_FALSE(is_private && module_of(header) != module_of(file)) << file << " includes " << header;
      EXPECT_FALSE(is_private && file.rfind("include/", 0) == 0) << file << " includes " << header;
    }
  }
}

// Whoever includes an installed header finds all that it includes.
TEST(Architecture, InstalledHeadersIncludeInstalledOnesAlone) {
  Names installed{"include/kiloword/base/version.h"};
  bool is_list = false;
  for (const std::string& line : read_lines(kRoot / "src/engine/CMakeLists.txt")) {
    if (line.rfind("set(public_headers", 0) == 0) is_list = true;
    if (!is_list) continue;
    for (const std::string& header : words_of(line, "[a-z_]+/[a-z_]+\\.h")) {
      installed.insert("include/kiloword/" + header);
    }
    if (line.find(')') != std::string::npos) break;
  }
  ASSERT_GT(installed.size(), 8U);
  for (const std::string& header : installed) {
    const auto found = direct_includes().find(header);
    if (found == direct_includes().end()) continue;
    for (const std::string& below : found->second) {
      EXPECT_TRUE(installed.count(below) > 0) << header << " includes " << below;
    }
  }
}

}  // namespace
}  // namespace kiloword
