#pragma once

#include <string>

#include "kiloword/base/error.h"

namespace kiloword::testing {

/// What `action` says is wrong, without the place; "no error" where it throws none.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace kiloword::testing
