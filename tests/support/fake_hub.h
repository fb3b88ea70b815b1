#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "support/http_server.h"

namespace kiloword::testing {

/// A hub with one repository, "owner/tiny", that speaks the protocol of huggingface.co: what is said of a
/// file stands in headers, large files are on another host.
class FakeHub {
 public:
  static constexpr const char* kCommit = "0123456789abcdef0123456789abcdef01234567";

  FakeHub();

  /// `is_large`: kept on the other host and named by its SHA-256, else here, named as git names it.
  void add(const std::string& name, const std::string& content, bool is_large = false);
  /// What `name` is called among the blobs of a cache.
  std::string blob_name(const std::string& name) const;

  std::string address() const { return hub_.address(); }
  const HttpServer& hub() const { return hub_; }
  const HttpServer& storage() const { return storage_; }
  /// How many requests with `method` were made to the hub.
  int count(const std::string& method) const;

  /// What is answered instead, where something is returned; `reply` is what would be.
  using Interference = std::function<std::optional<ServedReply>(const ServedRequest&, ServedReply reply)>;
  void interfere(Interference at_hub) { at_hub_ = std::move(at_hub); }
  void interfere_at_storage(Interference at_storage) { at_storage_ = std::move(at_storage); }

 private:
  struct File {
    std::string content;
    std::string blob_name;
    bool is_large = false;
  };

  ServedReply answer(const ServedRequest& request) const;
  ServedReply answer_at_storage(const ServedRequest& request) const;

  std::map<std::string, File> files_;
  Interference at_hub_;
  Interference at_storage_;
  HttpServer storage_;
  HttpServer hub_;
};

}  // namespace kiloword::testing
