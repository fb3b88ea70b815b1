#pragma once

#include <filesystem>
#include <string>

namespace kiloword {

/// The hub's address and settings, from the environment variables that huggingface_hub reads.
struct HubSettings {
  std::string endpoint = "https://huggingface.co";  ///< HF_ENDPOINT, without a slash at the end
  std::string token;                                ///< HF_TOKEN, else $HF_HOME/token; empty: none
  bool offline = false;                             ///< HF_HUB_OFFLINE
  std::filesystem::path cache_folder;

  /// Throws Error(kUsage) when HF_ENDPOINT is no http or https address, or the token holds what no token
  /// does.
  static HubSettings from_environment();
};

/// The folder of the Hugging Face cache: $HF_HUB_CACHE, else $HF_HOME/hub, else
/// $XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub. Empty when there is none of them.
std::filesystem::path hub_cache_folder();

}  // namespace kiloword
