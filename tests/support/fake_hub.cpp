#include "support/fake_hub.h"

#include <algorithm>

#include "models/file_hash.h"

namespace kiloword::testing {
namespace {

/// The file, or the part of it that the request asks for.
ServedReply content_reply(const ServedRequest& request, const std::string& content) {
  ServedReply reply;
  const auto range = request.headers.find("range");
  if (range == request.headers.end()) {
    reply.body = content;
    return reply;
  }
  const size_t offset = std::stoul(range->second.substr(std::string("bytes=").size()));
  if (offset >= content.size()) {
    reply.status = 416;
    return reply;
  }
  reply.status = 206;
  reply.body = content.substr(offset);
  reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(offset) + "-" +
                                                  std::to_string(content.size() - 1) + "/" +
                                                  std::to_string(content.size()));
  return reply;
}

}  // namespace

FakeHub::FakeHub()
    : storage_(
          [this](const ServedRequest& request) {
            const ServedReply reply = answer_at_storage(request);
            return at_storage_ ? at_storage_(request, reply).value_or(reply) : reply;
          },
          "127.0.0.2"),
      hub_([this](const ServedRequest& request) {
        const ServedReply reply = answer(request);
        return at_hub_ ? at_hub_(request, reply).value_or(reply) : reply;
      }) {}

void FakeHub::add(const std::string& name, const std::string& content, bool is_large) {
  FileHash hash(is_large ? HashKind::kSha256 : HashKind::kGitBlobSha1, content.size());
  hash.update(content);
  files_[name] = {content, hash.finish(), is_large};
}

std::string FakeHub::blob_name(const std::string& name) const {
  return files_.at(name).blob_name;
}

int FakeHub::count(const std::string& method) const {
  const auto requests = hub_.requests();
  return static_cast<int>(
      std::count_if(requests.begin(), requests.end(),
                    [&method](const ServedRequest& request) { return request.method == method; }));
}

ServedReply FakeHub::answer(const ServedRequest& request) const {
  ServedReply reply;
  reply.status = 404;
  std::string name;
  for (const std::string revision : {"main", kCommit}) {
    const std::string prefix = "/owner/tiny/resolve/" + revision + "/";
    if (request.target.rfind(prefix, 0) == 0) name = request.target.substr(prefix.size());
  }
  if (name.empty()) {
    reply.headers.emplace_back("X-Error-Code", "RepoNotFound");
    return reply;
  }
  const auto found = files_.find(name);
  if (found == files_.end()) {
    reply.headers.emplace_back("X-Error-Code", "EntryNotFound");
    return reply;
  }
  const File& file = found->second;
  if (file.is_large) {
    reply.status = 302;
    reply.body = "Found. Redirecting";
    reply.headers = {{"Location", storage_.address() + "/store/" + name + "?signature=abc"},
                     {"X-Linked-Etag", "\"" + file.blob_name + "\""},
                     {"X-Linked-Size", std::to_string(file.content.size())}};
  } else {
    reply = content_reply(request, file.content);
    reply.headers.emplace_back("ETag", "W/\"" + file.blob_name + "\"");
  }
  reply.headers.emplace_back("X-Repo-Commit", kCommit);
  return reply;
}

ServedReply FakeHub::answer_at_storage(const ServedRequest& request) const {
  const std::string name = request.target.substr(std::string("/store/").size(),
                                                 request.target.find('?') - std::string("/store/").size());
  const auto found = files_.find(name);
  if (found != files_.end()) return content_reply(request, found->second.content);
  ServedReply reply;
  reply.status = 403;
  return reply;
}

}  // namespace kiloword::testing
