#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/run_program.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {

/// Runs kiloword with a cache folder of the test's own.
class CliTest : public ::testing::Test {
 protected:
  ProgramResult run(std::vector<std::string> arguments, ProgramSetup setup = {}) const {
    arguments.insert(arguments.begin(), KILOWORD_PROGRAM);
    setup.environment.emplace_back("XDG_CACHE_HOME", cache_folder());
    setup.environment.emplace_back("XDG_DATA_HOME", path("data"));
    setup.environment.emplace_back("XDG_CONFIG_HOME", path("config"));
    const std::vector<std::string> own{"HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN",
                                       "HF_HUB_OFFLINE"};
    for (const std::string& name : own) setup.environment.insert(setup.environment.begin(), {name, ""});
    ProgramResult result = run_program(arguments, setup);
    result.err = without_progress(result.err);
    return result;
  }

  /// `text` without lines of progress, which appear only on a slow machine or under a sanitizer. (By hand:
  /// GCC 12 warns of a regular expression under sanitizers.)
  static std::string without_progress(std::string text) {
    const std::string progress = "kiloword: embedding label texts";
    for (size_t at = text.find(progress); at != std::string::npos; at = text.find(progress, at)) {
      const size_t end = text.find('\n', at);
      text.erase(at, end == std::string::npos ? end : end + 1 - at);
    }
    return text;
  }

  /// A plain-text picture: grey stripes, wider with `seed`.
  std::string picture(const std::string& name, int width = 40, int height = 30, int seed = 1) const {
    std::string text = "P3 " + std::to_string(width) + " " + std::to_string(height) + " 255\n";
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const std::string grey = std::to_string((x * seed + y * 7) % 256);
        text += grey + " " + grey + " " + std::to_string((y * 5) % 256) + "\n";
      }
    }
    return folder_.write(name, text).string();
  }

  virtual std::string cache_folder() const { return path("cache"); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  static std::vector<nlohmann::json> records_of(const ProgramResult& result) {
    std::vector<nlohmann::json> records;
    for (const std::string& line : lines_of(result.out)) records.push_back(nlohmann::json::parse(line));
    return records;
  }

  TemporaryFolder folder_;
};

}  // namespace kiloword::testing
