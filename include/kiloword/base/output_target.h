#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// The kind of an output's path, which decides how it is written.
enum class OutputKind {
  kAbsent,  ///< does not exist yet
  kFile,    ///< a regular file (or a folder, which cannot be written): may be replaced as a whole
  kStream,  ///< a device, a pipe, a socket, an open descriptor (/dev/stdout) or "-": written to, not replaced
};

/// Thrown when the reader of an output pipe has closed it. A command then ends without a failure.
struct OutputClosed {};

/// The kind of `path`, symbolic links followed; "-" is standard output.
OutputKind output_kind(const std::filesystem::path& path);

/// Opens an output of kind kStream for writing; duplicates the descriptor for /dev/stdout and the like, so
/// that writing continues at its offset. Throws Error(kOutput).
Descriptor open_stream(const std::filesystem::path& path);

/// The file that `path` leads to through any symbolic links, even if it does not exist yet; `path` itself if
/// the links form a loop.
std::filesystem::path behind_links(const std::filesystem::path& path);

/// Throws Error(kUsage) when the output exists and would be replaced.
void refuse_existing_output(const std::filesystem::path& output);

/// Whether both paths lead to the same regular file (device and inode).
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Throws Error(kUsage) when `output` is one of the files `inputs`: writing it would destroy the input. Among
/// the inputs, "-" is the file redirected to standard input, if any; as the output, it is not a file. Empty
/// names are ignored.
void refuse_input_as_output(const std::filesystem::path& output, const std::vector<std::string>& inputs);

}  // namespace kiloword
