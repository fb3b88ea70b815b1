#include "kiloword/batch/shard.h"

#include <charconv>

#include "kiloword/base/error.h"
#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

constexpr uint64_t kMaxShards = 1'000'000;
constexpr std::string_view kByInput = " by input";

bool parse_number(std::string_view digits, uint64_t& number) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace

bool Shard::contains(std::string_view path) const {
  return hash64(path) % count == number - 1;
}

std::string Shard::text() const {
  const std::string part = std::to_string(number) + "/" + std::to_string(count);
  return by_input() ? part + std::string(kByInput) : part;
}

std::optional<Shard> shard_named(std::string_view text) {
  Shard shard;
  if (text.size() > kByInput.size() && text.substr(text.size() - kByInput.size()) == kByInput) {
    shard.unit = ShardUnit::kInput;
    text.remove_suffix(kByInput.size());
  }
  const size_t slash = text.find('/');
  const bool numbers = slash != std::string_view::npos && parse_number(text.substr(0, slash), shard.number) &&
                       parse_number(text.substr(slash + 1), shard.count);
  if (!numbers || shard.number < 1 || shard.number > shard.count || shard.count > kMaxShards) {
    return std::nullopt;
  }
  return shard;
}

Shard parse_shard(const std::string& text, ShardUnit unit) {
  std::optional<Shard> shard = shard_named(text);
  if (shard && !shard->by_input()) {
    if (shard->count > 1) shard->unit = unit;
    return *shard;
  }
  throw Error(ErrorKind::kUsage, "\"" + text + "\" is not a part of a whole", "--shard",
              "use I/N, e.g. 1/8 to 8/8 for eight parts");
}

}  // namespace kiloword
