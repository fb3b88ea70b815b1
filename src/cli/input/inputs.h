#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/parser/options.h"

namespace kiloword::cli {

/// Throws Error(kUsage) if the arguments name no input, or standard input more than once; to be called before
/// any expensive work. Returns a lower bound of the number of inputs; a list counts as two.
size_t require_inputs(const InputOptions& options);

/// Whether output lines start with file names.
bool shows_filenames(const InputOptions& options);

/// All paths in the arguments and the lists, in that order. Throws as require_inputs() does, and
/// Error(kInput) if a list cannot be read or there is no path.
std::vector<std::string> collect_inputs(const InputOptions& options);

/// Returns a function that downloads inputs given as URLs.
std::function<std::string(const std::string& url)> image_fetcher(const InputOptions& options);

/// The content of the input `path`: a file, standard input or a URL. Throws Error(kInput).
std::string input_content(const std::string& path, const InputOptions& options);

}  // namespace kiloword::cli
