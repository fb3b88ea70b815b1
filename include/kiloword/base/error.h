#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace kiloword {

/// The kind of a failure, as a caller can act on it; the command line maps each kind to an exit code.
enum class ErrorKind {
  kUsage,     ///< the arguments make no sense together
  kInput,     ///< one input (an image, a text) cannot be used
  kModel,     ///< a model is missing, incomplete or corrupt
  kLabels,    ///< a label set is missing or ill-formed
  kOutput,    ///< a result cannot be written
  kBusy,      ///< the server is overloaded or shutting down: retry later
  kInternal,  ///< a defect of kiloword itself
};

/// The name of `kind` in records: "usage", "input", "model", "labels", "output", "busy", "internal".
std::string_view error_kind_name(ErrorKind kind);
/// The kind of that name; kInternal for any other word.
ErrorKind error_kind(std::string_view name);

/// The one exception type of the project: message, place and remedy.
class Error : public std::runtime_error {
 public:
  /// `what` is a short clause in lower case ("truncated JPEG"); `where` a path, a file with line, or an
  /// option; `remedy` an instruction. Empty parts are omitted from the one-line text.
  Error(ErrorKind kind, std::string what, std::string where = "", std::string remedy = "");

  ErrorKind kind() const { return kind_; }
  /// The clause alone, without place and remedy: the `message` of an error record.
  const std::string& message() const { return message_; }
  const std::string& where() const { return where_; }
  const std::string& remedy() const { return remedy_; }

  /// The same error, reported at `where`: for callers that know the path when the callee saw only bytes.
  Error at(std::string where) const;

 private:
  ErrorKind kind_;
  std::string message_;
  std::string where_;
  std::string remedy_;
};

}  // namespace kiloword
