// What a hub answers: headers a line, a NUL, an index of weights or a registry.

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/models/hub_names.h"
#include "kiloword/models/registry.h"
#include "models/file_lists.h"
#include "models/hub_answer.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

kiloword::HubAnswer answer_with(const std::string& lines) {
  kiloword::HubAnswer answer;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) {
      answer.hub_response.status = static_cast<int>(line.size());
    } else {
      answer.hub_response.headers[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  answer.response = answer.hub_response;
  answer.linked_etag = answer.hub_response.header("x-linked-etag");
  answer.linked_size = answer.hub_response.header("x-linked-size");
  answer.commit = answer.hub_response.header("x-repo-commit");
  return answer;
}

/// Calls `parse`; an error must be one line about a model.
template <typename Parse>
void expect_value_or_error(Parse parse) {
  try {
    parse();
  } catch (const kiloword::Error& error) {
    require(error.kind() == kiloword::ErrorKind::kModel && kiloword::is_valid_utf8(error.what()));
  }
}

bool leaves_its_folder(const std::string& name) {
  return name.empty() || name[0] == '.' || name.find('/') != std::string::npos ||
         name.find('\0') != std::string::npos;
}

void check_headers(const std::string& lines) {
  const kiloword::HubAnswer answer = answer_with(lines);
  expect_value_or_error([&] {
    const kiloword::FileFacts facts = kiloword::read_facts(answer, "place");
    require(kiloword::is_commit(facts.commit) && !leaves_its_folder(facts.blob_name));
    require(facts.size_bytes <= uint64_t{1} << 40);
  });
  expect_value_or_error([&] { kiloword::setback_of(answer.response, "place"); });
  const std::string location = answer.hub_response.header("location");
  const std::string target = kiloword::resolve_url("https://hub.example:8443/a/b", location);
  require(target.empty() || kiloword::origin_of_url(target).rfind("http", 0) == 0);
  kiloword::parse_content_range(answer.hub_response.header("content-range"));
}

void check_files(const std::string& json) {
  expect_value_or_error([&] {
    for (const std::string& shard : kiloword::shards_of_index(json, "place"))
      require(!leaves_its_folder(shard));
  });
  expect_value_or_error([&] {
    for (const kiloword::HubModel& model : kiloword::parse_registry(json, "place")) {
      require(kiloword::is_repository_id(model.repository) && kiloword::is_revision(model.revision));
      for (const kiloword::FileChoice& choice : model.files) {
        for (const kiloword::RepositoryFile& file : choice.alternatives)
          require(!leaves_its_folder(file.name));
      }
    }
  });
}

}  // namespace

/// Whatever the bytes: names that stay in their folder, addresses of the web, or one clear error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\0');
  check_headers(input.substr(0, end));
  if (end != std::string::npos) check_files(input.substr(end + 1));
  return 0;
}
