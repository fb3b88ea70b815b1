#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace kiloword::testing {

/// A source file of the project.
struct SourceFile {
  std::string name;    ///< relative to the source tree
  std::string module;  ///< the folder below include/kiloword or src
  std::vector<std::string> lines;
};

inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Every .h and .cpp file below `folders`.
inline std::vector<SourceFile> read_sources(const std::vector<std::string>& folders) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> sources;
  const fs::path root(KILOWORD_SOURCE_DIR);
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".h" && path.extension() != ".cpp") continue;
      sources.push_back({fs::relative(path, root).string(),
                         fs::relative(path, root / folder).begin()->string(), read_lines(path)});
    }
  }
  return sources;
}

/// The sources of the libraries and the program.
inline const std::vector<SourceFile>& library_sources() {
  static const std::vector<SourceFile> kSources = read_sources({"include/kiloword", "src"});
  return kSources;
}

}  // namespace kiloword::testing
