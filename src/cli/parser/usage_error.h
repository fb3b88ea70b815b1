#pragma once

#include "kiloword/base/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace kiloword::cli {

/// Converts `error`, thrown while `app` parsed a command line, to a message for the user: an unknown command
/// or option is named, with suggestions; other errors keep CLI11's words. The remedy refers to the help of
/// the command in question.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace kiloword::cli
