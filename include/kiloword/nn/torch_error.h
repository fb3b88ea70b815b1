#pragma once

#include <c10/util/Exception.h>

#include <functional>
#include <string>
#include <type_traits>

#include "kiloword/base/error.h"

namespace kiloword {

/// Converts a libtorch error: the first line of its message, without the stack.
Error from_torch_error(const c10::Error& error, const std::string& where);

/// Returns the result of `action`. Converts exceptions of libtorch to Error(kInternal), and std::bad_alloc to
/// an Error that reports a lack of memory.
template <typename Action>
auto guard_torch(const std::string& where, const Action& action) -> std::invoke_result_t<const Action&> {
  try {
    return action();
  } catch (const c10::Error& error) {
    throw from_torch_error(error, where);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::kInternal, "not enough memory", where, "use a smaller model");
  }
}

}  // namespace kiloword
