#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

namespace kiloword::bench {

/// `--name VALUE` pairs of a command line. Ends the program with `usage` for a name that is not among
/// `defaults`, for one without a value, and for one that is not given and has an empty default.
inline std::map<std::string, std::string> read_options(int argc, char** argv, const char* usage,
                                                       std::map<std::string, std::string> defaults) {
  bool good = true;
  for (int i = 1; i < argc && good; i += 2) {
    const std::string name = argv[i];
    const auto option = name.compare(0, 2, "--") == 0 ? defaults.find(name.substr(2)) : defaults.end();
    good = option != defaults.end() && i + 1 < argc;
    if (good) option->second = argv[i + 1];
  }
  for (const auto& [name, value] : defaults) good = good && !value.empty();
  if (!good) {
    std::fprintf(stderr, "usage: %s\n", usage);
    std::exit(2);
  }
  return defaults;
}

/// The number that `text` is, at least 1; ends the program when it is none.
inline int positive(const std::string& text) {
  const int value = std::atoi(text.c_str());
  if (value >= 1) return value;
  std::fprintf(stderr, "\"%s\" is not a number from 1 on\n", text.c_str());
  std::exit(2);
}

inline std::string all_threads() {
  return std::to_string(std::thread::hardware_concurrency());
}

}  // namespace kiloword::bench
