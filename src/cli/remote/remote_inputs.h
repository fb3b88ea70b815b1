#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "cli/output/console.h"
#include "cli/parser/options.h"
#include "kiloword/base/error.h"
#include "kiloword/client/server_client.h"

namespace kiloword::cli {

/// A client of the server at `address`, with the token of KILOWORD_TOKEN.
ServerClient make_client(const std::string& address);

/// What became of one input.
struct RemoteResult {
  std::string path;
  std::string record;          ///< JSON, an error record where it failed
  std::optional<Error> error;  ///< set: it failed
};

/// The result for the input `path` of an answer whose body ends with its record: the record is given the
/// path. An answer that says that the image cannot be used is an error of the input; throws Error for one
/// that says that the request cannot be answered.
RemoteResult result_of(const ServerAnswer& answer, const std::string& path, const std::string& address);

/// Throws the Error that `answer`, which is not status 200, stands for.
[[noreturn]] void throw_refusal(const ServerAnswer& answer, const std::string& address);

/// Warns of what `record` warns of and `told` does not hold yet.
void tell_warnings(const std::string& record, std::set<std::string>& told, Console& console);

/// Sends every image to `endpoint` with `fields`, a few at a time, and hands the results to `use` in their
/// order; errors are told on stderr first. Returns the exit code: 0, or 1 when some inputs failed.
int for_each_remote_result(const ServerClient& client, const std::string& endpoint,
                           const RequestFields& fields, const InputOptions& inputs, Console& console,
                           const std::function<void(const RemoteResult&)>& use);

}  // namespace kiloword::cli
