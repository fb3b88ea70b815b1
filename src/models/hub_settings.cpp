#include "kiloword/models/hub_settings.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "models/http_session.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxTokenBytes = 4096;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

fs::path hub_home() {
  const std::string home = environment("HF_HOME");
  if (!home.empty()) return home;
  const fs::path xdg = environment("XDG_CACHE_HOME");
  if (xdg.is_absolute()) return xdg / "huggingface";
  const fs::path user = environment("HOME");
  return user.is_absolute() ? user / ".cache" / "huggingface" : fs::path();
}

bool is_true(std::string value) {
  std::transform(value.begin(), value.end(), value.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

/// The token goes into a header line: nothing in it may end the line.
std::string read_token() {
  std::string token = trimmed(environment("HF_TOKEN"));
  std::string where = "HF_TOKEN";
  const fs::path file = hub_home().empty() ? fs::path() : hub_home() / "token";
  std::error_code ignored;
  if (token.empty() && fs::is_regular_file(file, ignored)) {
    token = trimmed(std::string(without_byte_order_mark(read_file(file, kMaxTokenBytes, ErrorKind::kUsage))));
    where = file.string();
  }
  const bool is_plain = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!is_plain) throw Error(ErrorKind::kUsage, "not a token", where, "a token has no spaces in it");
  return token;
}

}  // namespace

fs::path hub_cache_folder() {
  const std::string chosen = environment("HF_HUB_CACHE");
  if (!chosen.empty()) return chosen;
  const fs::path home = hub_home();
  return home.empty() ? home : home / "hub";
}

HubSettings HubSettings::from_environment() {
  HubSettings settings;
  std::string endpoint = trimmed(environment("HF_ENDPOINT"));
  while (!endpoint.empty() && endpoint.back() == '/') endpoint.pop_back();
  if (!endpoint.empty()) settings.endpoint = endpoint;
  if (origin_of_url(settings.endpoint).empty()) {
    throw Error(ErrorKind::kUsage, "not the address of a hub", "HF_ENDPOINT",
                "give one like https://huggingface.co");
  }
  settings.token = read_token();
  settings.offline = is_true(environment("HF_HUB_OFFLINE"));
  settings.cache_folder = hub_cache_folder();
  return settings;
}

}  // namespace kiloword
