#pragma once

#include <string>
#include <string_view>

namespace kiloword {

// Names from a server, a registry or a user that become paths and URLs: only a short list of forms is
// accepted.

/// "owner/name", or "name" alone as in the oldest repositories: letters, digits, '.', '_' and '-', without
/// ".." or "--".
bool is_repository_id(std::string_view text);

/// A branch, tag or commit: "main", "v1.0", "refs/pr/3".
bool is_revision(std::string_view text);

/// 40 lowercase hexadecimal digits.
bool is_commit(std::string_view text);

/// 64 lowercase hexadecimal digits.
bool is_sha256(std::string_view text);

/// The name of a file in a repository, without folders: "model-00001-of-00002.safetensors".
bool is_plain_file_name(std::string_view text);

/// A valid name of a blob in the cache: a plain file name that cannot be confused with the cache's other
/// files.
bool is_blob_name(std::string_view text);

/// A repository at a revision.
struct HubReference {
  std::string repository;
  std::string revision = "main";
};

/// Parses "owner/name" or "owner/name@revision" into `reference`; returns false for anything else.
bool parse_hub_reference(std::string_view text, HubReference& reference);

}  // namespace kiloword
