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

/// A client of the server at `address`, with the token from KILOWORD_TOKEN.
ServerClient make_client(const std::string& address);

/// The result for one input.
struct RemoteResult {
  std::string path;
  std::string record;          ///< JSON; an error record if it failed
  std::optional<Error> error;  ///< set if it failed
};

/// Converts an answer whose body ends with a record to the result for the input `path`; the record gets that
/// path. If the server rejects the image, the result has an error; throws Error if it rejects the request.
RemoteResult result_of(const ServerAnswer& answer, const std::string& path, const std::string& address);

/// Throws the Error that `answer`, whose status is not 200, represents.
[[noreturn]] void throw_refusal(const ServerAnswer& answer, const std::string& address);

/// Prints the warnings in `record` that are not yet in `told`, and adds them to it.
void tell_warnings(const std::string& record, std::set<std::string>& told, Console& console);

/// Sends every image to `endpoint` with `fields`, a few at a time, and passes the results to `use` in order,
/// after reporting errors on stderr. Returns the exit code: 0, or 1 if some inputs failed.
int for_each_remote_result(const ServerClient& client, const std::string& endpoint,
                           const RequestFields& fields, const InputOptions& inputs, Console& console,
                           const std::function<void(const RemoteResult&)>& use);

}  // namespace kiloword::cli
