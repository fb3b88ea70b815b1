#pragma once

#include <c10/util/Exception.h>

#include <functional>
#include <string>
#include <type_traits>

#include "kiloword/base/error.h"

namespace kiloword {

/// `error` as the project's own kind: the first line of its message, without the stack.
Error from_torch_error(const c10::Error& error, const std::string& where);

/// The result of `action`; an exception of libtorch's becomes Error(kInternal), and one of the allocator's an
/// Error that reports a lack of memory.
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
