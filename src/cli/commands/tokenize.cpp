#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "kiloword/base/error.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/models/model_store.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword::cli {
namespace {

using Json = nlohmann::ordered_json;

void write_tokens(const Tokenizer& tokenizer, const std::string& text) {
  Json record;
  record["text"] = to_valid_utf8(text);
  const std::vector<int32_t> ids = tokenizer.encode(text);
  record["ids"] = ids;
  record["pieces"] = Json::array();
  for (const int32_t id : ids) record["pieces"].push_back(to_valid_utf8(tokenizer.piece(id)));
  write_line(record.dump());
}

std::string parse_json_string(const std::string& line, int line_number) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_string()) {
    throw Error(ErrorKind::kUsage, "not a JSON string", "standard input:" + std::to_string(line_number),
                "with --lines every line is one text in JSON, e.g. \"a photo\"");
  }
  return json.get<std::string>();
}

/// A model's folder, or a folder or file that may hold no more than a tokenizer.
std::filesystem::path tokenizer_path(const std::string& name) {
  const std::filesystem::path models = data_directory() / "models";
  if (const auto bundled = bundled_folder(name, models)) return *bundled;
  std::error_code ignored;
  return std::filesystem::exists(name, ignored) ? std::filesystem::path(name)
                                                : find_model(name, models).folder;
}

/// The tokenizer of the model in `path`, or the file or folder that may hold no more than one.
std::unique_ptr<Tokenizer> open_tokenizer(const std::filesystem::path& path) {
  for (const char* settings : {"config.json", "open_clip_config.json", "modules.json"}) {
    std::error_code ignored;
    if (!std::filesystem::exists(path / settings, ignored)) continue;
    try {
      const ClipModelInfo info = read_clip_model_info(path);
      return load_tokenizer(info.tokenizer, info.cleaning);
    } catch (const Error&) {
      break;  // a language model, or another that has a tokenizer
    }
  }
  return load_tokenizer(path);
}

}  // namespace

int run_tokenize(const TokenizeArguments& arguments) {
  if (arguments.texts.empty() && !arguments.lines) {
    throw Error(ErrorKind::kUsage, "no text", "",
                "give texts, or JSON strings on standard input with --lines");
  }
  const auto tokenizer = open_tokenizer(tokenizer_path(arguments.model));
  for (const std::string& text : arguments.texts) write_tokens(*tokenizer, text);
  if (!arguments.lines) return 0;
  int line_number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    write_tokens(*tokenizer, parse_json_string(line, ++line_number));
  }
  return 0;
}

}  // namespace kiloword::cli
