#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/parser/options.h"

namespace kiloword::cli {

/// Checks, before anything costly is done, that the arguments name inputs and standard input at most once,
/// else throws Error(kUsage). Returns how many inputs there are at least; a list counts as two, since it is
/// there for many.
size_t require_inputs(const InputOptions& options);

/// Whether lines of text begin with the names of their files.
bool shows_filenames(const InputOptions& options);

/// Every path that the arguments and the lists name, in that order. Throws what
/// require_inputs throws, and Error(kInput) when a list cannot be read.
std::vector<std::string> collect_inputs(const InputOptions& options);

/// Fetches inputs that are addresses.
std::function<std::string(const std::string& url)> image_fetcher(const InputOptions& options);

/// The content of the input `path`: a file, standard input or an address. Throws Error(kInput).
std::string input_content(const std::string& path, const InputOptions& options);

}  // namespace kiloword::cli
