#pragma once

#include <string>
#include <string_view>

namespace kiloword {

// Names that a server, a registry or a user chose and that become paths and addresses: only the short list of
// forms that such names take is accepted.

/// "owner/name", or "name" alone as the oldest repositories are called: letters, digits, '.', '_' and '-';
/// neither ".." nor "--".
bool is_repository_id(std::string_view text);

/// A branch, tag or commit: "main", "v1.0", "refs/pr/3".
bool is_revision(std::string_view text);

/// 40 lower-case hexadecimal digits.
bool is_commit(std::string_view text);

/// 64 lower-case hexadecimal digits.
bool is_sha256(std::string_view text);

/// A name without folders that can be a file of a repository: "model-00001-of-00002.safetensors".
bool is_plain_file_name(std::string_view text);

/// What a blob of the cache may be called: a plain file name that no other file of the cache is mistaken for.
bool is_blob_name(std::string_view text);

/// A repository at a revision.
struct HubReference {
  std::string repository;
  std::string revision = "main";
};

/// Whether `text` has the form "owner/name" or "owner/name@revision"; fills `reference` where it has.
bool parse_hub_reference(std::string_view text, HubReference& reference);

}  // namespace kiloword
