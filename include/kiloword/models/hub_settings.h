#pragma once

#include <filesystem>
#include <string>

namespace kiloword {

/// The hub's address and settings, from huggingface_hub's environment variables.
struct HubSettings {
  std::string endpoint = "https://huggingface.co";  ///< HF_ENDPOINT, without trailing slashes
  std::string token;                                ///< HF_TOKEN, else $HF_HOME/token; empty: none
  bool offline = false;                             ///< HF_HUB_OFFLINE
  std::filesystem::path cache_folder;

  /// Throws Error(kUsage) if HF_ENDPOINT is not an http or https URL, or the token contains invalid
  /// characters.
  static HubSettings from_environment();
};

/// The folder of the Hugging Face cache: $HF_HUB_CACHE, else $HF_HOME/hub, else
/// $XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub. Empty if none of these variables and no
/// home directory is set.
std::filesystem::path hub_cache_folder();

}  // namespace kiloword
