#include "kiloword/models/registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/utf8.h"
#include "kiloword/models/hub_names.h"
#include "models/file_lists.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr uint64_t kMaxRegistryBytes = 1 << 20;

/// One object of the registry: every key must be a known one, of its type.
class Entry {
 public:
  Entry(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object()) fail("must be an object");
  }

  void allow_only(const std::set<std::string>& keys) const {
    for (const auto& [key, value] : json_.items()) {
      if (keys.count(key) == 0) fail("unknown key '" + key + "'");
    }
  }

  std::string text(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || !found->is_string() || found->get<std::string>().empty()) {
      fail("'" + key + "' must be a text");
    }
    return printable(found->get<std::string>());
  }

  bool has(const std::string& key) const { return json_.contains(key); }

  uint64_t bytes(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || !found->is_number_unsigned()) fail("'" + key + "' must be a whole number");
    return found->get<uint64_t>();
  }

  bool flag(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) return false;
    if (!found->is_boolean()) fail("'" + key + "' must be true or false");
    return found->get<bool>();
  }

  const Json& list(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || !found->is_array() || found->empty()) fail("'" + key + "' must be a list");
    return *found;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::kModel, "ill-formed registry of models: " + what, where_,
                "install kiloword again");
  }

  const std::string& where() const { return where_; }

 private:
  const Json& json_;
  std::string where_;
};

RepositoryFile read_file_entry(const Json& json, const Entry& model) {
  if (json.is_string()) {
    if (!is_plain_file_name(json.get<std::string>())) model.fail("not a file name in 'files'");
    return {json.get<std::string>(), std::nullopt, ""};
  }
  const Entry entry(json, model.where());
  RepositoryFile file;
  file.name = entry.text("name");
  if (!is_plain_file_name(file.name)) entry.fail("not a file name in 'files'");
  if (entry.has("bytes")) file.size_bytes = entry.bytes("bytes");
  if (entry.has("sha256")) file.sha256 = entry.text("sha256");
  if (!file.sha256.empty() && !is_sha256(file.sha256)) entry.fail("'sha256' must be 64 digits");
  return file;
}

FileChoice read_choice(const Json& json, const Entry& model) {
  FileChoice choice;
  if (json.is_string()) {
    choice.alternatives.push_back(read_file_entry(json, model));
    return choice;
  }
  const Entry entry(json, model.where());
  choice.required = !entry.flag("optional");
  if (entry.has("any_of")) {
    entry.allow_only({"any_of", "optional"});
    for (const Json& file : entry.list("any_of")) {
      choice.alternatives.push_back(read_file_entry(file, model));
    }
  } else {
    entry.allow_only({"name", "bytes", "sha256", "optional"});
    choice.alternatives.push_back(read_file_entry(json, model));
  }
  return choice;
}

bool lists(const std::vector<FileChoice>& files, const std::string& name) {
  return std::any_of(files.begin(), files.end(), [&name](const FileChoice& choice) {
    return std::any_of(choice.alternatives.begin(), choice.alternatives.end(),
                       [&name](const RepositoryFile& file) { return file.name == name; });
  });
}

HubModel read_model_entry(const Json& json, const std::string& where) {
  const Entry entry(json, where);
  entry.allow_only({"name", "kind", "repository", "formerly", "revision", "license", "good_for", "languages",
                    "take_for", "images", "context_length", "about_bytes", "files"});
  HubModel model;
  model.in_registry = true;
  model.name = entry.text("name");
  if (!is_plain_file_name(model.name)) entry.fail("'name' must be a plain name");
  const std::string kind = entry.text("kind");
  if (kind != "encoder" && kind != "language model") {
    entry.fail("'kind' must be \"encoder\" or \"language model\"");
  }
  model.is_language_model = kind == "language model";
  model.repository = entry.text("repository");
  if (!is_repository_id(model.repository)) entry.fail("'repository' must be owner/name");
  if (entry.has("formerly")) {
    for (const Json& former : entry.list("formerly")) {
      if (!former.is_string() || !is_repository_id(former.get<std::string>())) {
        entry.fail("'formerly' must list repositories");
      }
      model.former_repositories.push_back(former.get<std::string>());
    }
  }
  model.revision = entry.text("revision");
  if (!is_revision(model.revision)) entry.fail("'revision' must be a branch, tag or commit");
  model.license = entry.text("license");
  model.description = entry.text("good_for");
  if (entry.has("languages")) model.languages = entry.text("languages");
  if (entry.has("take_for")) model.take_for = entry.text("take_for");
  if (entry.has("images")) model.images = entry.text("images");
  if (entry.has("context_length")) model.context_length = entry.bytes("context_length");
  model.about_bytes = entry.bytes("about_bytes");
  for (const Json& choice : entry.list("files")) model.files.push_back(read_choice(choice, entry));
  for (const std::string& name : companion_files()) {
    if (!lists(model.files, name)) model.files.push_back({{{name, std::nullopt, ""}}, /*required=*/false});
  }
  return model;
}

}  // namespace

std::vector<HubModel> parse_registry(std::string_view json, const std::string& where) {
  const Json top = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const Entry registry(top, where);
  registry.allow_only({"schema", "models"});
  if (registry.bytes("schema") != 1) registry.fail("'schema' must be 1");
  std::vector<HubModel> models;
  std::set<std::string> names;
  for (const Json& entry : registry.list("models")) {
    models.push_back(read_model_entry(entry, where));
    if (!names.insert(models.back().name).second) registry.fail("two models of one name");
  }
  return models;
}

std::vector<HubModel> read_registry(const fs::path& models_folder) {
  const fs::path path = models_folder / "registry.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  return parse_registry(read_file(path, kMaxRegistryBytes, ErrorKind::kModel), path.string());
}

HubModel unregistered_model(const std::string& repository, const std::string& revision) {
  HubModel model;
  model.name = revision == "main" ? repository : repository + "@" + revision;
  model.repository = repository;
  model.revision = revision;
  model.files = usual_files();
  return model;
}

std::optional<HubModel> find_hub_model(const std::string& name, const std::vector<HubModel>& registry) {
  for (const HubModel& model : registry) {
    if (model.name == name) return model;
  }
  HubReference reference;
  if (!parse_hub_reference(name, reference)) return std::nullopt;
  const bool names_revision = name.find('@') != std::string::npos;
  for (HubModel model : registry) {
    if (names_revision || model.repository != reference.repository) continue;
    model.name = name;
    return model;
  }
  HubModel model = unregistered_model(reference.repository, reference.revision);
  model.name = name;
  return model;
}

}  // namespace kiloword
