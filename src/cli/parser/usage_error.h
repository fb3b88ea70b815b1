#pragma once

#include "kiloword/base/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace kiloword::cli {

/// What `error`, thrown while `app` parsed a command line, means to its user: an unknown command or option is
/// named, with what may have been meant; whatever else is told in CLI11's own words. The remedy names the
/// help of the command that it is wrong in.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace kiloword::cli
