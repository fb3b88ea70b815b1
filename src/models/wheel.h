#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// Whether `bytes` begin like a zip archive, which a wheel is (PEP 427).
bool looks_like_wheel(std::string_view bytes);

/// The content of the only file in the wheel `bytes` whose path ends in "/`name`"; none if there is none. The
/// wheel is untrusted. Throws Error(kInput) without a place if it is ill-formed or has several such files,
/// and if the content exceeds `max_bytes`.
std::optional<std::string> wheel_member(std::string_view bytes, std::string_view name, uint64_t max_bytes);

}  // namespace kiloword
