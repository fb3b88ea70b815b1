#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// Whether `bytes` begin like a zip archive, which a wheel is (PEP 427).
bool looks_like_wheel(std::string_view bytes);

/// The content of the only file of the wheel `bytes` whose path ends in "/`name`"; none where there is none.
/// The wheel is taken as hostile. Throws Error(kInput) without a place for one that is ill-formed or has
/// several such files, and for content of more than `max_bytes`.
std::optional<std::string> wheel_member(std::string_view bytes, std::string_view name, uint64_t max_bytes);

}  // namespace kiloword
