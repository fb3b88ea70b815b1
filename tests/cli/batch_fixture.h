#pragma once

#include <fstream>

#include "cli/cli_fixture.h"

namespace kiloword::testing {

/// Runs `kiloword batch` over pictures in the test's folder `in`.
class BatchTest : public CliTest {
 protected:
  /// One for all tests of the program: label embeddings are not what these are about.
  std::string cache_folder() const override {
    static const TemporaryFolder shared;
    return shared.path().string();
  }

  /// A small colourful picture, another one for each `seed`.
  void small_picture(const std::string& name, int seed) const {
    constexpr int kSide = 16;
    std::string bytes = "P6 " + std::to_string(kSide) + " " + std::to_string(kSide) + " 255\n";
    for (int i = 0; i < kSide * kSide * 3; ++i)
      bytes += static_cast<char>((i * (seed % 97 + 1) + seed * 31) % 251);
    folder_.write(name, bytes);
  }

  void small_pictures(int count) const {
    for (int i = 0; i < count; ++i) {
      std::string number = std::to_string(i);
      number.insert(0, 6 - number.size(), '0');
      small_picture("in/" + std::to_string(i % 7) + "/" + number + ".ppm", i);
    }
  }

  ProgramResult batch(const std::string& output, std::vector<std::string> more = {},
                      ProgramSetup setup = {}) const {
    std::vector<std::string> arguments{"batch", path("in"), "-o", path(output)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, std::move(setup));
  }

  std::string content(const std::string& name) const {
    std::ifstream stream(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// The rows of an output, without the time that each took: the one thing that differs from run to run.
  std::vector<std::string> rows(const std::string& name) const {
    std::vector<std::string> rows;
    for (const std::string& line : lines_of(content(name))) {
      auto row = nlohmann::ordered_json::parse(line);
      row.erase("ms");
      rows.push_back(row.dump());
    }
    return rows;
  }
};

}  // namespace kiloword::testing
